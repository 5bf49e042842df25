"""The inventory of a whole repository."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from unify_backend.model.errors import ConfigurationError
from unify_backend.model.file_source import Contents, Skip, SkippedFile
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Finding, Inventory, Names, Reference
from unify_backend.model.settings import COMMAND_LINE, Settings
from unify_backend.references.groups.group import couple
from unify_backend.references.limits import no_collection
from unify_backend.references.links import link_references
from unify_backend.references.parallel_scan import Reader, scan_files
from unify_backend.references.scan_memory import ScanMemory

Progress = Callable[[int, int], None]
_HARMLESS = frozenset({Skip.LINK})


def take_inventory(
    contents: Contents,
    settings: Settings,
    progress: Progress | None = None,
    jobs: int = 0,
    memory: ScanMemory | None = None,
    with_canonical: bool = True,
) -> Inventory:
    """Every reference in every file, sorted by path and place.

    A file that cannot be read becomes a finding; nothing is skipped in silence. `progress` is
    told how many of how many files are done. `jobs` is the number of processes to read with;
    0 takes several only where there is enough to read to pay for starting them. With several,
    `contents` and `settings` travel to the others by pickle. `memory` is for another inventory of
    these names in the same run; without `with_canonical` what names the new package alone may be
    left out.
    """
    listing = contents.listing()
    paths = [file.path for file in listing.files]
    references: list[Reference] = []
    findings = [_skipped(skipped) for skipped in listing.skipped if skipped.why not in _HARMLESS]
    with no_collection():
        scans = scan_files(contents, settings, paths, jobs, memory, with_canonical)
        for done, scanned in enumerate(scans, 1):
            references.extend(scanned.references)
            findings.extend(scanned.findings)
            if progress is not None:
                progress(done, len(paths))
        references.sort(key=lambda reference: (reference.path, reference.span))
        coupled, groups = couple(references, Reader(contents), settings.moves)
    if links := list(link_references(listing, settings)):
        coupled = tuple(sorted((*coupled, *links), key=lambda place: (place.path, place.span)))
    return Inventory(
        coupled,
        tuple(_unique(findings)),
        len(listing.files) + len(listing.skipped),
        settings.moves,
        groups,
    )


def check_named(
    inventory: Inventory,
    settings: Settings,
    paths: Iterable[str],
    was_there: Callable[[PackageMove], bool] = lambda move: False,
) -> None:
    """Raises ConfigurationError for a legacy package that has no file here and is named nowhere:
    more likely misspelled than done, unless it `was_there` before. A configuration file is
    trusted, a command line is not."""
    tracked = list(paths)
    named = {reference.legacy for reference in inventory.of(Names.LEGACY)}
    for move in settings.moves if settings.source == COMMAND_LINE else ():
        is_present = move.legacy in named or any(move.owns_legacy(path) for path in tracked)
        if not is_present and not was_there(move):
            raise ConfigurationError(
                f"the legacy package {move.legacy_shown} holds no tracked file",
                f"and nothing names {move.legacy}: it is misspelled, or gone already",
                "Correct the name, or say where it is: --legacy-path.",
            )


def _skipped(skipped: SkippedFile) -> Finding:
    return Finding(skipped.path, f"not followed: {skipped.why.value}")


def _unique(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(set(findings), key=lambda finding: (finding.path, finding.problem))
