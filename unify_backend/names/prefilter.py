"""Prefilters: whether the bytes of a file can hold the legacy name, before they are decoded.

This module imports little: where no file holds the name, the rest of the search is not loaded.
"""

import re
from collections.abc import Sequence

from unify_backend.model.package_move import PackageMove

_SHORTEST, _LONGEST = 3, 60  # letters of a split name in its first literal, at least and at most
_JOINT = rb"[\"'][\s\\+]{0,200}[A-Za-z]{0,2}[\"']"
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # UTF-16 spells the name in twice as many bytes


class NamePrefilter:
    """Passes files that hold the last segment of a legacy name or path: every spelling of the name
    ends in one of them, and so do relative imports of it."""

    def __init__(self, moves: Sequence[PackageMove]) -> None:
        words = {move.legacy.rpartition(".")[2] for move in moves}
        words |= {move.legacy_path.rpartition("/")[2] for move in moves}
        self._words = tuple(sorted(word.encode() for word in words))

    def __call__(self, data: bytes) -> bool:
        """False where the bytes certainly hold no legacy name."""
        return data[:2] in _WIDE or any(word in data for word in self._words)


class SplitLiteralPrefilter:
    """Passes files that spell a legacy name in two adjacent literals, like `"old_" "backend"`."""

    def __init__(self, moves: Sequence[PackageMove]) -> None:
        self._begins = re.compile(b"|".join(sorted({_head(move.legacy) for move in moves})))
        self._cuts = [
            (move.legacy[:cut].encode(), move.legacy[cut:].encode())
            for move in moves
            for cut in range(min(_SHORTEST, len(move.legacy) - 1), len(move.legacy))[:_LONGEST]
        ]

    def __call__(self, data: bytes) -> bool:
        """False where the bytes certainly hold no legacy name in two literals."""
        return self._begins.search(data) is not None and any(
            re.search(re.escape(head) + _JOINT + re.escape(rest), data) for head, rest in self._cuts
        )


def _head(name: str) -> bytes:
    """A pattern for a part of the name, from its first letters on, with a quote behind it."""
    lead = name[: min(_SHORTEST, len(name) - 1)]
    more = ""
    for letter in reversed(name[len(lead) : -1][:_LONGEST]):
        more = f"(?:{re.escape(letter)}{more})?"
    return f"{re.escape(lead)}{more}[\"']".encode()
