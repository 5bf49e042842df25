"""`rewrite`: plans the rewriting of references, checks it and writes it."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from unify_backend.commands.inventory import full_inventory
from unify_backend.commands.several_moves import plain_moves
from unify_backend.commands.unparsed import unparsed_files
from unify_backend.model.errors import Refused
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Area
from unify_backend.model.rewrite_plan import RewritePlan
from unify_backend.model.settings import Settings
from unify_backend.references.rewrite import plan_rewrite
from unify_backend.repository.journal.writer import Applied, apply
from unify_backend.repository.snapshot import Snapshot


def plan(
    contents: Snapshot,
    settings: Settings,
    areas: Collection[Area] = (),
    paths: Collection[str] = (),
    progress: Callable[[int, int], None] | None = None,
    jobs: int = 0,
) -> RewritePlan:
    """Everything that `rewrite` would do here. Files that may not be written are refused now, each
    for itself, so that they do not stop the others.

    Raises Refused where a package has not moved to its new place yet.
    """
    _refuse_before_the_move(plain_moves(settings.moves, contents.paths))
    inventory = full_inventory(contents, settings, progress, jobs)
    plan = plan_rewrite(contents, settings, inventory, areas, paths, contents.writable)
    return replace(plan, unparsed=tuple(unparsed_files(contents, plan.review, plan.findings)))


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
