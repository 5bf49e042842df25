"""What the moves of one run mean for each other: files that meet, names that change their owner."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from unify_backend.model.errors import Refused
from unify_backend.model.merge_plan import MergePlan
from unify_backend.model.move_chains import reused
from unify_backend.model.move_index import MoveIndex
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Names, Reference
from unify_backend.reporting.tables import count

_LISTED = 12  # collisions that a message names


def refuse_collisions(planned: MergePlan) -> None:
    """Raises Refused where several packages that become one bring different files to one path."""
    files = [file for file in planned.conflicts if file.collides]
    paths = list(dict.fromkeys(file.path for file in files))
    if not paths:
        return
    origins = {path: [file.origin or "" for file in files if file.path == path] for path in paths}
    shown = "; ".join(f"{path} ({' and '.join(origins[path])})" for path in paths[:_LISTED])
    more = f" and {len(paths) - _LISTED:,} more" if len(paths) > _LISTED else ""
    first = origins[paths[0]][-1]
    raise Refused(
        f"{count(len(paths), 'path')} would get different files from several packages",
        f"{shown}{more}: none of them was written, and nothing else either",
        f"Give {first} a name of its own (a further move of that module, or a rename before), or "
        "bring the files into one by hand, and run again.",
    )


def plain_moves(moves: Iterable[PackageMove], paths: Collection[str]) -> tuple[PackageMove, ...]:
    """The moves whose legacy tree is there and whose canonical one is not yet."""
    return tuple(
        move
        for move in moves
        if any(map(move.owns_legacy, paths)) and not any(map(move.owns_canonical, paths))
    )


def overtaken_references(
    left: Iterable[Reference], moves: Sequence[PackageMove]
) -> tuple[Reference, ...]:
    """Those of the references `left` whose name is that of another package from now on, with the
    paths that their files get."""
    names = frozenset(move.legacy for move in reused(moves))
    index = MoveIndex(moves)
    return tuple(
        replace(reference, path=index.target(reference.path) or reference.path)
        for reference in left
        if reference.legacy in names and reference.names is Names.LEGACY
    )
