"""The inventory of a whole repository."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from unify_backend.model.contents import Contents
from unify_backend.model.errors import UnifyError
from unify_backend.model.files import Skip, SkippedFile
from unify_backend.model.references import Finding, Inventory, Reference
from unify_backend.model.settings import Settings
from unify_backend.model.sources import Binary, decode
from unify_backend.references.resolution import Resolver
from unify_backend.references.scan import FileReferences, Scanner

Progress = Callable[[int, int], None]
_HARMLESS = frozenset({Skip.LINK})


@dataclass(frozen=True, slots=True)
class _Reader:
    """Gives the text of a tree's file to the resolver, or None where there is none."""

    contents: Contents

    def __call__(self, path: str) -> str | None:
        try:
            decoded = decode(self.contents.read(path), python=path.endswith(".py"))
        except UnifyError:
            return None
        return None if isinstance(decoded, Binary) else decoded.text


def scanner_for(contents: Contents, settings: Settings) -> Scanner:
    """A scanner that resolves names in the trees of `contents`."""
    paths = [file.path for file in contents.listing().files]
    return Scanner(settings, Resolver(settings.moves, paths, _Reader(contents)))


def take_inventory(
    contents: Contents, settings: Settings, progress: Progress | None = None, jobs: int = 0
) -> Inventory:
    """Every reference in every file, sorted by path and place.

    A file that cannot be read becomes a finding; nothing is skipped in silence. `progress` is
    told how many of how many files are done.
    """
    listing = contents.listing()
    scanner = Scanner(
        settings,
        Resolver(settings.moves, [file.path for file in listing.files], _Reader(contents)),
    )
    references: list[Reference] = []
    findings = [_skipped(one) for one in listing.skipped if one.why not in _HARMLESS]
    for n, file in enumerate(listing.files):
        found = _one(contents, scanner, file.path)
        references.extend(found.references)
        findings.extend(found.findings)
        if progress is not None:
            progress(n + 1, len(listing.files))
    references.sort(key=lambda one: (one.path, one.span))
    return Inventory(
        tuple(references),
        tuple(_unique(findings)),
        len(listing.files),
        tuple((move.legacy, move.canonical) for move in settings.moves),
    )


def _one(contents: Contents, scanner: Scanner, path: str) -> FileReferences:
    try:
        data = contents.read(path)
    except UnifyError as error:
        return FileReferences((), (Finding(path, f"not read: {error.fact}"),))
    return scanner.scan(path, data)


def _skipped(skipped: SkippedFile) -> Finding:
    return Finding(skipped.path, f"not followed: {skipped.why.value}")


def _unique(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(set(findings), key=lambda one: (one.path, one.problem))
