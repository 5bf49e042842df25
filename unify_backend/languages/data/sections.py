"""Files of sections, keys and values in lines: what every dialect of INI has in common."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from unify_backend.languages.key_values import lines_at
from unify_backend.model.spans import Span

_LINE = re.compile(r"[^\n]*(?:\n|\Z)")
_SECTION = re.compile(r"\ufeff?[ \t]*\[(?P<name>[^\n]*)\]")
_ENTRY = re.compile(r"\ufeff?(?P<key>[^\s=:#;\[][^=:\n]*?)[ \t]*(?:[=:][ \t]*(?P<value>.*)|$)")
_BEHIND = re.compile(r"[ \t][#;][ \t].*")


class Kind(Enum):
    """What a stretch of a line is."""

    COMMENT = auto()
    SECTION = auto()  # the name between the brackets
    KEY = auto()
    VALUE = auto()  # the value, or one line of it


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of one line that holds names; `section` and `key` are those it belongs to."""

    kind: Kind
    span: Span
    section: str
    key: str
    hits: tuple[Span, ...]


def stretches(text: str, hits: Sequence[Span]) -> Iterator[Stretch]:
    """The stretches that hold `hits` (sorted), in order. Any text is read: there is no error."""
    section = key = ""
    margin: int | None = None
    starts = [hit.start for hit in hits]
    first = 0
    for line in _LINE.finditer(text):
        if first == len(hits):
            return
        last = bisect_left(starts, line.end(), lo=first)
        here, first = hits[first:last], last
        content = line[0].rstrip("\r\n")
        span = Span(line.start(), line.start() + len(content))
        if content.lstrip().startswith(("#", ";")):
            yield from _cut(Kind.COMMENT, span, section, key, here)
            continue
        if named := _SECTION.match(content):
            section, key, margin = named["name"].strip(), "", None
            name = Span(*named.span("name")).shift(line.start())
            yield from _cut(Kind.SECTION, name, section, "", here)
            yield from _cut(Kind.COMMENT, Span(name.end, span.end), section, "", here)
            continue
        start = span.start
        indent = len(content) - len(content.lstrip())
        found = _ENTRY.match(content, indent)
        if found and (not indent or (found["value"] is not None and margin in {None, indent})):
            margin = indent  # in git's files the entries of a section are indented
            key = found["key"]
            start += found.start("value") if found["value"] is not None else len(content)
            yield from _cut(Kind.KEY, Span(span.start, start), section, key, here)
        behind = _BEHIND.search(text, start, span.end) if here else None
        end = behind.start() + 1 if behind else span.end
        yield from _cut(Kind.VALUE, Span(start, end), section, key, here)
        yield from _cut(Kind.COMMENT, Span(end, span.end), section, key, here)


def _cut(kind: Kind, span: Span, section: str, key: str, hits: Sequence[Span]) -> Iterator[Stretch]:
    if inside := tuple(hit for hit in hits if span.holds(hit)):
        yield Stretch(kind, span, section, key, inside)


def whole_command(text: str, one: Stretch) -> Span:
    """A command's span where backslashes join the lines around the value `one`."""
    for line in lines_at(text, one.hits[:1], "\\"):
        found = _ENTRY.match(line.text) if not line.text[:1].isspace() else None
        lead = found.start("value") if found and found["value"] is not None else 0
        if line.span.end > one.span.end or line.start + lead < one.span.start:
            return Span(line.start + lead, line.span.end)
    return one.span
