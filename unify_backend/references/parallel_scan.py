"""Scans many files, in as many processes as save time."""

from __future__ import annotations

import os
import pickle
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unify_backend.model.errors import UnifyError
from unify_backend.model.file_source import Contents, text_of
from unify_backend.model.references import Finding
from unify_backend.model.settings import Settings
from unify_backend.references.limits import no_collection
from unify_backend.references.resolution import Resolver
from unify_backend.references.scan import FileReferences, Scanner
from unify_backend.references.scan_memory import ScanMemory

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
    if jobs > 1 or (jobs == 0 and not _forks() and len(paths) >= _MANY):
        yield from _spawned(contents, settings, paths, jobs or min(4, os.cpu_count() or 1))
        return
    scanner = scanner_for(contents, settings, memory, with_canonical)
    with no_collection():
        yield from _here(contents, scanner, memory, paths, forked=jobs == 0 and _forks())


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
        mine, other = _halves(todo)
        results |= _shared(scanner, memory, mine, other)
        todo = {}
    for path in paths:
        if path in todo:
            yield scanner.scan(path, todo.pop(path))
        else:
            yield results.get(path, _NOTHING)


def _halves(todo: dict[str, bytes]) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Two parts that take about the same time; the biggest files are distributed first."""
    parts: tuple[dict[str, bytes], dict[str, bytes]] = ({}, {})
    sizes = [0, 0]
    for path in sorted(todo, key=lambda name: (-len(todo[name]), name)):
        n = int(sizes[1] < sizes[0])
        parts[n][path] = todo[path]
        sizes[n] += len(todo[path]) + 2_000  # the overhead of each file
    return parts


def _forks() -> bool:
    """Whether a second process may be forked off here: there is a fork, there are two processors,
    and no thread that could hold a lock for ever in the child."""
    return (
        sys.platform != "win32"
        and hasattr(os, "fork")
        and (os.cpu_count() or 1) > 1
        and threading.active_count() == 1
    )


def _shared(
    scanner: Scanner, memory: ScanMemory | None, mine: dict[str, bytes], other: dict[str, bytes]
) -> dict[str, FileReferences]:
    """Scans both parts, `other` in a forked process, or in this one if that process failed."""
    results: dict[str, FileReferences] = {}
    if sys.platform != "win32":
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            _answer(scanner, memory, other, reading, writing)
        os.close(writing)
        results = {path: scanner.scan(path, data) for path, data in mine.items()}
        with os.fdopen(reading, "rb") as stream:
            answer = stream.read()
        _, status = os.waitpid(child, 0)
        if status == 0:
            theirs: tuple[dict[str, FileReferences], ScanMemory | None] = pickle.loads(answer)
            if memory is not None and theirs[1] is not None:
                memory.add(theirs[1])
            return results | theirs[0]
    return results | {path: scanner.scan(path, data) for path, data in other.items()}


def _answer(
    scanner: Scanner,
    memory: ScanMemory | None,
    files: dict[str, bytes],
    reading: int,
    writing: int,
) -> None:
    """Runs in the forked process: writes the results and exits without the parent's exit
    handlers."""
    try:
        os.close(reading)
        results = {path: scanner.scan(path, data) for path, data in files.items()}
        data = pickle.dumps((results, memory), 5)
        with os.fdopen(writing, "wb") as stream:
            stream.write(data)
    except BaseException:
        os._exit(1)
    os._exit(0)


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
