"""Names that a literal's end tears in two, in files that hold the name nowhere else.

Where a file holds the name as well, the inventory lists these; form and text are the same here.
"""

from __future__ import annotations

from collections.abc import Iterator

from unify_backend.languages.python.source import PYTHON_FILES
from unify_backend.names.sieve import SplitNamePrefilter
from unify_backend.references.indirect.index import IndirectUse, RepositoryIndex


class SplitLiterals:
    """`"shop_" "backend.main"`, `"shop_" + "backend"`."""

    def __init__(self, index: RepositoryIndex) -> None:
        self._index = index
        self._torn = SplitNamePrefilter(index.moves)

    def may(self, path: str, data: bytes) -> bool:
        """Whether one literal ends in the name and another goes on with it."""
        return path.endswith(PYTHON_FILES) and self._torn(data)

    def find(self, path: str) -> Iterator[IndirectUse]:
        """Every split name in the file."""
        from unify_backend.languages.python.split_names import (
            split_literals,  # few files get so far
        )
        from unify_backend.languages.syntax_tree import SyntaxTree

        text = self._index.text(path)
        if text is None:
            return
        tree = SyntaxTree("python", text)
        for move in self._index.moves:
            for split in split_literals(tree, move):
                written = text[split.span.start : split.span.end]
                advice = f"write {move.canonical} whole, in one literal"
                yield IndirectUse(
                    split.span, split.form, " ".join(written.split()), split.note, advice, move
                )
