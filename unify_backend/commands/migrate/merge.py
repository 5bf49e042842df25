"""Stage 2: one tree out of two. The gate: no conflict is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from unify_backend.commands.merge import Wish, carry_out, plan_merge
from unify_backend.commands.migrate.stage import World, counted
from unify_backend.model.merge_plan import MergePlan
from unify_backend.model.migration import Outcome, Stood, Stopped, Went


def merge(world: World) -> Outcome:
    """Merges, and stops where a person has to decide."""
    contents = world.contents()
    world.tell("merging", 0, 0)
    planned = plan_merge(contents, world.settings, Wish(prefer=world.wish.prefer))
    applied = carry_out(contents, planned, world.wish.allow_dirty)
    facts = tuple(_facts(planned))
    if planned.conflicts:
        count = counted(len(planned.conflicts), "file")
        return Stopped(
            facts,
            f"{count} changed on both sides, differently",
            "which edit is right is for a person to say",
            f"{_step(planned)} and run migrate again; or let one side win: --prefer canonical.",
            tuple(one.path for one in planned.conflicts),
            applied.paths,
        )
    return Went(facts, applied.paths) if applied.paths else Stood(facts)


def _step(planned: MergePlan) -> str:
    with_markers = [one.markers for one in planned.conflicts]
    if all(with_markers):
        return "Settle the conflict markers in the files"
    reasons = "see what `unify-backend merge` says of each file"
    return f"Settle the conflict markers, {reasons}" if any(with_markers) else reasons.capitalize()


def _facts(planned: MergePlan) -> Iterator[str]:
    for package in planned.packages:
        kinds = Counter(one.how.value for one in package.files)
        shares = ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common())
        yield f"{package.move.legacy} into {package.move.canonical}: {shares or 'nothing to merge'}"
        yield f"lost definitions: {len(package.checks.lost_definitions)}"
    if planned.along:
        yield f"{counted(len(planned.along), 'file')} moved along"
    if planned.rewritten:
        yield f"{counted(planned.rewritten, 'reference')} to what moved rewritten"
    if not planned.packages:
        yield "nothing to merge: no legacy tree is left"
