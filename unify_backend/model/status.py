"""The status of a unification: phases, their steps, and the evidence for each."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import Literal

from unify_backend.model.package_move import PackageMove


class PhaseState(StrEnum):
    """What the steps of a phase come to."""

    NOT_STARTED = "not started"
    IN_PROGRESS = "in progress"
    DONE = "done"

    @property
    def rank(self) -> int:
        """How far that is: a later state has a higher rank."""
        return list(PhaseState).index(self)


@dataclass(frozen=True, slots=True)
class StepDone:
    """The step is done: `fact` says what was seen."""

    fact: str


@dataclass(frozen=True, slots=True)
class StepOpen:
    """The step is not done. `step` is what to do next; `places` are where (`path:line  text` or a
    path), all of them."""

    fact: str
    step: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody can say without doing `step` first."""

    fact: str
    step: str


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """There is nothing in this repository that the step could be about."""

    fact: str


Evidence = StepDone | StepOpen | Unknown | NotNeeded
Result = Literal["holds", "open", "unknown", "not needed"]


def result_of(evidence: Evidence) -> Result:
    """The word for the result of a check."""
    match evidence:
        case StepDone():
            return "holds"
        case StepOpen():
            return "open"
        case Unknown():
            return "unknown"
        case NotNeeded():
            return "not needed"


@dataclass(frozen=True, slots=True)
class Step:
    """One check of a phase and its result. `check` is its name in the configuration."""

    check: str
    title: str
    evidence: Evidence

    @property
    def done(self) -> bool:
        """Whether nothing is left to do for it."""
        return isinstance(self.evidence, StepDone | NotNeeded)


@dataclass(frozen=True, slots=True)
class PhaseStatus:
    """One phase with its steps, in the order of the configuration."""

    id: str
    title: str
    steps: tuple[Step, ...]

    @property
    def state(self) -> PhaseState:
        """Done when every step is; begun when there is evidence for one."""
        if all(step.done for step in self.steps):
            return PhaseState.DONE
        if any(isinstance(step.evidence, StepDone) for step in self.steps):
            return PhaseState.IN_PROGRESS
        return PhaseState.NOT_STARTED

    @property
    def left(self) -> tuple[Step, ...]:
        """The steps that are not done."""
        return tuple(step for step in self.steps if not step.done)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The task file says at `line` (from 1) that a phase is done, and it is not."""

    path: str
    line: int
    phase: str
    left: str  # the first thing that is not done


@dataclass(frozen=True, slots=True)
class Status:
    """Every phase with its evidence. `task_file` is the file that tells of them, None where there
    is none."""

    moves: tuple[PackageMove, ...]
    phases: tuple[PhaseStatus, ...]
    task_file: str | None
    contradictions: tuple[Contradiction, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of all phases."""
        return tuple(chain.from_iterable(phase.steps for phase in self.phases))

    @property
    def done(self) -> bool:
        """Whether every phase is done, and the task file claims nothing else."""
        return all(phase.state is PhaseState.DONE for phase in self.phases)


@dataclass(frozen=True, slots=True)
class Category:
    """A part of the package (`api/`, or "" for the files at its top) as phase 34.1 tells of it.

    `legacy_users` and `canonical_users` are the areas outside both trees that name it, with how
    often, most first; `ahead_legacy` and its like count the files by the side that changed since
    the split.
    """

    name: str
    files: int
    different: int
    only_legacy: int
    only_canonical: int
    ahead_legacy: int = 0
    ahead_canonical: int = 0
    ahead_both: int = 0
    legacy_users: tuple[tuple[str, int], ...] = ()
    canonical_users: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class AreaUse:
    """The files of an area that name either package; a path comes as often as it names it."""

    area: str
    legacy: tuple[str, ...]
    canonical: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoveSummary:
    """Both trees of one move, side by side. `parted` says where and when they parted and what
    happened since, or why that is not known."""

    legacy: str
    canonical: str
    legacy_path: str
    canonical_path: str
    legacy_files: int
    canonical_files: int
    identical: int
    renamed: int
    different: int
    only_legacy: tuple[str, ...]
    only_canonical: tuple[str, ...]
    parted: str
    categories: tuple[Category, ...]
    users: tuple[AreaUse, ...]


@dataclass(frozen=True, slots=True)
class TouchedPlace:
    """A place of the task file that was written, `line` (from 1) in the file as it was."""

    line: int
    what: str
