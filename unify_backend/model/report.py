"""What a unification came to: the state before beside the state now, with the proof."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from unify_backend.model.history import Burndown, ChangedSide, Commit, PackageHistory
from unify_backend.model.ledger import Ledger
from unify_backend.model.merge_plan import MergeAction, MergedFile, PackageMerge
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Action, Area, Inventory, Names, Reference
from unify_backend.model.settings import Decision
from unify_backend.model.status import NotNeeded, Status, Step, StepDone, StepOpen
from unify_backend.model.tree_diff import CopyPair, PackageDiff
from unify_backend.model.verification import VerifyResult


@dataclass(frozen=True, slots=True)
class Start:
    """The state that everything is compared with, and why it is that one."""

    commit: Commit
    why: str


@dataclass(frozen=True, slots=True)
class ReportState:
    """The state that is reported on: the last commit (None: there is none), and how many tracked
    files differ from it."""

    commit: Commit | None
    uncommitted: int


class Tree(StrEnum):
    """What stands where the legacy package was."""

    WHOLE = "still there"
    REST = "mostly gone"  # a shim written by hand, or files that were forgotten
    FORWARDING = "a forwarding package"
    GONE = "gone"


class Outcome(StrEnum):
    """What the canonical tree holds of one file now, beside what a merge makes of the two trees."""

    MERGED = "as merged"
    CANONICAL = "the canonical side"
    LEGACY = "the legacy side"
    EDITED = "edited by hand"
    OPEN = "conflict markers"
    PENDING = "not merged yet"
    GONE = "not there"


@dataclass(frozen=True, slots=True)
class Versions:
    """One file as text: at its fork point, on both sides before, and now; all in the canonical
    names (None: not there, or no text)."""

    base: str | None = None
    legacy: str | None = None
    canonical: str | None = None
    now: str | None = None


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """One file that a side changed, what a merge makes of it, and what became of it.

    `lost` are definitions that a side had added and that are nowhere now; `on_purpose` is whether
    the side they come from was turned down in a conflict.
    """

    merged: MergedFile
    outcome: Outcome
    versions: Versions
    lost: tuple[str, ...] = ()
    on_purpose: bool = False

    @property
    def missing(self) -> bool:
        """Whether work of a side is missing now although nobody rejected it."""
        return not self.on_purpose and (bool(self.lost) or self._one_sided)

    @property
    def _one_sided(self) -> bool:
        ahead = self.merged.history.ahead
        match self.outcome:
            case Outcome.LEGACY:
                return ahead in {ChangedSide.CANONICAL, ChangedSide.BOTH}
            case Outcome.CANONICAL:
                return ahead in {ChangedSide.LEGACY, ChangedSide.BOTH}
            case Outcome.GONE:
                return True
            case Outcome.MERGED | Outcome.EDITED | Outcome.OPEN | Outcome.PENDING:
                return False


@dataclass(frozen=True, slots=True)
class PackageOutcome:
    """One move: the merge of its trees as they were at the start, and what is there now. `joined`
    are the files that a side changed since the two parted, sorted by path. `ledger` says where the
    change of each commit is now (None: the history is not known)."""

    merge: PackageMerge
    tree: Tree
    diff: PackageDiff
    joined: tuple[FileOutcome, ...]
    ledger: Ledger | None = None

    @property
    def move(self) -> PackageMove:
        """The move of these trees."""
        return self.merge.move

    @property
    def history(self) -> PackageHistory:
        """The history of the two trees up to the start."""
        return self.merge.history

    @property
    def conflicts(self) -> tuple[FileOutcome, ...]:
        """The files in which both sides changed the same."""
        return tuple(joined for joined in self.joined if joined.merged.how is MergeAction.CONFLICT)

    @property
    def done(self) -> bool:
        """Whether nobody works in the legacy tree any more."""
        return self.tree in {Tree.FORWARDING, Tree.GONE}


class Unit(StrEnum):
    """What a figure counts."""

    COUNT = "count"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number before and now (None: not known). `note` says how it was counted."""

    name: str
    before: int | None
    now: int | None
    unit: Unit = Unit.COUNT
    note: str = ""


