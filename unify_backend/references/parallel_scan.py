"""Scans many files, in as many processes as save time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from unify_backend.model.errors import UnifyError
from unify_backend.model.file_source import Contents, text_of
from unify_backend.model.references import Finding
from unify_backend.model.settings import Settings
from unify_backend.references.limits import no_collection
from unify_backend.references.resolution import Resolver
from unify_backend.references.scan import FileReferences, Scanner
from unify_backend.references.scan_memory import ScanMemory
from unify_backend.references.two_processes import can_fork, halves, in_two

_MANY = 8_000  # with so many files a second process that is spawned saves time
_ENOUGH = 400_000  # with so many bytes in files that hold a name a forked process saves time
_NOTHING = FileReferences((), ())


@dataclass(frozen=True, slots=True)
class Reader:
    """Gives the text of a tree's file to the resolver, or None where there is none."""

    contents: Contents

    def __call__(self, path: str) -> str | None:
        return text_of(self.contents, path)


def scanner_for(
    contents: Contents,
    settings: Settings,
    memory: ScanMemory | None = None,
    with_canonical: bool = True,
) -> Scanner:
    """A scanner that resolves names in the trees of `contents`."""
    paths = [file.path for file in contents.listing().files]
    resolver = Resolver(settings.moves, paths, Reader(contents))
    return Scanner(settings, resolver, memory=memory, with_canonical=with_canonical)


def scan_files(
    contents: Contents,
    settings: Settings,
    paths: Sequence[str],
    jobs: int = 0,
    memory: ScanMemory | None = None,
    with_canonical: bool = True,
) -> Iterator[FileReferences]:
    """What each of `paths` holds, in their order. A file that cannot be read becomes a finding.

    `jobs` is the number of processes to read with; 0 takes several only where there is enough to
    read to pay for starting them. Where a process can fork, two are the most; elsewhere `contents`
    and `settings` travel to the others by pickle. `memory` has what an earlier reading of the same
    names left, and gets what this one finds. Without `with_canonical` the new names may be left out
    where a file holds no other.
    """
    if jobs > 1 or (jobs == 0 and not can_fork() and len(paths) >= _MANY):
        yield from _spawned(contents, settings, paths, jobs or min(4, os.cpu_count() or 1))
        return
    scanner = scanner_for(contents, settings, memory, with_canonical)
    with no_collection():
        yield from _here(contents, scanner, memory, paths, forked=jobs == 0 and can_fork())


def _here(
    contents: Contents,
    scanner: Scanner,
    memory: ScanMemory | None,
    paths: Sequence[str],
    forked: bool,
) -> Iterator[FileReferences]:
    """Reads everything first: what holds no name is told from its bytes alone, and the rest may be
    shared with a second process, which has it in its memory from the start."""
    results: dict[str, FileReferences] = {}
    todo: dict[str, bytes] = {}
    silent: set[str] = memory.silent if memory is not None else set()
    for path in paths:
        if path in silent:
            continue
        try:
            data = contents.read(path)
        except UnifyError as error:
            results[path] = FileReferences((), (Finding(path, f"not read: {error.fact}"),))
            continue
        if scanner.matters(path, data):
            todo[path] = data
        else:
            silent.add(path)
    if forked and sum(map(len, todo.values())) >= _ENOUGH:
        results |= _shared(scanner, memory, todo)
        todo = {}
    for path in paths:
        if path in todo:
            yield scanner.read(path, todo.pop(path))
        else:
            yield results.get(path, _NOTHING)


def _shared(
    scanner: Scanner, memory: ScanMemory | None, todo: dict[str, bytes]
) -> dict[str, FileReferences]:
    """Scans half of the files in a forked process, after some of each kind: what they need of this
    program (modules, patterns) is loaded once, and not in both processes."""
    results = {path: scanner.read(path, todo.pop(path)) for path in _samples(todo)}
    mine, other = halves({path: len(data) for path, data in todo.items()})

    def here() -> None:
        results.update({path: scanner.read(path, todo[path]) for path in mine})

    def there() -> tuple[dict[str, FileReferences], ScanMemory | None]:
        size = memory.size() if memory is not None else (0, 0)
        scanned = {path: scanner.read(path, todo[path]) for path in other}
        return scanned, None if memory is None else memory.since(size)

    theirs, remembered = in_two(here, there)
    if memory is not None and remembered is not None:
        memory.add(remembered)
    return results | theirs


def _samples(todo: Mapping[str, bytes]) -> list[str]:
    """Of the files with each suffix three: of medium size, and between that and either end."""
    kinds: dict[str, list[str]] = {}
    for path in sorted(todo, key=lambda path: (len(todo[path]), path)):
        kinds.setdefault(PurePosixPath(path).suffix, []).append(path)
    return [
        path
        for paths in kinds.values()
        for path in dict.fromkeys(paths[len(paths) * quarter // 4] for quarter in (1, 2, 3))
    ]


def _spawned(
    contents: Contents, settings: Settings, paths: Sequence[str], jobs: int
) -> Iterator[FileReferences]:
    """Spawned everywhere: the only way on Windows, and safe where the parent has threads."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    size = max(1, min(200, len(paths) // (jobs * 8)))
    with ProcessPoolExecutor(
        jobs, get_context("spawn"), _prepare, (contents, settings)
    ) as pool, no_collection():  # fmt: skip
        yield from pool.map(_work, paths, chunksize=size)


_workers: list[tuple[Contents, Scanner]] = []


def _prepare(contents: Contents, settings: Settings) -> None:
    _workers.append((contents, scanner_for(contents, settings)))


def _work(path: str) -> FileReferences:
    contents, scanner = _workers[0]
    try:
        data = contents.read(path)
    except UnifyError as error:
        return FileReferences((), (Finding(path, f"not read: {error.fact}"),))
    return scanner.scan(path, data)
