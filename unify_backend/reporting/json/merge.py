"""`unify-backend/merge/1`, and the parts of history that `diff` and `report` show as well."""

from unify_backend.model.checks import DepthUse, RepairedPath, Unresolved
from unify_backend.model.history import ChangedSide, Commit, Evidence, FileHistory, PackageHistory
from unify_backend.model.merge_plan import MergeAction, MergedFile, MergePlan, PackageMerge
from unify_backend.model.package_move import PackageMove
from unify_backend.model.tree_diff import Side
from unify_backend.reporting.json.common import (
    Count,
    Document,
    Entry,
    LeftEntry,
    Line,
    MoveEntry,
    RenamedFile,
    entries,
    keys_of,
    left_entry,
    move_entry,
)


class ForkEntry(Entry, frozen=True):
    """The version that both files come from."""

    commit: str
    path: str
    evidence: Evidence


class SplitEntry(Entry, frozen=True):
    """The commit that made one tree as a copy of the other."""

    source: str
    copy: str
    date: str
    agreeing: Count  # files that were equal then
    of: Count
    copied: Side


class HistoryEntry(MoveEntry, frozen=True):
    """A move with the history of its trees since they split."""

    split: SplitEntry | None
    base: str | None
    living: Side | None  # the tree under active development
    ahead: dict[ChangedSide, Count]
    legacy_commits: tuple[Commit, ...]
    canonical_commits: tuple[Commit, ...]
    note: str


class PackageEntry(HistoryEntry, frozen=True):
    """A move with its files counted by what happens to them."""

    totals: dict[MergeAction, Count]


class FileEntry(Entry, frozen=True):
    """One file of the merge."""

    path: str
    origin: str | None  # its path in the legacy tree
    how: MergeAction
    fork: ForkEntry | None
    commits: tuple[Commit, ...]  # of the legacy side
    canonical_commits: tuple[Commit, ...]
    notes: tuple[str, ...]
    formatter: str  # what formatted the common ancestor before the merge, or ""


class HunkEntry(Entry, frozen=True):
    """A place of the merged file that needs a decision, markers included."""

    start_line: Line
    end_line: Line
    why: str


class ConflictEntry(Entry, frozen=True):
    """A file with conflicts."""

    path: str
    hunks: tuple[HunkEntry, ...]
    notes: tuple[str, ...]


class DefinedTwiceEntry(Entry, frozen=True):
    """A name that one scope binds more than once."""

    path: str
    name: str
    lines: tuple[Line, ...]


class DepthEntry(Entry, frozen=True):
    """An expression whose meaning depends on where its file lies."""

    path: str
    line: Line
    text: str
    was: str | None
    now: str | None
    replacement: str | None


class MigrationsEntry(Entry, frozen=True):
    """A folder of Alembic migrations."""

    folder: str
    revisions: Count
    heads: tuple[str, ...]


class ChecksEntry(Entry, frozen=True):
    """What is wrong with one merged tree."""

    unparsable: tuple[str, ...]
    defined_twice: tuple[DefinedTwiceEntry, ...]
    worse_imports: tuple[Unresolved, ...]
    depth: tuple[DepthEntry, ...]
    alembic_before: tuple[MigrationsEntry, ...]
    alembic_after: tuple[MigrationsEntry, ...]


class MergeDocument(Document, frozen=True, tag="unify-backend/merge/1"):
    """What merge did or would do, file by file"""

    dry_run: bool
    packages: tuple[PackageEntry, ...]
    files: tuple[FileEntry, ...]
    conflicts: tuple[ConflictEntry, ...]
    lost_definitions: tuple[str, ...]
    lost_lines: tuple[str, ...]
    checks: tuple[ChecksEntry, ...]
    along: tuple[RenamedFile, ...]  # files that move with their folder
    rewritten: Count
    left: LeftEntry
    formatting: tuple[str, ...]  # why a formatter of the repository was not used


def merge_document(plan: MergePlan, dry_run: bool) -> MergeDocument:
    """The plan, or what was done."""
    packages = plan.packages
    return MergeDocument(
        dry_run=dry_run,
        packages=tuple(
            PackageEntry(
                **keys_of(history_entry(package.move, package.history)), totals=package.totals
            )
            for package in packages
        ),
        files=tuple(_file(file) for package in packages for file in package.files),
        conflicts=entries(ConflictEntry, plan.conflicts),
        lost_definitions=tuple(
            name for package in packages for name in package.checks.lost_definitions
        ),
        lost_lines=tuple(line for package in packages for line in package.checks.lost_lines),
        checks=tuple(map(_checks, packages)),
        along=tuple(RenamedFile(old, new) for old, new in plan.along),
        rewritten=plan.rewritten,
        left=left_entry(plan.left),
        formatting=plan.formatting,
    )


def history_entry(move: PackageMove, history: PackageHistory) -> HistoryEntry:
    """Where the trees split, and how many commits each side has had since."""
    split = history.split
    return HistoryEntry(
        **keys_of(move_entry(move)),
        split=None
        if split is None
        else SplitEntry(
            split.source.hash,
            split.copy.hash,
            split.date,
            split.agreeing,
            split.of,
            split.copied,
        ),
        base=history.base.hash if history.base else None,
        living=history.living,
        ahead=history.totals(),
        legacy_commits=history.legacy_commits,
        canonical_commits=history.canonical_commits,
        note=history.note,
    )


def fork_entry(history: FileHistory) -> ForkEntry | None:
    """The version that both files come from, where one is known."""
    base = history.fork.base
    return ForkEntry(base.commit, base.path, history.fork.evidence) if base else None


def _file(file: MergedFile) -> FileEntry:
    return FileEntry(
        path=file.path,
        origin=file.origin,
        how=file.how,
        fork=fork_entry(file.history),
        commits=file.history.legacy.commits,
        canonical_commits=file.history.canonical.commits,
        notes=file.notes,
        formatter=file.formatter,
    )


def _checks(package: PackageMerge) -> ChecksEntry:
    checks = package.checks
    return ChecksEntry(
        unparsable=checks.unparsable,
        defined_twice=tuple(
            DefinedTwiceEntry(path, twice.name, twice.lines) for path, twice in checks.defined_twice
        ),
        worse_imports=checks.worse_imports,
        depth=tuple(map(_depth, checks.depth)),
        alembic_before=entries(MigrationsEntry, checks.migrations_before),
        alembic_after=entries(MigrationsEntry, checks.migrations_after),
    )


def _depth(use: DepthUse) -> DepthEntry:
    replacement = use.answer.replacement if isinstance(use.answer, RepairedPath) else None
    return DepthEntry(use.path, use.line, use.text, use.was, use.now, replacement)
