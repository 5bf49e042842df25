"""The result of a migration: the outcome of each stage, and where it stopped."""

from dataclasses import dataclass

from unify_backend.model.package_move import PackageMove


@dataclass(frozen=True, slots=True)
class Applied:
    """The stage did something; `wrote` are the paths it changed, `commit` the hash of the commit
    that holds them, or ""."""

    facts: tuple[str, ...]
    wrote: tuple[str, ...] = ()
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Nothing was left to do."""

    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """The stage was not carried out, because nobody asked for it or nothing is configured."""

    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Blocked:
    """The gate does not hold: `fact` and `reason` say why, `step` what to do before going on.
    `wrote` is what was written all the same, like a file with conflict markers."""

    facts: tuple[str, ...]
    fact: str
    reason: str
    step: str
    places: tuple[str, ...] = ()
    wrote: tuple[str, ...] = ()


Outcome = Applied | Unchanged | Skipped | Blocked


@dataclass(frozen=True, slots=True)
class StageResult:
    """One stage: its name, what it is for, and what came of it."""

    name: str
    phase: str
    title: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Migration:
    """The stages that were reached, in order; `rehearsed` when it was a dry run on a copy."""

    moves: tuple[PackageMove, ...]
    results: tuple[StageResult, ...]
    stages: int  # how many there are in all
    rehearsed: bool = False

    @property
    def stopped(self) -> Blocked | None:
        """Why it ended early, or None where it went through."""
        last = self.results[-1].outcome if self.results else None
        return last if isinstance(last, Blocked) else None
