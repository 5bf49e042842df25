"""Batch files: comments, `set`, window titles, labels, quotes in quotes, other languages."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from unify_backend.languages.batch.syntax import DIALECT, LABEL, REMARK, parse_batch
from unify_backend.languages.key_values import (
    addresses,
    holding,
    lines_at,
    of_variable,
)
from unify_backend.languages.language import ContextKind, Fragment, SplitReference, SyntaxContext
from unify_backend.languages.scripts.arguments import contexts_of
from unify_backend.languages.scripts.command_line import (
    Word,
    arguments,
    bare_name,
    split_commands,
    unjoined,
)
from unify_backend.languages.scripts.implied_paths import Place, implied_paths
from unify_backend.languages.scripts.interpreter import of_start
from unify_backend.languages.scripts.machines import of_machine
from unify_backend.languages.scripts.programs import WordUse, find
from unify_backend.languages.scripts.statements import (
    Assignment,
    Bound,
    Branches,
    Loop,
    Operands,
    Redirected,
    Script,
    Simple,
    Statement,
    Token,
    flattened,
    token,
)
from unify_backend.languages.scripts.unknown_roots import behind_variables
from unify_backend.model.evidence import Label
from unify_backend.model.references import Names
from unify_backend.model.spans import Span

_LEAD = re.compile(r"[ \t(]*@?[ \t(]*(?:[A-Za-z]:\\[^\n>]*>[ \t]*)?")
_TITLE_NOTE = "a window's title: a command that ends the program looks for it"

_LANGUAGES = {
    WordUse.BATCH: "batch",
    WordUse.POWERSHELL: "powershell",
    WordUse.CODE: "python",
}
_SCRIPTED = re.compile(r"cmd|powershell|pwsh|py|python[\d.]*w?")
_LINE = re.compile(r"(?:[^\n^]|\^\r?\n|\^.?)*")


class BatchReferences:
    """Line by line, because cmd.exe reads it so; `^` at the end of a line joins it to the next."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext | SplitReference]:
        """Zones around every hit; never raises, any line is a command of some kind.

        Folders are joined by backslashes: `dir a/b` would be a switch.
        """
        script = parse_batch(fragment.text)
        for zone in _zones(fragment, script):
            yield replace(zone, separator="\\")
        if fragment.hits or "%~" in fragment.text:
            glued = list(_glued(fragment))
            hits = sorted([*fragment.hits, *(split.span for split in glued)])
            yield from glued
            place = Place(hits, fragment.moves, "batch", handed=fragment.hits)
            yield from implied_paths(script, DIALECT, place)


def _zones(fragment: Fragment, script: Script) -> Iterator[SyntaxContext]:
    commands: list[Span] = []
    nested = list(_nested(fragment, script)) if fragment.hits else []
    yield from nested
    for line in lines_at(fragment.text, fragment.hits, "^"):
        lead = _LEAD.match(line.text)
        begin = lead.end() if lead else 0
        if REMARK.match(line.text, begin):
            yield SyntaxContext(line.span, "batch-comment", ContextKind.COMMENT)
        elif LABEL.match(line.text, begin):
            yield _label(line.span)
        else:
            start = line.start + begin
            yield SyntaxContext(Span(start, line.span.end), "batch-command", ContextKind.COMMAND)
            commands += [hit for hit in line.hits if not any(z.span.holds(hit) for z in nested)]
    for statement, following in flattened(script.statements) if commands else ():
        yield from _statement(statement, following, commands, fragment.text)
    yield from addresses(fragment.text, fragment.hits, "batch-address")
    yield from of_machine(fragment.text, fragment.hits, "batch")
    yield from behind_variables(fragment.text, fragment.hits, "batch", "batch")


def _label(span: Span) -> SyntaxContext:
    return SyntaxContext(span, "batch-label", ContextKind.OTHER_NAME, note="a jump label")


def _statement(
    statement: Statement, following: Statement | None, hits: list[Span], text: str
) -> Iterator[SyntaxContext]:
    match statement:
        case Assignment(name, values):
            yield from _set(name, values, hits, text)
        case Bound(name):
            yield from _set(name, (), hits, text)
        case Redirected(files=files):
            for file in files:
                if holding(hits, file.target.span):
                    yield SyntaxContext(file.target.span, "batch-path", ContextKind.PATH_STRING)
        case Operands(words) if not isinstance(following, Loop):
            form = "batch-condition" if isinstance(following, Branches) else "batch-path"
            for word in words:
                if holding(hits, word.span):
                    yield SyntaxContext(word.span, form, ContextKind.PATH_STRING)
        case Simple(words) if inside := holding(hits, _spanning(words)):
            yield from _command(words, inside, text)
        case _:
            pass


