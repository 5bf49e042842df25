"""What a text says, in parts that do not depend on its layout.

Two texts that differ in line breaks, blanks, quotes or the order of their parts have the same ones.
Python is cut into statements and the heads of compound ones, its imports into names, its literals
of several lines into entries, and comments stand for themselves. Prose is cut into sentences,
anything else into lines.
"""

from __future__ import annotations

import ast
import copy
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unify_backend.languages.definition import Comparison
from unify_backend.languages.detect import comparison_of
from unify_backend.languages.python.definitions import comments
from unify_backend.languages.python.equivalence import BLOCKS
from unify_backend.languages.python.source import SyntaxProblem, syntax_tree
from unify_backend.model.text import Binary, decode
from unify_backend.names.table import NameTable

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_TINY = 8  # characters; `return`, `else:` and the like are everywhere, and no evidence


@dataclass(frozen=True, slots=True)
class ContentPart:
    """One part; `scope` is the qualified name of the definition around it."""

    scope: str
    text: str

    @property
    def tiny(self) -> bool:
        """Whether it is too short to be found by."""
        return len(self.text.replace(" ", "")) < _TINY


Parts = Counter[ContentPart]


def parts_of(data: bytes, path: str, table: NameTable) -> Parts:
    """The parts of a file's content; what cannot be read as text is one part."""
    return Counter(parts_in_order(data, path, table))


def parts_in_order(data: bytes, path: str, table: NameTable) -> list[ContentPart]:
    """The parts as they follow each other; the comments of Python come behind its code."""
    comparison = comparison_of(path)
    decoded = decode(data, python=comparison is Comparison.PYTHON)
    if isinstance(decoded, Binary):
        return [ContentPart("", repr(data))]
    text = decoded.text.replace("\r\n", "\n")
    if comparison is Comparison.PYTHON:
        tree = syntax_tree(text)
        if not isinstance(tree, SyntaxProblem):
            notes = (("", note) for note in comments(text))
            return [
                ContentPart(scope, " ".join(table.neutral(part).split()))
                for scope, part in (*_statements(tree.body, ""), *notes)
                if part.strip()
            ]
    text = table.neutral(text)
    pieces = _sentences(text) if comparison is Comparison.PROSE else _lines(text)
    return [ContentPart("", piece) for piece in pieces]


def _sentences(text: str) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n", text):
        yield from (piece for piece in _SENTENCE.split(" ".join(paragraph.split())) if piece)


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if words := line.split():
            yield " ".join(words).removesuffix(",")


def _statements(block: Sequence[ast.AST], scope: str) -> Iterator[tuple[str, str]]:
    for node in block:
        match node:
            case ast.Import(names=names):
                yield from (("", f"import {ast.unparse(name)}") for name in names)
            case ast.ImportFrom(names=names, module=module, level=level):
                source = "." * level + (module or "")
                yield from (("", f"from {source} import {ast.unparse(name)}") for name in names)
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield from ((scope, f'"{line}') for line in _lines(text))
            case ast.Assign() | ast.AnnAssign() if _is_long(node.value):
                yield from ((scope, part) for part in _entries(node))
            case _:
                yield from _other(node, scope)


def _other(node: ast.AST, scope: str) -> Iterator[tuple[str, str]]:
    """A simple statement, or the head of a compound one and what is in it."""
    blocks = [block for name in BLOCKS if isinstance(block := getattr(node, name, None), list)]
    if not blocks:
        yield scope, ast.unparse(node)
        return
    inside = scope
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        inside = f"{scope}.{node.name}".removeprefix(".")
        yield from ((inside, f"@{ast.unparse(decorator)}") for decorator in node.decorator_list)
    head = copy.copy(node)
    for name in (*BLOCKS, "decorator_list"):
        if hasattr(head, name):
            setattr(head, name, [])
    yield inside, ast.unparse(head)
    for block in blocks:
        yield from _statements(block, inside)


def _is_long(value: ast.expr | None) -> bool:
    literal = isinstance(value, ast.List | ast.Tuple | ast.Set | ast.Dict)
    return literal and value is not None and (value.end_lineno or 0) > value.lineno


def _entries(node: ast.Assign | ast.AnnAssign) -> Iterator[str]:
    """The target of an assignment, and each entry of the literal that it gets."""
    target = ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
    yield f"{target} ="
    match node.value:
        case ast.List(elts=entries) | ast.Tuple(elts=entries) | ast.Set(elts=entries):
            yield from (f"{target} = … {ast.unparse(entry)}" for entry in entries)
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                name = "**" if key is None else f"{ast.unparse(key)}: "
                yield f"{target} = … {name}{ast.unparse(value)}"
        case _:
            pass
