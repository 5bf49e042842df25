"""The violations that `check` finds, and their comparison with the baseline."""

from dataclasses import dataclass
from enum import StrEnum

from unify_backend.model.baseline import Entry, Verdicts
from unify_backend.model.hidden import HiddenUse
from unify_backend.model.ledger import Counted
from unify_backend.model.references import Finding, Reference
from unify_backend.model.spans import Position


@dataclass(frozen=True, slots=True)
class NewReference:
    """The legacy name, spelled out. `waits` is where the file goes with the merge: its canonical
    path; "" for a file that `rewrite` takes care of."""

    reference: Reference
    waits: str = ""


@dataclass(frozen=True, slots=True)
class NewIndirectUse:
    """The legacy package used without its name."""

    use: HiddenUse


@dataclass(frozen=True, slots=True)
class NewLegacyFile:
    """A file in the legacy tree that is no part of the forwarding package."""

    path: str
    legacy_path: str
    canonical: str  # where it belongs


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A file that could not be understood, so that nobody knows what it names."""

    finding: Finding


Violation = NewReference | NewIndirectUse | NewLegacyFile | UnreadFile


class Scope(StrEnum):
    """Which files were judged."""

    WHOLE = "every tracked file"
    FILES = "the files that were named"
    CHANGED = "what the change touches"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The violations of a state, compared with the baseline.

    `violations` are all that were found, by entry; `verdicts` say which of them are new; `started`
    is the baseline's first count (0 without one); `opted_out` counts references that a comment
    keeps, `files` the files that were judged.
    """

    scope: Scope
    violations: dict[Entry, Violation]
    verdicts: Verdicts
    started: int
    opted_out: int
    files: int

    @property
    def new(self) -> tuple[Violation, ...]:
        """What is new, in the order of path and entry."""
        return tuple(self.violations[entry] for entry in self.verdicts.new)


@dataclass(frozen=True, slots=True)
class OneSidedChange:
    """A change of a file that its copy at `copy` has not got. `counted` says how much of it the
    copy has, `start` and `line` where it begins (None and "" where the file was deleted)."""

    path: str
    copy: str
    counted: Counted
    start: Position | None = None
    line: str = ""


@dataclass(frozen=True, slots=True)
class CopiesEvaluation:
    """What a change does to declared copies that are both alive: `pairs` of files that it touches,
    those that it touches on one side only, and how many of these have a reason (`excused`). `notes`
    say what was not compared, and why."""

    pairs: int
    one_sided: tuple[OneSidedChange, ...]
    excused: int
    notes: tuple[str, ...] = ()