def _command(words: tuple[Token, ...], hits: list[Span], text: str) -> Iterator[SyntaxContext]:
    name = bare_name(words[0].text)
    titled = words[1:] if name == "title" else words[1:2] if name == "start" else ()
    if titled and (titled[0].quoted or name == "title") and holding(hits, _spanning(titled)):
        yield SyntaxContext(_spanning(titled), "batch-title", ContextKind.LABEL, note=_TITLE_NOTE)
    if name == "goto" or words[0].text.startswith(":"):
        yield _label(_spanning(words[name == "goto" :][:1]))
    if name == "start" and titled and titled[0].quoted:
        words = (words[0], *words[2:])  # without the window's title
    whole = _spanning(words)
    code = unjoined(text[whole.start : whole.end], "^")
    shown = "^&" in code or "^|" in code  # a hint that shows several commands
    for part in split_commands(code, whole.start) if shown else [words]:
        yield from contexts_of(part, hits, "batch-command")


def _set(
    name: Word, values: tuple[Token, ...], hits: list[Span], text: str
) -> Iterator[SyntaxContext]:
    if holding(hits, name.span):
        note = "a variable's name"
        yield SyntaxContext(name.span, "batch-variable", ContextKind.OTHER_NAME, note=note)
    for value in values:
        for hit in holding(hits, value.span):
            place = of_variable(name.text, text, hit)
            form = "batch-pid-file" if place.label is Label.PID_FILE else "batch-variable"
            yield place.at(value.span, form)


def _spanning(words: Sequence[Word]) -> Span:
    return Span(words[0].span.start, words[-1].span.end) if words else Span(0, 0)


def _glued(fragment: Fragment) -> Iterator[SplitReference]:
    """`%~dp0old`: the variable ends in a backslash, so people write none; to a search the name is
    the end of a longer word."""
    for move in fragment.moves:
        folder = r"[/\\]".join(map(re.escape, move.legacy_path.split("/")))
        for match in re.finditer(rf"(?i:%~dp0)(?P<name>{folder})(?![A-Za-z0-9_])", fragment.text):
            span = Span(*match.span("name"))
            if not any(span.overlaps(hit) for hit in fragment.hits):
                joint = (
                    "/" if "/" in match["name"] + fragment.text[span.end : span.end + 1] else "\\"
                )
                new = joint.join(move.canonical_path.split("/"))
                note = "joined to %~dp0, so that no search for the name sees it"
                yield SplitReference(span, "batch-folder", move, new, note, Names.IMPLIED)


def _nested(fragment: Fragment, script: Script) -> Iterator[SyntaxContext]:
    """What stands in the quotes of `cmd /k "…"`, `powershell -Command "…"`, `python -c "…"`."""
    for statement, _ in flattened(script.statements):
        match statement:
            case Simple(words):
                commands: list[Sequence[Word]] = [words]
            case Assignment(_, (value,)):
                commands = list(split_commands(value.text, value.start))
            case _:
                continue
        for command in commands:
            yield from _in_quotes(fragment, command)


def _in_quotes(fragment: Fragment, words: Sequence[Word]) -> Iterator[SyntaxContext]:
    """cmd.exe takes everything up to the last quote of its line, so quotes inside need no
    escape."""
    text = fragment.text
    if bare_name(words[0].text) == "start":
        started = of_start([token(word) for word in words])
        words = started[0] if started else words
    if find(words[0].text) is None:  # another program that runs commands
        known = (n for n, word in enumerate(words) if _SCRIPTED.fullmatch(bare_name(word.text)))
        words = words[next(known, 0) :]
    for argument in arguments([word.text for word in words]):
        language, word = _LANGUAGES.get(argument.value.use), words[argument.index]
        begin = word.start if word.quoted else word.start + 1
        line = _LINE.match(text, begin)
        if language is None or line is None or text[begin - 1 : begin] != '"':
            continue
        end = text.rfind('"', begin, line.end())
        if language != "batch":
            end = text.find('"', begin, line.end())
            while end > 0 and text[end - 1] == "\\":
                end = text.find('"', end + 1, line.end())
        span = Span(begin, max(begin, end))
        if holding(fragment.hits, span):
            yield SyntaxContext(span, f"batch-{language}", ContextKind.COMMAND, language)
            return
