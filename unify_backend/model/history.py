"""The history of two copies of a package since the split.

Commits are told newest first. Paths called `path` inside a tree are relative to its folder; all
others are relative to the repository.
"""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Area
from unify_backend.model.tree_diff import Pair, Side

UNCOMMITTED = ""  # the hash of what no commit has yet


@dataclass(frozen=True, slots=True)
class Point:
    """One commit of the range: `commit` its full hash, `when` its committer date (ISO 8601, UTC,
    seconds), `subject` its first line, `author` its author's name.

    `by_area` counts occurrences of the legacy name by the area of their file (areas without any
    left out), `legacy_tree`, `canonical_tree` and `outside` those in each tree and in neither.
    `kept` of all of them stay by intention: in documents that say what was, by a decision, and in
    this tool's own files.
    """

    commit: str
    when: str
    author: str
    subject: str
    by_area: tuple[tuple[Area, int], ...]
    legacy_tree: int
    canonical_tree: int
    outside: int
    files: int  # files that hold the name
    kept: int = 0

    @property
    def total(self) -> int:
        """All occurrences of the legacy name."""
        return self.legacy_tree + self.canonical_tree + self.outside

    @property
    def active(self) -> int:
        """The occurrences that do not stay by intention."""
        return self.total - self.kept


@dataclass(frozen=True, slots=True)
class Burndown:
    """The points of a range, oldest first, first parents only unless asked otherwise.

    `range` is what was asked for, in git's words; `note` is for a person: why the points begin
    where they do, where that is not the beginning of the range ("" otherwise).
    """

    legacy: tuple[str, ...]
    points: tuple[Point, ...]
    range: str = "HEAD"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as a person knows it; `date` is the author's, ISO 8601 with its zone."""

    hash: str
    date: str
    author: str
    subject: str


@dataclass(frozen=True, slots=True)
class Version:
    """The content that `path` has in a commit: `git show <commit>:<path>` prints it.

    `blob` is the content's name for `repository.blobs.Blobs`. `commit` is "" where the content
    is not committed.
    """

    commit: str
    path: str
    blob: str
    executable: bool = False


class Evidence(StrEnum):
    """MergeAction a fork point is known, or why there is none."""

    EQUAL = "equal after renaming"
    SPLIT = "the package's split"  # not equal there: the copy was edited as it was made
    LIKENESS = "most alike"  # copied and edited by one commit: what the copy is most like
    GIVEN = "given by --base"
    BOTH_ADDED = "added on both sides"
    ONE_ADDED = "added on one side"
    NO_HISTORY = "no history"


class ChangedSide(StrEnum):
    """Which side has changed since the fork point."""

    NONE = "none"
    LEGACY = "legacy"
    CANONICAL = "canonical"
    BOTH_SAME = "both-same"  # changed, and equal now
    BOTH = "both"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ForkPoint:
    """The newest content that both files come from: the base of a three-way merge.

    `base` is in the tree of `side`; None where there is no such content. The paths are the places
    of the file at that time, None where a tree did not have it. `twin` is what the other tree had
    then: the same in its own names, or edited as it was copied. `later` is a newer content of the
    same side that the other tree may have been made of as well: then it took back what that has
    more. With `older` the file's own content shows that it is older than other files' bases.
    """

    evidence: Evidence
    base: Version | None = None
    side: Side | None = None
    commit: Commit | None = None  # that `base` is from; None where that is not committed
    legacy_path: str | None = None
    canonical_path: str | None = None
    twin: Version | None = None
    likeness: float | None = None  # share of the lines in common, where that is the evidence
    later: Version | None = None
    older: bool = False

    @property
    def doubts(self) -> tuple[str, ...]:
        """What a person should know of how the base was found, where it is no equal content."""
        notes: list[str] = []
        if self.evidence is Evidence.LIKENESS and self.likeness is not None:
            notes.append(f"its base is what it is most like: {self.likeness:.0%} of the lines")
        if self.older and self.side is not None:
            or_else = ", or took it back" if self.later is not None else ""
            notes.append(f"copied before what {self.side} changed next{or_else}")
        return tuple(notes)


