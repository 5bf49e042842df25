"""`rewrite`: plans the rewriting of references, checks it and writes it."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from unify_backend.commands.inventory import full_inventory
from unify_backend.commands.several_moves import plain_moves
from unify_backend.commands.unparsed import unparsed_files
from unify_backend.merging.markers import marked
from unify_backend.model.errors import Refused, RepositoryError
from unify_backend.model.move_index import MoveIndex
from unify_backend.model.package_move import PackageMove, inside
from unify_backend.model.references import Area
from unify_backend.model.rewrite_plan import RefusedFile, RewritePlan
from unify_backend.model.settings import Settings
from unify_backend.references.rewrite import plan_rewrite
from unify_backend.repository.journal.writer import Applied, apply
from unify_backend.repository.merge_record import with_markers
from unify_backend.repository.snapshot import Snapshot

_UNSETTLED = "conflict markers of a merge are still in it: settle them, and run again"


def plan(
    contents: Snapshot,
    settings: Settings,
    areas: Collection[Area] = (),
    paths: Collection[str] = (),
    progress: Callable[[int, int], None] | None = None,
    jobs: int = 0,
) -> RewritePlan:
    """Everything that `rewrite` would do here. Files that may not be written, and those in which a
    merge left conflict markers, are refused now, each for itself, so that they do not stop the
    others.

    Raises Refused where a package has not moved to its new place yet.
    """
    _refuse_before_the_move(plain_moves(settings.moves, contents.paths))
    inventory = full_inventory(contents, settings, progress, jobs)
    unsettled = frozenset(_with_conflict_markers(contents, settings))

    def writable(path: str) -> bool:
        return path not in unsettled and contents.writable(path)

    plan = plan_rewrite(contents, settings, inventory, areas, paths, writable)
    unparsed = unparsed_files(contents, plan.review, plan.findings)
    listed = unsettled & frozenset(paths or unsettled)
    if areas:
        listed &= {file.path for file in plan.refused}
    refused = [file for file in plan.refused if file.path not in unsettled]
    refused += (RefusedFile(path, _UNSETTLED) for path in sorted(listed))
    return replace(
        plan,
        refused=tuple(refused),
        unparsed=tuple(file for file in unparsed if file.path not in unsettled),
    )


def _with_conflict_markers(contents: Snapshot, settings: Settings) -> Iterator[str]:
    """The canonical files in which `merge` left conflict markers that are still there. A file that
    shows what markers look like has them in both trees, and was not handed out with them."""
    index = MoveIndex(settings.moves)
    paths = frozenset(file.path for file in contents.listing().files)
    handed_out: frozenset[str] = frozenset()
    with suppress(RepositoryError):  # a damaged record proves nothing, and `merge` tells of it
        handed_out = with_markers(contents.repository.state)
    for path in sorted(paths):
        owners = index.canonical_owners(path)
        if not owners or not (conflicts := marked(contents.read(path))):
            continue
        twins = {move.at_legacy(inside(path, move.canonical_path)) for move in owners} & paths
        if path in handed_out or (
            twins and conflicts > max(marked(contents.read(twin)) for twin in twins)
        ):
            yield path


def _refuse_before_the_move(waiting: Sequence[PackageMove]) -> None:
    """What `rewrite` writes has to be importable: neither name would be, if it went first."""
    for move in waiting:
        words = [move.legacy, move.canonical, *move.path_options]
        if len(waiting) > 1:
            words = [word for each in waiting for word in each.rename_options]
        raise Refused(
            f"{move.canonical_shown} does not exist yet, {move.legacy_shown} has not been moved",
            f"references to {move.canonical} would lead nowhere: neither name could be imported",
            "Move the package together with its references: unify-backend rename "
            f"{shlex.join(words)}\n"
            "  (`unify-backend migrate` and `unify-backend merge` move it, too).",
        )


def carry_out(contents: Snapshot, planned: RewritePlan, allow_dirty: bool) -> Applied:
    """Writes the plan, all or nothing; raises Refused where a person's edits are in the way."""
    return apply(contents.repository, planned.changes, allow_dirty=allow_dirty)
