"""Files of sections, keys and values in lines, by configparser's rules: a line that is indented
deeper than its key goes on with the value, whatever it looks like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from unify_backend.languages.data.tree import (
    Document,
    Entry,
    Kind,
    Node,
    Statement,
    StatementKind,
)
from unify_backend.model.spans import Span

_LINE = re.compile(r"[^\n]*(?:\n|\Z)")
_SECTION = re.compile(r"\[(?P<name>.+)\]")
_DELIMITER = re.compile(r"[=:][ \t]*")


@lru_cache(maxsize=16)
def parse_ini(text: str) -> Document:
    """The sections of an INI file as mappings; keys in front of the first section are at the top.
    Any text is read: there is no error. A section that is there twice is one mapping."""
    reader = _Reader(text)
    return Document(text, [reader.root], statements=list(reader.statements()))


@dataclass(slots=True)
class _Reader:
    text: str
    root: Node = field(default_factory=lambda: Node(Kind.MAPPING, 1, entries=[]))
    _sections: dict[str, Node] = field(default_factory=dict)

    def statements(self) -> Iterator[Statement]:
        """The lines, those that go on with a value put to it; fills `root` on the way."""
        section, indent, key = "", 0, False
        waiting: list[Statement] = []  # comments and blank lines that may stand inside a value
        entry: Statement | None = None
        for number, line in enumerate(_LINE.finditer(self.text), 1):
            span, body = Span(*line.span()), line[0].strip().removeprefix("\ufeff")
            if span.start == span.end:
                break
            if not body or body[0] in "#;":
                kind = StatementKind.COMMENT if body else StatementKind.BLANK
                waiting.append(Statement(kind, span, section))
                continue
            depth = len(line[0]) - len(line[0].lstrip())
            if key and depth > indent and entry is not None:
                entry = self._longer(entry, span, number)
                waiting = []
                continue
            if entry is not None:
                yield self._whole(entry)
            yield from waiting
            entry, waiting = None, []
            indent = depth
            start = span.start + line[0].index(body)
            if named := _SECTION.match(body):
                section, key = named["name"].strip(), False
                left = start + named.start("name") + named["name"].index(section)
                name = Span(left, left + len(section))
                yield Statement(StatementKind.HEADER, span, section, "", name)
                self._section(section, number, name)
            elif body[0] not in "=:[":
                key = True
                entry = self._entry(section, span, Span(start, start + len(body)), number)
            else:
                key = False
                yield Statement(StatementKind.OTHER, span, section)
        if entry is not None:
            yield self._whole(entry)
        yield from waiting

    def _section(self, name: str, line: int, span: Span) -> Node:
        if name not in self._sections:
            key = Node(Kind.SCALAR, line, line, span, span, name)
            self._sections[name] = Node(Kind.MAPPING, line, line, span, entries=[])
            self._put(self.root, key, self._sections[name])
        return self._sections[name]

    def _entry(self, section: str, lines: Span, body: Span, line: int) -> Statement:
        text = self.text
        delimiter = _DELIMITER.search(text, body.start, body.end)
        end = delimiter.start() if delimiter else body.end
        written = text[body.start : end].rstrip()
        name = Span(body.start, body.start + len(written))
        key = Node(Kind.SCALAR, line, line, name, name, written)
        place = Span(delimiter.end(), body.end) if delimiter else Span(body.end, body.end)
        value = Node(
            Kind.SCALAR, line, line, place, place, self._said(place) if delimiter else None
        )
        self._put(self._sections[section] if section else self.root, key, value)
        return Statement(StatementKind.ENTRY, lines, section, written, name, value)

    def _longer(self, entry: Statement, span: Span, line: int) -> Statement:
        """The assignment with one more line of its value."""
        value = entry.value
        assert value is not None
        end = span.start + len(self.text[span.start : span.end].rstrip())
        value.span = value.content = Span(value.span.start, end)
        value.end_line = line
        return replace(entry, span=Span(entry.span.start, span.end))

    def _whole(self, entry: Statement) -> Statement:
        """The assignment whose value has got all its lines."""
        if entry.value is not None and entry.value.end_line > entry.value.line:
            entry.value.value = self._said(entry.value.span)
        return entry

    def _said(self, span: Span) -> str:
        return self.text[span.start : span.end]

    def _put(self, holder: Node, key: Node, value: Node) -> None:
        assert isinstance(holder.entries, list)
        holder.entries.append(Entry(key, value))
