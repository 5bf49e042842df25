"""Diagnostics for people: place, message, the line with the place marked, what to do."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from unify_backend.model.diagnostics import Diagnostic, DiagnosticReport, Severity
from unify_backend.model.text import printable
from unify_backend.reporting.diagnostics.source_snippet import columns, marked

MANY = 8  # from so many on they are grouped: what a file's findings share is said once
PER_FILE, FILES = 10, 50  # what a screen gets to see of them

_BOLD, _DIM, _GREEN = "1", "2", "32"
_MARGIN = 6  # for line numbers
_UNLIKE_A_PATH = (":", " ")  # `::` at the start of a line is a command where GitHub reads it
_COLORS = {Severity.ERROR: "1;31", Severity.WARNING: "33", Severity.NOTE: "36"}


@dataclass(frozen=True, slots=True)
class Screen:
    """Where the text is read. `wraps` breaks long sentences at `width` (a terminal; elsewhere a
    line stays whole, for grep), `full` lists everything."""

    width: int = 80
    wraps: bool = False
    color: bool = False
    full: bool = True

    def paint(self, text: str, style: str) -> str:
        """`text` in an ANSI style (ECMA-48 SGR), where there is colour and a style."""
        return f"\x1b[{style}m{text}\x1b[0m" if self.color and style else text


def text_report(report: DiagnosticReport, screen: Screen | None = None) -> str:
    """The whole report; the empty text where there is nothing to say. Without a screen it is
    complete and without colour, as for a file."""
    screen = screen or Screen()
    diagnostics = report.diagnostics
    many = len(diagnostics) > MANY
    parts = (
        _files(diagnostics, screen)
        if many
        else (_block(diagnostic, screen) for diagnostic in diagnostics)
    )
    lines = [line for part in parts for line in (*part, "")]
    for sentence in report.summary:
        lines.extend(_filled([(word, "") for word in printable(sentence).split()], screen, "  "))
    return "".join(f"{line}\n" for line in lines)


def place(diagnostic: Diagnostic) -> str:
    """`path:line:column`, as compilers write it and editors jump to it."""
    path = f"./{diagnostic.path}" if diagnostic.path.startswith(_UNLIKE_A_PATH) else diagnostic.path
    if diagnostic.start is None:
        return printable(path)
    return f"{printable(path)}:{diagnostic.start.line}:{diagnostic.start.column}"


def _block(diagnostic: Diagnostic, screen: Screen) -> list[str]:
    return [
        *_headline(place(diagnostic), diagnostic, screen, ""),
        *_shown(diagnostic, screen),
        *_run([diagnostic], screen),
    ]


def _files(diagnostics: Sequence[Diagnostic], screen: Screen) -> Iterator[list[str]]:
    files = [
        list(group) for _, group in groupby(diagnostics, key=lambda diagnostic: diagnostic.path)
    ]
    most = len(files) if screen.full else FILES
    for group in files[:most]:
        yield _file(group, screen)
    if rest := files[most:]:
        places = _count(sum(map(len, rest)), "finding")
        yield [screen.paint(f"… {places} in {_count(len(rest), 'more file')}: --verbose", _DIM)]


def _file(group: Sequence[Diagnostic], screen: Screen) -> list[str]:
    """The findings of one file; those with the same message stand under it together."""
    if len(group) == 1:
        return _block(group[0], screen)
    shown = group if screen.full else group[:PER_FILE]
    lines = [screen.paint(f"{_path(group[0])}: {_count(len(group), 'finding')}", _BOLD)]
    by_message: dict[tuple[str, str], list[Diagnostic]] = {}
    for diagnostic in shown:
        by_message.setdefault((diagnostic.rule, diagnostic.message), []).append(diagnostic)
    for together in by_message.values():
        start = together[0].start
        where = f"{start.line}:{start.column}" if start and len(together) == 1 else ""
        lines.extend(_headline(where, together[0], screen, "  "))
        for diagnostic in together:
            lines.extend(_shown(diagnostic, screen))
    if len(shown) < len(group):
        more = f"  … {len(group) - len(shown):,} more in this file: --verbose"
        lines.append(screen.paint(more, _DIM))
    return [*lines, *_run(group, screen)]


def _headline(where: str, diagnostic: Diagnostic, screen: Screen, indent: str) -> list[str]:
    words = [(f"{where}:", _BOLD)] if where else []
    words.append((f"{diagnostic.severity.value}:", _COLORS[diagnostic.severity]))
    words.extend((word, "") for word in printable(diagnostic.message).split(" "))
    words.append((f"[{printable(diagnostic.rule)}]", _DIM))
    first, *others = _filled(words, screen, f"{indent}    ", len(indent))
    return [f"{indent}{first}", *others]


def _shown(diagnostic: Diagnostic, screen: Screen) -> list[str]:
    """The marked line, and what to write instead: beside the mark where there is room."""
    advice = printable(diagnostic.replacement or diagnostic.advice)
    label = f"{'write' if diagnostic.replacement is not None else 'instead'}: "
    help_line = screen.paint(label, _DIM) + screen.paint(advice, _GREEN)
    shown = marked(diagnostic, screen.width - _MARGIN - 3)
    if diagnostic.start is None or shown is None:
        return [f"  {help_line}"] if advice else []
    bar = screen.paint("|", _DIM)
    carets = screen.paint("^" * (shown.end - shown.start), _COLORS[diagnostic.severity])
    lines = [
        f"{screen.paint(f'{diagnostic.start.line:>{_MARGIN}}', _DIM)} {bar} {shown.line}",
        f"{' ' * _MARGIN} {bar} {' ' * shown.start}{carets}",
    ]
    if not advice:
        return lines
    if _MARGIN + 3 + shown.end + 1 + len(label) + columns(advice) <= screen.width:
        lines[-1] += f" {help_line}"
    else:
        lines.append(f"{' ' * _MARGIN} {bar} {help_line}")
    return lines


def _run(group: Iterable[Diagnostic], screen: Screen) -> list[str]:
    """The commands that fix the findings, each once."""
    commands = dict.fromkeys(diagnostic.command for diagnostic in group if diagnostic.command)
    return [f"  {screen.paint('run:', _DIM)} {printable(command)}" for command in commands]


def _filled(
    words: Iterable[tuple[str, str]], screen: Screen, indent: str, used: int = 0
) -> list[str]:
    """Words, each with its style, as lines; the first has `used` columns less."""
    lines, left = [""], screen.width - used
    for word, style in words:
        size = columns(word)
        if screen.wraps and lines[-1].strip() and size + 1 > left:
            lines.append(indent)
            left = screen.width - len(indent)
        gap = " " if lines[-1].strip() else ""
        lines[-1] += gap + screen.paint(word, style)
        left -= len(gap) + size
    return lines


def _path(diagnostic: Diagnostic) -> str:
    return place(replace(diagnostic, start=None))


def _count(number: int, singular: str) -> str:
    return f"{number:,} {singular}{'' if number == 1 else 's'}"
