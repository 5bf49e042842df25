"""Stage 4: the legacy tree becomes a forwarding package. The gate: it holds nothing of its own."""

from __future__ import annotations

from unify_backend.commands.migrate.stage import World, counted
from unify_backend.commands.shim import ShimOptions, carry_out, plan
from unify_backend.model.migration import Outcome, Stood, Stopped, Went


def shim(world: World) -> Outcome:
    """Puts the forwarding package in place of the legacy tree."""
    contents = world.contents()
    world.tell("writing the forwarding package", 0, 0)
    planned = plan(contents, world.settings, ShimOptions(prefer=world.wish.prefer))
    names = ", ".join(move.legacy for move in world.settings.moves)
    if planned.lacking:
        return Stopped(
            (),
            f"the canonical tree lacks something of {counted(len(planned.lacking), 'legacy file')}",
            "a forwarding package in their place would lose it",
            "Run `unify-backend merge` and settle what it says; then migrate again.",
            tuple(f"{one.path}  {one.reason}" for one in planned.lacking),
        )
    applied = carry_out(contents, planned, world.wish.allow_dirty)
    told = tuple(f"{one.path}: {one.fact}" for one in planned.advice)
    if not applied.paths:
        return Stood((f"{names} forwards already, or nothing is left to forward", *told))
    changed = counted(len(applied.paths), "file")
    return Went((f"{names} forwards every module ({changed} written or taken away)", *told),
                applied.paths)  # fmt: skip
