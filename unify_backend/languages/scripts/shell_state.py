"""What a script has set so far: its folder and what leads back, variables, whether it has ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Generic, Protocol, Self, TypeVar

F = TypeVar("F")


class Flow(Enum):
    """Whether what follows in the text still runs."""

    RUNS = auto()
    RETURNED = auto()  # out of a function or a loop
    EXITED = auto()


class Lookup(Protocol):
    """What a dialect asks when it puts values in for variables."""

    @property
    def place(self) -> str:
        """The working folder as the script sees it."""
        ...

    @property
    def own_folder(self) -> str:
        """The folder of the script, as it sees that."""
        ...

    @property
    def own_path(self) -> str:
        """The script itself, as it sees that."""
        ...

    def value(self, name: str) -> str | None:
        """A variable's value, None where nobody set it."""
        ...

    def value_of_any_case(self, name: str) -> str | None:
        """The same where letter case does not matter."""
        ...

    def place_of(self, path: str) -> str:
        """The folder `path`, as a script in it would see it."""
        ...


@dataclass(frozen=True, slots=True)
class ShellState(Generic[F]):
    """The state of one shell; `F` is what is known of a folder, and of a variable's value."""

    folder: F
    variables: Mapping[str, F] = field(default_factory=dict, kw_only=True)
    env: Mapping[str, F] = field(default_factory=dict, kw_only=True)
    stack: tuple[F, ...] = field(default=(), kw_only=True)
    left: F | None = field(default=None, kw_only=True)  # where `cd -` leads back to
    saved: tuple[F, ...] = field(default=(), kw_only=True)  # by batch's `setlocal`
    flow: Flow = field(default=Flow.RUNS, kw_only=True)

    def went(self, folder: F) -> Self:
        """After a change of folder."""
        return replace(self, folder=folder, left=self.folder)

    def restored(self, before: ShellState[F]) -> Self:
        """This state in the folder of `before`, and with its way back."""
        return replace(self, folder=before.folder, left=before.left, stack=before.stack)


def running(ways: Sequence[ShellState[F]]) -> list[int]:
    """The numbers of those states in which what follows still runs; all where none does."""
    left = [n for n, one in enumerate(ways) if one.flow is Flow.RUNS]
    return left or list(range(len(ways)))
