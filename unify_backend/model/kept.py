"""What became of a baseline that was written."""

from dataclasses import dataclass

from unify_backend.model.baseline import Entry
from unify_backend.model.changes import ChangeSet


@dataclass(frozen=True, slots=True)
class Kept:
    """What a baseline became: how many entries it has now, which were added and removed; `moved`
    are files that were renamed."""

    path: str
    entries: int
    added: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    moved: tuple[tuple[str, str], ...]
    changes: ChangeSet
