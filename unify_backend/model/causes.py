"""Why something failed, and what fails for the same reason."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line (from 1) of a file, relative to the folder of the state."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class MissingDependency:
    """`module` (its first name) cannot be found. `distribution` is the package to install where
    that is known; `declared` is where a requirement file asks for it (None: nowhere); `inside` is
    a folder of the repository that holds it, where it is merely not on the path."""

    module: str
    distribution: str | None = None
    declared: Place | None = None
    inside: str | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something failed: the exception, and the innermost line of the package that led to it
    (None where none did, as with a missing module that was asked for directly)."""

    error: str  # the exception's class name
    message: str
    place: Place | None = None
    missing: MissingDependency | None = None

    def __str__(self) -> str:
        """In one line, for people."""
        told = self.message.splitlines()[0] if self.message.strip() else self.error
        return f"{told} ({self.place})" if self.place else told


@dataclass(frozen=True, slots=True)
class CauseGroup:
    """Modules that fail for one reason."""

    cause: Cause
    modules: tuple[str, ...]


def grouped(failures: Iterable[tuple[str, Cause | None]]) -> tuple[CauseGroup, ...]:
    """Names that fail for one reason together, the largest group first."""
    found: dict[Cause, list[str]] = {}
    for name, cause in failures:
        if cause is not None:
            found.setdefault(cause, []).append(name)
    ordered = sorted(found.items(), key=lambda one: (-len(one[1]), str(one[0])))
    return tuple(CauseGroup(cause, tuple(names)) for cause, names in ordered)
