"""Reads the imports of a package from its sources, without running them."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from unify_backend.languages.python.module_symbols import module_symbols
from unify_backend.languages.python.source import PythonSource, attribute_chain, python_source
from unify_backend.model.text import SOURCE, Text, decode
from unify_backend.verification.environment import ProgramEnvironment, module_name


@dataclass(frozen=True, slots=True)
class Scan:
    """`preload` are the modules outside the repository that the package imports; `implicit` says
    which module uses attributes of `name` that it does not import: (module, name, "sub.sub")."""

    preload: tuple[str, ...]
    implicit: tuple[tuple[str, str, str], ...]


def scan(where: ProgramEnvironment, files: Iterable[Path]) -> Scan:
    """What the files of the package import from outside the repository."""
    inside = _top_names(where)
    preload: dict[str, None] = {}
    implicit: set[tuple[str, str, str]] = set()
    for file in files:
        source = source_at(file)
        if source is None:
            continue
        module = module_name(where, file)
        outside = [
            statement
            for statement in module_symbols(source.text).imports
            if not statement.level and statement.module.partition(".")[0] not in inside
        ]
        explicit: set[str] = set()
        bound: dict[str, str] = {}
        for statement in outside:
            parts = statement.module.split(".")
            preload.update((".".join(parts[:depth]), None) for depth in range(1, len(parts) + 1))
            whole = (
                statement.module
                if statement.name is None
                else f"{statement.module}.{statement.name}"
            )
            explicit |= {statement.module, whole}
            plain = statement.name is None and not statement.alias.asname
            bound[statement.binds] = statement.binds if plain else whole
        for name, sub in _attributes(source, bound):
            if f"{name}.{sub}" not in explicit:
                implicit.add((module, name, sub))
    return Scan(tuple(preload), tuple(sorted(implicit)))


def source_at(file: Path) -> PythonSource | None:
    """The file as Python; None where it cannot be read or parsed (its import will tell)."""
    try:
        decoded = decode(file.read_bytes(), python=True)
    except OSError:
        return None
    source = python_source(decoded.text) if isinstance(decoded, Text) else None
    return source if isinstance(source, PythonSource) else None


def _attributes(source: PythonSource, bound: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What stands for a module, and the attributes asked of it (`b.c` and `b`, for `a.b.c`)."""
    for node in source.nodes:
        base, attributes = attribute_chain(node)
        if attributes and isinstance(base, ast.Name) and base.id in bound:
            yield bound[base.id], ".".join(attributes)


def _top_names(where: ProgramEnvironment) -> frozenset[str]:
    """First names that lead into the repository."""
    names = {where.target.package.split(".")[0]}
    for root in where.roots:
        for path in Path(root).iterdir() if Path(root).is_dir() else ():
            if path.is_dir() or path.suffix == SOURCE:
                names.add(path.stem)
    return frozenset(names)
