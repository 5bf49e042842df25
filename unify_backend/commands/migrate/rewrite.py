"""Stage 3: every certain reference. The gate: no file was refused."""

from __future__ import annotations

from unify_backend.commands.migrate.stage import World, counted
from unify_backend.commands.rewrite import carry_out, plan
from unify_backend.model.migration import Outcome, Stood, Stopped, Went


def rewrite(world: World) -> Outcome:
    """Rewrites, and says what is left for a person."""
    contents = world.contents()
    world.tell("rewriting", 0, 0)
    planned = plan(contents, world.settings, jobs=world.wish.jobs)
    applied = carry_out(contents, planned, world.wish.allow_dirty)
    files = counted(len(planned.rewritten), "file")
    left = f"{len(planned.review):,} left for a person: unify-backend review"
    facts = (
        f"{counted(planned.edits, 'reference')} in {files}",
        left if planned.review else "nothing is left for a person",
        f"{len(planned.kept):,} kept, each with its reason",
    )
    if planned.refused:
        first = planned.refused[0]
        return Stopped(
            facts,
            f"{counted(len(planned.refused), 'file')} cannot be rewritten ({first.reason})",
            "each keeps the old name, and nothing says that it goes on working",
            "Mend what is said of them, or decide by `unify-backend review`; then migrate again.",
            tuple(f"{one.path}  {one.reason}" for one in planned.refused),
            applied.paths,
        )
    if planned.unparsed:
        return Stopped(
            facts,
            f"{counted(len(planned.unparsed), 'file')} cannot be parsed "
            f"({planned.unparsed[0].problem})",
            "each keeps the old name, and nothing says that it goes on working",
            "Do what is said of each, or decide by `unify-backend review`; then migrate again.",
            tuple(f"{one.path}  {one.cure}" for one in planned.unparsed),
            applied.paths,
        )
    return Went(facts, applied.paths) if applied.paths else Stood(facts)
