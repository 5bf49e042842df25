"""In which block each statement of a module stands, and whether its order says something."""

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from unify_backend.languages.merge_unit import OrderFreedom
from unify_backend.languages.python.merge_keys import freedom_of

Block = tuple[str, ...]  # the first lines of the statements around it, outermost first
_BRANCHES = {
    "body": (),
    "orelse": ("else",),
    "handlers": ("except",),
    "finalbody": ("finally",),
    "cases": ("case",),
}


class BlockStatement(NamedTuple):
    """A statement: its first line, stripped, and its block. `is_bound` where its order among the
    others has a meaning."""

    line: str
    block: Block
    is_bound: bool


def statement_blocks(text: str) -> list[BlockStatement]:
    """The statements of a module in their order. Raises SyntaxError or ValueError where the text
    is no Python.

    The branches of one statement are blocks of their own: `("if DEBUG:", "else")`.
    """
    return list(_inside(ast.parse(text).body, (), text.split("\n"), None))


def _inside(
    body: Sequence[ast.AST], block: Block, lines: Sequence[str], owner: ast.ClassDef | None
) -> Iterator[BlockStatement]:
    for node in body:
        match node:
            case ast.stmt():
                first = lines[node.lineno - 1].strip()
                bound = freedom_of(node, owner) is OrderFreedom.BOUND
                yield BlockStatement(first, block, bound)
            case ast.ExceptHandler(type=ast.expr() as caught):
                first = ast.unparse(caught)
            case ast.match_case(pattern=pattern):
                first = ast.unparse(pattern)
            case _:
                first = ""
        inner_owner = node if isinstance(node, ast.ClassDef) else None
        for field, name in _BRANCHES.items():
            inner = getattr(node, field, None)
            if isinstance(inner, list):
                yield from _inside(inner, (*block, first, *name), lines, inner_owner)
