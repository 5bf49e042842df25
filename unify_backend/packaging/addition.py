"""A package that a project has to install beside its own: the forwarding package."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from unify_backend.model.package_move import PackageMove
from unify_backend.model.shims import Advice
from unify_backend.packaging.tree import matches

STUB_DATA = ("py.typed", "**/*.pyi")


@dataclass(frozen=True, slots=True)
class Addition:
    """A package that must be installed too: its dotted name, its folder, and the folder from which
    it is imported ("." is the repository; None where it does not follow)."""

    name: str
    folder: str
    root: str | None

    @classmethod
    def of(cls, move: PackageMove) -> Addition:
        """What the legacy side of a move needs."""
        tail = move.legacy.replace(".", "/")
        root = None
        if move.legacy_path == tail:
            root = "."
        elif move.legacy_path.endswith("/" + tail):
            root = move.legacy_path.removesuffix("/" + tail)
        return cls(move.legacy, move.legacy_path, root)

    @property
    def patterns(self) -> tuple[str, str]:
        """The globs by which `find` sees it and its folders."""
        return self.name, f"{self.name}.*"

    def among(self, globs: Iterable[str]) -> bool:
        """Whether any of the globs of dotted names takes it in."""
        return matches(self.name, globs)


def by_hand(path: str, wanted: Addition, why: str, step: str = "") -> Advice:
    """The advice to add a package by hand."""
    return Advice(
        path,
        f"{wanted.name} may not be installed any more: {why}",
        step or f"Name {wanted.name} (the folder {wanted.folder}) beside the canonical package.",
    )
