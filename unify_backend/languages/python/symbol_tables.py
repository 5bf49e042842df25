"""The interpreter's own symbol tables as a witness: does each name still mean the same variable?

Two syntax trees can be equal under a renaming while a name changes hands: `old.x` inside
`def f(new)` would become the parameter's `new.x`. The compiler resolves names by itself, from the
text alone, and knows nothing of how the edits were found.
"""

from __future__ import annotations

import ast
import symtable
import sys
import warnings
from collections.abc import Iterator, Mapping

from unify_backend.languages.python.source import SyntaxProblem, syntax_tree

_Flags = tuple[bool, ...]


def resolution_problem(
    before: bytes, after: bytes, renamed: Mapping[str, frozenset[str]]
) -> str | None:
    """Which name would mean another variable in `after`, or None where all stay what they are.

    `renamed` maps the roots that imports bound to the names that they bind now. Both sources must
    parse.
    """
    old, new = _table(before), _table(after)
    if isinstance(old, str):
        return f"the compiler does not take it: {old}"
    if isinstance(new, str):
        return f"the compiler would not take it: {new}"
    inlined = _inlined(after) if sys.version_info >= (3, 12) else frozenset()
    return next(_problems(old, new, renamed, inlined), None)


def identifiers(source: bytes) -> frozenset[str]:
    """Every name that any scope of the source knows; empty where it cannot be compiled."""
    table = _table(source)
    if isinstance(table, str):
        return frozenset()
    found: set[str] = set()
    todo = [table]
    while todo:
        one = todo.pop()
        found.update(one.get_identifiers())
        todo += one.get_children()
    return frozenset(found)


def _table(source: bytes) -> symtable.SymbolTable | str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return symtable.symtable(source, "module", "exec")  # type: ignore[arg-type]
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return str(error) or type(error).__name__


def _problems(
    old: symtable.SymbolTable,
    new: symtable.SymbolTable,
    renamed: Mapping[str, frozenset[str]],
    inlined: frozenset[str],
) -> Iterator[str]:
    todo = [(old, new)]
    while todo:
        before, after = todo.pop()
        inner, inner_now = before.get_children(), after.get_children()
        if len(inner) != len(inner_now) or before.get_type() != after.get_type():
            yield f"line {before.get_lineno()} would be another scope"
            return
        todo += zip(inner, inner_now, strict=True)
        yield from _changed(before, after, renamed, inlined)


def _changed(
    before: symtable.SymbolTable,
    after: symtable.SymbolTable,
    renamed: Mapping[str, frozenset[str]],
    inlined: frozenset[str],
) -> Iterator[str]:
    old = {one.get_name(): _flags(one) for one in before.get_symbols()}
    new = {one.get_name(): _flags(one) for one in after.get_symbols()}
    place = f"in the scope at line {before.get_lineno()}" if before.get_lineno() else "in the file"
    for name in old.keys() & new.keys():
        heirs = renamed.get(name, frozenset()) & new.keys() if name in inlined else frozenset()
        if old[name] != new[name] and not any(new[heir] == old[name] for heir in heirs):
            yield f"{name!r} would be another variable {place}"
    for name in old.keys() - new.keys():
        heirs = renamed.get(name, frozenset()) & new.keys()
        if not any(new[heir] == old[name] for heir in heirs):
            yield f"{name!r} would be lost {place}"
    for name in new.keys() - old.keys():
        sources = [one for one, heirs in renamed.items() if name in heirs and one in old]
        if not any(old[one] == new[name] for one in sources):
            yield f"{name!r} would be a new variable {place}"


def _inlined(source: bytes) -> frozenset[str]:
    """Names that comprehensions bind. Since Python 3.12 (PEP 709) a comprehension has no table of
    its own: the scope around it has its names, where nothing else there is called so."""
    tree = syntax_tree(source)
    nodes = () if isinstance(tree, SyntaxProblem) else ast.walk(tree)
    targets = (node.target for node in nodes if isinstance(node, ast.comprehension))
    return frozenset(
        name.id for one in targets for name in ast.walk(one) if isinstance(name, ast.Name)
    )


def _flags(symbol: symtable.Symbol) -> _Flags:
    return (
        symbol.is_local(),
        symbol.is_global(),
        symbol.is_declared_global(),
        symbol.is_free(),
        symbol.is_parameter(),
        symbol.is_imported(),
        symbol.is_assigned(),
        symbol.is_annotated(),
    )
