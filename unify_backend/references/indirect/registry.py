"""Every way in which a file can use the legacy package without spelling its name: one line each.

A way is imported when the first file is met that it can look at: most files hold nothing of the
name, and patterns take longer to compile than those files take to be searched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from unify_backend.references.indirect.index import Ground, Sighting


class Way(Protocol):
    """One way to hide the name."""

    def may(self, path: str, data: bytes) -> bool:
        """A quick look at the bytes: false where the file cannot hold it."""
        ...

    def find(self, path: str) -> Iterator[Sighting]:
        """The places in the file, in any order."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a way is defined. A `blind` one is looked for in files without any word of the name."""

    module: str
    name: str
    blind: bool = False


WAYS: Mapping[str, Entry] = {
    "a module under another name": Entry("aliases", "Aliases"),
    "a name or path put together": Entry("composed", "Composed", blind=True),
    "a relative import": Entry("relative_imports", "RelativeImports"),
    "a load by a relative name": Entry("relative_loads", "RelativeLoads"),
    "a variable of a script": Entry("variables", "Variables"),
}


class Ways:
    """The ways, made for one look at a repository."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._made: dict[str, Way] = {}

    def for_file(self, worded: bool) -> Iterator[Way]:
        """Those that can be in a file; `worded` tells whether it holds a last word of a name."""
        for title, entry in WAYS.items():
            if not (worded or entry.blind):
                continue
            if title not in self._made:
                module = import_module(f"unify_backend.references.indirect.{entry.module}")
                make = cast(Callable[[Ground], Way], getattr(module, entry.name))
                self._made[title] = make(self._ground)
            yield self._made[title]
