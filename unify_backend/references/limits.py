"""Limits of what is parsed, and a context for reading many files."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

LARGEST = 4_000_000  # characters that a format's own parser is asked to read; beyond, plain text
DENSEST = 2_000_000_000  # names times characters of the longest line: forms search around each name


@contextmanager
def no_collection() -> Iterator[None]:
    """Turns the garbage collector off in its block: syntax trees are many and have no cycles, so
    that it only costs time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
