"""Which of many moves can matter to one text, so that a form need not ask every move."""

import re
from collections.abc import Iterable, Iterator, Sequence

from unify_backend.model.move_index import MoveIndex
from unify_backend.model.package_move import PackageMove
from unify_backend.names.prefilter import SplitNames
from unify_backend.names.table import Occurrence

_WORDS = re.compile(r"\w+")
# `"\nold"`, `%~dp0old`: what stands in front is no part of the word.
_BEHIND = re.compile(r"(?:\\{1,2}[abfnrtv]|~dp0)(\w+)")


class Candidates:
    """The moves by the words of their names.

    A form finds a name that no search sees by its last word (`from acme import billing`), in the
    legacy or the canonical name or folder; or by the place of the file, in a legacy tree.
    """

    def __init__(self, moves: Iterable[PackageMove]) -> None:
        self._index = MoveIndex(move.as_spelled for move in moves)
        self._numbers = {move: number for number, move in enumerate(self._index.moves)}
        self._by_word: dict[str, list[int]] = {}
        for move, number in self._numbers.items():
            for word in {_WORDS.findall(name)[-1] for name in _names(move)}:
                self._by_word.setdefault(word, []).append(number)
        self._by_parent: dict[str, list[int]] = {}
        for move, number in self._numbers.items():
            for name in (move.canonical.replace(".", "/"), move.canonical_path):
                if name.count("/") > 1 and (parent := _WORDS.findall(name.rpartition("/")[0])):
                    self._by_parent.setdefault(parent[-1], []).append(number)
        self._split = SplitNames([move.legacy for move in self._index.moves])

    def of(
        self, path: str, text: str, hits: Sequence[Occurrence], document: bool = False
    ) -> tuple[PackageMove, ...]:
        """The moves that the file at `path` can name, in their order; `hits` are in its `text`.
        A single move always can. A `document` speaks of a new package by the one around it, too."""
        moves = self._index.moves
        if len(moves) < 2:
            return moves
        words = {*_WORDS.findall(text), *_BEHIND.findall(text)}
        numbers = {
            number for word in words & self._by_word.keys() for number in self._by_word[word]
        }
        if document:
            parents = words & self._by_parent.keys()
            numbers.update(number for word in parents for number in self._by_parent[word])
        numbers.update(self._numbers[hit.spelling.move] for hit in hits)
        numbers.update(self._numbers[move] for move in self._index.legacy_owners(path))
        numbers.update(self._split.scan(text))
        return tuple(moves[number] for number in sorted(numbers))


def _names(move: PackageMove) -> Iterator[str]:
    yield from (move.legacy, move.legacy_path, move.canonical, move.canonical_path)
