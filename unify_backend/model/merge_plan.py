"""The plan of `merge` for each file, and the results of its checks."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from unify_backend.model.changes import ChangeSet
from unify_backend.model.checks import Claim, DefinedTwice, DepthUse, Migrations, Unresolved
from unify_backend.model.hidden import HiddenUse
from unify_backend.model.history import FileHistory, PackageHistory
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Reference
from unify_backend.model.rewrite_plan import Leftovers
from unify_backend.model.shims import Advice


class MergeAction(StrEnum):
    """What happens to one file."""

    UNCHANGED = "unchanged"  # the same on both sides since the fork
    TOOK_LEGACY = "took-legacy"  # only the legacy side changed it
    KEPT_CANONICAL = "kept-canonical"  # only the canonical side changed it, or has it
    BOTH_ALIKE = "both-alike"  # both made the same change
    MERGED = "merged"  # both changed it, in different lines
    MERGED_STRUCTURALLY = "merged-structurally"  # both changed it, in different definitions or keys
    MOVED = "moved"  # only the legacy tree has it
    STAYS_DELETED = "stays-deleted"  # one side deleted it, the other left it alone
    CONFLICT = "conflict"  # needs review
    SETTLED = "settled"  # a person decided, in an earlier run


class Prefer(StrEnum):
    """The side that settles what would be left as a conflict."""

    CANONICAL = "canonical"
    LEGACY = "legacy"


@dataclass(frozen=True, slots=True)
class Hunk:
    """A place that a person must decide.

    `start_line` and `end_line` are 1-based and inclusive, in the merged text, markers included.
    `ours` is the canonical side, `theirs` the legacy side; line ends are the merged text's own.
    """

    start_line: int
    end_line: int
    ours: str
    base: str
    theirs: str
    why: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged text of one file. `hunks` is empty unless `how` says conflict; `notes` are facts
    that a person should know although nothing is in doubt."""

    text: str
    how: MergeAction
    hunks: tuple[Hunk, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """The legacy content that a canonical file has been merged with already, and that is settled.

    `digest` is the content's (empty: the legacy tree had no such file), `legacy` the content
    itself, None where it is not kept any more. `kept` is whether the canonical file stayed as it
    was before the merge, `before` the digest of what it was (empty: not known).
    """

    digest: str
    legacy: bytes | None
    kept: bool = False
    before: str = ""


@dataclass(frozen=True, slots=True)
class Recalled:
    """An earlier merge: what both sides were before it. One that is not `proved` by a commit is
    concluded from what canonical has."""

    legacy: bytes
    canonical: bytes
    proved: bool = True


@dataclass(frozen=True, slots=True)
class MergedFile:
    """One file of the merge. `path` is in the canonical tree, `origin` in the legacy one (None:
    it is not there), both relative to the repository; `before` and `after` are the canonical
    file's bytes (None: it is not there). `preferred` is whether --prefer had to settle it: then a
    side's work is left out on purpose. `settled` is the legacy content, in the canonical names,
    that was merged and settled before: the base of this merge in place of the fork point.
    `unread` is whether a side has something there that is no regular file, and nothing is written.
    `markers` is whether the result holds conflict markers; a conflict without them is one of files
    that are no text, or that one side deleted. `formatted` is the base in the canonical names as
    `formatter` (`black 24.1.0`) leaves it, where the file was merged from that. Of several packages
    that become one, `within` is the legacy file that holds all that this one does and goes to
    `path` in its place, and `collides` are those that go there as well and say something else."""

    path: str
    origin: str | None
    how: MergeAction
    history: FileHistory
    before: bytes | None
    after: bytes | None
    executable: bool
    legacy: bytes | None = None  # the legacy file's bytes, as they are
    hunks: tuple[Hunk, ...] = ()
    notes: tuple[str, ...] = ()
    preferred: bool = False
    settled: bytes | None = None
    markers: bool = False
    formatted: bytes | None = None
    formatter: str = ""
    within: str | None = None
    collides: tuple[str, ...] = ()
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Checks:
    """What was looked at in the result; all of it empty where nothing is wrong."""

    lost_definitions: tuple[str, ...] = ()  # `path: name`, of either side, in no conflict
    lost_lines: tuple[str, ...] = ()  # `path: line`, too
    unparsable: tuple[str, ...] = ()  # `path: problem`, new with the merge
    defined_twice: tuple[tuple[str, DefinedTwice], ...] = ()
    worse_imports: tuple[Unresolved, ...] = ()
    depth: tuple[DepthUse, ...] = ()
    migrations_before: tuple[Migrations, ...] = ()
    migrations_after: tuple[Migrations, ...] = ()
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class PackageMerge:
    """One move's trees, merged."""

    move: PackageMove
    history: PackageHistory
    files: tuple[MergedFile, ...]
    checks: Checks = Checks()

    @property
    def totals(self) -> dict[MergeAction, int]:
        """Files by what happens to them; every answer is named."""
        counted = Counter(file.how for file in self.files)
        return {how: counted[how] for how in MergeAction}

    @property
    def conflicts(self) -> tuple[MergedFile, ...]:
        """The files that a person has to decide."""
        return tuple(file for file in self.files if file.how is MergeAction.CONFLICT)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBehind(Leftovers):
    """What a plain move leaves, besides: uses that do not spell the name, and what the build must
    be told. Paths are those after the move; `places` are the references that were rewritten,
    `overtaken` those of `review` whose name is that of another package from now on. `words` are the
    places of the spellings that `also` renames, as they were before."""

    places: tuple[Reference, ...] = ()
    indirect: tuple[HiddenUse, ...] = ()
    advice: tuple[Advice, ...] = ()
    overtaken: tuple[Reference, ...] = ()
    words: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class MergePlan:
    """All moves merged, the folders that go along, and the change set that writes it.

    `rewritten` are places outside the trees that a plain move takes along, `along` the files that
    move with their folder, as (old, new) paths. `plain` are the moves that had no canonical tree,
    `left` what they leave. `formatting` says why a formatter that the repository is configured for
    was not used.
    """

    packages: tuple[PackageMerge, ...]
    along: tuple[tuple[str, str], ...]
    rewritten: int
    changes: ChangeSet
    plain: tuple[PackageMove, ...] = ()
    left: LeftBehind = LeftBehind()
    formatting: tuple[str, ...] = ()

    @property
    def conflicts(self) -> tuple[MergedFile, ...]:
        """All files that a person has to decide."""
        return tuple(file for package in self.packages for file in package.conflicts)


@dataclass(frozen=True, slots=True)
class RenamePlan:
    """What `rename` would do: the packages move, and what names them follows."""

    moves: tuple[PackageMove, ...]
    merge: MergePlan

    def files(self, move: PackageMove) -> int:
        """How many files of that package move."""
        return sum(
            file.how is MergeAction.MOVED
            for package in self.merge.packages
            if package.move == move
            for file in package.files
        )

    @property
    def partly_failed(self) -> bool:
        """Whether a file keeps the old name although its references are certain."""
        return self.merge.left.partly_failed
