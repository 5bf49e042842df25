"""Work that two processes do at the same time, where one can be forked off."""

from __future__ import annotations

import os
import pickle
import sys
import threading
from collections.abc import Callable, Mapping
from typing import TypeVar, cast

_OVERHEAD = 2_000  # bytes: what each file costs beside its size
T = TypeVar("T")


def can_fork() -> bool:
    """Whether a second process may be forked off here: there is a fork, there are two processors,
    and no thread that could hold a lock for ever in the child."""
    return (
        sys.platform != "win32"
        and hasattr(os, "fork")
        and (os.cpu_count() or 1) > 1
        and threading.active_count() == 1
    )


def halves(sizes: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """The names in two parts that take about the same time; the biggest are distributed first."""
    parts: tuple[list[str], list[str]] = ([], [])
    totals = [0, 0]
    for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
        n = int(totals[1] < totals[0])
        parts[n].append(name)
        totals[n] += sizes[name] + _OVERHEAD
    return parts


def in_two(mine: Callable[[], None], other: Callable[[], T]) -> T:
    """Does `mine` here and `other` in a forked process, whose result is pickled; does both here
    where there is no fork, or where that process failed."""
    if sys.platform != "win32":
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            _answer(other, reading, writing)
        os.close(writing)
        mine()
        with os.fdopen(reading, "rb") as stream:
            answer = stream.read()
        _, status = os.waitpid(child, 0)
        if status == 0:
            return cast(T, pickle.loads(answer))
    else:
        mine()
    return other()


def _answer(work: Callable[[], object], reading: int, writing: int) -> None:
    """Runs in the forked process: writes the result and exits without the parent's exit
    handlers."""
    try:
        os.close(reading)
        data = pickle.dumps(work(), 5)
        with os.fdopen(writing, "wb") as stream:
            stream.write(data)
    except BaseException:
        os._exit(1)
    os._exit(0)
