"""The stages one after the other, to the first gate that does not hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from unify_backend.commands.migrate.registry import STAGES
from unify_backend.commands.migrate.stage import Stage, Told, Wish, World
from unify_backend.model.errors import ConfigurationError, Refused, RepositoryError
from unify_backend.model.migration import Migration, Outcome, StageResult, Stopped, Went
from unify_backend.model.settings import Settings
from unify_backend.model.verify_settings import VerifySettings
from unify_backend.repository.journal.writer import commit_paths, ours_uncommitted
from unify_backend.repository.snapshot import Snapshot
from unify_backend.repository.temporary_copy import temporary_copy
from unify_backend.verification.interpreters import choose

Seen = Callable[[StageResult], None]


def migrate(
    contents: Snapshot,
    settings: Settings,
    wish: Wish,
    tell: Told,
    seen: Seen = lambda result: None,
) -> Migration:
    """Carries out every stage that has something to do. `seen` is told each result.

    Raises what the stages raise where a person's work would be at risk or the settings are wrong.
    """
    if wish.commit and not contents.repository.is_git:
        raise ConfigurationError(
            "--commit needs git", contents.repository.note, "Leave it out, or run it in a clone."
        )
    return _carried_out(World(contents.repository, settings, wish, tell), seen)


def rehearse(
    contents: Snapshot,
    settings: Settings,
    wish: Wish,
    tell: Told,
    seen: Seen = lambda result: None,
) -> Migration:
    """The same on a copy: what would be done, with its numbers. The repository is only read."""
    wish = replace(wish, commit=False)
    if wish.verify:  # the copy has no environment
        python = VerifySettings.of(settings.verify, settings.source).python
        wish = replace(wish, interpreter=choose(contents.repository, wish.python, python))
    with temporary_copy(contents) as copy:
        done = _carried_out(World(copy, settings, wish, tell), seen)
    return replace(done, rehearsed=True)


def _carried_out(world: World, seen: Seen) -> Migration:
    results: list[StageResult] = []
    for stage in STAGES:
        outcome = _committed(world, stage, _run(world, stage))
        results.append(StageResult(stage.name, stage.phase, stage.title, outcome))
        seen(results[-1])
        if isinstance(outcome, Stopped):
            break
    names = tuple((move.legacy, move.canonical) for move in world.settings.moves)
    return Migration(names, tuple(results), len(STAGES))


def _run(world: World, stage: Stage) -> Outcome:
    """A refusal to put somebody's work at risk is a gate that does not hold."""
    try:
        return stage.run(world)
    except Refused as error:
        return Stopped((), error.fact, error.reason, error.step)


def _committed(world: World, stage: Stage, outcome: Outcome) -> Outcome:
    """The outcome with the commit of what the stage wrote, where that was asked for."""
    if not world.wish.commit or not stage.why or isinstance(outcome, Stopped):
        return outcome
    paths = ours_uncommitted(world.repository)
    if not paths:
        return outcome
    try:
        commit = commit_paths(world.repository.root, paths, _message(world, stage, outcome))
    except RepositoryError as error:
        step = "Mend what git names, then migrate again: it commits what is left."
        return Stopped(outcome.facts, f"git did not commit the {stage.name}", error.reason, step)
    return Went(outcome.facts, paths, commit)


def _message(world: World, stage: Stage, outcome: Outcome) -> str:
    names = ", ".join(f"{one.legacy} into {one.canonical}" for one in world.settings.moves)
    lines = [f"Unify {names}: {stage.name} ({stage.phase})", "", stage.why, ""]
    lines += [f"- {fact}" for fact in outcome.facts]
    return "\n".join([*lines, "", f"Made by `unify-backend migrate`; alone: `{stage.name}`.", ""])
