"""Builds and runs a view with a container engine, where one is installed."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from unify_backend.model.entry_results import ContainerView, EntryResult, ServedOperations, Verdict
from unify_backend.model.entrypoints import EntryPoint, Kind, Resolution
from unify_backend.model.verify_settings import VerifySettings
from unify_backend.repository.processes import Program, ProgramResult, clean_env, run
from unify_backend.verification.entrypoints import bootstrap
from unify_backend.verification.entrypoints.comparison import differences
from unify_backend.verification.entrypoints.probe import ALIVE, reason_in
from unify_backend.verification.serving import answers, ask, free_port

LABEL = "unify-backend.probe"  # on every image and container that is made here
_INSIDE = "/unify-backend-probe"
_ASK = 20.0  # seconds for a short question to the engine
_BUILD = 1800.0  # seconds
_PORT = re.compile(r"(?:--port|-p|--bind|-b)[= ](?:[\w.]*:)?(\d+)")


@dataclass(frozen=True, slots=True)
class Engine:
    """A command like `docker`; `version` is that of its server."""

    command: str
    version: str


def engine(command: str = "docker") -> Engine | None:
    """The engine behind the command, None where the command or its server is not there."""
    executable = shutil.which(command)
    if executable is None:
        return None
    try:
        answer = _told(executable, ["version", "--format", "{{.Server.Version}}"], Path.cwd(), _ASK)
    except OSError:
        return None
    return (
        Engine(executable, answer.out.strip()) if answer.code == 0 and answer.out.strip() else None
    )


def run_in_engine(
    view: ContainerView,
    root: Path,
    settings: VerifySettings,
    by: Engine,
    reference: ServedOperations | None = None,
    volumes: bool = True,
    alive: float = ALIVE,
) -> EntryResult | None:
    """Builds the view's image and runs its command, with its volumes (read-only) or without; None
    where the view has nothing to run. Image and container are removed, however it ends.
    """
    entry = view.entry
    if entry is None or view.context is None or view.dockerfile is None:
        return None
    name = f"unify-backend-{uuid4().hex[:12]}"
    begin = time.monotonic()
    label = f"{LABEL}={name}"
    static = view.in_container if volumes else view.in_image
    resolution = static or Resolution(None)
    with _removed(by, root, name):
        built = _told(
            by.command,
            ["build", "--label", label, "--tag", name, "--file", view.dockerfile, *view.options,
             view.context.folder],
            root, _BUILD,
        )  # fmt: skip
        if built.code != 0:
            reason = reason_in(built.out + built.err, built.code)
            return EntryResult(entry, Verdict.FAILS, resolution, (f"build: {reason}",))
        with TemporaryDirectory(
            prefix="unify-backend-", ignore_cleanup_errors=True
        ) as bootstrap_folder:
            shutil.copyfile(bootstrap.__file__, Path(bootstrap_folder) / "sitecustomize.py")
            port = free_port()
            mounts = view.volumes if volumes else ()
            words = _run_words(
                entry, name, label, Path(bootstrap_folder), port, root, mounts, settings
            )
            begun = _told(by.command, words, root, _ASK)
            if begun.code != 0:
                reason = reason_in(begun.out + begun.err, begun.code)
                return EntryResult(entry, Verdict.FAILS, resolution, (reason,))
            result = _watched(entry, by, root, name, port, resolution, settings, reference, alive)
    seconds = time.monotonic() - begin
    return EntryResult(
        result.entry, result.verdict, result.resolution, result.how, result.served,
        result.output, seconds,
    )  # fmt: skip


def _run_words(
    entry: EntryPoint,
    name: str,
    label: str,
    bootstrap_folder: Path,
    port: int,
    root: Path,
    mounts: Sequence[tuple[str, str]],
    settings: VerifySettings,
) -> list[str]:
    env = {**dict(entry.env), **dict(settings.env)}
    listed = [_INSIDE, *([env["PYTHONPATH"]] if env.get("PYTHONPATH") else [])]
    env["PYTHONPATH"] = ":".join(listed)
    env[bootstrap.VARIABLE] = json.dumps({"stubs": list(settings.stubs), "port": 0})
    match = _PORT.search(" ".join(entry.argv))
    inside = match[1] if match else env.get("PORT", "8000")
    words = ["run", "--detach", "--name", name, "--label", label]
    words += ["--publish", f"127.0.0.1:{port}:{inside}", "--workdir", entry.folder]
    words += ["--volume", f"{bootstrap_folder}:{_INSIDE}:ro"]
    for source, target in mounts:
        words += ["--volume", f"{root / source}:{target}:ro"]
    for key, value in sorted(env.items()):
        words += ["--env", f"{key}={value}"]
    return [*words, "--entrypoint", entry.argv[0], name, *entry.argv[1:]]


def _watched(
    entry: EntryPoint,
    by: Engine,
    root: Path,
    name: str,
    port: int,
    resolution: Resolution,
    settings: VerifySettings,
    reference: ServedOperations | None,
    alive: float,
) -> EntryResult:
    """Waits until the container serves, ends, or exceeds the time limit."""
    limit = settings.timeout if entry.kind is not Kind.WORKER else alive
    end = time.monotonic() + limit
    code: int | None = None
    while time.monotonic() < end and code is None:
        if entry.kind is Kind.SERVER and answers(port):
            shows = ServedOperations.showing(*ask(port, settings.probe))
            how = tuple(differences(shows, reference, settings.masks)) if reference else ()
            verdict = Verdict.DIFFERENT if how else Verdict.SAME if reference else Verdict.RUNS
            return EntryResult(entry, verdict, resolution, how, shows)
        code = _ended(by, root, name)
        time.sleep(0.2)
    logs = _told(by.command, ["logs", name], root, _ASK)
    output = (logs.out + logs.err)[-4_000:]
    if code is None:
        lives = entry.kind is Kind.WORKER
        reason = f"alive after {limit:g} s" if lives else f"no answer within {limit:g} s"
        verdict = Verdict.RUNS if lives else Verdict.FAILS
        return EntryResult(entry, verdict, resolution, (reason,), output=output)
    if code == 0 and entry.kind is Kind.SCRIPT:
        return EntryResult(entry, Verdict.RUNS, resolution)
    reason = reason_in(output, code) if code else "exited 0 without serving"
    return EntryResult(entry, Verdict.FAILS, resolution, (reason,), output=output)


def _ended(by: Engine, root: Path, name: str) -> int | None:
    """The container's exit code, None while it runs."""
    state = "{{.State.Running}} {{.State.ExitCode}}"
    answer = _told(by.command, ["inspect", "--format", state, name], root, _ASK)
    running, _, code = answer.out.strip().partition(" ")
    if answer.code != 0:
        return 1
    return None if running == "true" else int(code or 1)


@contextmanager
def _removed(by: Engine, root: Path, name: str) -> Iterator[None]:
    """The container and the image of that name are gone when the block is left."""
    try:
        yield
    finally:
        for words in (["rm", "--force", "--volumes", name], ["rmi", "--force", name]):
            _told(by.command, words, root, _ASK)


def _told(command: str, words: Sequence[str], root: Path, timeout: float) -> ProgramResult:
    variables = {key: value for key, value in os.environ.items() if key.startswith("DOCKER_")}
    return run(Program((command, *words), root, clean_env(variables)), timeout)
