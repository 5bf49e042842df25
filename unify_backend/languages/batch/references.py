"""Batch files: comments, `set`, window titles, labels, quotes in quotes, other languages."""

import re
from collections.abc import Iterator
from dataclasses import replace

from unify_backend.languages.batch.syntax import DIALECT, LABEL, REMARK, parse_batch
from unify_backend.languages.key_values import Line, addresses, holding, lines_at, of_variable
from unify_backend.languages.language import ContextKind, Fragment, SplitReference, SyntaxContext
from unify_backend.languages.scripts.arguments import contexts_of
from unify_backend.languages.scripts.command_line import Word, split_commands, unjoined
from unify_backend.languages.scripts.implied_paths import Place, implied_paths
from unify_backend.languages.scripts.machines import of_machine
from unify_backend.model.references import Names
from unify_backend.model.spans import Span

_LEAD = re.compile(r"[ \t(]*@?[ \t(]*(?:[A-Za-z]:\\[^\n>]*>[ \t]*)?")
_SET = re.compile(r'(?i)set[ \t]+(?:/p[ \t]+)?(?P<quote>"?)(?P<name>[^=\s"&|]+)=(?P<value>.*?)"?$')
_TITLE = re.compile(r'(?i)(?:@?title)[ \t]+(?P<title>.*)|start[ \t]+"(?P<window>[^"\n]*)"')
_JUMP = re.compile(r"(?i)(?:goto|call)[ \t]+:?(?P<label>[\w.-]+)[ \t]*$")
_CONDITION = re.compile(
    r'(?i)if[ \t]+(?:/i[ \t]+)?(?:not[ \t]+)?exist[ \t]+(?P<path>"[^"\n]*"|[^\s(]+)'
)
_FOR_FOLDER = re.compile(r"(?i)for[ \t]+/[rd][ \t]+(?P<path>\"[^\"\n]*\"|[^\s%(]+)")
_FILTER = re.compile(r'(?i)/fi[ \t]+"[ \t]*(?:windowtitle|imagename)[^"\n]*"')
_TITLE_NOTE = "a window's title: a command that ends the program looks for it"

# The quoted text behind these is a separate script.
_NESTED = re.compile(
    r"(?i)\b(?:(?P<batch>cmd(?:\.exe)?[ \t]+(?:/[a-bd-jl-z]\S*[ \t]+)*/[ck])"
    r"|(?P<powershell>(?:powershell|pwsh)(?:\.exe)?\b[^\"&|\n]*?-c(?:ommand)?)"
    r"|(?P<python>(?:python[\d.]*w?|py)(?:\.exe)?[ \t]+(?:-[A-Z\d.]+[ \t]+)*-c))[ \t]+\""
)


