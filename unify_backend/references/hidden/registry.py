"""Every way in which a file can use the legacy package without spelling its name: one line each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from unify_backend.references.hidden.aliases import Aliases
from unify_backend.references.hidden.composed import Composed
from unify_backend.references.hidden.constants import Constants
from unify_backend.references.hidden.ground import Ground, Sighting
from unify_backend.references.hidden.relative_imports import RelativeImports
from unify_backend.references.hidden.relative_loads import RelativeLoads
from unify_backend.references.hidden.torn_literals import TornLiterals
from unify_backend.references.hidden.variables import Variables


class Way(Protocol):
    """One way to hide the name; a `blind` one is looked for in files without its last word, too."""

    @property
    def blind(self) -> bool:
        """Whether nothing of the name need stand in the file."""
        ...

    def may(self, path: str, data: bytes) -> bool:
        """A quick look at the bytes: false where the file cannot hold it."""
        ...

    def find(self, path: str) -> Iterator[Sighting]:
        """The places in the file, in any order."""
        ...


def ways(ground: Ground, paths: Sequence[str]) -> Mapping[str, Way]:
    """All of them, made for a look at the files `paths`."""
    return {
        "alias": Aliases(ground),
        "composed": Composed(ground, Constants(ground, paths)),
        "relative import": RelativeImports(ground),
        "relative load": RelativeLoads(ground),
        "torn literal": TornLiterals(ground),
        "variable": Variables(ground),
    }
