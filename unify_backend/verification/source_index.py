"""What the sources of a package say before any of them is run."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from unify_backend.languages.python.source import SyntaxProblem, syntax_tree
from unify_backend.verification.environment import Site, module_name


@dataclass(frozen=True, slots=True)
class Scan:
    """`preload` are the modules outside the repository that the package imports; `implicit` says
    which module uses attributes of `name` that it does not import: (module, name, "sub.sub")."""

    preload: tuple[str, ...]
    implicit: tuple[tuple[str, str, str], ...]


def scan(where: Site, files: Iterable[Path]) -> Scan:
    """What the files of the package import from outside the repository."""
    inside = _top_names(where)
    preload: dict[str, None] = {}
    implicit: set[tuple[str, str, str]] = set()
    for file in files:
        tree = parsed(file)
        if tree is None:
            continue
        module = module_name(where, file)
        outside = [one for one in _imported(tree) if one.name.split(".")[0] not in inside]
        for one in outside:
            parts = one.name.split(".")
            preload.update((".".join(parts[:depth]), None) for depth in range(1, len(parts) + 1))
        explicit = {one.name for one in outside} | {
            f"{one.name}.{item}" for one in outside for item in one.items
        }
        bound = {key: name for one in outside for key, name in one.bound}
        for name, sub in _attributes(tree, bound):
            if f"{name}.{sub}" not in explicit:
                implicit.add((module, name, sub))
    return Scan(tuple(preload), tuple(sorted(implicit)))


def parsed(file: Path) -> ast.Module | None:
    """Its syntax tree, or None where it has none (its import will tell)."""
    try:
        tree = syntax_tree(file.read_bytes())
    except OSError:
        return None
    return None if isinstance(tree, SyntaxProblem) else tree


@dataclass(frozen=True, slots=True)
class _Import:
    name: str  # the module
    items: tuple[str, ...] = ()  # of `from name import items`
    bound: tuple[tuple[str, str], ...] = ()  # names here, and what they stand for


def _imported(tree: ast.Module) -> Iterator[_Import]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                top = one.name.split(".")[0]
                bound = (one.asname, one.name) if one.asname else (top, top)
                yield _Import(one.name, (), (bound,))
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = tuple(one.name for one in node.names)
            pairs = ((one.asname or one.name, f"{node.module}.{one.name}") for one in node.names)
            yield _Import(node.module, names, tuple(pairs))


def _attributes(tree: ast.Module, bound: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What stands for a module, and the attributes asked of it (`b.c` and `b`, for `a.b.c`)."""
    for node in ast.walk(tree):
        chain: list[str] = []
        inner: ast.expr | ast.AST = node
        while isinstance(inner, ast.Attribute):
            chain.insert(0, inner.attr)
            inner = inner.value
        if chain and isinstance(inner, ast.Name) and inner.id in bound:
            yield bound[inner.id], ".".join(chain)


def _top_names(where: Site) -> frozenset[str]:
    """First names that lead into the repository."""
    found = {where.target.package.split(".")[0]}
    for root in where.roots:
        for one in Path(root).iterdir() if Path(root).is_dir() else ():
            if one.is_dir() or one.suffix == ".py":
                found.add(one.stem)
    return frozenset(found)
