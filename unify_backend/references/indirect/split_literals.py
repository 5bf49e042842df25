"""Names that a literal's end tears in two, in files that hold the name nowhere else.

Where a file holds the name as well, the inventory lists these; form and text are the same here.
"""

from __future__ import annotations

from collections.abc import Iterator

from unify_backend.names.prefilter import SplitLiteralPrefilter
from unify_backend.references.indirect.index import PYTHON_FILES, Ground, Sighting


class TornLiterals:
    """`"shop_" "backend.main"`, `"shop_" + "backend"`."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._torn = SplitLiteralPrefilter(ground.moves)

    def may(self, path: str, data: bytes) -> bool:
        """Whether one literal ends in the name and another goes on with it."""
        return path.endswith(PYTHON_FILES) and self._torn(data)

    def find(self, path: str) -> Iterator[Sighting]:
        """Every torn name in the file."""
        from unify_backend.languages.python.concatenation import torn_names  # few files get so far
        from unify_backend.languages.syntax_tree import SyntaxTree

        text = self._ground.text(path)
        if text is None:
            return
        tree = SyntaxTree("python", text)
        for move in self._ground.moves:
            for split in torn_names(tree, move):
                written = text[split.span.start : split.span.end]
                advice = f"write {move.canonical} whole, in one literal"
                yield Sighting(
                    split.span, split.form, " ".join(written.split()), split.note, advice, move
                )
