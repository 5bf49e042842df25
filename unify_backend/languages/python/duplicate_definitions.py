"""Names that one scope binds twice, as a merge leaves them that took both sides' definition.

Only what runs in a straight line counts: a definition in a branch, a loop or a `try` is one of
several possibilities. Assigning again is everyday work and no second definition, but a second
declaration (`name: type` in a class or module), a second member of an enumeration, and a second
import of the name from somewhere else are what two sides leave behind.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from unify_backend.languages.definition import Unparsable
from unify_backend.languages.python.syntax import parse
from unify_backend.model.checks import DefinedTwice

_PIECEMEAL = frozenset({"overload", "setter", "getter", "deleter", "register", "dispatch"})


class _Sort(Enum):
    DEFINED = auto()
    IMPORTED = auto()
    DECLARED = auto()


@dataclass(frozen=True, slots=True)
class _Binding:
    name: str
    line: int
    sort: _Sort
    source: str  # where an import comes from


def defined_twice(text: str) -> tuple[DefinedTwice, ...]:
    """What `text` defines more than once in one scope, sorted by line; empty where it does not
    parse (that is another check's finding)."""
    try:
        tree = parse(text)
    except Unparsable:
        return ()
    found: list[DefinedTwice] = []
    waiting: list[tuple[str, Sequence[ast.stmt], bool]] = [("", tree.body, False)]
    while waiting:
        scope, block, counted = waiting.pop()
        found += _in_block(scope, block, counted)
        for node in block:
            waiting += _inner(scope, node)
    return tuple(sorted(found, key=lambda one: (one.lines, one.name)))


def newly_twice(after: str, *sides: str) -> tuple[DefinedTwice, ...]:
    """What `after` defines more often than any of the texts it came from does."""
    found = defined_twice(after)
    if not found:
        return ()
    known = [{one.name: len(one.lines) for one in defined_twice(side)} for side in sides]
    return tuple(
        one for one in found if all(len(one.lines) > side.get(one.name, 1) for side in known)
    )


def _inner(scope: str, node: ast.stmt) -> Iterator[tuple[str, Sequence[ast.stmt], bool]]:
    """The blocks in which `node` goes on, each with its scope and whether it counts members."""
    match node:
        case ast.ClassDef():
            yield _qualified(scope, node.name), node.body, any(map(_counted, node.bases))
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield _qualified(scope, node.name), node.body, False
        case ast.Match(cases=cases):
            for case in cases:
                yield scope, case.body, False
        case _:
            for field in ("body", "orelse", "finalbody"):
                if block := getattr(node, field, None):
                    yield scope, block, False
            for handler in getattr(node, "handlers", ()):
                yield scope, handler.body, False


def _qualified(scope: str, name: str) -> str:
    return f"{scope}.{name}" if scope else name


def _counted(base: ast.expr) -> bool:
    name = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
    return name.endswith(("Enum", "Flag"))


def _in_block(scope: str, block: Sequence[ast.stmt], counted: bool) -> Iterator[DefinedTwice]:
    bindings: dict[str, list[_Binding]] = defaultdict(list)
    for node in block:
        if isinstance(node, ast.Delete):
            for target in node.targets:
                bindings.pop(getattr(target, "id", ""), None)
        for one in _bindings(node, counted):
            bindings[one.name].append(one)
    for name, several in bindings.items():
        lines = _clashing(several)
        if len(lines) > 1 and name != "_":
            yield DefinedTwice(_qualified(scope, name), lines)


def _clashing(several: list[_Binding]) -> tuple[int, ...]:
    """The lines that bind the name anew; the same import twice is one."""
    kept: list[_Binding] = []
    for one in several:
        again = one.sort is _Sort.IMPORTED and any(one.source == other.source for other in kept)
        # `x: int` before `def x` or an import is how a placeholder is written.
        mixed = {one.sort, *(other.sort for other in kept)} > {_Sort.DECLARED}
        if not again and not mixed:
            kept.append(one)
    return tuple(one.line for one in kept)


def _bindings(node: ast.stmt, counted: bool) -> Iterator[_Binding]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            if not any(_piecemeal(one, node.name) for one in node.decorator_list):
                yield _Binding(node.name, node.lineno, _Sort.DEFINED, "")
        case ast.ClassDef():
            yield _Binding(node.name, node.lineno, _Sort.DEFINED, "")
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield _Binding(name, node.lineno, _Sort.DECLARED, "")
        case ast.Assign(targets=[ast.Name(id=name)]) if counted:
            yield _Binding(name, node.lineno, _Sort.DECLARED, "")
        case ast.Import(names=names):
            for one in names:
                bound = one.asname or one.name.partition(".")[0]
                source = one.name if one.asname else bound
                yield _Binding(bound, node.lineno, _Sort.IMPORTED, source)
        case ast.ImportFrom(names=names):
            for one in (name for name in names if name.name != "*"):
                source = f"{'.' * node.level}{node.module or ''}:{one.name}"
                yield _Binding(one.asname or one.name, node.lineno, _Sort.IMPORTED, source)
        case _:
            pass


def _piecemeal(decorator: ast.expr, name: str) -> bool:
    """Whether a decorator says that this is one of several pieces of `name`: it is known for
    that, or is taken from what `name` was before (`@area.setter`, `@render.when(…)`)."""
    node = decorator.func if isinstance(decorator, ast.Call) else decorator
    last = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return last in _PIECEMEAL or getattr(node, "id", "") == name
