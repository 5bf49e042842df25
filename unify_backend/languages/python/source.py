"""Python source, parsed in one place: its syntax tree, and where nodes stand in the text."""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property, lru_cache

from unify_backend.languages.definition import Unparsable
from unify_backend.model.spans import Span

_KEPT = 32  # syntax trees; keeping more of them slows memory allocation
_LINE_END = re.compile(r"\r\n|\r|\n")
_INDENTED = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]+[^\s#]")


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """Why the interpreter that runs this tool cannot parse a text, and in which line (from 1;
    None where it does not say)."""

    reason: str
    line: int | None = None

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}" if self.line else self.reason

    @property
    def as_problem(self) -> str:
        """The same as part of a sentence about a file."""
        where = f" (line {self.line})" if self.line else ""
        return f"does not parse as Python: {self.reason}{where}"


class PythonSource:
    """A text with its syntax tree. It is shared by all who read the same text: nobody may change
    the tree. Offsets count characters, lines from 1 as Python does (a lone carriage return ends
    one too)."""

    def __init__(self, text: str, tree: ast.Module) -> None:
        self.text, self.tree = text, tree
        self._ascii = text.isascii()

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line begins."""
        mark = int(self.text.startswith("\ufeff"))
        return [mark, *(end.end() for end in _LINE_END.finditer(self.text))]

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree, outer ones first."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The node around each node."""
        return {child: node for node in self.nodes for child in ast.iter_child_nodes(node)}

    def offset(self, line: int, column: int) -> int:
        """The character at a line and a column in bytes of UTF-8, as `ast` counts them."""
        start = self._starts[line - 1]
        if self._ascii:
            return start + column
        end = self._starts[line] if line < len(self._starts) else len(self.text)
        written = self.text[start:end]
        if written.isascii():
            return start + column
        before = written.encode("utf-8", "surrogatepass")[:column]
        return start + len(before.decode("utf-8", "replace"))

    def start(self, node: ast.AST) -> int:
        """Where a node that has a place begins."""
        return self.offset(node.lineno, node.col_offset)  # type: ignore[attr-defined]

    def span(self, node: ast.AST) -> Span:
        """Where a node that has a place stands."""
        start = self.start(node)
        end = self.offset(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]
        return Span(start, max(start, end))

    def text_of(self, node: ast.AST) -> str:
        """The node as written."""
        span = self.span(node)
        return self.text[span.start : span.end]

    def line(self, offset: int) -> int:
        """The line that holds a character."""
        return max(1, bisect_right(self._starts, offset))

    def rest_of_line(self, line: int, offset: int) -> str:
        """What stands from `offset` to the end of its line."""
        end = self._starts[line] if line < len(self._starts) else len(self.text)
        return self.text[offset:end].rstrip("\r\n")

    @cached_property
    def _imported_as(self) -> dict[str, str]:
        """The dotted names that imports from anywhere but the own package bind other names to."""
        imported: dict[str, str] = {}
        for node in self.nodes:
            match node:
                case ast.Import(names=names):
                    imported |= {alias.asname: alias.name for alias in names if alias.asname}
                case ast.ImportFrom(module=str(module), names=names, level=0):
                    imported |= {
                        alias.asname or alias.name: f"{module}.{alias.name}" for alias in names
                    }
                case _:
                    pass
        return imported

    def dotted(self, node: ast.AST) -> str:
        """`os.path.join` for whatever name the file gives it; "" for what is no dotted name."""
        base, attributes = attribute_chain(node)
        if not isinstance(base, ast.Name):
            return ""
        return ".".join([self._imported_as.get(base.id, base.id), *attributes])

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """The statement that `node` belongs to."""
        while not isinstance(node, ast.stmt):
            parent = self.parents.get(node)
            if parent is None:
                return None
            node = parent
        return node


@lru_cache(maxsize=_KEPT)
def python_source(text: str) -> PythonSource | SyntaxProblem:
    """The text of a file with its tree, or why it has none; a byte order mark is left out."""
    tree = syntax_tree(text)
    return tree if isinstance(tree, SyntaxProblem) else PythonSource(text, tree)


@lru_cache(maxsize=_KEPT)
def python_fragment(text: str) -> PythonSource | SyntaxProblem:
    """As `python_source`, for a text that may be indented as a whole: a program in a string, a
    fence in a list."""
    if not _INDENTED.match(text):
        return python_source(text)
    tree = parse_block(text)
    return tree if isinstance(tree, SyntaxProblem) else PythonSource(text, tree)


def parse_block(text: str) -> ast.Module | SyntaxProblem:
    """The statements of an indented block, with their lines in the text."""
    tree = syntax_tree(f"if 1:\n{text}")
    if isinstance(tree, SyntaxProblem):
        return SyntaxProblem(tree.reason, tree.line and tree.line - 1)
    match tree.body:
        case [ast.If(body=body, orelse=[])]:
            tree.body = body
            return ast.increment_lineno(tree, -1)
        case _:
            return SyntaxProblem("unindent does not match")


def syntax_tree(text: str | bytes) -> ast.Module | SyntaxProblem:
    """A tree of the caller's own, who may change it, or why there is none. Bytes are read as
    Python does: a coding line counts (PEP 263)."""
    if isinstance(text, str):
        text = text.removeprefix("\ufeff")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the analysed code may cause warnings
            return ast.parse(text)
    except SyntaxError as error:
        return SyntaxProblem(str(error.msg), error.lineno)
    except (ValueError, RecursionError, MemoryError) as error:
        return SyntaxProblem(str(error) or type(error).__name__)


def parse(text: str) -> ast.Module:
    """As `syntax_tree`, but raises Unparsable."""
    tree = syntax_tree(text)
    if isinstance(tree, SyntaxProblem):
        raise Unparsable(tree.as_problem)
    return tree


def attribute_chain(node: ast.AST) -> tuple[ast.AST, list[str]]:
    """The `a` of `a.b.c`, and its attributes from left to right; any other node, and none."""
    chain: list[str] = []
    while isinstance(node, ast.Attribute):
        chain.append(node.attr)
        node = node.value
    return node, chain[::-1]


def called(call: ast.Call) -> str:
    """The last name of what is called, "" where it has none."""
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""
