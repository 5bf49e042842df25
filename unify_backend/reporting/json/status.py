"""`unify-backend/status/1`."""

from collections import Counter
from collections.abc import Sequence

from msgspec import UNSET, UnsetType

from unify_backend.model.status import (
    Contradiction,
    PhaseState,
    Result,
    Status,
    Step,
    StepOpen,
    TouchedPlace,
    Unknown,
    result_of,
)
from unify_backend.reporting.json.common import (
    Count,
    Document,
    Entry,
    NamesEntry,
    names_entries,
)


class EvidenceEntry(Entry, frozen=True):
    """One check of a phase and its result."""

    check: str
    title: str
    result: Result
    fact: str
    next: str | None  # what to do
    places: tuple[str, ...]


class PhaseEntry(Entry, frozen=True):
    """A phase and its checks."""

    id: str
    title: str
    state: PhaseState
    evidence: tuple[EvidenceEntry, ...]


class PhaseCounts(Entry, frozen=True, rename=lambda name: name.replace("_", " ")):
    """Phases by their state."""

    not_started: Count
    in_progress: Count
    done: Count


class StatusTotals(Entry, frozen=True):
    """Counts."""

    phases: PhaseCounts
    steps: Count
    steps_done: Count


class StatusDocument(Document, frozen=True, tag="unify-backend/status/1"):
    """How far the unification is: phases with evidence, and what was written into the task file"""

    packages: tuple[NamesEntry, ...]
    task_file: str | None
    phases: tuple[PhaseEntry, ...]
    contradictions: tuple[Contradiction, ...]
    totals: StatusTotals
    dry_run: bool | UnsetType = UNSET  # with --write
    written: tuple[TouchedPlace, ...] | UnsetType = UNSET  # with --write


def status_document(
    status: Status, touched: Sequence[TouchedPlace] | None = None, dry_run: bool = False
) -> StatusDocument:
    """The phases with their evidence; `touched` is what --write wrote, or would (None: no --write
    was given)."""
    states = Counter(phase.state for phase in status.phases)
    return StatusDocument(
        packages=names_entries(status.moves),
        task_file=status.task_file,
        phases=tuple(
            PhaseEntry(phase.id, phase.title, phase.state, tuple(map(_evidence, phase.steps)))
            for phase in status.phases
        ),
        contradictions=status.contradictions,
        totals=StatusTotals(
            phases=PhaseCounts(*(states[state] for state in PhaseState)),
            steps=len(status.steps),
            steps_done=sum(step.done for step in status.steps),
        ),
        dry_run=UNSET if touched is None else dry_run,
        written=UNSET if touched is None else tuple(touched),
    )


def _evidence(step: Step) -> EvidenceEntry:
    evidence = step.evidence
    return EvidenceEntry(
        check=step.check,
        title=step.title,
        result=result_of(evidence),
        fact=evidence.fact,
        next=evidence.step if isinstance(evidence, StepOpen | Unknown) else None,
        places=evidence.places if isinstance(evidence, StepOpen) else (),
    )
