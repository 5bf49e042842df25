"""Spellings that a person wants renamed together with the package (`also` in the configuration)."""

import re
from collections.abc import Sequence

from unify_backend.model.spans import Span


class AlsoTable:
    """Finds configured words, whole, and says what each becomes."""

    def __init__(self, also: Sequence[tuple[str, str]]) -> None:
        self._becomes = dict(also)
        words = sorted(self._becomes, key=len, reverse=True)
        body = "|".join(map(re.escape, words)) if words else r"(?!)"
        self._search = re.compile(rf"(?<![A-Za-z0-9_])(?:{body})(?![A-Za-z0-9_])")
        self.needles = tuple(word.lower().encode() for word in words)

    def scan(self, text: str, taken: Sequence[Span]) -> list[tuple[Span, str]]:
        """Places and their replacements. An exact name (`taken`, sorted) keeps its place, unless it
        is only a part of the longer spelling that somebody configured: then that one is meant."""
        if not self._becomes:
            return []
        matches: list[tuple[Span, str]] = []
        at = 0
        for match in self._search.finditer(text):
            span = Span(*match.span())
            while at < len(taken) and taken[at].end <= span.start:
                at += 1
            inner = at
            while inner < len(taken) and span.holds(taken[inner]) and span != taken[inner]:
                inner += 1
            if not (inner < len(taken) and taken[inner].overlaps(span)):
                matches.append((span, self._becomes[match.group()]))
        return matches

    def rename(self, text: str) -> str:
        """`text` with every configured word replaced."""
        return self._search.sub(lambda match: self._becomes[match.group()], text)
