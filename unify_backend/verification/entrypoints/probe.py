"""Runs entry points from their own folders and records the results."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from unify_backend.model.boots import BootState
from unify_backend.model.entry_results import EntryResult, ServedOperations, Verdict
from unify_backend.model.entrypoints import EntryPoint, Kind, Platform, Resolution
from unify_backend.model.package_move import PackageMove
from unify_backend.model.verify_settings import VerifySettings
from unify_backend.repository.processes import Running, started
from unify_backend.verification.entrypoints.comparison import differences
from unify_backend.verification.entrypoints.files import Files, top_names
from unify_backend.verification.entrypoints.preparing import PreparedProgram, place_of, prepared
from unify_backend.verification.entrypoints.resolve import resolve
from unify_backend.verification.serving import served

ALIVE = 5.0  # seconds after which a worker that has not ended is taken to work
_KEPT = 4_000  # characters of output
_LACKS = re.compile(r"No module named '?(?P<module>[\w.]+)'?")
_RAISED = re.compile(r"(?:[A-Za-z_]\w*\.)*\w*(?:Error|Exception|Exit|Interrupt|Failed)\b(?::.*)?")
_LOADING = re.compile(r"ERROR:\s+(Error loading ASGI app\. .*|.*[Cc]ould not import module.*)")
_UNREACHED = re.compile(
    r"(?i)connection refused|connect call failed|ConnectionRefusedError|(?:redis|broker|amqp)\S* "
    r"connection error|name or service not known|Cannot connect to (?:redis|amqp)"
)


@dataclass(frozen=True)
class Bench:
    """Where entry points are run: the folder `root` with its `files`, and what is compared with.
    `alive` is in seconds; `extra` are import roots for resolving."""

    root: Path
    files: Files
    settings: VerifySettings = field(default_factory=VerifySettings)
    moves: Sequence[PackageMove] = ()
    reference: ServedOperations | None = None
    alive: float = ALIVE
    extra: tuple[str, ...] = ()
    contained: bool = False  # whether the folder is laid out as a container would see it
    ours: frozenset[str] = frozenset()  # further modules that no installation would bring


def probe_entry(entry: EntryPoint, bench: Bench) -> EntryResult:
    """Runs the entry point where it can be run here, else says what its resolution tells.

    A server is asked over HTTP and compared with the bench's reference, a worker has to live, a
    script has to end without an error. Nothing it started is left running. Never raises for what
    the program does.
    """
    if entry.platform is Platform.CONTAINER and not bench.contained:
        reason = "runs in a container, see its view"
        return EntryResult(entry, Verdict.CANNOT_RUN, Resolution(None), (reason,))
    resolution = resolve(entry, bench.files, bench.moves, bench.extra)
    if entry.platform is Platform.WINDOWS and os.name != "nt":
        return _unrun(entry, resolution, "written for Windows")
    there = bench.files.is_folder(entry.folder) and place_of(entry, bench.root).is_dir()
    if not there or (resolution.file is None and entry.start.script):
        return EntryResult(entry, Verdict.BROKEN, resolution, resolution.problems)
    begin = time.monotonic()
    with prepared(entry, bench.root, bench.files, bench.settings) as ready:
        if ready.unknown:
            reason = f"{ready.unknown[0]} is only known to whoever runs it"
            return _unrun(entry, resolution, reason)
        try:
            result = _run(entry, ready, resolution, bench)
        except OSError as error:
            return EntryResult(entry, Verdict.CANNOT_RUN, resolution, (str(error),))
    return replace(result, seconds=time.monotonic() - begin)


def probe_all(
    entries: Sequence[EntryPoint],
    bench: Bench,
    progress: Callable[[EntryPoint], None] | None = None,
    jobs: int = 1,
) -> tuple[EntryResult, ...]:
    """All of them, `jobs` at a time, in their order; `progress` is told of each before it is run,
    in any thread."""

    def probe(entry: EntryPoint) -> EntryResult:
        if progress is not None:
            progress(entry)
        return probe_entry(entry, bench)

    if jobs <= 1:
        return tuple(probe(entry) for entry in entries)
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        try:
            return tuple(pool.map(probe, entries))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # what runs ends by its own limits
            raise


def _unrun(entry: EntryPoint, resolution: Resolution, why: str) -> EntryResult:
    if resolution.problems:
        return EntryResult(entry, Verdict.BROKEN, resolution, resolution.problems)
    return EntryResult(entry, Verdict.RESOLVES, resolution, (why,))


def _run(
    entry: EntryPoint, ready: PreparedProgram, resolution: Resolution, bench: Bench
) -> EntryResult:
    if entry.kind is Kind.SERVER:
        return _server(entry, ready, resolution, bench)
    with started(ready.program) as running:
        if entry.kind is Kind.WORKER:
            return _worker(entry, running, resolution, bench)
        code = running.wait(bench.settings.timeout)
        output = running.out() + running.err()
    if code == 0:
        return EntryResult(entry, Verdict.RUNS, resolution)
    late = f"not done after {bench.settings.timeout:g} s"
    reason = late if code is None else reason_in(output, code)
    return _failed(entry, output, resolution, bench, reason)


def _server(
    entry: EntryPoint, ready: PreparedProgram, resolution: Resolution, bench: Bench
) -> EntryResult:
    settings = bench.settings
    server = served(ready.program, ready.port, settings.probe, settings.timeout)
    if server.code is not None:
        reason = (
            reason_in(server.output, server.code) if server.code else "exited 0 without serving"
        )
        return _failed(entry, server.output, resolution, bench, reason)
    if server.state is not BootState.READY:
        reason = f"no answer within {settings.timeout:g} s"
        return _failed(entry, server.output, resolution, bench, reason)
    shows = ServedOperations.showing(server.operations, server.answers)
    if bench.reference is None:
        return EntryResult(entry, Verdict.RUNS, resolution, served=shows)
    how = tuple(differences(shows, bench.reference, settings.masks))
    verdict = Verdict.DIFFERENT if how else Verdict.SAME
    return EntryResult(entry, verdict, resolution, how, shows, server.output if how else "")


def _worker(
    entry: EntryPoint, running: Running, resolution: Resolution, bench: Bench
) -> EntryResult:
    code = running.wait(bench.alive)
    output = running.out() + running.err()
    if _UNREACHED.search(output):
        if resolution.problems:
            return EntryResult(entry, Verdict.BROKEN, resolution, resolution.problems, None, output)
        reason = "started; its queue cannot be reached here"
        return EntryResult(entry, Verdict.RESOLVES, resolution, (reason,))
    if code is None:
        return EntryResult(entry, Verdict.RUNS, resolution, (f"alive after {bench.alive:g} s",))
    if code == 0 and {"--burst", "--check", "--version"} & set(entry.argv):
        return EntryResult(entry, Verdict.RUNS, resolution)
    reason = reason_in(output, code) if code else "exited 0 without working"
    return _failed(entry, output, resolution, bench, reason)


def _failed(
    entry: EntryPoint, output: str, resolution: Resolution, bench: Bench, reason: str
) -> EntryResult:
    """The result of a failed run. A module that is not installed here is no defect of the entry
    point."""
    output = output[-_KEPT:]
    lacking = _LACKS.search(reason)
    if lacking and not resolution.problems:
        top = lacking["module"].split(".")[0]
        ours = {name for name, _ in top_names(".", bench.files)} | {
            name.split(".")[0] for move in bench.moves for name in (move.legacy, move.canonical)
        }
        relative = {name for name, _ in top_names(entry.folder, bench.files)}
        if top not in ours | relative | bench.ours:
            reason = f"{top} is not installed in this environment"
            return EntryResult(entry, Verdict.CANNOT_RUN, resolution, (reason,), output=output)
    return EntryResult(entry, Verdict.FAILS, resolution, (reason,), output=output)


def reason_in(output: str, code: int | None) -> str:
    """The line of a program's output that says why it ended with that exit code."""
    lines = [line.strip() for line in output.split("\n")]
    for line in reversed(lines):
        if match := _LOADING.search(line):
            return match[1]
    for line in reversed(lines):
        if _RAISED.fullmatch(line) or _LACKS.search(line):
            return re.sub(r"^\S*/python[\d.]*: ", "", line)[:300]
    reason = next((line for line in reversed(lines) if line), "")
    return f"exit code {code}" + (f": {reason[:200]}" if reason else "")