@dataclass(frozen=True, slots=True)
class FileEdit:
    """What one commit made of a file at `path`: the contents that its parents had (none where it is
    new), and its own, None where it deleted the file. Contents are named for
    `repository.git.stored.Blobs`; `rank` is the commit's place in the order of history."""

    rank: int
    commit: Commit
    path: str
    before: tuple[str, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class FileEdits:
    """A file's edits on both sides since the split, of each side the newest first; `path` is inside
    the trees. The other paths are those that the two trees have it at now, None where they do not;
    `base` is its content at the split."""

    path: str
    legacy_path: str | None
    canonical_path: str | None
    base: Version | None
    legacy: tuple[FileEdit, ...]
    canonical: tuple[FileEdit, ...]

    def of(self, side: Side) -> tuple[FileEdit, ...]:
        """The edits of one side."""
        return self.legacy if side is Side.LEGACY else self.canonical

    def at(self, side: Side) -> str | None:
        """Where one tree has the file now."""
        return self.legacy_path if side is Side.LEGACY else self.canonical_path


@dataclass(frozen=True, slots=True)
class SideHistory:
    """One tree's file since the fork point.

    `commits` are those whose author changed it: neither merges that only join what others did,
    nor commits that only exchange the package's names. `change` is from the base (its lines,
    definitions or keys), None where the content is that of the base.
    """

    path: str | None  # None where the tree does not have it now
    commits: tuple[Commit, ...] = ()
    uncommitted: bool = False
    change: Pair | None = None


@dataclass(frozen=True, slots=True)
class FileHistory:
    """A file of either tree, or of both. `path` is the canonical tree's where it has the file.

    `deleted_in` is the side that had it, or was to get it by the copy, and has it no more.
    `note` tells what the other fields do not, like a move inside one tree.
    """

    path: str
    fork: ForkPoint
    ahead: ChangedSide
    legacy: SideHistory
    canonical: SideHistory
    deleted_in: Side | None = None
    note: str = ""

    def of(self, side: Side) -> SideHistory:
        """The history on one side."""
        match side:
            case Side.LEGACY:
                return self.legacy
            case Side.CANONICAL:
                return self.canonical


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A place of the trees that one of them fills with a link, a submodule or a file that cannot be
    read: what either side has there in words, and the legacy side's as bytes, to know it again."""

    history: FileHistory
    legacy: str
    canonical: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Split:
    """The commit that made one tree as a copy of the other.

    `agreeing` of the `of` files that came with it, and that the original had, were equal after
    renaming: `source` holds the original, `copy` is the commit with which `copied`, the copy's
    side, came. Where no commit made an equal copy, `alike` files had most of their lines in common,
    and `likeness` is the share of the lines on average.
    """

    source: Commit
    copy: Commit
    copied: Side
    agreeing: int
    of: int
    alike: int = 0
    likeness: float | None = None

    @property
    def legacy(self) -> Commit:
        """The commit that has the legacy tree as it was at the split."""
        return self.source if self.copied is Side.CANONICAL else self.copy

    @property
    def canonical(self) -> Commit:
        """The commit that has the canonical tree as it was at the split."""
        return self.copy if self.copied is Side.CANONICAL else self.source

    @property
    def date(self) -> str:
        """When the copy was made, ISO 8601."""
        return self.copy.date


@dataclass(frozen=True, slots=True)
class Overwriting:
    """A commit that put `files` files of one tree over files of the other that had own edits."""

    commit: Commit
    files: int


@dataclass(frozen=True, slots=True)
class RemovedTree:
    """A tree that was removed as a whole, but for a rest: `gone` files that the other tree has are
    gone, `left` are there.

    `commit` took most of them (None: it is not committed); `overwriting` had made the other tree
    equal before.
    """

    side: Side
    gone: int
    left: int
    commit: Commit | None = None
    overwriting: Overwriting | None = None


@dataclass(frozen=True, slots=True)
class PackageHistory:
    """Both trees of one move, file by file, sorted by path.

    The commits are those that changed files of a tree since the split (or since the given `base`),
    each once; the copying commit is none of them. `note` says why the history is not complete.
    `taken_away` is the tree that is none any more. `edits` are those of every file that a side
    changed since the split, where they were wanted. What cannot be read is in `unread`, and not in
    `files`.
    """

    move: PackageMove
    files: tuple[FileHistory, ...]
    split: Split | None = None
    base: Commit | None = None
    legacy_commits: tuple[Commit, ...] = ()
    canonical_commits: tuple[Commit, ...] = ()
    note: str = ""
    taken_away: RemovedTree | None = None
    edits: tuple[FileEdits, ...] = ()
    unread: tuple[UnreadFile, ...] = ()

    def of(self, *ahead: ChangedSide) -> tuple[FileHistory, ...]:
        """The files of which this can be said."""
        return tuple(file for file in self.files if file.ahead in ahead)

    def totals(self) -> dict[ChangedSide, int]:
        """Files by who is ahead; every answer is named."""
        counted = Counter(file.ahead for file in self.files)
        return {ahead: counted[ahead] for ahead in ChangedSide}

    @property
    def living(self) -> Side | None:
        """The tree that people kept working on: more commits and no fewer files, or the reverse.

        None where the two numbers contradict each other or are equal.
        """
        totals = self.totals()
        commits = len(self.canonical_commits) - len(self.legacy_commits)
        files = totals[ChangedSide.CANONICAL] - totals[ChangedSide.LEGACY]
        if commits >= 0 and files >= 0 and (commits or files):
            return Side.CANONICAL
        if commits <= 0 and files <= 0 and (commits or files):
            return Side.LEGACY
        return None
