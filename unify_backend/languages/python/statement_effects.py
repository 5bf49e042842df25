"""What a piece of Python binds and does when it runs, as far as merging statements needs it."""

import ast
import keyword
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from unify_backend.languages.python.source import SyntaxProblem, python_fragment

_NAME = re.compile(r"[^\W\d]\w*")
_EXITS = ast.Return | ast.Raise | ast.Continue | ast.Break
_ACTS = ast.Call | ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr


def names(text: str) -> Counter[str]:
    """How often each name is written in a text, in strings and comments too."""
    return Counter(word for word in _NAME.findall(text) if not keyword.iskeyword(word))


@lru_cache(maxsize=256)
def only_imports(text: str) -> bool:
    """Whether there are imports and nothing else."""
    body = _body(text)
    return bool(body) and all(isinstance(node, ast.Import | ast.ImportFrom) for node in body)


def fewer_names(before: str, after: str) -> bool:
    """Whether one import became another one of the same module without some of its names."""
    match _body(before), _body(after):
        case [ast.ImportFrom() as old], [ast.ImportFrom() as new]:
            if (old.module, old.level) != (new.module, new.level):
                return False
            left, had = ({ast.dump(alias) for alias in node.names} for node in (new, old))
            return left <= had
        case _:
            return False


@lru_cache(maxsize=256)
def is_inert(text: str) -> bool:
    """Whether statements only import or assign without calling anything: one may stand in front of
    other statements as well as behind them, if these do not use what it binds."""
    body = _body(text)
    return bool(body) and all(map(_is_inert, body))


def _is_inert(node: ast.stmt) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom():
            return True
        case ast.Assign(targets=targets, value=value):
            return all(map(_is_name, targets)) and not acts(value)
        case ast.AnnAssign(target=target, value=value):
            return _is_name(target) and (value is None or not acts(value))
        case _:
            return False


def _is_name(target: ast.expr) -> bool:
    match target:
        case ast.Name() | ast.Attribute(value=ast.Name()):
            return True
        case _:
            return False


def acts(value: ast.AST) -> bool:
    """Whether an expression calls or binds something."""
    return any(isinstance(node, _ACTS) for node in ast.walk(value))


@lru_cache(maxsize=256)
def bound_names(text: str) -> frozenset[str]:
    """The names and attributes that statements give a value or delete, at any depth."""
    return frozenset(name for top in _body(text) for node in ast.walk(top) for name in _bound(node))


def _bound(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.Attribute(attr=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.Subscript(value=value, ctx=ast.Store() | ast.Del()):
            yield from names(ast.unparse(value))
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            for alias in aliases:
                yield (alias.asname or alias.name).partition(".")[0]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Global(names=named) | ast.Nonlocal(names=named):
            yield from named
        case _:
            pass


def leaves(text: str) -> bool:
    """Whether what follows the statements in their block is never run."""
    return any(isinstance(node, _EXITS) for node in _body(text))


def _body(text: str) -> list[ast.stmt]:
    source = python_fragment(text)
    return [] if isinstance(source, SyntaxProblem) else source.tree.body


@dataclass(frozen=True, slots=True)
class StatementLines:
    """Where the statements of a module are; lines count from 0. `boundaries` are the lines in front
    of which no statement, and no head of one, is begun and not ended. `fields` are those of the
    statements of classes, whose order may say something."""

    boundaries: frozenset[int]
    fields: frozenset[int]


@lru_cache(maxsize=1)  # each conflict of a file asks again, and most leave the text as it was
def statement_lines(text: str) -> StatementLines | None:
    """The lines of the statements of a module; None where it does not parse."""
    source = python_fragment(text)
    if isinstance(source, SyntaxProblem):
        return None
    inside: set[int] = set()
    fields: set[int] = set()
    for node in source.nodes:  # outer ones first
        if isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case):
            inside.update(range(*_extent(node)))
        if isinstance(node, ast.ClassDef):
            fields.update(range(node.body[0].lineno - 1, node.end_lineno or node.lineno))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            fields.difference_update(range(node.lineno - 1, node.end_lineno or node.lineno))
    lines = frozenset(range(text.count("\n") + 2))
    return StatementLines(lines - inside, frozenset(fields))


def _extent(node: ast.stmt | ast.ExceptHandler | ast.match_case) -> tuple[int, int]:
    """The lines (from 0) behind the first of a statement, or of the head of a compound one."""
    first = node.pattern.lineno if isinstance(node, ast.match_case) else node.lineno
    decorators = getattr(node, "decorator_list", [])
    first = min([first, *(decorator.lineno for decorator in decorators)])
    body: list[ast.stmt] = getattr(node, "body", [])
    if body:
        return first, min(
            [body[0].lineno, *(d.lineno for d in getattr(body[0], "decorator_list", []))]
        ) - 1
    last = getattr(node, "end_lineno", None) or first
    return first, last
