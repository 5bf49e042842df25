"""How far the unification is, for people."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table

from unify_backend.model.status import (
    Evidence,
    NotNeeded,
    PhaseState,
    PhaseStatus,
    Status,
    StepDone,
    StepOpen,
    TouchedPlace,
    Unknown,
)
from unify_backend.model.text import printable
from unify_backend.reporting.tables import count, heading, listed, plain, table

_STYLES = {
    PhaseState.NOT_STARTED: "dim",
    PhaseState.IN_PROGRESS: "yellow",
    PhaseState.DONE: "green",
}


def status_report(status: Status, verbose: bool) -> Iterator[RenderableType]:
    """The parts of the text report, in reading order."""
    yield plain(", ".join(f"{old} → {new}" for old, new in status.moves), "bold")
    done = sum(phase.state is PhaseState.DONE for phase in status.phases)
    steps = sum(step.done for step in status.steps)
    yield plain(
        f"{done} of {count(len(status.phases), 'phase')} done, "
        f"{steps} of {count(len(status.steps), 'step')}"
    )
    if status.task_file is not None:
        yield plain(f"task file: {status.task_file}")
    width = max((len(step.title) for step in status.steps), default=0)
    for phase in status.phases:
        yield plain("")
        yield plain(
            f"{phase.id}  {phase.title}: {phase.state.value}", f"bold {_STYLES[phase.state]}"
        )
        yield _steps(phase, width)
        if verbose:
            yield from _places(phase)
        for n, task in enumerate(_to_do(phase)):
            yield plain(f"  {'       ' if n else 'to do: '}{task}", "dim")
    for claim in status.contradictions:
        place = f"{printable(claim.path)}:{claim.line}"
        yield heading(f"{place} says that {claim.phase} is done; it is not")
        yield plain(f"  {claim.left}")


def written_report(
    path: str, touched: Sequence[TouchedPlace], dry_run: bool
) -> Iterator[RenderableType]:
    """What was written into the task file, or would be."""
    if not touched:
        yield heading(f"{printable(path)} is up to date")
        return
    verb = "would write" if dry_run else "wrote"
    yield heading(f"{verb} {count(len(touched), 'place')} of {printable(path)}")
    yield from listed([f"line {place.line}: {place.what}" for place in touched], len(touched))


def _steps(phase: PhaseStatus, width: int) -> Table:
    rows = table(("", "left"), ("", "left"), ("", "fold"))
    rows.show_header = False
    rows.columns[1].min_width = width  # so that the phases stand in line
    for step in phase.steps:
        sign, style = _sign(step.evidence)
        rows.add_row(plain(f"  {sign}", style), step.title, printable(step.evidence.fact))
    return rows


def _sign(evidence: Evidence) -> tuple[str, str]:
    match evidence:
        case StepDone():
            return "✓", "green"
        case StepOpen():
            return "✗", "red"
        case Unknown():
            return "?", "yellow"
        case NotNeeded():
            return "–", "dim"


def _to_do(phase: PhaseStatus) -> tuple[str, ...]:
    """The next steps of the phase, each once."""
    steps = (
        step.evidence.step for step in phase.left if isinstance(step.evidence, StepOpen | Unknown)
    )
    return tuple(dict.fromkeys(steps))


def _places(phase: PhaseStatus) -> Iterator[RenderableType]:
    for step in phase.steps:
        if isinstance(step.evidence, StepOpen) and step.evidence.places:
            yield plain(f"    {step.title}", "dim")
            yield from listed([printable(place) for place in step.evidence.places], 1000, "      ")
