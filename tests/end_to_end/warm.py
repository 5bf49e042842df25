"""The command, started from a process that has loaded it already.

To load a command takes more processor time than to run it on a small repository. A process that has
loaded everything and has run nothing copies itself for each run, which has arguments, a folder, an
environment and files of its own and ends as the command does. `make test-deep`, and a system that
cannot copy processes, start the installed program instead.

    python -m tests.end_to_end.warm

reads an order in JSON from each line of standard input, and answers with the exit code.
"""

import gc
import json
import os
import pkgutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Self

import unify_backend
from tests.effort import HANGING
from tests.end_to_end.support import environment
from unify_backend.__main__ import main

ROOT = Path(__file__).parents[2]
WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
STREAMS = {"in": os.O_RDONLY, "out": WRITE, "err": WRITE}
APART = (".programs", ".template")  # run by interpreters of their own; what becomes a package


Ended = tuple[int, bytes, bytes]
Start = Callable[[Path, Sequence[str], bytes], Ended]


class Warm:
    """The process that waits for orders, while the block lasts."""

    def __init__(self, files: Path) -> None:
        self._files = files

    def __enter__(self) -> Self:
        self._process = _started()
        return self

    def __exit__(self, *error: object) -> None:
        self._process.communicate()

    def run(self, folder: Path, arguments: Sequence[str], stdin: bytes) -> Ended:
        """Exit code, output and messages of one run; fails where it hangs."""
        (self._files / "in").write_bytes(stdin)
        order = {
            "folder": str(folder),
            "arguments": arguments,
            "env": environment(),
            "files": str(self._files),
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        guard = threading.Timer(HANGING, os.killpg, (self._process.pid, signal.SIGKILL))
        guard.start()
        try:
            print(json.dumps(order), file=self._process.stdin, flush=True)
            answer = self._process.stdout.readline()
        finally:
            guard.cancel()
        if not answer:
            self._process.communicate()
            self._process = _started()
            raise AssertionError(f"not done after {HANGING} s: {arguments}")
        return int(answer), (self._files / "out").read_bytes(), (self._files / "err").read_bytes()


def _started() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.end_to_end.warm"],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def _load() -> None:
    for one in pkgutil.walk_packages(unify_backend.__path__, "unify_backend."):
        if not any(part in one.name for part in APART):
            import_module(one.name)
    gc.freeze()


def _become(folder: str, arguments: Sequence[str], env: Mapping[str, str], files: str) -> None:
    """Makes this process the one that was ordered."""
    for number, (name, flags) in enumerate(STREAMS.items()):
        opened = os.open(Path(files) / name, flags)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    sys.argv = ["unify-backend", *arguments]


def _serve() -> None:
    _load()
    while line := sys.stdin.readline():
        child = os.fork()
        if child == 0:
            _become(**json.loads(line))
            main()
            sys.exit()
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(f"{code}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
