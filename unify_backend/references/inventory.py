"""The inventory of a whole repository."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from unify_backend.model.contents import Contents, text_of
from unify_backend.model.errors import ConfigurationError, UnifyError
from unify_backend.model.files import Skip, SkippedFile
from unify_backend.model.moves import PackageMove
from unify_backend.model.references import Finding, Inventory, Names, Reference
from unify_backend.model.settings import COMMAND_LINE, Settings
from unify_backend.references.coupling.couple import couple
from unify_backend.references.resolution import Resolver
from unify_backend.references.scan import FileReferences, Scanner

Progress = Callable[[int, int], None]
_MANY = 8_000  # files from which on a second process has paid for its start
_HARMLESS = frozenset({Skip.LINK})


@dataclass(frozen=True, slots=True)
class _Reader:
    """Gives the text of a tree's file to the resolver, or None where there is none."""

    contents: Contents

    def __call__(self, path: str) -> str | None:
        return text_of(self.contents, path)


def scanner_for(contents: Contents, settings: Settings) -> Scanner:
    """A scanner that resolves names in the trees of `contents`."""
    paths = [file.path for file in contents.listing().files]
    return Scanner(settings, Resolver(settings.moves, paths, _Reader(contents)))


def take_inventory(
    contents: Contents, settings: Settings, progress: Progress | None = None, jobs: int = 0
) -> Inventory:
    """Every reference in every file, sorted by path and place.

    A file that cannot be read becomes a finding; nothing is skipped in silence. `progress` is
    told how many of how many files are done. `jobs` is the number of processes to read with;
    0 takes several only where there is enough to read to pay for starting them. With several,
    `contents` and `settings` travel to the others by pickle.
    """
    listing = contents.listing()
    paths = [file.path for file in listing.files]
    references: list[Reference] = []
    findings = [_skipped(one) for one in listing.skipped if one.why not in _HARMLESS]
    with _no_collection():
        for done, found in enumerate(_scan_all(contents, settings, paths, jobs), 1):
            references.extend(found.references)
            findings.extend(found.findings)
            if progress is not None:
                progress(done, len(paths))
        references.sort(key=lambda one: (one.path, one.span))
        coupled, groups = couple(references, _Reader(contents), settings.moves)
    return Inventory(
        coupled,
        tuple(_unique(findings)),
        len(listing.files) + len(listing.skipped),
        tuple((move.legacy, move.canonical) for move in settings.moves),
        groups,
    )


@contextmanager
def _no_collection() -> Iterator[None]:
    """Syntax trees come and go by the thousand and hold no cycles: looking for some costs time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


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
    named = {one.legacy for one in inventory.of(Names.LEGACY)}
    for move in settings.moves if settings.source == COMMAND_LINE else ():
        here = move.legacy in named or any(move.owns_legacy(path) for path in tracked)
        if not here and not was_there(move):
            raise ConfigurationError(
                f"the legacy directory {move.legacy_path}/ holds no tracked file",
                f"and nothing names {move.legacy}: it is misspelled, or gone already",
                "Correct the name, or say where it is: --legacy-path.",
            )


def _scan_all(
    contents: Contents, settings: Settings, paths: Sequence[str], jobs: int
) -> Iterator[FileReferences]:
    jobs = jobs or (min(4, os.cpu_count() or 1) if len(paths) >= _MANY else 1)
    if jobs == 1 or len(paths) < 2:
        worker = _Worker(contents, settings, paths)
        yield from (worker(path) for path in paths)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # Spawn everywhere: the only way on Windows, and safe where the parent has threads.
    with ProcessPoolExecutor(
        jobs, get_context("spawn"), _prepare, (contents, settings, paths)
    ) as pool:
        yield from pool.map(_work, paths, chunksize=max(1, min(200, len(paths) // (jobs * 8))))


class _Worker:
    """Scans files of one state; each process makes its own."""

    def __init__(self, contents: Contents, settings: Settings, paths: Sequence[str]) -> None:
        self._contents = contents
        self._scanner = Scanner(settings, Resolver(settings.moves, paths, _Reader(contents)))

    def __call__(self, path: str) -> FileReferences:
        return _one(self._contents, self._scanner, path)


_workers: list[_Worker] = []


def _prepare(contents: Contents, settings: Settings, paths: Sequence[str]) -> None:
    _workers.append(_Worker(contents, settings, paths))


def _work(path: str) -> FileReferences:
    return _workers[0](path)


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