class BatchReferences:
    """Line by line, because cmd.exe reads it so; `^` at the end of a line joins it to the next."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext | SplitReference]:
        """Zones around every hit; never raises, any line is a command of some kind.

        Folders are joined by backslashes: `dir a/b` would be a switch.
        """
        for zone in _zones(fragment):
            yield replace(zone, separator="\\")
        if fragment.hits or "%~" in fragment.text:
            glued = list(_glued(fragment))
            hits = sorted([*fragment.hits, *(split.span for split in glued)])
            yield from glued
            place = Place(hits, fragment.moves, "batch", handed=fragment.hits)
            yield from implied_paths(parse_batch(fragment.text), DIALECT, place)


def _zones(fragment: Fragment) -> Iterator[SyntaxContext]:
    for line in lines_at(fragment.text, fragment.hits, "^"):
        lead = _LEAD.match(line.text)
        begin = lead.end() if lead else 0
        if REMARK.match(line.text, begin):
            yield SyntaxContext(line.span, "batch-comment", ContextKind.COMMENT)
        elif LABEL.match(line.text, begin):
            yield SyntaxContext(
                line.span, "batch-label", ContextKind.OTHER_NAME, note="a jump label"
            )
        else:
            yield from _command_line(line, begin, fragment.text)
    yield from addresses(fragment.text, fragment.hits, "batch-address")
    yield from of_machine(fragment.text, fragment.hits, "batch")


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


def _command_line(line: Line, begin: int, text: str) -> Iterator[SyntaxContext]:
    start = line.start + begin
    yield SyntaxContext(Span(start, line.span.end), "batch-command", ContextKind.COMMAND)
    nested = list(_inner(line))
    yield from nested
    for words in split_commands(unjoined(line.text[begin:], "^"), start):
        end = words[-1].start + len(words[-1].text) + words[-1].quoted
        part = Span(words[0].start - words[0].quoted, end)
        hits = [
            hit
            for hit in holding(line.hits, part)
            if not any(zone.span.holds(hit) for zone in nested)
        ]
        if hits:
            yield from _command(line, part, words, hits, text)


def _command(
    line: Line, part: Span, words: list[Word], hits: list[Span], text: str
) -> Iterator[SyntaxContext]:
    code = line.text[part.start - line.start : part.end - line.start]
    code = re.sub(
        r"^[ \t(]*(?:else[ \t]*)?\(?[ \t]*@?", lambda lead_in: " " * len(lead_in[0]), code
    )
    lead = len(code) - len(code.lstrip())
    if match := _SET.match(code, lead):
        yield from _set(match, part.start, hits, text)
    elif (match := _TITLE.search(code, lead)) and match.start() == lead:
        group = "title" if match["title"] is not None else "window"
        span = Span(*match.span(group)).shift(part.start)
        if holding(hits, span):
            yield SyntaxContext(span, "batch-title", ContextKind.LABEL, note=_TITLE_NOTE)
    elif (match := _JUMP.match(code, lead)) and match["label"].lower() != "python":
        span = Span(*match.span("label")).shift(part.start)
        if re.match(r"(?i)goto|call[ \t]+:", match[0]):
            yield SyntaxContext(span, "batch-label", ContextKind.OTHER_NAME, note="a jump label")
    elif match := _CONDITION.match(code, lead):
        span = Span(*match.span("path")).shift(part.start)
        yield SyntaxContext(span, "batch-condition", ContextKind.PATH_STRING)
    if match := _FILTER.search(code):
        span = Span(*match.span()).shift(part.start)
        yield SyntaxContext(span, "batch-filter", ContextKind.LABEL, note=_TITLE_NOTE)
        hits = [hit for hit in hits if not span.holds(hit)]
    if match := _FOR_FOLDER.match(code, lead):
        span = Span(*match.span("path")).shift(part.start)
        yield SyntaxContext(span, "batch-loop", ContextKind.PATH_STRING)
    if words[0].text.lower() == "start" and words[1:2] and words[1].quoted:
        words = [words[0], *words[2:]]  # without the window's title
    yield from contexts_of(words, hits, "batch-command")


def _set(match: re.Match[str], start: int, hits: list[Span], text: str) -> Iterator[SyntaxContext]:
    name = Span(*match.span("name")).shift(start)
    value = Span(*match.span("value")).shift(start)
    if holding(hits, name):
        yield SyntaxContext(
            name, "batch-variable", ContextKind.OTHER_NAME, note="a variable's name"
        )
    for hit in holding(hits, value):
        place = of_variable(match["name"], text, hit)
        form = "batch-pid-file" if place.note == "a PID file" else "batch-variable"
        yield place.at(value, form)


def _inner(line: Line) -> Iterator[SyntaxContext]:
    """What stands in the quotes of `cmd /k "…"`, `powershell -Command "…"`, `python -c "…"`.

    cmd.exe takes everything up to the last quote, so quotes inside need no escape.
    """
    for match in _NESTED.finditer(line.text):
        language = str(match.lastgroup)
        last = line.text.rfind('"')
        end = last if language == "batch" else line.text.find('"', match.end())
        while language != "batch" and end > 0 and line.text[end - 1] == "\\":
            end = line.text.find('"', end + 1)
        if end < match.end():
            continue
        span = Span(line.start + match.end(), line.start + end)
        if holding(line.hits, span):
            yield SyntaxContext(span, f"batch-{language}", ContextKind.COMMAND, language)
            return
