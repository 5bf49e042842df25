"""Prefilters: whether the bytes of a file can hold the legacy name, before they are decoded.

This module imports little: where no file holds the name, the rest of the search is not loaded.
"""

import re
from collections.abc import Iterator, Sequence

from unify_backend.model.package_move import PackageMove
from unify_backend.names.alternation import alternation

# From one literal's closing quote to the next one's opening quote: nothing but blanks, a line
# continuation, a plus sign and a prefix can stand between two literals that are joined.
_BETWEEN = r"(?:[ \t\r\n]|\\\r?\n){0,200}(?:\+(?:[ \t\r\n]|\\\r?\n){0,200})?[A-Za-z]{0,2}[\"']"
LITERAL_JOINT = re.compile(rf"[\"']{_BETWEEN}")
_ENDS = re.compile(rf"[\"'](?={_BETWEEN}(?P<tail>[\w.\x80-\xff]*))")
_HEAD = re.compile(r"[\w.\x80-\xff]*")
_LONGEST = 200  # characters of a name that is split
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # UTF-16 spells the name in twice as many bytes


class NamePrefilter:
    """Passes files that hold the last segment of a legacy name or path: every spelling of the name
    ends in one of them, and so do relative imports of it."""

    def __init__(self, moves: Sequence[PackageMove]) -> None:
        words = {move.legacy.rpartition(".")[2] for move in moves}
        words |= {move.legacy_path.rpartition("/")[2] for move in moves}
        words |= {old.rpartition("/")[2] for move in moves for old, _ in move.outer_folders}
        self._words = tuple(sorted(word.encode() for word in words))

    def __call__(self, data: bytes) -> bool:
        """False where the bytes certainly hold no legacy name."""
        return data[:2] in _WIDE or any(word in data for word in self._words)


class SplitNames:
    """Finds names of which one literal holds the beginning and the next one the rest."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = tuple(names)
        self._by_letter: dict[str, list[int]] = {}
        for number, name in enumerate(self._names):
            self._by_letter.setdefault(name[:1], []).append(number)

    def scan(self, text: str) -> Iterator[int]:
        """The numbers of the names that are split in `text`, as often as they are."""
        for joint in _ENDS.finditer(text):
            before = text[max(0, joint.start() - _LONGEST) : joint.start()]
            start = _HEAD.match(before[::-1])
            head = start.group()[::-1] if start else ""
            whole = head + joint["tail"][:_LONGEST]
            for at, letter in enumerate(head):
                for number in self._by_letter.get(letter, ()):
                    if whole.startswith(self._names[number], at):
                        yield number


class SplitLiteralPrefilter:
    """Passes files that spell a legacy name in two adjacent literals, like `"old_" "backend"`."""

    def __init__(self, moves: Sequence[PackageMove]) -> None:
        moves = [move.as_spelled for move in moves]
        # Bytes are read as characters one by one, and so is the name.
        self._names = SplitNames([move.legacy.encode().decode("latin-1") for move in moves])
        names = sorted({move.legacy.encode() for move in moves})
        self._firsts = tuple(name[: len(name) // 2] for name in names)
        self._seconds = tuple(name[len(name) // 2 :] for name in names)
        heads = (name[:end].decode("latin-1") for name in names for end in _cuts(name))
        self._heads = re.compile(b"(?:" + alternation(heads).encode("latin-1") + b")[\"']")
        self._tails = re.compile(rb"[\"'](?:" + b"|".join(map(_tail, names)) + b")")

    def __call__(self, data: bytes) -> bool:
        """False where the bytes certainly hold no legacy name in two literals."""
        # Looking for a word takes a fraction of the time of an expression.
        heads = any(first in data for first in self._firsts) and self._heads.search(data)
        if not heads:
            worth = any(second in data for second in self._seconds)
            if not (worth and self._tails.search(data)):
                return False
        return any(True for _ in self._names.scan(data.decode("latin-1")))


# Wherever a name is split, one literal ends with its first half and perhaps more of it, or the next
# one begins with its second half, and perhaps what stands before that.
def _cuts(name: bytes) -> range:
    return range(len(name) // 2, max(len(name), len(name) // 2 + 1))


def _tail(name: bytes) -> bytes:
    half = len(name) // 2
    before = b""
    for letter in _letters(name[1:half]):
        before = b"(?:" + before + letter + b")?"
    return before + re.escape(name[half:])


def _letters(part: bytes) -> list[bytes]:
    return [re.escape(part[at : at + 1]) for at in range(len(part))]
