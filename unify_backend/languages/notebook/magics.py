"""IPython's additions to Python: the parts of a cell that are not Python, and their languages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from unify_backend.languages.detect import language_called
from unify_backend.languages.language import ContextKind
from unify_backend.model.spans import Span


@dataclass(frozen=True, slots=True)
class CellPart:
    """A part of a cell's text. `language` is the form that reads it (`python` for the program
    itself), or None where `context` says all."""

    span: Span
    language: str | None
    context: ContextKind = ContextKind.CODE_SPAN


_CELL_MAGIC = re.compile(r"\s*%%(?P<name>\w+)[ \t]*(?P<line>[^\n]*)(?:\n|\Z)")
_LINE = re.compile(r"[^\n]*(?:\n|\Z)")
_SHELL_LINE = re.compile(r"[ \t]*(?:[\w.,\[\] \t]+=[ \t]*)?(?P<bang>!!?)(?!=)")
_MAGIC_LINE = re.compile(r"[ \t]*(?:[\w.,\[\] \t]+=[ \t]*)?%(?P<name>[A-Za-z]\w*)[ \t]*")
_HELP = re.compile(r"[ \t]*(?:\?{1,2}[ \t]*[\w.*]+|%?[\w.*]+\?{1,2})[ \t]*(?:\r?\n|\Z)")
_OPTIONS = re.compile(r"(?:-\w(?:[ \t]*\d+)?[ \t]+)*")
_CODE = frozenset("time timeit prun memit mprun lprun pyspy px autopx debug".split())
_FIRST_LINE = frozenset({"time", "timeit", "prun", "memit"})  # with code behind their options
_AROUND = _CODE | frozenset("capture python python2 python3 pypy script_magic skip local".split())
_SHELLS = frozenset("bash sh shell zsh system sx".split())
_COMMANDS = frozenset(
    "cd pushd pip conda mamba uv ls ll mkdir rmdir cp mv rm cat more less man system sx sc env "
    "set_env bookmark".split()
)
_MODULES = frozenset({"load_ext", "unload_ext", "reload_ext", "aimport"})
_FILES = frozenset({"load", "loadpy", "edit", "pycat", "pfile", "save", "notebook", "writefile"})


def stretches(cell: str) -> Iterator[CellPart]:
    """The parts of a code cell that hold anything, in order."""
    match = _CELL_MAGIC.match(cell)
    if match is None:
        yield from _lines(cell, 0)
        return
    name, line = match["name"].lower(), Span(*match.span("line"))
    rest = Span(match.end(), len(cell))
    if name in _AROUND:
        if name in _FIRST_LINE and (code := _after_options(cell, line)):
            yield CellPart(code, "python")
        yield from _lines(cell, rest.start)
        return
    if name in {"writefile", "file"}:
        yield CellPart(line, None, ContextKind.PATH_VALUE)
        yield CellPart(rest, _by_extension(match["line"]))
        return
    if name == "script":
        name = match["line"].split(" ", 1)[0].rsplit("/", 1)[-1]
    yield CellPart(line, "shell" if name in _SHELLS else None, ContextKind.COMMAND)
    yield CellPart(rest, "shell" if name in _SHELLS else language_called(name))


def _lines(cell: str, start: int) -> Iterator[CellPart]:
    """Runs of Python, and the lines between them that are magics, commands or questions."""
    begin = at = start
    while at < len(cell):
        line = _LINE.match(cell, at)
        end = line.end() if line else len(cell)
        other = list(_other(cell, at, end))
        if other:
            while cell[at:end].rstrip("\r\n").endswith("\\") and end < len(cell):
                end = cell.find("\n", end) + 1 or len(cell)
            if begin < at:
                yield CellPart(Span(begin, at), "python")
            yield from _other(cell, at, end)
            begin = end
        at = end
    if begin < len(cell):
        yield CellPart(Span(begin, len(cell)), "python")


def _other(cell: str, start: int, end: int) -> Iterator[CellPart]:
    """The parts of a line that is not Python; nothing for a line of Python."""
    if match := _SHELL_LINE.match(cell, start, end):
        yield CellPart(Span(match.end(), end), "shell", ContextKind.COMMAND)
    elif match := _MAGIC_LINE.match(cell, start, end):
        yield from _magic(cell, match["name"].lower(), Span(match.end(), end))
    elif match := _HELP.match(cell, start, end):
        yield CellPart(Span(*match.span()), None, ContextKind.MODULE_VALUE)


def _magic(cell: str, name: str, rest: Span) -> Iterator[CellPart]:
    words = cell[rest.start : rest.end].split()
    if name in _CODE and (code := _after_options(cell, rest)):
        yield CellPart(code, "python")
    elif name == "run":
        yield from _run(cell, rest, words)
    elif name in _COMMANDS:
        begin = cell.rfind("%", 0, rest.start) + 1
        yield CellPart(Span(begin, rest.end), "shell", ContextKind.COMMAND)
    elif name in _MODULES:
        yield CellPart(rest, None, ContextKind.MODULE_VALUE)
    elif name in _FILES:
        yield CellPart(rest, None, ContextKind.PATH_VALUE)
    else:
        yield CellPart(rest, None, ContextKind.CODE_SPAN)


def _run(cell: str, rest: Span, words: list[str]) -> Iterator[CellPart]:
    """`%run -m module` or `%run file arguments`."""
    match = re.compile(r"(?:-[a-ln-z]\w*[ \t]+)*(?P<module>-m[ \t]+)?").match(
        cell, rest.start, rest.end
    )
    start = match.end() if match else rest.start
    stop = re.compile(r"\S*").match(cell, start)
    end = stop.end() if stop else rest.end
    context = ContextKind.MODULE_VALUE if match and match["module"] else ContextKind.PATH_VALUE
    yield CellPart(Span(start, min(end, rest.end)), None, context)
    if end < rest.end:
        yield CellPart(Span(end, rest.end), None, ContextKind.COMMAND)


def _after_options(cell: str, span: Span) -> Span | None:
    match = _OPTIONS.match(cell, span.start, span.end)
    start = match.end() if match else span.start
    return Span(start, span.end) if cell[start : span.end].strip() else None


def _by_extension(line: str) -> str | None:
    """The language of a file that a cell writes, as far as its extension is a label."""
    name = line.split()[-1] if line.split() else ""
    return language_called(name.rsplit(".", 1)[-1]) if "." in name else None
