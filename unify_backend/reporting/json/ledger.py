"""The ledger, as `diff` and `report` show it."""

from unify_backend.model.history import Commit
from unify_backend.model.ledger import Counted, Ledger, LedgerEntry, LedgerFile, Whereabouts
from unify_backend.model.tree_diff import Side
from unify_backend.reporting.json.common import Count, Entry


class CountedEntry(Entry, frozen=True):
    """A change counted in parts: statements, comments, lines."""

    place: Whereabouts
    parts: Count  # 0: it changed layout or names only
    here: Count  # those that its own copy has now
    there: Count  # those that the other copy has


class LedgerFileEntry(CountedEntry, frozen=True):
    """What a commit changed in one file."""

    path: str  # inside the trees


class LedgerCommitEntry(CountedEntry, frozen=True):
    """A commit of one side, and where its change is."""

    side: Side
    commit: Commit
    files: tuple[LedgerFileEntry, ...]
    gone_with: Commit | None  # the later commit that left nothing of it


class LedgerEntries(Entry, frozen=True):
    """The commits of both sides since the split."""

    totals: dict[Whereabouts, Count]
    commits: tuple[LedgerCommitEntry, ...]
    note: str


def ledger_entries(ledger: Ledger) -> LedgerEntries:
    """A ledger under the keys of all contracts."""
    return LedgerEntries(ledger.totals(), tuple(map(_commit, ledger.entries)), ledger.note)


def _commit(entry: LedgerEntry) -> LedgerCommitEntry:
    counted = entry.counted
    return LedgerCommitEntry(
        place=counted.place,
        parts=counted.parts,
        here=counted.here,
        there=counted.there,
        side=entry.side,
        commit=entry.commit,
        files=tuple(map(_file, entry.files)),
        gone_with=entry.gone_with,
    )


def _file(file: LedgerFile) -> LedgerFileEntry:
    counted: Counted = file.counted
    return LedgerFileEntry(
        path=file.path,
        place=counted.place,
        parts=counted.parts,
        here=counted.here,
        there=counted.there,
    )
