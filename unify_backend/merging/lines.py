"""How many lines two texts differ by."""

from collections import Counter
from difflib import SequenceMatcher
from itertools import takewhile
from operator import eq

_WORK = 1_000_000


def count_changed(legacy: str, canonical: str) -> tuple[int, int]:
    """Lines only in `canonical`, and lines only in `legacy`, as a diff would show them.

    Where many lines repeat, a diff takes quadratic time; then a line that only moved counts as
    unchanged.
    """
    old, new = _different(legacy.split("\n"), canonical.split("\n"))
    olds, news = Counter(old), Counter(new)
    if sum(count * news[line] for line, count in olds.items()) > _WORK:
        return (news - olds).total(), (olds - news).total()
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    common = sum(block.size for block in blocks)
    return len(new) - common, len(old) - common


def _different(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """Without the lines that both have at the beginning and at the end."""
    head = sum(1 for _ in takewhile(bool, map(eq, old, new)))
    old, new = old[head:], new[head:]
    tail = sum(1 for _ in takewhile(bool, map(eq, reversed(old), reversed(new))))
    return old[: len(old) - tail], new[: len(new) - tail]
