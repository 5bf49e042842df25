"""Stage 6: the ratchet. The gate: nothing names the old package that the baseline does not know."""

from __future__ import annotations

from unify_backend.commands.check.collect import gather, key
from unify_backend.commands.check.evaluate import BASELINE, Request, baseline_of, judge
from unify_backend.commands.check.write_baseline import prune, update, write
from unify_backend.commands.migrate.stage import World, counted
from unify_backend.commands.starting import find_start
from unify_backend.model.migration import Outcome, Stood, Stopped, Went
from unify_backend.repository.git.stored import revision


def guard(world: World) -> Outcome:
    """Writes the baseline where something is left, and takes out of it what is gone."""
    contents, repository = world.contents(), world.repository
    world.tell("checking", 0, 0)
    known = baseline_of(repository, contents, BASELINE)
    request = Request(absolute=known is None)
    judged = judge(contents, world.settings, request, world.wish.jobs)
    if known is None and not judged.offences:
        return Stood(("nothing names the old package: unify-backend check --max 0 holds",))
    if known is not None and judged.new:
        places = [key(one) for one in judged.new]
        return Stopped(
            (),
            f"{counted(len(places), 'place')} that the baseline does not know",
            "somebody has brought the old name back",
            "See them by `unify-backend check`, rename them, then migrate again.",
            tuple(f"{path}  {text or kind}" for path, kind, text in places),
        )
    kept = (
        update(repository, None, judged, BASELINE, False, _at_the_start(world))
        if known is None
        else prune(repository, known, judged, BASELINE)
    )
    applied = write(repository, kept)
    left = f"{counted(kept.entries, 'place')} left in {BASELINE}; check lets no new one in"
    return Went((left,), applied.paths) if applied.paths else Stood((left,))


def _at_the_start(world: World) -> int:
    """How many places there were before anything was unified, 0 where nobody knows."""
    start = find_start(world.repository, world.settings.moves, world.wish.before)
    if start is None:
        return 0
    before = revision(world.repository.root, start.commit.hash)
    before.load(before.paths)
    return len(gather(before, world.settings, jobs=world.wish.jobs).offences)
