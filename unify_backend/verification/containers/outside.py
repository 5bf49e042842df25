"""Modules that the application imports and a container lacks, though the repository has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from unify_backend.languages.python.module_symbols import module_symbols
from unify_backend.model.entrypoints import Source
from unify_backend.verification.entrypoints.files import Files, find_module

_MOST = 5  # places that are listed


@dataclass(frozen=True, slots=True)
class Absent:
    """A top-level module or package that is missing; `importers` modules need it."""

    name: str
    importers: int
    places: tuple[Source, ...]


def absent(
    modules: Iterable[str],
    repository: Files,
    layer: Files,
    roots: Sequence[str],
    repository_roots: Sequence[str],
) -> Iterator[Absent]:
    """What the files `modules` (paths in the repository) import at any place without expecting its
    absence, that is found below `repository_roots` but not in `layer` from `roots`. Sorted by name.
    """
    needed: dict[str, dict[str, int]] = {}
    known: dict[str, bool] = {}
    for path in sorted(modules):
        text = repository.read(path)
        if text is None:
            continue
        for statement in module_symbols(text).imports:
            if (
                statement.level
                or statement.guarded
                or statement.typing_only
                or not statement.module
            ):
                continue
            if statement.module not in known:
                there = find_module(statement.module, roots, layer) is not None
                ours = find_module(statement.module, repository_roots, repository)
                # A folder without modules of ours may have the name of somebody's package.
                known[statement.module] = there or ours is None or ours.path is None
            if not known[statement.module]:
                places = needed.setdefault(_shortest(statement.module, roots, layer), {})
                places.setdefault(path, statement.line)
    for name, places in sorted(needed.items()):
        listed = [Source(path, line, name) for path, line in list(places.items())[:_MOST]]
        yield Absent(name, len(places), tuple(listed))


def _shortest(module: str, roots: Sequence[str], layer: Files) -> str:
    """The outermost part of a module's name that is missing."""
    parts = module.split(".")
    for n in range(1, len(parts)):
        if find_module(".".join(parts[:n]), roots, layer) is None:
            return ".".join(parts[:n])
    return module
