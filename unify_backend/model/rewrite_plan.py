"""The plan of `rewrite`: the outcome for each file."""

from dataclasses import dataclass

from unify_backend.model.changes import ChangeSet
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Finding, Reference


@dataclass(frozen=True, slots=True)
class RewrittenFile:
    """A file whose new content was checked. `before` and `after` are its bytes."""

    path: str
    before: bytes
    after: bytes
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that stays as it is, because the result could not be shown to be right."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unparsed:
    """A Python file that keeps the old name in `references` places, because the interpreter that
    runs us cannot parse it; `cure` says which one could, and what to do."""

    path: str
    problem: str
    references: int
    cure: str


FileOutcome = RewrittenFile | RefusedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftovers:
    """What keeps the old name: references that need review or that keep it on purpose, files that
    were refused, and files that could not be parsed."""

    review: tuple[Reference, ...] = ()
    kept: tuple[Reference, ...] = ()
    refused: tuple[RefusedFile, ...] = ()
    unparsed: tuple[Unparsed, ...] = ()

    @property
    def partly_failed(self) -> bool:
        """Whether a file keeps the old name although nothing says that it should."""
        return bool(self.refused or self.unparsed)


@dataclass(frozen=True, slots=True, kw_only=True)
class RewritePlan(Leftovers):
    """All that `rewrite` would do, and all that it leaves, with the reasons."""

    rewritten: tuple[RewrittenFile, ...]
    merge_first: tuple[Reference, ...]  # inside a legacy tree that `merge` will take care of
    findings: tuple[Finding, ...]
    changes: ChangeSet

    @property
    def edits(self) -> int:
        """How many places change."""
        return sum(len(file.references) for file in self.rewritten)


@dataclass(frozen=True, slots=True)
class UndoResult:
    """A change set that `undo` took back, or would. `kept` is where a person's own versions went
    that --force replaced, or ""."""

    title: str
    paths: tuple[str, ...]
    dry_run: bool
    kept: str = ""


@dataclass(frozen=True, slots=True)
class InitResult:
    """What `init` wrote (or would): `moves` are active, `others` candidates left as comments;
    `before` are the packages that were configured until now."""

    path: str
    moves: tuple[PackageMove, ...]
    others: tuple[PackageMove, ...]
    origin: str  # where the names came from, for a person
    text: str
    dry_run: bool
    before: tuple[PackageMove, ...] = ()

    @property
    def gone(self) -> tuple[PackageMove, ...]:
        """The packages that were configured, and are no longer: under other names or paths."""
        return tuple(move for move in self.before if move not in self.moves)
