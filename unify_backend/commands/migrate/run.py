"""Runs the stages in order and stops at the first one that is blocked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from unify_backend.commands.migrate.stages import STAGES, Options, Stage, StageContext
from unify_backend.commands.verify import Told
from unify_backend.model.errors import ConfigurationError, Refused, RepositoryError
from unify_backend.model.migration import Applied, Blocked, Migration, Outcome, StageResult
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
    options: Options,
    tell: Told,
    seen: Seen = lambda result: None,
) -> Migration:
    """Carries out every stage that has something to do. `seen` is told each result.

    Raises what the stages raise where a person's work would be at risk or the settings are wrong.
    """
    if options.commit and not contents.repository.is_git:
        raise ConfigurationError(
            "--commit needs git", contents.repository.note, "Leave it out, or run it in a clone."
        )
    return _carried_out(StageContext(contents.repository, settings, options, tell), seen)


def rehearse(
    contents: Snapshot,
    settings: Settings,
    options: Options,
    tell: Told,
    seen: Seen = lambda result: None,
) -> Migration:
    """Runs the migration on a temporary copy. The repository itself is only read."""
    options = replace(options, commit=False)
    if options.verify:  # the copy has no environment
        python = VerifySettings.of(settings.verify, settings.source).python
        options = replace(options, interpreter=choose(contents.repository, options.python, python))
    with temporary_copy(contents) as copy:
        done = _carried_out(StageContext(copy, settings, options, tell), seen)
    return replace(done, rehearsed=True)


def _carried_out(context: StageContext, seen: Seen) -> Migration:
    results: list[StageResult] = []
    for stage in STAGES:
        outcome = _committed(context, stage, _run(context, stage))
        results.append(StageResult(stage.name, stage.phase, stage.title, outcome))
        seen(results[-1])
        if isinstance(outcome, Blocked):
            break
    names = tuple((move.legacy, move.canonical) for move in context.settings.moves)
    return Migration(names, tuple(results), len(STAGES))


def _run(context: StageContext, stage: Stage) -> Outcome:
    """The outcome of a stage; `Blocked` where the stage was refused to protect somebody's work."""
    try:
        return stage.run(context)
    except Refused as error:
        return Blocked((), error.fact, error.reason, error.step)


def _committed(context: StageContext, stage: Stage, outcome: Outcome) -> Outcome:
    """The outcome with the commit of what the stage wrote, where that was asked for."""
    if not context.options.commit or not stage.why or isinstance(outcome, Blocked):
        return outcome
    paths = ours_uncommitted(context.repository)
    if not paths:
        return outcome
    try:
        commit = commit_paths(context.repository.root, paths, _message(context, stage, outcome))
    except RepositoryError as error:
        step = "Fix what git names, then migrate again: it commits what is left."
        return Blocked(outcome.facts, f"git did not commit the {stage.name}", error.reason, step)
    return Applied(outcome.facts, paths, commit)


def _message(context: StageContext, stage: Stage, outcome: Outcome) -> str:
    names = ", ".join(f"{move.legacy} into {move.canonical}" for move in context.settings.moves)
    lines = [f"Unify {names}: {stage.name} ({stage.phase})", "", stage.why, ""]
    lines += [f"- {fact}" for fact in outcome.facts]
    return "\n".join([*lines, "", f"Made by `unify-backend migrate`; alone: `{stage.name}`.", ""])
