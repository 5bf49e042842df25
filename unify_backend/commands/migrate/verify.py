"""Stage 5: the application is started, and held against how it was. The gate: nothing is gone."""

from __future__ import annotations

from collections.abc import Iterator

from unify_backend.commands.migrate.stage import World, counted
from unify_backend.commands.starting import find_start
from unify_backend.commands.status.records import recall
from unify_backend.commands.verify import VerifyOptions, verify
from unify_backend.model.migration import LeftOut, Outcome, Stood, Stopped, Went
from unify_backend.model.verification import VerifyResult


def prove(world: World) -> Outcome:
    """Starts it, unless it was started in this very state and nothing was missing then."""
    if not world.wish.verify:
        return LeftOut(("not started, as asked: nothing says that the application still works",))
    contents = world.contents()
    seen = recall(contents, world.settings)
    if seen is not None and not seen.regressions:
        return Stood(tuple(_recalled(seen)))
    start = find_start(world.repository, world.settings.moves, world.wish.before)
    options = VerifyOptions(
        start.commit.hash if start else None,
        world.wish.python,
        jobs=world.wish.jobs or 2,
        interpreter=world.wish.interpreter,
    )
    found = verify(contents, world.settings, options, world.tell)
    facts = tuple(_facts(found))
    if found.regressions:
        return Stopped(
            facts,
            f"{counted(len(found.regressions), 'thing')} that worked before "
            f"{'does' if len(found.regressions) == 1 else 'do'} not work now",
            "the unified package must do at least what the two did",
            "See them by `unify-backend verify --before "
            f"{start.commit.hash[:9] if start else 'REV'}`, mend them, then migrate again.",
            tuple(map(str, found.regressions)),
        )
    return Went(facts)


def _recalled(seen: VerifyResult) -> Iterator[str]:
    yield "verified in this very state already; nothing was missing"
    for one in seen.states:
        yield f"{one.target.package}: {one}"


def _facts(found: VerifyResult) -> Iterator[str]:
    for one in found.comparisons:
        before, after = one.before, one.after
        yield (
            f"{before.target.label or before.target.package} → {after.target.package}: "
            f"{before.modules.importable:,} → {after.modules.importable:,} modules import, "
            f"{len(before.boot.routes):,} → {len(after.boot.routes):,} routes"
        )
    if not found.comparisons:
        for state in found.states:
            yield f"{state.target.package}: {state}"
    wanted = found.used_entries
    wrong = [one for one in wanted if one.finding]
    if wanted:
        yield f"{counted(len(wanted), 'entry point')}, {len(wrong):,} for a person to look at"
    yield from found.notes
