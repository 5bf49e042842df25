"""What work costs as its input grows: processor time of one size beside that of another, and never
a bound in seconds, so that neither a slow machine nor a busy one changes the answer."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

TIMES = 8
MOST = 30.0  # eight times as much may cost thirty times as much; with the square it costs 64 times
FLOOR = 0.005  # seconds; below them it is mostly the collector and the caches that are measured
TRIES = 5


def growth(work: Callable[[T], object], make: Callable[[int], T], size: int) -> float:
    """How many times the processor time of `work(make(size // TIMES))` one of `make(size)` takes.

    What disturbs a measurement only adds to it, so each side's best of up to `TRIES` counts; the
    first answer below `MOST` is taken. Only `work` is measured, and only in this process.
    """
    small, large = make(size // TIMES), make(size)
    shortest, longest = _seconds(work, small), _seconds(work, large)
    for _ in range(TRIES - 1):
        if longest < MOST * max(shortest, FLOOR):
            break
        shortest = min(shortest, _seconds(work, small))
        longest = min(longest, _seconds(work, large))
    return longest / max(shortest, FLOOR)


def _seconds(work: Callable[[T], object], given: T) -> float:
    start = time.process_time()
    work(given)
    return time.process_time() - start
