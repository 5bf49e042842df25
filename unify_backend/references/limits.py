"""Limits of what is parsed, and a context for reading many files."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from unify_backend.languages.detect import language_of

LARGEST = 4_000_000  # characters that a format's own parser is asked to read; beyond, plain text
DENSEST = 2_000_000_000  # names times characters of the longest line: forms search around each name


def dense(text: str, names: int) -> bool:
    """Whether looking around each of so many names on its line would take minutes."""
    if names * len(text) <= DENSEST:
        return False
    return names * max(map(len, text.split("\n"))) > DENSEST


def language_read(path: str, text: str, names: int) -> str:
    """The language whose parser reads a file of so many names: of one beyond the limits plain
    text."""
    if len(text) > LARGEST or dense(text, names):
        return "text"
    return language_of(path, text[:200])


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
