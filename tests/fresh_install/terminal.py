"""A command at a terminal, with a person who presses keys."""

import os
import select
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

_QUIET = 0.5  # seconds without output after which the program is taken to wait for a key
_LIMIT = 120  # keys that are pressed at most: a program that still asks then does not end


def press(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], keys: str
) -> tuple[int, str]:
    """Runs a command whose three streams are a terminal, and presses the keys in turn, the last
    one again and again; returns the exit code and all that was shown. POSIX only."""
    import pty

    ours, theirs = pty.openpty()
    try:
        child = subprocess.Popen(
            command, cwd=folder, env=dict(environment), stdin=theirs, stdout=theirs, stderr=theirs,
            start_new_session=True,
        )  # fmt: skip
    finally:
        os.close(theirs)
    shown = bytearray()
    try:
        _talk(ours, shown, [*keys, *keys[-1] * _LIMIT])
        return child.wait(timeout=60), shown.decode("utf-8", "replace")
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
        os.close(ours)


def _talk(terminal: int, shown: bytearray, keys: list[str]) -> None:
    """Reads until the program has closed the terminal, or has had every key."""
    while True:
        waiting = bool(shown) and not select.select([terminal], [], [], _QUIET)[0]
        if waiting and not keys:
            return
        try:
            if waiting:
                os.write(terminal, keys.pop(0).encode())
                continue
            data = os.read(terminal, 65536)
        except OSError:  # Linux: the other end is closed
            return
        if not data:
            return
        shown += data
