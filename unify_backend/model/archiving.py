"""The request to `archive`, and its plan."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from unify_backend.model.changes import ChangeSet
from unify_backend.model.references import Reference
from unify_backend.model.rewrite_plan import RefusedFile, RewrittenFile

INDEX = "INDEX.md"


@dataclass(frozen=True, slots=True)
class ArchiveRequest:
    """The `paths` (POSIX, in the repository; "" is the repository itself) that move to the folder
    `to`, and why. `name` is what a single path is called there; else it keeps its whole path below
    `to`. With `force` what is still used is moved all the same."""

    paths: tuple[str, ...]
    to: str
    reason: str
    day: date
    name: str | None = None
    force: bool = False

    @property
    def index(self) -> str:
        """The path of the index file."""
        return f"{self.to}/{INDEX}"


@dataclass(frozen=True, slots=True)
class Moved:
    """One path that is archived: its tracked `files`, and whether it is one file itself."""

    path: str
    target: str
    files: tuple[str, ...]
    is_file: bool

    def place_of(self, file: str) -> str:
        """Where a file of it lies afterwards."""
        return self.target + file[len(self.path) :]


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of an index: what was moved before, and where it is. Paths without a final slash."""

    day: str
    path: str
    target: str
    index: str


@dataclass(frozen=True, slots=True)
class ArchiveDependency:
    """A place that depends on what is archived, or that what is archived depends on."""

    path: str
    line: int
    column: int
    text: str
    reason: str


class Topic(StrEnum):
    """What a piece of advice is about."""

    LEFT_BEHIND = "left behind"
    TESTS = "pytest"
    PACKAGING = "packaging"
    DOCKER = "docker"
    NAMES = "inventory"


@dataclass(frozen=True, slots=True)
class Advice:
    """Something around the archive that a person should look at: `path` is the file to edit."""

    topic: Topic
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class ArchivePlan:
    """What `archive` would do, and all that it leaves.

    `uses` is what would break: without `force` it is refused for them. `left` names what moves, or
    may, in a way that is not rewritten; `history` counts those in documents that say what was.
    `outward` is what the archived files use of the rest, and stays as it is. `index_made` is
    whether the index is new.
    """

    wish: ArchiveRequest
    moved: tuple[Moved, ...]
    gone: tuple[Entry, ...]
    uses: tuple[ArchiveDependency, ...]
    rewritten: tuple[RewrittenFile, ...]
    refused: tuple[RefusedFile, ...]
    left: tuple[Reference, ...]
    history: int
    outward: tuple[ArchiveDependency, ...]
    advice: tuple[Advice, ...]
    index_made: bool
    changes: ChangeSet

    @property
    def blocked(self) -> bool:
        """Whether it is refused as it stands."""
        return bool(self.uses) and not self.wish.force

    @property
    def edits(self) -> int:
        """How many places are rewritten."""
        return sum(len(file.references) for file in self.rewritten)
