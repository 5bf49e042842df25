"""The offences that `check` finds, and their comparison with the baseline."""

from dataclasses import dataclass
from enum import StrEnum

from unify_backend.model.baseline import Entry, Verdicts
from unify_backend.model.hidden import HiddenUse
from unify_backend.model.references import Finding, Reference


@dataclass(frozen=True, slots=True)
class Named:
    """The legacy name, spelled out. `waits` is where the file goes with the merge: its canonical
    path; "" for a file that `rewrite` takes care of."""

    reference: Reference
    waits: str = ""


@dataclass(frozen=True, slots=True)
class Meant:
    """The legacy package used without its name."""

    use: HiddenUse


@dataclass(frozen=True, slots=True)
class Grown:
    """A file in the legacy tree that is no part of the forwarding package."""

    path: str
    legacy_path: str
    canonical: str  # where it belongs


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be understood, so that nobody knows what it names."""

    finding: Finding


Offence = Named | Meant | Grown | Unread


class Scope(StrEnum):
    """Which files were judged."""

    WHOLE = "every tracked file"
    FILES = "the files that were named"
    CHANGED = "what the change touches"


@dataclass(frozen=True, slots=True)
class Judged:
    """The offences of a state, compared with the baseline.

    `offences` are all that were found, by entry; `verdicts` say which of them are new; `started`
    is the baseline's first count (0 without one); `opted_out` counts references that a comment
    keeps, `files` the files that were judged.
    """

    scope: Scope
    offences: dict[Entry, Offence]
    verdicts: Verdicts
    started: int
    opted_out: int
    files: int

    @property
    def new(self) -> tuple[Offence, ...]:
        """What is new, in the order of path and entry."""
        return tuple(self.offences[entry] for entry in self.verdicts.new)
