"""What the rules get: a package, and its classes worked out once for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from unify_backend.audit.package import Classes, Exists, Package, ReadText


class Audited:
    """A package under audit."""

    def __init__(self, package: Package) -> None:
        self.package = package

    @classmethod
    def of(
        cls,
        name: str,
        folder: str,
        paths: Iterable[str],
        read: ReadText,
        exists: Exists = lambda path: False,
    ) -> Audited:
        """The package `name` in `folder`, of a repository with the files `paths`; see Package."""
        return cls(Package(name, folder, paths, read, exists))

    @cached_property
    def classes(self) -> Classes:
        """Its classes and what they descend from."""
        return Classes(self.package)
