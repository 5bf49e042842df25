"""Rewrite: inventory, plan, guard, write."""

from __future__ import annotations

from collections.abc import Callable, Collection

from unify_backend.model.outcomes import RewritePlan
from unify_backend.model.references import Area
from unify_backend.model.settings import Settings
from unify_backend.phases.inventorying import full_inventory
from unify_backend.references.rewrite import plan_rewrite
from unify_backend.repository.snapshot import Snapshot
from unify_backend.repository.writer import Applied, apply


def plan(
    contents: Snapshot,
    settings: Settings,
    areas: Collection[Area] = (),
    paths: Collection[str] = (),
    progress: Callable[[int, int], None] | None = None,
    jobs: int = 0,
) -> RewritePlan:
    """Everything that `rewrite` would do here. Files that may not be written are refused now, each
    for itself, so that they do not stop the others."""
    inventory = full_inventory(contents, settings, progress, jobs)
    return plan_rewrite(contents, settings, inventory, areas, paths, contents.writable)


def carry_out(contents: Snapshot, planned: RewritePlan, allow_dirty: bool) -> Applied:
    """Writes the plan, all or nothing; raises Refused where a person's edits are in the way."""
    return apply(contents.repository, planned.changes, allow_dirty=allow_dirty)
