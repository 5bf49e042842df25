"""What became of one file whose two copies were merged."""

from dataclasses import dataclass
from enum import StrEnum


class How(StrEnum):
    """How the text of a merged file came about."""

    UNCHANGED = "unchanged"  # neither side changed it
    TOOK_LEGACY = "took-legacy"  # only the legacy side changed it
    KEPT_CANONICAL = "kept-canonical"  # only the canonical side changed it
    BOTH_ALIKE = "both-alike"  # both made the same change
    MERGED = "merged"  # line by line
    MERGED_STRUCTURALLY = "merged-structurally"  # by definition, key, entry or section
    CONFLICT = "conflict"  # a person decides


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
    how: How
    hunks: tuple[Hunk, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """The legacy content that a canonical file has been merged with already, and that is settled.

    `digest` is the content's (empty: the legacy tree had no such file), `legacy` the content
    itself, None where it is not kept any more. `kept` is whether the canonical file stayed as it
    was before the merge.
    """

    digest: str
    legacy: bytes | None
    kept: bool = False
