"""Concrete syntax trees by tree-sitter, with positions in characters instead of bytes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from unify_backend.languages.language import FormError
from unify_backend.model.spans import Span

if TYPE_CHECKING:
    import tree_sitter

_ENDLESS = re.compile(r"[^\n]{8000}")
_DEEPEST = 200
_BEYOND = re.compile(rb"[\x80-\xff]")
_WIDE = re.compile(r"[^\x00-\x7f]")


class SyntaxTree:
    """A parsed text. tree-sitter recovers from errors, so any text has a tree; after an error
    `broken` is true.

    Raises FormError for shell text with a line that only a machine writes: the grammar of bash
    takes time that grows with the square of some lines (40,000 times `a@`: one minute).
    """

    def __init__(self, language: str, text: str) -> None:
        if language == "bash" and (endless := _ENDLESS.search(text)):
            line = text.count("\n", 0, endless.start()) + 1
            raise FormError(f"line {line} is too long to be read as shell")
        wide = [match.start() for match in _WIDE.finditer(text)]
        self._chars, self._extra = wide, [0]
        for at in wide:
            size = len(text[at].encode("utf-8", "surrogatepass"))
            self._extra.append(self._extra[-1] + size - 1)
        self._bytes = [at + extra for at, extra in zip(wide, self._extra, strict=False)]
        data = text.encode("utf-8", "surrogatepass")
        if wide and language == "bash":
            # The grammar's scanner asks C's `isdigit` and the like about any character, which is
            # undefined beyond a byte: `{` and U+10FFFF end the process.
            data = _BEYOND.sub(b"x", data)
        self._tree = _parser(language).parse(data)
        self.root = self._tree.root_node
        self.text = text

    @property
    def broken(self) -> bool:
        """Whether any part of the text could not be read as the language."""
        return bool(self.root.has_error)

    def node_at(self, span: Span) -> tree_sitter.Node:
        """The smallest node that covers the span."""
        node = self.root.descendant_for_byte_range(self._byte(span.start), self._byte(span.end))
        return node if node is not None else self.root

    def span(self, node: tree_sitter.Node) -> Span:
        """Where the node stands in the text, in characters."""
        return Span(self._char(node.start_byte), self._char(node.end_byte))

    def text_of(self, node: tree_sitter.Node) -> str:
        """The node's text."""
        span = self.span(node)
        return self.text[span.start : span.end]

    def _byte(self, char: int) -> int:
        before = bisect_right(self._chars, char - 1)
        return char + self._extra[before]

    def _char(self, byte: int) -> int:
        before = bisect_right(self._bytes, byte - 1)
        return byte - self._extra[before]


def around(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    """The node and what it stands in, outwards; it gives up where nobody nests that deep, because
    tree-sitter finds each parent by a walk from the root."""
    current: tree_sitter.Node | None = node
    for _ in range(_DEEPEST):
        if current is None:
            return
        yield current
        current = current.parent


@cache
def _parser(language: str) -> tree_sitter.Parser:
    import tree_sitter

    # Imported by name, because each grammar is a package of its own and only some are needed.
    grammar = import_module(f"tree_sitter_{language}")
    return tree_sitter.Parser(tree_sitter.Language(grammar.language()))
