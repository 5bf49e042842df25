"""One Python file with what its names are bound to: imports and plain assignments."""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from unify_backend.languages.python.scopes import Scopes
from unify_backend.model.spans import Span

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Imported:
    """A name bound by an import: `module` with `level` dots in front, and the `name` taken out of
    it (None where the module itself, or with `root` only its first package, is bound)."""

    module: str
    level: int
    name: str | None
    line: int
    root: bool = False


@dataclass(frozen=True, slots=True)
class Assigned:
    """A name bound by a plain assignment of one expression."""

    value: ast.expr
    start: int
    line: int


Bound = Imported | Assigned


class Source:
    """A parsed file. Positions come in characters; `bound` answers by scope."""

    def __init__(self, path: str, text: str, tree: ast.Module) -> None:
        self.path, self.text, self.tree = path, text, tree
        self._lines = [0, *(found.end() for found in _LINE_END.finditer(text))]
        self._ascii = text.isascii()
        self.nodes = list(ast.walk(tree))
        self._bound: dict[tuple[str, int], tuple[Bound, ...]] = {}
        self.bindings: dict[int, tuple[str, Bound]] = {}
        for node in self.nodes:
            for name, start, bound in self._bindings(node):
                self.bindings[start] = (name, bound)

    @cached_property
    def scopes(self) -> Scopes:
        """The scopes of every name that an import or an assignment binds."""
        return Scopes(self.text, {name for name, _ in self.bindings.values()})

    def bound(self, name: str, at: int) -> tuple[Bound, ...]:
        """All that binds the variable `name` as it is seen at offset `at`; empty where nothing
        does, or anything but imports and plain assignments."""
        home = self.scopes.scope_at(at).find(name)
        if home is None:
            return ()
        if (name, id(home)) not in self._bound:
            known = [self.bindings.get(one.start) for one in home.bound[name]]
            ours = [one[1] for one in known if one is not None and one[0] == name]
            self._bound[name, id(home)] = tuple(ours) if len(ours) == len(known) else ()
        return self._bound[name, id(home)]

    def span(self, node: ast.expr) -> Span:
        """Where an expression stands."""
        start = self.offset(node.lineno, node.col_offset)
        end = self.offset(node.end_lineno or node.lineno, node.end_col_offset or 0)
        return Span(start, max(start, end))

    def line(self, offset: int) -> int:
        """The line, from 1, that holds a character, as `ast` counts lines."""
        return bisect_right(self._lines, offset)

    def offset(self, line: int, column: int) -> int:
        """The character at a line and a column in bytes of UTF-8, as `ast` counts them."""
        start = self._lines[line - 1]
        if self._ascii:
            return start + column
        stop = self._lines[line] if line < len(self._lines) else len(self.text)
        written = self.text[start:stop].encode("utf-8", "surrogatepass")
        return start + len(written[:column].decode("utf-8", "replace"))

    def _bindings(self, node: ast.AST) -> Iterator[tuple[str, int, Bound]]:
        match node:
            case ast.Import():
                for one in node.names:
                    start = self.offset(one.lineno, one.col_offset)
                    first = one.name.partition(".")[0]
                    root = one.asname is None
                    module = first if root else one.name
                    yield one.asname or first, start, Imported(module, 0, None, one.lineno, root)
            case ast.ImportFrom():
                for one in node.names:
                    start = self.offset(one.lineno, one.col_offset)
                    bound = Imported(node.module or "", node.level, one.name, one.lineno)
                    yield one.asname or one.name, start, bound
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Name):
                        yield self._assigned(target, value)
            case ast.AnnAssign(target=ast.Name() as target, value=ast.expr() as value):
                yield self._assigned(target, value)
            case ast.NamedExpr(target=ast.Name() as target, value=value):
                yield self._assigned(target, value)
            case _:
                pass

    def _assigned(self, target: ast.Name, value: ast.expr) -> tuple[str, int, Bound]:
        start = self.offset(target.lineno, target.col_offset)
        return target.id, start, Assigned(value, start, target.lineno)


def source_of(path: str, text: str) -> Source | None:
    """The file's text as Python; None where this interpreter cannot parse it, which the inventory
    reports."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Source(path, text, ast.parse(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
