"""TOML as a tree. The standard library says whether the text is TOML and what it holds; the reader
below finds the places, which are sure in a text that is right."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from functools import lru_cache
from typing import Any

from unify_backend.languages.data.tree import (
    Document,
    Entry,
    Kind,
    Node,
    Part,
    Role,
    Statement,
    StatementKind,
    keys_of,
)
from unify_backend.languages.language import FormError
from unify_backend.model.spans import Span

Table = dict[str, Any]

_TOKEN = re.compile(
    r'''(?P<space>[ \t\r]+|\ufeff)|(?P<end>\n)|(?P<comment>\#[^\n]*)
    |(?P<string>"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?'{3,5}
    |"(?:[^"\\\n]|\\.)*"|'[^'\n]*')
    |(?P<mark>[\[\]{}=,.])|(?P<bare>[^\s\#"'\[\]{}=,.]+)''',
    re.VERBOSE | re.DOTALL,
)
_BARE_VALUE = re.compile(r"[^,\]}#\n]+")
_QUOTE = re.compile("\"{3}|'{3}|[\"']")
_MOST_PARTS = 100  # of a dotted key; a key of a tool that people use has five or six
_PART = r"""(?:[\w-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
# Where a key can begin, and more of its parts than anybody writes
_ENDLESS_KEY = re.compile(
    rf"(?:^\ufeff?[ \t]*\[{{0,2}}|[{{,])[ \t]*{_PART}(?:[ \t]*\.[ \t]*{_PART}){{{_MOST_PARTS}}}",
    re.MULTILINE,
)


def toml_data(text: str) -> Table:
    """What a TOML text holds. Raises FormError where it is none, and where a key has so many parts
    that the standard library's work, which grows with the square of their number, would not end."""
    if text.count(".") >= _MOST_PARTS and (endless := _ENDLESS_KEY.search(text)):
        line = text.count("\n", 0, endless.end()) + 1
        raise FormError(f"a key of more than {_MOST_PARTS} parts in line {line}")
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise FormError(f"not TOML: {error}") from error


@lru_cache(maxsize=16)
def parse_toml(text: str) -> Document:
    """The tables of a TOML text as one mapping; its headers and keys are parts, too.

    Raises FormError where it is none.
    """
    toml_data(text)
    try:
        return _Reader(text).read()
    except RecursionError as error:
        raise FormError("not TOML: nested too deeply") from error


class _Reader:
    """Reads a text that is known to be TOML."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._root = Node(Kind.MAPPING, 1, 1, Span(0, len(text)), entries=[])
        self._known: dict[int, dict[str, Node]] = {}
        self._parts: list[Part] = []
        self._comments: list[Span] = []

    def read(self) -> Document:
        """The whole text."""
        text = self._text
        statements: list[Statement] = []
        table, path, section = self._root, tuple[str, ...](), ""
        while self._at < len(text):
            begin = self._at
            self._blanks()
            match text[self._at : self._at + 1]:
                case "" | "\n" | "#":
                    comment = text.startswith("#", self._at)
                    kind = StatementKind.COMMENT if comment else StatementKind.BLANK
                    statements.append(Statement(kind, Span(begin, self._line_end()), section))
                case "[":
                    repeats = text.startswith("[[", self._at)
                    self._at += 1 + repeats
                    names = self._names((), Role.HEADER, self._root)
                    name = Span(names[0].span.start, names[-1].span.end)
                    self._at += 1 + repeats
                    path = tuple(node.value or "" for node in names)
                    section = ".".join(path)
                    table = self._table(self._root, names, repeats)
                    span = Span(begin, self._line_end())
                    statements.append(
                        Statement(StatementKind.HEADER, span, section, "", name, None, repeats)
                    )
                case _:
                    names, value = self._pair(table, path)
                    written = Span(names[0].span.start, names[-1].span.end)
                    key, span = text[written.start : written.end], Span(begin, self._line_end())
                    statements.append(
                        Statement(StatementKind.ENTRY, span, section, key, written, value)
                    )
        return Document(text, [self._root], self._comments, statements, self._parts)

    def _pair(self, table: Node, path: tuple[str, ...]) -> tuple[list[Node], Node]:
        """`a.b = value`, put into a table."""
        names = self._names(path, Role.KEY, table)
        self._at += 1  # the equals sign
        self._blanks()
        holder = self._table(table, names[:-1], repeats=False)
        below = (*path, *(node.value or "" for node in names))
        value = self._value(below, holder, table)
        self._put(holder, names[-1], value)
        return names, value

    def _names(self, path: tuple[str, ...], role: Role, parent: Node) -> list[Node]:
        """The segments of a dotted key or of a table's name, up to what follows them."""
        names: list[Node] = []
        while token := _TOKEN.match(self._text, self._at):
            if token.lastgroup in {"string", "bare"}:
                self._at = token.end()
                node = self._scalar(Span(*token.span()))
                self._parts.append(Part(node, role, keys_of(path), parent))
                path = (*path, node.value or "")
                names.append(node)
            elif token.lastgroup == "space" or token[0] == ".":
                self._at = token.end()
            else:
                break
        return names

    def _value(self, path: tuple[str, ...], parent: Node, holder: Node | None) -> Node:
        text, start = self._text, self._at
        opening = text[start]
        if opening not in "[{":
            token = _TOKEN.match(text, start)
            if token and token.lastgroup == "string":
                end = token.end()
            else:
                bare = _BARE_VALUE.match(text, start)
                end = start + len(bare[0].rstrip()) if bare else start
            self._at = end
            node = self._scalar(Span(start, end))
            self._parts.append(Part(node, Role.VALUE, keys_of(path), parent, holder))
            return node
        line = bisect_right(self._starts, start)
        self._at += 1
        if opening == "[":
            elements: list[Node] = []
            node = Node(Kind.SEQUENCE, line, style=opening, elements=elements)
            while not self._closes("]"):
                elements.append(self._value((*path, "-"), node, parent))
        else:
            node = Node(Kind.MAPPING, line, style=opening, entries=[])
            while not self._closes("}"):
                self._pair(node, path)
        node.span, node.end_line = Span(start, self._at), bisect_right(self._starts, self._at - 1)
        return node

    def _closes(self, bracket: str) -> bool:
        """Goes on to the next element; whether the bracket closes instead."""
        while True:
            self._blanks()
            char = self._text[self._at : self._at + 1]
            if char == "#":
                self._line_end()
            elif char in {"\n", ","}:
                self._at += 1
            else:
                self._at += char == bracket
                return char in {bracket, ""}

    def _scalar(self, span: Span) -> Node:
        text = self._text[span.start : span.end]
        first, last = bisect_right(self._starts, span.start), bisect_right(self._starts, span.end)
        quote = _QUOTE.match(text)
        if quote is None:
            return Node(Kind.SCALAR, first, last, span, span, text)
        content = Span(span.start + len(quote[0]), span.end - len(quote[0]))
        inner = self._text[content.start : content.end]
        plain = len(quote[0]) == 1 and (quote[0] == "'" or "\\" not in inner)
        value = inner if plain else str(tomllib.loads(f"v = {text}")["v"])
        return Node(Kind.SCALAR, first, last, span, content, value, quote[0])

    def _table(self, table: Node, names: list[Node], repeats: bool) -> Node:
        """The table that a name leads to; what is missing is made."""
        for number, name in enumerate(names):
            known = self._known.setdefault(id(table), {})
            node = known.get(name.value or "")
            last = number == len(names) - 1
            if node is None:
                node = (
                    Node(Kind.SEQUENCE, name.line, name.line, name.span, elements=[])
                    if repeats and last
                    else Node(Kind.MAPPING, name.line, name.line, name.span, entries=[])
                )
                self._put(table, name, node)
            if isinstance(node.elements, list):
                if repeats and last:
                    element = Node(Kind.MAPPING, name.line, name.line, name.span, entries=[])
                    node.elements.append(element)
                node = node.elements[-1]
            table = node
        return table

    def _put(self, table: Node, name: Node, value: Node) -> None:
        assert isinstance(table.entries, list)
        table.entries.append(Entry(name, value))
        self._known.setdefault(id(table), {})[name.value or ""] = value

    def _blanks(self) -> None:
        while self._text[self._at : self._at + 1] in {" ", "\t", "\r", "\ufeff"}:
            self._at += 1

    def _line_end(self) -> int:
        """Goes behind the end of the line, over a comment."""
        text = self._text
        end = text.find("\n", self._at)
        end = len(text) if end < 0 else end
        if (comment := text.find("#", self._at, end)) >= 0:
            self._comments.append(Span(comment, end - text.endswith("\r", comment, end)))
        self._at = min(end + 1, len(text))
        return self._at
