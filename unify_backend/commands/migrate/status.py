"""Stage 7: the changelog and the task file say what was done. No gate: both are optional."""

from __future__ import annotations

from collections.abc import Iterator

from unify_backend.commands.migrate.stage import World
from unify_backend.commands.report.build import Wish, complete, write_entry
from unify_backend.commands.status.evaluate import take_status
from unify_backend.commands.status.facts import Facts
from unify_backend.commands.status.write import carry_out, plan_update
from unify_backend.model.errors import ConfigurationError, Refused
from unify_backend.model.migration import LeftOut, Outcome, Stood, Went
from unify_backend.model.status import Status


def record(world: World) -> Outcome:
    """Writes the changelog's entry, then ticks, dates and summarises in the task file."""
    facts: list[str] = []
    wrote: list[str] = []
    for told, paths in (_changelog(world), _task_file(world)):
        facts.extend(told)
        wrote.extend(paths)
    if wrote:
        return Went(tuple(facts), tuple(wrote))
    configured = world.settings.task_file or world.settings.changelog
    return Stood(tuple(facts)) if configured else LeftOut(tuple(facts))


def _changelog(world: World) -> tuple[list[str], tuple[str, ...]]:
    path = world.settings.changelog
    if path is None:
        return ["no changelog is configured"], ()
    contents = world.contents()
    wish = Wish(world.wish.day, world.wish.before, jobs=world.wish.jobs)
    try:
        completion = complete(contents, world.settings, wish, world.tell)
        applied = write_entry(contents, completion, world.settings)
    except (ConfigurationError, Refused) as error:
        return [f"no entry in {path}: {error.fact}"], ()
    if applied is None:
        return [f"{path} has its entry"], ()
    return [f"an entry in {path}"], applied.paths


def _task_file(world: World) -> tuple[list[str], tuple[str, ...]]:
    contents = world.contents()
    facts = Facts(contents, world.settings, jobs=world.wish.jobs, writing=True)
    try:
        planned = plan_update(facts, world.wish.day)
    except ConfigurationError as error:
        return [f"no task file: {error.fact}", *_phases(take_status(facts))], ()
    applied = carry_out(facts, planned, world.wish.allow_dirty)
    return list(_phases(planned.status)), applied.paths


def _phases(status: Status) -> Iterator[str]:
    for phase in status.phases:
        left = f", {len(phase.left)} of {len(phase.steps)} checks open" if phase.left else ""
        yield f"{phase.id} {phase.title}: {phase.state.value}{left}"
