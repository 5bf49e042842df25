"""Relative imports that lead into the legacy folder: `from ..old import x`, `from . import old`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from unify_backend.languages.python.scopes import PythonFile
from unify_backend.model.spans import Span
from unify_backend.model.text import PYTHON_FILES
from unify_backend.references.indirect.index import IndirectUse, RepositoryIndex

_FROM = re.compile(r"from[ \t\\\r\n]*(?=\.)")
_MODULE = re.compile(r"[.\s\\]*\.[\s\\]*(?:[^\W\d]\w*(?:\.[^\W\d]\w*)*)?(?<![\s\\])")


class RelativeImports:
    """Import statements whose dots lead into the folder."""

    def __init__(self, index: RepositoryIndex) -> None:
        self._index = index

    def may(self, path: str, data: bytes) -> bool:
        """Whether an import of the file leads there; comments and strings are not distinguished
        from code."""
        return path.endswith(PYTHON_FILES) and self._index.reached(path, data)

    def find(self, path: str) -> Iterator[IndirectUse]:
        """Every such import in the file."""
        source = self._index.source(path)
        for node in source.nodes if source is not None else ():
            match node:
                case ast.ImportFrom(level=level) if level and source is not None:
                    yield from self._statement(source, node)
                case _:
                    pass

    def _statement(self, source: PythonFile, node: ast.ImportFrom) -> Iterator[IndirectUse]:
        start = source.offset(node.lineno, node.col_offset)
        match = _FROM.match(source.text, start)
        module = match and _MODULE.match(source.text, match.end())
        if match is None or module is None:
            return
        if node.module:
            span = Span(match.end(), module.end())
            if dotted := self._index.absolute(source.path, node.level, node.module):
                yield self._use(span, dotted, self._renamed(dotted))
            return
        for alias in node.names:
            if dotted := self._index.absolute(source.path, node.level, alias.name):
                end = source.offset(alias.end_lineno or alias.lineno, alias.end_col_offset or 0)
                new = self._renamed(dotted) if len(node.names) == 1 else None
                yield self._use(Span(match.end(), end), dotted, new and _imported(new, alias))
                return

    def _renamed(self, dotted: str) -> str | None:
        """The canonical name; None where the canonical tree does not have the module."""
        if (move := self._index.move_of(dotted)) is None:
            return None
        rest = dotted.removeprefix(move.legacy)
        canonical = self._index.trees(move)[1]
        parts = tuple(filter(None, rest.split(".")))
        there = canonical.paths and not canonical.module_of(parts)[1]
        return move.canonical + rest if there else None

    def _use(self, span: Span, dotted: str, replacement: str | None) -> IndirectUse:
        move = self._index.move_of(dotted)
        assert move is not None
        new = move.canonical + dotted.removeprefix(move.legacy)
        return IndirectUse(
            span,
            "hidden-relative-import",
            dotted,
            f"a relative import that leads to {dotted}, the legacy package",
            f"write it absolutely, from {new}",
            move,
            replacement,
        )


def _imported(new: str, alias: ast.alias) -> str | None:
    """`new_parent import new_last`, bound to the name that it had."""
    parent, _, last = new.rpartition(".")
    if not parent:
        return None
    bound = alias.asname or alias.name
    return f"{parent} import {last}" + ("" if bound == last else f" as {bound}")
