"""`unify-backend/migrate/1`."""

from unify_backend.model.migration import (
    LeftOut,
    Migration,
    Outcome,
    StageResult,
    Stood,
    Stopped,
    Went,
)
from unify_backend.reporting.json.common import Document


def migrate_document(done: Migration) -> Document:
    """Every stage that was reached, under the keys of the contract."""
    return {
        "schema": "unify-backend/migrate/1",
        "packages": [{"legacy": old, "canonical": new} for old, new in done.moves],
        "dry_run": done.rehearsed,
        "finished": done.stopped is None,
        "stages": [_stage(one) for one in done.results],
    }


def _stage(one: StageResult) -> Document:
    outcome = one.outcome
    stopped = outcome if isinstance(outcome, Stopped) else None
    return {
        "name": one.name,
        "phase": one.phase,
        "outcome": _word(outcome),
        "facts": list(outcome.facts),
        "wrote": list(outcome.wrote) if isinstance(outcome, Went | Stopped) else [],
        "commit": (outcome.commit or None) if isinstance(outcome, Went) else None,
        "gate": None
        if stopped is None
        else {
            "fact": stopped.fact,
            "reason": stopped.reason,
            "step": stopped.step,
            "places": list(stopped.places),
        },
    }


def _word(outcome: Outcome) -> str:
    match outcome:
        case Went():
            return "done"
        case Stood():
            return "nothing to do"
        case LeftOut():
            return "left out"
        case Stopped():
            return "stopped"
