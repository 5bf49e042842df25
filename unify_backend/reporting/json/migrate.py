"""`unify-backend/migrate/1`."""

from typing import Literal

from unify_backend.model.migration import (
    Applied,
    Blocked,
    Migration,
    Outcome,
    Skipped,
    StageResult,
    Unchanged,
)
from unify_backend.reporting.json.common import (
    Document,
    Entry,
    NamesEntry,
    entry,
    names_entries,
)

_Outcome = Literal["done", "nothing to do", "left out", "stopped"]


class GateEntry(Entry, frozen=True):
    """Why a stage stopped, and what to do."""

    fact: str
    reason: str
    step: str
    places: tuple[str, ...]


class StageEntry(Entry, frozen=True):
    """One stage and what came of it."""

    name: str
    phase: str
    outcome: _Outcome
    facts: tuple[str, ...]
    wrote: tuple[str, ...]
    commit: str | None
    gate: GateEntry | None


class MigrateDocument(Document, frozen=True, tag="unify-backend/migrate/1"):
    """The stages that were reached, in order"""

    packages: tuple[NamesEntry, ...]
    dry_run: bool
    finished: bool
    stages: tuple[StageEntry, ...]


def migrate_document(done: Migration) -> MigrateDocument:
    """Every stage that was reached."""
    return MigrateDocument(
        packages=names_entries(done.moves),
        dry_run=done.rehearsed,
        finished=done.stopped is None,
        stages=tuple(map(_stage, done.results)),
    )


def _stage(result: StageResult) -> StageEntry:
    outcome = result.outcome
    return StageEntry(
        name=result.name,
        phase=result.phase,
        outcome=_word(outcome),
        facts=outcome.facts,
        wrote=outcome.wrote if isinstance(outcome, Applied | Blocked) else (),
        commit=(outcome.commit or None) if isinstance(outcome, Applied) else None,
        gate=entry(GateEntry, outcome) if isinstance(outcome, Blocked) else None,
    )


def _word(outcome: Outcome) -> _Outcome:
    match outcome:
        case Applied():
            return "done"
        case Unchanged():
            return "nothing to do"
        case Skipped():
            return "left out"
        case Blocked():
            return "stopped"
