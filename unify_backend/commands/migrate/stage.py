"""What a stage is given, and what it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from unify_backend.model.merge_plan import Prefer
from unify_backend.model.migration import Outcome
from unify_backend.model.settings import Settings
from unify_backend.model.verify_settings import Interpreter
from unify_backend.repository.files import Repository
from unify_backend.repository.snapshot import Snapshot

Told = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks of a migration: the side that settles conflicts, the interpreter that has
    the application's dependencies, whether it is started at all, the state to compare it with
    (None: the one from before the first change), a commit per stage, and the day to write.
    `interpreter` is the one chosen already, where a copy is migrated that has no environment."""

    day: str
    prefer: Prefer | None = None
    python: str | None = None
    verify: bool = True
    before: str | None = None
    commit: bool = False
    allow_dirty: bool = False
    jobs: int = 0
    interpreter: Interpreter | None = None


@dataclass(frozen=True, slots=True)
class World:
    """A repository under migration; each stage sees it as the one before left it."""

    repository: Repository
    settings: Settings
    wish: Wish
    tell: Told

    def contents(self) -> Snapshot:
        """The work tree as it is now."""
        return Snapshot(self.repository)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: the command that does it alone, the phase of the task that it belongs to, what it
    is for, why a commit of it is made ("" for one that writes nothing), and what it does."""

    name: str
    phase: str
    title: str
    why: str
    run: Callable[[World], Outcome]


def counted(number: int, singular: str, plural: str = "") -> str:
    """`1 file` or `3 files`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
