"""The numbers before and after: files, duplicated lines, references, build contexts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from unify_backend.commands.report.merge_outcome import lines_of
from unify_backend.languages.dockerfile.dockerignore import Ignore
from unify_backend.model.file_source import Contents, text_of
from unify_backend.model.package_move import is_under
from unify_backend.model.references import Action, Inventory, Names
from unify_backend.model.report import Figure, Unit
from unify_backend.model.settings import Settings
from unify_backend.model.text import SOURCE
from unify_backend.model.tree_diff import PackageDiff, TreeDiff
from unify_backend.verification.containers.view import container_views


@dataclass(frozen=True, slots=True)
class Measured:
    """One state of the repository, as far as figures are taken of it. `forwarding` are the files of
    a forwarding package, which the inventory leaves out."""

    contents: Contents
    inventory: Inventory
    diff: TreeDiff
    forwarding: frozenset[str] = frozenset()


def figures(
    root: Path, settings: Settings, before: Measured | None, now: Measured
) -> tuple[Figure, ...]:
    """Every figure of both states; those of a missing `before` are not known."""
    return (
        *_counted(settings, before, now),
        *_contexts(root, settings, before, now),
    )


def _counted(settings: Settings, before: Measured | None, now: Measured) -> Iterator[Figure]:
    def both(name: str, count: Callable[[Measured], int], note: str = "") -> Figure:
        return Figure(name, count(before) if before else None, count(now), note=note)

    yield both("tracked files", lambda state: len(_paths(state)))
    yield both("Python files", lambda state: sum(path.endswith(SOURCE) for path in _paths(state)))
    shown: set[str] = set()
    for move in settings.moves:
        yield both(f"files in {move.legacy_shown}", _owned(move.owns_legacy))
        if move.canonical_root not in shown:  # several packages may have become one
            yield both(f"files in {move.canonical_shown}", _owned(move.owns_canonical))
        shown.add(move.canonical_root)
    if now.forwarding:
        yield both("files of the forwarding package", lambda state: len(state.forwarding))
    yield both(
        "duplicated lines",
        lambda state: sum(_duplicated(state.contents, package) for package in state.diff.packages),
        "lines of the legacy tree that the canonical one has too",
    )
    yield both("legacy references", lambda state: len(state.inventory.of(Names.LEGACY)))
    yield both(
        "files that hold the legacy name",
        lambda state: len({reference.path for reference in state.inventory.of(Names.LEGACY)}),
    )
    yield both("references to rewrite", _with(Action.REWRITE))
    yield both("references to review", _with(Action.REVIEW))
    yield both("references that stay by intention", _with(Action.KEEP))
    yield both("other pairs of copies", lambda state: len(state.diff.undeclared))


def _owned(owns: Callable[[str], bool]) -> Callable[[Measured], int]:
    return lambda state: sum(owns(path) and path not in state.forwarding for path in _paths(state))


def _with(action: Action) -> Callable[[Measured], int]:
    return lambda state: sum(
        reference.action is action for reference in state.inventory.of(Names.LEGACY)
    )


def _paths(state: Measured) -> list[str]:
    return [file.path for file in state.contents.listing().files]


def _duplicated(contents: Contents, diff: PackageDiff) -> int:
    folder = diff.move.legacy_path
    return sum(
        max(0, lines_of(contents, f"{folder}/{pair.path}") - pair.removed) for pair in diff.pairs
    )


def _contexts(
    root: Path, settings: Settings, before: Measured | None, now: Measured
) -> Iterator[Figure]:
    """What each build sends to the builder, as git tracks it: what lies about on one machine would
    make the two states incomparable."""
    old = dict(_sizes(root, settings, before.contents)) if before else {}
    new = dict(_sizes(root, settings, now.contents))
    for folder in sorted({*old, *new}):
        yield Figure(
            f"Docker build context {folder or '.'}",
            old.get(folder),
            new.get(folder),
            Unit.BYTES,
            "tracked files, after .dockerignore",
        )


def _sizes(root: Path, settings: Settings, contents: Contents) -> Iterator[tuple[str, int]]:
    paths = [file.path for file in contents.listing().files]
    listed = frozenset(paths)

    def read(path: str) -> str | None:
        return text_of(contents, path) if path in listed else None

    views = container_views(root, paths, read, settings.moves)
    contexts = {(view.context.folder, view.context.ignore) for view in views if view.context}
    for folder, ignore_path in sorted(contexts):
        ignore = Ignore(read(ignore_path) or "")
        lead = "" if folder in {"", "."} else f"{folder}/"
        sent = [
            path
            for path in paths
            if (not lead or is_under(path, folder)) and not ignore.excludes(path[len(lead) :])
        ]
        if sent:
            yield folder, sum(len(contents.read(path)) for path in sent)
