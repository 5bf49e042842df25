"""The comparison of two diverged copies of one package.

Where a value has a direction it is from legacy to canonical: `added` is there only in the canonical
tree, `removed` only in the legacy one. It does not say which side is right.
"""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Finding


class PairClass(StrEnum):
    """How much two files differ, least first. Each class leaves out what the earlier ones hold."""

    IDENTICAL = "identical"  # the same bytes
    RENAMED = "renamed"  # the same once both sides use the canonical name
    FORMATTING = "formatting"  # the same content, written differently
    COMMENTS = "comments"  # the same but for comments and docstrings
    DIVERGENT = "divergent"  # a real difference


class DefinitionKind(StrEnum):
    """What a Python file defines."""

    FUNCTION = "function"
    CLASS = "class"
    METHOD = "method"
    CONSTANT = "constant"  # an assignment in a module or class body
    IMPORT = "import"  # all of a module's imports together
    OTHER = "other"  # any other statement of a module or class body


class DefinitionStatus(StrEnum):
    """What happened to a definition, from legacy to canonical."""

    ADDED = "added"
    REMOVED = "removed"
    SIGNATURE = "signature"  # parameters, decorators, bases, annotation, async
    BODY = "body"


class KeyStatus(StrEnum):
    """What happened to a key, from legacy to canonical."""

    ADDED = "added"
    REMOVED = "removed"
    VALUE = "value"
    TYPE = "type"


class Side(StrEnum):
    """One of the two trees."""

    LEGACY = "legacy"
    CANONICAL = "canonical"


@dataclass(frozen=True, slots=True)
class DefinitionChange:
    """A definition that differs. `name` is qualified within the file, like `Store.save`.

    One whose signature and body both changed comes twice. The single entry for the imports is
    called `imports`; `gained` and `lost` are the names, like `typing.Any`, that only the
    canonical and only the legacy file import.
    """

    name: str
    kind: DefinitionKind
    change: DefinitionStatus
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyChange:
    """A key of a data file that differs: its path, like `services.api.ports[0]`, never its value,
    which may be a secret."""

    key: str
    change: KeyStatus


@dataclass(frozen=True, slots=True)
class Pair:
    """One file that both trees have, `path` relative to each tree's folder.

    Lines are counted with both sides in the canonical name, line endings left out: `added` are
    the lines only in the canonical file. `definitions` are for Python, `keys` for data files; a
    divergent file of another kind, or one that cannot be parsed, has neither. `note` says what
    the class does not, like `line endings differ`.
    """

    path: str
    cls: PairClass
    added: int = 0
    removed: int = 0
    definitions: tuple[DefinitionChange, ...] = ()
    keys: tuple[KeyChange, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class PackageDiff:
    """The two trees of one move. Paths are relative to each tree's folder, sorted."""

    move: PackageMove
    only_legacy: tuple[str, ...]
    only_canonical: tuple[str, ...]
    pairs: tuple[Pair, ...]

    @property
    def legacy_files(self) -> int:
        """How many files the legacy tree has."""
        return len(self.pairs) + len(self.only_legacy)

    @property
    def canonical_files(self) -> int:
        """How many files the canonical tree has."""
        return len(self.pairs) + len(self.only_canonical)

    def of(self, *classes: PairClass) -> tuple[Pair, ...]:
        """The pairs of these classes."""
        return tuple(pair for pair in self.pairs if pair.cls in classes)

    @property
    def different(self) -> tuple[Pair, ...]:
        """The pairs that are not the same after renaming."""
        return self.of(PairClass.FORMATTING, PairClass.COMMENTS, PairClass.DIVERGENT)


@dataclass(frozen=True, slots=True)
class CopyPair:
    """Two Python packages outside the moves that look like copies of each other.

    `matched` of the `files` that the smaller one could have matched have a counterpart of the
    same name and similar content; `similarity` (0 to 1) is the share of distinct lines that
    those counterparts have in common.
    """

    first: str
    second: str
    matched: int
    files: int
    similarity: float


@dataclass(frozen=True, slots=True)
class Collision:
    """Different files, `origins`, that several packages bring to one path."""

    path: str
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TreeDiff:
    """Everything `diff` found in one state of a repository."""

    packages: tuple[PackageDiff, ...]
    undeclared: tuple[CopyPair, ...]  # most evidence first
    findings: tuple[Finding, ...]
    collisions: tuple[Collision, ...] = ()

    def totals(self) -> dict[str, int]:
        """Files by class (every class is named), and those that only one tree has."""
        classes = Counter(pair.cls for package in self.packages for pair in package.pairs)
        return {
            **{cls.value: classes[cls] for cls in PairClass},
            "only_legacy": sum(len(package.only_legacy) for package in self.packages),
            "only_canonical": sum(len(package.only_canonical) for package in self.packages),
            "undeclared": len(self.undeclared),
        }
