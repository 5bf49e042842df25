"""How the legacy references went down (or up) over the history."""

from dataclasses import dataclass

from unify_backend.model.references import Area


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
