"""Results of the checks of a merge, which are made before anything is written."""

from dataclasses import dataclass
from enum import StrEnum

from unify_backend.model.spans import Span

OUTSIDE = "(outside the repository)"


class DepthKind(StrEnum):
    """How a file says where something lies, seen from itself."""

    FILE = "__file__"
    IMPORT_PATH = "sys.path"  # the same, put on Python's search path
    MODULE = "module:attribute"  # a sibling module, named without its package
    SCRIPT = "script's folder"
    SETTING = "setting"


@dataclass(frozen=True, slots=True)
class UnchangedPath:
    """It means the same from the new place."""


@dataclass(frozen=True, slots=True)
class DependentPath:
    """It is right as soon as the expression on `line`, which it builds on, is repaired."""

    line: int


@dataclass(frozen=True, slots=True)
class RepairedPath:
    """`replacement` for the whole span, shown to lead where the old text led."""

    replacement: str


@dataclass(frozen=True, slots=True)
class Review:
    """A person has to decide; `reason` says why it could not be shown."""

    reason: str


DepthAnswer = UnchangedPath | DependentPath | RepairedPath | Review


@dataclass(frozen=True, slots=True)
class DepthUse:
    """One expression whose meaning depends on where its file lies.

    `was` and `now` are the folders (for `MODULE`: the file) it leads to from the old and from the
    new place, relative to the repository: "." is its top, `OUTSIDE` leaves it, None is not known.
    """

    path: str  # the new one
    span: Span
    line: int
    text: str
    kind: DepthKind
    was: str | None
    now: str | None
    answer: DepthAnswer

    @property
    def changes(self) -> bool:
        """Whether it needs attention: left as it is, it would mean something else."""
        return not isinstance(self.answer, UnchangedPath)


@dataclass(frozen=True, slots=True)
class DuplicateRevision:
    """Several files call themselves the same revision; Alembic keeps one of them."""

    revision: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MissingParent:
    """`down_revision` (or `depends_on`) names a revision that no file has."""

    path: str
    revision: str
    parent: str


@dataclass(frozen=True, slots=True)
class RevisionCycle:
    """Revisions that come after one another in a circle, sorted."""

    revisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnreadableRevision:
    """A file that looks like a revision and whose identifiers cannot be read."""

    path: str
    reason: str


MigrationProblem = DuplicateRevision | MissingParent | RevisionCycle | UnreadableRevision


@dataclass(frozen=True, slots=True)
class Migrations:
    """One Alembic folder: how many revisions, which of them nothing follows, what is wrong."""

    folder: str
    revisions: int
    heads: tuple[str, ...]
    problems: tuple[MigrationProblem, ...]


class ClaimKind(StrEnum):
    """What two files of one tree both claim."""

    MODULE = "module"  # a module beside a package of its name: Python loads the package
    FOLDER = "folder"  # a module beside a folder without __init__.py: Python loads the module
    LEAVES = "leaves"  # Django migrations that nothing follows
    NUMBER = "number"  # migrations of one number
    REVISION = "revision"  # Alembic's revisions of one identifier
    LETTERS = "letters"  # paths that a file system may take for one: case, composed letters


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """A place that several files claim, although neither side had them together. `place` is a
    folder, or a folder with a number; `paths` are sorted, but for a module, which comes first."""

    kind: ClaimKind
    place: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Unresolved:
    """An import that names what the tree does not have.

    `module` is the full dotted name; `name` is what is missing in it, None where the module
    itself is missing. `guarded`: the code around it catches the error.
    """

    path: str
    line: int
    module: str
    name: str | None
    guarded: bool = False


ImportKey = tuple[str, str, str | None]
"""File, module relative to the package, name: the same import in either tree."""


@dataclass(frozen=True, slots=True)
class ImportCheck:
    """How the imports inside one tree resolve; what cannot be known is in neither.

    `files` are those that could be read.
    """

    package: str
    files: frozenset[str]
    unresolved: tuple[Unresolved, ...]

    def key(self, unresolved: Unresolved) -> ImportKey:
        """What identifies the import, whatever the package is called."""
        return (unresolved.path, unresolved.module.removeprefix(self.package), unresolved.name)


@dataclass(frozen=True, slots=True)
class DefinedTwice:
    """A qualified name that one scope binds more than once, and the lines where it does."""

    name: str
    lines: tuple[int, ...]
