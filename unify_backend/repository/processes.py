"""Runs programs in a process group of their own, which is always ended.

Servers, workers and reloaders that a program starts are not left behind: on POSIX it leads a new
session whose process group is killed, on Windows the tree of a new process group is.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_GRACE = 2.0  # seconds between asking a group to end and ending it
_LOOK = 0.02  # seconds between two looks at a process
_KILL = 9  # SIGKILL, which `signal` does not name on Windows
_NEW_GROUP = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
_MOST = 4_000_000  # bytes of output that are kept, from its end
# What a child needs to start at all; everything else is given, or is not there.
_BASIC = (
    "PATH HOME LANG LC_ALL LC_CTYPE TZ TMPDIR TEMP TMP SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC "
    "PATHEXT USERPROFILE APPDATA LOCALAPPDATA PROGRAMDATA NUMBER_OF_PROCESSORS"
).split()


@dataclass(frozen=True, slots=True)
class Program:
    """A program to start: `argv` without a shell, in the folder `cwd`, with exactly the environment
    `env` (see `clean_env`)."""

    argv: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProgramResult:
    """How a program ended. `code` is None where it was ended after the time limit."""

    code: int | None
    out: str
    err: str
    seconds: float

    @property
    def timed_out(self) -> bool:
        """Whether it had to be ended."""
        return self.code is None


def clean_env(extra: Mapping[str, str]) -> dict[str, str]:
    """The environment for a child: the variables that every program needs, none of Python, git or
    the shell, and `extra`. Output is UTF-8 whatever the console."""
    basic = {name: os.environ[name] for name in _BASIC if name in os.environ}
    return {
        **basic,
        "PYTHONUTF8": "1",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        **extra,
    }


def run(program: Program, timeout: float, stdin: bytes = b"") -> ProgramResult:
    """Runs it to its end, at most `timeout` seconds. Raises OSError where it cannot be started."""
    start = time.monotonic()
    with started(program, stdin) as running:
        code = running.wait(timeout)
        running.stop()
        return ProgramResult(code, running.out(), running.err(), time.monotonic() - start)


@contextmanager
def started(program: Program, stdin: bytes = b"") -> Iterator[Running]:
    """The running program; its whole group is ended when the block is left in any way. Raises
    OSError where it cannot be started."""
    # Files of their own name: read through the same handle, they would move the child's position.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "in").write_bytes(stdin)
        with (
            (folder / "in").open("rb") as source,
            (folder / "out").open("ab") as out,
            (folder / "err").open("ab") as err,
        ):
            process = subprocess.Popen(
                program.argv,
                cwd=program.cwd,
                env=dict(program.env),
                stdin=source,
                stdout=out,
                stderr=err,
                start_new_session=True,
                creationflags=_NEW_GROUP,
            )
        running = Running(process, folder)
        try:
            yield running
        finally:
            running.stop()


class Running:
    """A program that was started."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self._process = process
        self._folder = folder

    @property
    def code(self) -> int | None:
        """Its exit code, or None while it runs."""
        return self._process.poll()

    def wait(self, timeout: float, until: Callable[[], bool] | None = None) -> int | None:
        """Waits for its end or for `until`, at most `timeout` seconds; the exit code or None."""
        if until is None:
            try:
                return self._process.wait(timeout)
            except subprocess.TimeoutExpired:
                return None
        end = time.monotonic() + timeout
        while time.monotonic() < end and self.code is None and not until():
            time.sleep(_LOOK)
        return self.code

    def out(self) -> str:
        """What it wrote to standard output so far (the end of it, where that is very long)."""
        return _text(self._folder / "out")

    def err(self) -> str:
        """The same for standard error."""
        return _text(self._folder / "err")

    def stop(self) -> None:
        """Ends it and everything it started; does nothing where all of it has ended."""
        if hasattr(os, "killpg"):
            self._stop_group()
        else:
            self._stop_tree()
        self._process.wait()

    def _stop_group(self) -> None:
        for sign in (signal.SIGTERM, signal.Signals(_KILL)):
            if not _signalled(self._process.pid, sign):
                return
            end = time.monotonic() + _GRACE
            while time.monotonic() < end and _signalled(self._process.pid, 0):
                self._process.poll()
                time.sleep(_LOOK)

    def _stop_tree(self) -> None:
        if self._process.poll() is None:
            subprocess.run(
                ["taskkill", "/F", "/T", "/PID", str(self._process.pid)],
                capture_output=True,
                check=False,
            )


def _signalled(group: int, sign: int) -> bool:
    """Whether the process group was there to be told."""
    tell = getattr(os, "killpg")  # noqa: B009 - type checkers for Windows do not know it
    try:
        tell(group, sign)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _text(file: Path) -> str:
    with file.open("rb") as opened:
        size = opened.seek(0, os.SEEK_END)
        opened.seek(max(0, size - _MOST))
        return opened.read().decode("utf-8", "replace").replace("\r\n", "\n")
