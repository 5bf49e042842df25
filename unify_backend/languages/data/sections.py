"""The parts of an INI file's lines that hold names: what every dialect of INI has in common."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from unify_backend.languages.data.ini_parser import parse_ini
from unify_backend.languages.data.tree import Statement, StatementKind
from unify_backend.languages.key_values import lines_at
from unify_backend.model.spans import Span

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_BEHIND = re.compile(r"[ \t][#;][ \t].*")


class Kind(Enum):
    """What a stretch of a line is."""

    COMMENT = auto()
    SECTION = auto()  # the name between the brackets
    KEY = auto()
    VALUE = auto()  # the value, or one line of it


@dataclass(frozen=True, slots=True)
class SectionPart:
    """A part of one line that holds names; `section` and `key` are those it belongs to, `value` is
    where the whole value begins."""

    kind: Kind
    span: Span
    section: str
    key: str
    hits: tuple[Span, ...]
    value: int


def stretches(text: str, hits: Sequence[Span]) -> Iterator[SectionPart]:
    """The stretches that hold `hits` (sorted), in order. Any text is read: there is no error."""
    if not hits:
        return
    statements = parse_ini(text).statements
    starts = [statement.span.start for statement in statements]
    places = [hit.start for hit in hits]
    first = 0
    while first < len(hits):
        statement = statements[bisect_right(starts, places[first]) - 1]
        last = max(first + 1, bisect_left(places, statement.span.end, lo=first))
        inside = hits[first:last]
        for kind, span in _cut(statement, text):
            if held := tuple(hit for hit in inside if span.holds(hit)):
                value = statement.value.span.start if statement.value else span.start
                yield SectionPart(kind, span, statement.section, statement.key, held, value)
        first = last


def _cut(statement: Statement, text: str) -> Iterator[tuple[Kind, Span]]:
    for line in _LINE.finditer(text, statement.span.start, statement.span.end):
        body = line[0].rstrip("\r\n")
        start, end = line.start(), line.start() + len(body)
        if body.lstrip("\ufeff \t").startswith(("#", ";")):
            yield Kind.COMMENT, Span(start, end)
        elif statement.kind is StatementKind.HEADER:
            yield Kind.SECTION, statement.name
            yield Kind.COMMENT, Span(statement.name.end, max(end, statement.name.end))
        else:
            value = statement.value
            if value is not None and start <= statement.name.start:
                yield Kind.KEY, Span(start, value.span.start)
                start = value.span.start
            behind = _BEHIND.search(text, start, end)
            comment = behind.start() + 1 if behind else end
            yield Kind.VALUE, Span(start, max(start, comment))
            yield Kind.COMMENT, Span(comment, end)


def whole_command(text: str, stretch: SectionPart) -> Span:
    """A command's span where backslashes join the lines around the value `stretch`."""
    for line in lines_at(text, stretch.hits[:1], "\\"):
        span = Span(max(line.start, stretch.value), line.span.end)
        if span.end > stretch.span.end or span.start < stretch.span.start:
            return span
    return stretch.span
