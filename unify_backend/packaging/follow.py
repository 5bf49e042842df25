"""Computes the packaging changes that a move requires; a pure function.

It reads the repository as it will be, with files moved and references rewritten, and returns the
further changes with which the wheel holds the packages under their new names.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from unify_backend.model.package_move import PackageMove
from unify_backend.model.shims import Advice
from unify_backend.packaging.backends.registry import NAMESPACES, backend_of
from unify_backend.packaging.parents import add_missing_parents
from unify_backend.packaging.project import Project, is_project
from unify_backend.packaging.relocation import Relocation
from unify_backend.packaging.versions import check_paths


@dataclass(frozen=True, slots=True)
class PackagingChanges:
    """The packaging changes after a move.

    `edits` maps paths of existing files to their new content, `creates` paths of new files to
    theirs; `advice` names what could not be decided or done safely.
    """

    edits: Mapping[str, bytes]
    creates: Mapping[str, bytes]
    advice: tuple[Advice, ...]


def follow_move(
    before: Collection[str],
    after: Collection[str],
    read: Callable[[str], bytes],
    moves: Sequence[PackageMove],
) -> PackagingChanges:
    """The changes of packaging settings that keep each moved package in the wheel.

    `before` and `after` are all tracked paths of the repository before and after the move; `read`
    returns the content of a path in `after`, with its references rewritten. The settings of the
    nearest project above a package apply. A second call on the result changes nothing.
    """
    old, new = frozenset(before), frozenset(after)
    projects: dict[str, Project] = {}
    grouped: dict[str, list[Relocation]] = {}
    advice: list[Advice] = []
    for move in moves:
        folder = _project_above(move.canonical_path, new, read)
        origin = _project_above(move.legacy_path, new, read)
        if folder not in projects:
            projects[folder] = Project(folder, old, new, read)
        if origin != folder:
            advice.append(_crossing(move, origin, folder))
            continue
        grouped.setdefault(folder, []).append(Relocation.of(move, folder))
    for folder, group in grouped.items():
        project, relocations = projects[folder], tuple(group)
        packaged = is_project(folder, new, read)
        follow = backend_of(project)
        for relocation in relocations:
            add_missing_parents(project, relocation, packaged and follow in NAMESPACES)
        if packaged:
            follow(project, relocations)
            check_paths(project, relocations)
    edits: dict[str, bytes] = {}
    creates: dict[str, bytes] = {}
    for project in projects.values():
        edits.update(project.edits())
        creates.update({path: b"" for path in project.creates()})
        advice += project.advice
    return PackagingChanges(
        dict(sorted(edits.items())), dict(sorted(creates.items())), tuple(advice)
    )


def _project_above(path: str, paths: frozenset[str], read: Callable[[str], bytes]) -> str:
    """The nearest folder above a package that says how a distribution is built, or the top."""
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        if is_project(folder, paths, read):
            break
    return folder


def _crossing(move: PackageMove, origin: str, folder: str) -> Advice:
    return Advice(
        folder or move.canonical_root,
        f"{move.canonical} moves from the project in {origin or 'the top folder'} to the one in "
        f"{folder or 'the top folder'}",
        "Check that the one ships it now, and that the other depends on it.",
    )
