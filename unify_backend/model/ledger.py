"""The ledger of two copies: what became of each commit that changed one of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from unify_backend.model.history import Commit
from unify_backend.model.package_move import PackageMove
from unify_backend.model.tree_diff import Side


class Whereabouts(StrEnum):
    """Where a change is now."""

    HERE = "here"  # only in the copy that it was made in
    THERE = "there"  # in the other copy, too
    PARTLY = "partly"  # a part of it is in the other copy
    MISSING = "missing"  # in neither copy: it was replaced, undone or overwritten


@dataclass(frozen=True, slots=True)
class Counted:
    """The parts of a change (statements, comments, lines, entries; layout, order and the package's
    names left out), those of them that its own copy has now, and those that the other copy has.

    `either` are those that at least one of the two has. A change without parts touched layout or
    names only.
    """

    parts: int = 0
    here: int = 0
    there: int = 0
    either: int = 0

    @property
    def place(self) -> Whereabouts:
        """Where the change is, as far as it is anywhere."""
        if self.parts and not self.either:
            return Whereabouts.MISSING
        if self.there == self.either:
            return Whereabouts.THERE
        return Whereabouts.PARTLY if self.there else Whereabouts.HERE


def total(counts: Sequence[Counted]) -> Counted:
    """All of them together."""
    return Counted(
        sum(count.parts for count in counts),
        sum(count.here for count in counts),
        sum(count.there for count in counts),
        sum(count.either for count in counts),
    )


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """What a commit changed in one file; `path` is relative to the tree's folder."""

    path: str
    counted: Counted


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A commit of one side since the split. `gone_with` is the later commit of the same side after
    which no part of it was left there, where it is missing and that commit is known."""

    side: Side
    commit: Commit
    files: tuple[LedgerFile, ...]
    gone_with: Commit | None = None

    @property
    def counted(self) -> Counted:
        """All its files together."""
        return total([file.counted for file in self.files])

    @property
    def place(self) -> Whereabouts:
        """Where its change is."""
        return self.counted.place


@dataclass(frozen=True, slots=True)
class Ledger:
    """The commits of both sides of a move, those of legacy first, of each side the newest first.
    `note` says why the ledger is not complete."""

    move: PackageMove
    entries: tuple[LedgerEntry, ...]
    note: str = ""

    def of(self, side: Side) -> tuple[LedgerEntry, ...]:
        """The commits of one side."""
        return tuple(entry for entry in self.entries if entry.side is side)

    def takers(self) -> tuple[tuple[Commit, int], ...]:
        """The commits after which nothing of several others was left, the worst first."""
        counted = Counter(entry.gone_with for entry in self.entries if entry.gone_with is not None)
        return tuple(taker for taker in counted.most_common() if taker[1] > 1)

    def totals(self) -> dict[Whereabouts, int]:
        """Commits by where their change is; every answer is named."""
        counted = Counter(entry.place for entry in self.entries)
        return {place: counted[place] for place in Whereabouts}
