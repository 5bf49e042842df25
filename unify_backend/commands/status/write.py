"""Updates the task file with the evidence, as one change set."""

from dataclasses import dataclass

from unify_backend.commands.status.evaluate import take_status
from unify_backend.commands.status.facts import Facts
from unify_backend.commands.status.summary import is_record, trees_body
from unify_backend.languages.markdown.task_list_edits import Entry, update_task_file
from unify_backend.model.changes import ChangeSet, Replace, digest
from unify_backend.model.errors import ConfigurationError
from unify_backend.model.settings import Phase
from unify_backend.model.status import PhaseState, PhaseStatus, Status, TouchedPlace
from unify_backend.reporting.status_markdown import same_but_for_the_day, steps_markdown
from unify_backend.repository.journal.writer import Applied, apply


@dataclass(frozen=True, slots=True)
class StatusUpdate:
    """The status as the written file will have it, and the change that writes it (empty where
    nothing is to be written)."""

    status: Status
    touched: tuple[TouchedPlace, ...]
    changes: ChangeSet


def plan_update(facts: Facts, day: str) -> StatusUpdate:
    """What `status --write` would do to the task file. `facts` are made with `writing`.

    Raises ConfigurationError where there is no such file, or it tells of none of the phases.
    """
    path, task = facts.task_file, facts.task
    if path is None or task is None:
        raise ConfigurationError(
            f"{path} is not there" if path else "no task file is known",
            "`status --write` edits the file that tells of the phases",
            "Name it: unify-backend status --write FILE, or `task-file` in the configuration.",
        )
    _check(facts, path)
    status = take_status(facts)
    pairs = zip(facts.settings.phases, status.phases, strict=True)
    entries = [
        Entry(phase_status.id, phase_status.state, _body(facts, phase, phase_status, day))
        for phase, phase_status in pairs
    ]
    updated = update_task_file(task.text, entries, day)
    if updated.text == task.text:
        return StatusUpdate(status, (), ChangeSet(f"status: {path}", ()))
    before = facts.contents.read(path)
    change = Replace(path, digest(before), task.encode(updated.text))
    return StatusUpdate(status, updated.touched, ChangeSet(f"status: {path}", (change,)))


def carry_out(facts: Facts, planned: StatusUpdate, allow_dirty: bool) -> Applied:
    """Writes it; raises Refused where a person's uncommitted edits are in the file."""
    return apply(facts.contents.repository, planned.changes, allow_dirty=allow_dirty)


def _check(facts: Facts, path: str) -> None:
    if any(place.told for place in facts.places.values()):
        return
    first = facts.settings.phases[0].id
    raise ConfigurationError(
        f"{path} tells of no phase",
        f"looked for an entry like `- [ ] **Phase {first} …`, for a heading like "
        f"`## Phase {first} …` and `**Status:**` below it, and so for "
        f"{', '.join(phase.id for phase in facts.settings.phases)}",
        "Name another file, or the phases as the file does: [[phases]] in the configuration.",
    )


def _body(facts: Facts, phase: Phase, status: PhaseStatus, day: str) -> str | None:
    """The summary of a phase, as it is where it says the same already; None where there is nothing
    to tell yet."""
    old = facts.places[phase.id].summary
    if "summary" in phase.checks:
        if is_record(facts, phase):
            return None
        body = trees_body(facts, day)
    elif old is None and status.state is PhaseState.NOT_STARTED:
        return None
    else:
        body = steps_markdown(status, day)
    return old.body if old is not None and same_but_for_the_day(old.body, body) else body
