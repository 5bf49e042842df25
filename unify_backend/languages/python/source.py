"""A Python text with its syntax: where nodes stand, what names mean, which scope binds them."""

import ast
import re
from collections import defaultdict

from unify_backend.languages.python.syntax import parse
from unify_backend.model.spans import Span

_LINE_END = re.compile(r"\r\n|\r|\n")
Scope = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class PythonSource:
    """Raises Unparsable for a text that does not parse."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._mark = int(text.startswith("\ufeff"))
        self.tree = parse(text[self._mark :])
        self._starts = [self._mark, *(end.end() for end in _LINE_END.finditer(text))]
        self.parents: dict[ast.AST, ast.AST] = {}
        self.order: list[ast.AST] = []
        waiting: list[ast.AST] = [self.tree]
        while waiting:
            node = waiting.pop()
            self.order.append(node)
            for child in ast.iter_child_nodes(node):
                self.parents[child] = node
                waiting.append(child)
        self._known_as = dict(self._imported())
        self.loads: dict[tuple[ast.AST, str], list[ast.Name]] = defaultdict(list)
        self.stores: dict[tuple[ast.AST, str], list[ast.AST]] = defaultdict(list)
        self._find_names()

    def span(self, node: ast.expr) -> Span:
        """Where the expression stands, in characters."""
        return Span(
            self._offset(node.lineno, node.col_offset),
            self._offset(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset),
        )

    def text_of(self, node: ast.expr) -> str:
        """The expression as written."""
        span = self.span(node)
        return self.text[span.start : span.end]

    def dotted(self, node: ast.AST) -> str:
        """`os.path.join` for whatever name the file gives it; "" for what is no dotted name."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        return ".".join([self._known_as.get(node.id, node.id), *reversed(parts)])

    def scope(self, node: ast.AST) -> Scope:
        """The innermost function, class or module that `node` runs in."""
        child, at = node, self.parents.get(node)
        while at is not None:
            if isinstance(at, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                if child in at.body:
                    return at
            elif isinstance(at, ast.Lambda) and child is at.body:
                return at
            child, at = at, self.parents.get(at)
        return self.tree

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """The statement that `node` belongs to."""
        while not isinstance(node, ast.stmt):
            parent = self.parents.get(node)
            if parent is None:
                return None
            node = parent
        return node

    def _offset(self, line: int, column: int) -> int:
        start = self._starts[line - 1]
        end = self._starts[line] if line < len(self._starts) else len(self.text)
        here = self.text[start:end]
        if here.isascii():
            return start + column
        return start + len(here.encode()[:column].decode())

    def _imported(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for node in self.order:
            if isinstance(node, ast.Import):
                found += [(one.asname, one.name) for one in node.names if one.asname]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found += [
                    (one.asname or one.name, f"{node.module}.{one.name}") for one in node.names
                ]
        return found

    def _find_names(self) -> None:
        loads: list[ast.Name] = []
        for node in self.order:
            if isinstance(node, ast.Name):
                if isinstance(node.ctx, ast.Load):
                    loads.append(node)
                else:
                    self.stores[self.scope(node), node.id].append(node)
            elif isinstance(node, ast.arguments):
                function = self.parents[node]
                several = [*node.posonlyargs, *node.args, *node.kwonlyargs, node.vararg, node.kwarg]
                for one in several:
                    if one is not None:
                        self.stores[function, one.arg].append(one)
        for name in loads:
            if (owner := self._owner(name)) is not None:
                self.loads[owner, name.id].append(name)

    def _owner(self, name: ast.Name) -> Scope | None:
        """The scope whose binding the name means; a class's names are not seen in its methods."""
        scope = self.scope(name)
        innermost = True
        while True:
            if (scope, name.id) in self.stores and (
                innermost or not isinstance(scope, ast.ClassDef)
            ):
                return scope
            if isinstance(scope, ast.Module):
                return None
            scope, innermost = self.scope(scope), False
