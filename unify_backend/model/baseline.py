"""A baseline: the known places that a check allows, identified without line numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

from unify_backend.model.changes import ChangeSet

Item = TypeVar("Item")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One place: the `kind` (a form, or a rule) of `text` (normalised) in the file `path`, and
    which of its equals there it is, from 1.

    Neither line nor column: keys by line raised false alarms in 59 of 509 commits of a project,
    and plain counts let one-for-one swaps through (`field notes`, section 5).
    """

    path: str
    kind: str
    text: str
    occurrence: int

    @property
    def fingerprint(self) -> str:
        """Its id for other programs, a hexadecimal digest that does not depend on line numbers."""
        text = "\0".join((self.path, self.kind, self.text, str(self.occurrence)))
        return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    @property
    def inside(self) -> tuple[str, str, int]:
        """The key within its file, which a move of the file keeps."""
        return self.kind, self.text, self.occurrence


@dataclass(frozen=True, slots=True)
class Baseline:
    """The entries that are known. `started` is how many there were when it was first written, so
    that one can say how far the migration is."""

    entries: frozenset[Entry]
    started: int


@dataclass(frozen=True, slots=True)
class Verdicts:
    """A state held against a baseline, each part sorted.

    `new` is in the state alone, `known` in both, `stale` in the baseline alone (among the files
    that were judged); `moved` are pairs of paths: a file's entries went along with it.
    """

    new: tuple[Entry, ...]
    known: tuple[Entry, ...]
    stale: tuple[Entry, ...]
    moved: tuple[tuple[str, str], ...] = ()


def normalised(text: str) -> str:
    """A reference's text without what reformatting changes: white space and the kind of slash."""
    return _SPACE.sub(" ", text.strip().replace("\\\\", "/").replace("\\", "/"))


def numbered(
    items: Iterable[Item], key: Callable[[Item], tuple[str, str, str]]
) -> dict[Entry, Item]:
    """Each of `items` (in order of place) under its entry; `key` gives path, kind and text, which
    is normalised here."""
    seen: Counter[tuple[str, str, str]] = Counter()
    by_entry: dict[Entry, Item] = {}
    for item in items:
        path, kind, text = key(item)
        name = (path, kind, normalised(text))
        seen[name] += 1
        by_entry[Entry(*name, seen[name])] = item
    return by_entry


@dataclass(frozen=True, slots=True)
class BaselineUpdate:
    """The result of writing a baseline: how many entries it has now, which were added and removed;
    `moved` are files that were renamed."""

    path: str
    entries: int
    added: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    moved: tuple[tuple[str, str], ...]
    changes: ChangeSet
