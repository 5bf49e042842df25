"""In which block each statement of a module stands."""

import ast
from collections.abc import Iterator, Sequence

Block = tuple[str, ...]  # the first lines of the statements around it, outermost first


def statement_blocks(tree: ast.Module, lines: Sequence[str]) -> Iterator[tuple[str, Block]]:
    """The first line, stripped, and the block of each statement; `lines` are those of the text.

    The branches of one statement are blocks of their own: `("if DEBUG:", "else")`.
    """
    return _inside(tree.body, (), lines)


def _inside(
    body: Sequence[ast.AST], block: Block, lines: Sequence[str]
) -> Iterator[tuple[str, Block]]:
    for node in body:
        if isinstance(node, ast.stmt):
            first = lines[node.lineno - 1].strip()
            yield first, block
        else:  # a handler, a case
            first = ast.unparse(getattr(node, "type", None) or getattr(node, "pattern", ast.Pass()))
        for field, name in _BRANCHES.items():
            inner = getattr(node, field, None)
            if isinstance(inner, list):
                yield from _inside(inner, (*block, first, *name), lines)


_BRANCHES = {
    "body": (),
    "orelse": ("else",),
    "handlers": ("except",),
    "finalbody": ("finally",),
    "cases": ("case",),
}
