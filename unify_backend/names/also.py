"""The spellings that a configuration renames together with a package (`also`)."""

import re
from collections.abc import Sequence

from unify_backend.model.spans import Span
from unify_backend.names.joined_words import JoinedWords, is_joined


class AlsoTable:
    """Finds the configured words, and says what each becomes.

    A pair in lower case with underscores stands for every word that holds it (`JoinedWords`), any
    other pair for that word alone, as it is written.
    """

    def __init__(self, also: Sequence[tuple[str, str]]) -> None:
        self._becomes = {old: new for old, new in also if not is_joined(old, new)}
        joined = [pair for pair in also if is_joined(*pair)]
        self._joined = JoinedWords(joined, self._becomes.items())
        words = sorted(self._becomes, key=len, reverse=True)
        body = "|".join(map(re.escape, words)) if words else r"(?!)"
        self._search = re.compile(rf"(?<![A-Za-z0-9_])(?:{body})(?![A-Za-z0-9_])")
        self.needles = (*(word.lower().encode() for word in words), *self._joined.needles)

    def scan(self, text: str, taken: Sequence[Span]) -> list[tuple[Span, str]]:
        """Places and their replacements. An exact name (`taken`, sorted) keeps its place, unless it
        is only a part of the longer spelling that is configured: then that one is meant."""
        if not self.needles:
            return []
        matches: list[tuple[Span, str]] = []
        at = 0
        for span, becomes in self._words(text):
            while at < len(taken) and taken[at].end <= span.start:
                at += 1
            inner = at
            while inner < len(taken) and span.holds(taken[inner]) and span != taken[inner]:
                inner += 1
            if not (inner < len(taken) and taken[inner].overlaps(span)):
                matches.append((span, becomes))
        return matches

    def rename(self, text: str) -> str:
        """`text` with every configured word replaced."""
        if not self.needles:
            return text
        renamed = self._search.sub(lambda match: self._becomes[match.group()], text)
        return self._joined.renamed(renamed) if self._joined else renamed

    def _words(self, text: str) -> list[tuple[Span, str]]:
        matches = self._search.finditer(text) if self._becomes else ()
        exact = [(Span(*match.span()), self._becomes[match.group()]) for match in matches]
        if not self._joined:
            return exact
        around = [
            pair
            for pair in self._joined.scan(text)
            if not any(pair[0].overlaps(span) for span, _ in exact)
        ]
        return sorted([*exact, *around], key=lambda pair: pair[0])
