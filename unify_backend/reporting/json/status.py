"""`unify-backend/status/1`."""

from collections.abc import Sequence

from unify_backend.model.status import (
    Evidence,
    Holds,
    NotNeeded,
    Open,
    PhaseState,
    Status,
    Step,
    Touched,
    Unknown,
)
from unify_backend.reporting.json.common import Document


def status_document(status: Status) -> Document:
    """The phases with their evidence, under the keys of the contract."""
    states = [one.state for one in status.phases]
    return {
        "schema": "unify-backend/status/1",
        "packages": [{"legacy": old, "canonical": new} for old, new in status.moves],
        "task_file": status.task_file,
        "phases": [
            {
                "id": one.id,
                "title": one.title,
                "state": one.state.value,
                "evidence": [_evidence(step) for step in one.steps],
            }
            for one in status.phases
        ],
        "contradictions": [
            {"path": one.path, "line": one.line, "phase": one.phase, "left": one.left}
            for one in status.contradictions
        ],
        "totals": {
            "phases": {state.value: states.count(state) for state in PhaseState},
            "steps": len(status.steps),
            "steps_done": sum(step.done for step in status.steps),
        },
    }


def written_document(status: Status, touched: Sequence[Touched], dry_run: bool) -> Document:
    """The same with what was written into the task file, or would be."""
    return {
        **status_document(status),
        "dry_run": dry_run,
        "written": [{"line": one.line, "what": one.what} for one in touched],
    }


def _evidence(step: Step) -> Document:
    evidence = step.evidence
    result, next_step, places = _parts(evidence)
    return {
        "check": step.check,
        "title": step.title,
        "result": result,
        "fact": evidence.fact,
        "next": next_step,
        "places": list(places),
    }


def _parts(evidence: Evidence) -> tuple[str, str | None, tuple[str, ...]]:
    match evidence:
        case Holds():
            return "holds", None, ()
        case Open(_, step, places):
            return "open", step, places
        case Unknown(_, step):
            return "unknown", step, ()
        case NotNeeded():
            return "not needed", None, ()