class ReferenceOutcome(StrEnum):
    """What became of a reference that was there at the start."""

    DONE = "done"  # it is there no more
    LEFT = "left"
    NEW = "new"  # it came since


@dataclass(frozen=True, slots=True)
class TracedReference:
    """A reference (of the start, or a new one of now) with its fate."""

    reference: Reference
    fate: ReferenceOutcome


@dataclass(frozen=True, slots=True)
class Undoable:
    """A change set of ours that `undo` takes back."""

    title: str
    files: int


@dataclass(frozen=True, slots=True)
class LogEntry:
    """The entry for the documentation changelog `path` ("" where none is configured); `there` is
    whether the file has it already."""

    path: str
    text: str
    there: bool


@dataclass(frozen=True, slots=True)
class Completion:
    """Everything that the report tells. `at_start` is None where no earlier state is known;
    `missing` says of what nothing is known, and what to run."""

    date: str
    moves: tuple[PackageMove, ...]
    start: Start | None
    now: ReportState
    at_start: Inventory | None
    inventory: Inventory
    references: tuple[TracedReference, ...]
    packages: tuple[PackageOutcome, ...]
    copies: tuple[CopyPair, ...]
    figures: tuple[Figure, ...]
    proofs: tuple[Step, ...]
    status: Status | None
    burndown: Burndown | None
    verification: VerifyResult | None
    decisions: tuple[Decision, ...]
    undoable: tuple[Undoable, ...]
    commits: tuple[Commit, ...]  # since the start, newest first
    entry: LogEntry
    missing: tuple[str, ...] = ()

    @property
    def checks(self) -> tuple[Step, ...]:
        """Everything that was checked: the phases' steps and the proofs."""
        return (*(self.status.steps if self.status else ()), *self.proofs)

    @property
    def joined(self) -> tuple[FileOutcome, ...]:
        """The changed files of all moves."""
        return tuple(joined for package in self.packages for joined in package.joined)

    @property
    def lacking(self) -> tuple[FileOutcome, ...]:
        """The files in which work of a side is missing."""
        return tuple(joined for joined in self.joined if joined.missing)

    @property
    def conflicts(self) -> tuple[FileOutcome, ...]:
        """The conflicts of all moves."""
        return tuple(conflict for package in self.packages for conflict in package.conflicts)

    @property
    def active(self) -> tuple[Reference, ...]:
        """Legacy references of now that do not stay by intention."""
        legacy = self.inventory.of(Names.LEGACY)
        return tuple(reference for reference in legacy if reference.action is not Action.KEEP)

    def by_area(self) -> tuple[tuple[Area, int | None, int], ...]:
        """Legacy references by area, at the start and now; areas that never had one left out."""
        before = _areas(self.at_start) if self.at_start else None
        now = _areas(self.inventory)
        return tuple(
            (area, before[area] if before is not None else None, now[area])
            for area in Area
            if now[area] or (before and before[area])
        )


@dataclass(frozen=True, slots=True)
class Score:
    """How the checks ended."""

    passed: int
    open: int
    unknown: int

    @property
    def all(self) -> int:
        """How many checks there are."""
        return self.passed + self.open + self.unknown


def score(checks: tuple[Step, ...]) -> Score:
    """Counts passed, open and unknown ones; what is not needed counts as passed."""
    ends = Counter(
        "passed"
        if isinstance(check.evidence, StepDone | NotNeeded)
        else "open"
        if isinstance(check.evidence, StepOpen)
        else "unknown"
        for check in checks
    )
    return Score(ends["passed"], ends["open"], ends["unknown"])


def _areas(inventory: Inventory) -> Counter[Area]:
    return Counter(reference.area for reference in inventory.of(Names.LEGACY))
