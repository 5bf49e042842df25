"""Where the clauses of a compound Python statement begin."""

import ast
from collections.abc import Iterator, Sequence

Clause = tuple[int, ast.stmt]  # its first line, 0-based, and the first statement inside it


def clauses(node: ast.stmt, first: int, lines: Sequence[str]) -> Iterator[Clause]:
    """The clauses of `node`, which begins on the 0-based line `first`; none where it has none.

    An `elif` is a clause like any other, however deep the syntax tree has it.
    """
    match node:
        case ast.If(body=body, orelse=orelse):
            yield first, body[0]
            yield from _else(body, orelse, lines)
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
            yield first, body[0]
            for one in handlers:
                yield one.lineno - 1, one.body[0]
            before = handlers[-1].body if handlers else body
            yield from _else(before, orelse, lines)
            yield from _else(orelse or before, finalbody, lines)
        case ast.For() | ast.While() | ast.AsyncFor():
            yield first, node.body[0]
            yield from _else(node.body, node.orelse, lines)
        case ast.With() | ast.AsyncWith():
            yield first, node.body[0]
        case _:
            return


def _else(
    body: Sequence[ast.stmt], orelse: Sequence[ast.stmt], lines: Sequence[str]
) -> Iterator[Clause]:
    if not orelse:
        return
    at = body[-1].end_lineno or 0
    while not lines[at].lstrip().startswith(("else", "elif", "finally")):
        at += 1
    inside = orelse[0]
    if lines[at].lstrip().startswith("elif") and isinstance(inside, ast.If):
        yield at, inside.body[0]
        yield from _else(inside.body, inside.orelse, lines)
    else:
        yield at, inside
