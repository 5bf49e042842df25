"""`unify-backend/diff/1`."""

from collections.abc import Sequence

from msgspec import field

from unify_backend.model.history import ChangedSide, Commit, FileHistory, PackageHistory
from unify_backend.model.ledger import Ledger
from unify_backend.model.references import Finding
from unify_backend.model.tree_diff import (
    Collision,
    DefinitionChange,
    KeyChange,
    PackageDiff,
    Pair,
    PairClass,
    TreeDiff,
)
from unify_backend.reporting.json.common import (
    CopyEntry,
    Count,
    Document,
    Entry,
    copy_entries,
    keys_of,
)
from unify_backend.reporting.json.ledger import LedgerEntries, ledger_entries
from unify_backend.reporting.json.merge import (
    ForkEntry,
    HistoryEntry,
    fork_entry,
    history_entry,
)


class PairEntry(Entry, frozen=True):
    """One file that both trees have."""

    path: str
    cls: PairClass = field(name="class")
    added: Count  # lines that only the canonical file has
    removed: Count
    fork: ForkEntry | None
    ahead: ChangedSide
    legacy_commits: tuple[Commit, ...]
    canonical_commits: tuple[Commit, ...]
    definitions: tuple[DefinitionChange, ...]
    keys: tuple[KeyChange, ...]
    note: str


class PackageEntry(HistoryEntry, frozen=True):
    """The two trees of one move."""

    only_legacy: tuple[str, ...]
    only_canonical: tuple[str, ...]
    pairs: tuple[PairEntry, ...]
    ledger: LedgerEntries | None  # with --commits


class DiffDocument(Document, frozen=True, tag="unify-backend/diff/1"):
    """Two trees side by side"""

    packages: tuple[PackageEntry, ...]
    undeclared_pairs: tuple[CopyEntry, ...]
    collisions: tuple[Collision, ...]  # different files that several packages bring to one path
    findings: tuple[Finding, ...]
    totals: dict[str, Count]  # pairs by class, and files that one tree has


def diff_document(
    diff: TreeDiff,
    histories: Sequence[PackageHistory],
    only: str | None = None,
    ledgers: Sequence[Ledger] = (),
) -> DiffDocument:
    """The trees side by side. `only` limits the pairs to one path, inside the trees or in the
    repository; `ledgers` are in the order of the packages, or there are none."""
    each: Sequence[Ledger | None] = ledgers or [None] * len(histories)
    return DiffDocument(
        packages=tuple(
            _package(package, history, only, ledger)
            for package, history, ledger in zip(diff.packages, histories, each, strict=True)
        ),
        undeclared_pairs=copy_entries(diff.undeclared),
        collisions=diff.collisions,
        findings=diff.findings,
        totals=diff.totals(),
    )


def _package(
    package: PackageDiff, history: PackageHistory, only: str | None, ledger: Ledger | None
) -> PackageEntry:
    traced = {file.path: file for file in history.files}
    move = package.move
    wanted = {
        only,
        (only or "").removeprefix(f"{move.legacy_path}/"),
        (only or "").removeprefix(f"{move.canonical_path}/"),
    }
    return PackageEntry(
        **keys_of(history_entry(move, history)),
        only_legacy=package.only_legacy,
        only_canonical=package.only_canonical,
        pairs=tuple(
            _pair(pair, traced.get(pair.path))
            for pair in package.pairs
            if only is None or pair.path in wanted
        ),
        ledger=ledger_entries(ledger) if ledger is not None else None,
    )


def _pair(pair: Pair, history: FileHistory | None) -> PairEntry:
    same = pair.cls in {PairClass.IDENTICAL, PairClass.RENAMED}
    unknown = ChangedSide.NONE if same else ChangedSide.UNKNOWN
    return PairEntry(
        path=pair.path,
        cls=pair.cls,
        added=pair.added,
        removed=pair.removed,
        fork=fork_entry(history) if history else None,
        ahead=history.ahead if history else unknown,
        legacy_commits=history.legacy.commits if history else (),
        canonical_commits=history.canonical.commits if history else (),
        definitions=pair.definitions,
        keys=pair.keys,
        note=pair.note,
    )
