"""What is too much to be read closely, and a way to read much."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

LARGEST = 4_000_000  # characters that a format's own parser is asked to read; beyond, plain text
DENSEST = 2_000_000_000  # likewise names times characters of the longest line: forms look around


@contextmanager
def no_collection() -> Iterator[None]:
    """Syntax trees come and go by the thousand and hold no cycles: looking for some costs time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
