"""Comments and strings of source code, by how a language writes them.

A scanner and no parser: it reads every dialect, and needs to know two kinds of places.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from unify_backend.model.spans import Span


@dataclass(frozen=True, slots=True)
class Quotes:
    """One way to write a string: patterns for how it opens, for what it holds, for how it closes.
    `escapes` is true where a backslash escapes the next character."""

    opening: str
    body: str
    closing: str
    escapes: bool = True


_LINE = r"(?=\r?\n)"  # what is not closed ends with its line
DOUBLE = Quotes('"', r'(?:[^"\\\r\n]|\\.)*+', f'(?:"|{_LINE})')
SINGLE = Quotes("'", r"(?:[^'\\\r\n]|\\.)*+", f"(?:'|{_LINE})")
LONG_DOUBLE = Quotes('"', r'(?:[^"\\]|\\.)*+', '"')  # over several lines
LONG_SINGLE = Quotes("'", r"(?:[^'\\]|\\.)*+", "'")
TRIPLE_DOUBLE = Quotes('"""', r'(?:[^"\\]|\\.|"(?!""))*+', '"""')
TRIPLE_SINGLE = Quotes("'''", r"(?:[^'\\]|\\.|'(?!''))*+", "'''")
BACKQUOTE = Quotes("`", r"[^`]*+", "`", escapes=False)

HASH = r"\#[^\n]*"
SLASHES = r"//[^\n]*"
STARS = r"/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)"
DASHES = r"--[^\n]*"
SEMICOLON = r";[^\n]*"


@dataclass(frozen=True, slots=True)
class Syntax:
    """How a language writes comments and strings: patterns, the first that matches counts.
    `skipped` are stretches that only look like one of them: a character, a lifetime."""

    comments: tuple[str, ...]
    strings: tuple[Quotes, ...]
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A comment, or a string. `inner` is a string without its quotes; of a comment it is all."""

    span: Span
    inner: Span
    comment: bool = False
    escapes: bool = False


class Pieces:
    """The comments and strings of one text, in order."""

    def __init__(self, text: str, syntax: Syntax) -> None:
        self.all = list(_pieces(text, syntax))
        self._starts = [piece.span.start for piece in self.all]

    def number_at(self, hit: Span) -> int | None:
        """The number of the piece that holds `hit`; None where none does."""
        number = bisect_right(self._starts, hit.start) - 1
        return number if number >= 0 and self.all[number].inner.holds(hit) else None

    def joined(self, text: str, number: int, joint: re.Pattern[str]) -> Sequence[Piece]:
        """The strings around string `number`, itself included, between which there is nothing but
        `joint`."""
        first = last = number
        while first > 0 and self._joins(text, first - 1, joint):
            first -= 1
        while last + 1 < len(self.all) and self._joins(text, last, joint):
            last += 1
        return self.all[first : last + 1]

    def _joins(self, text: str, number: int, joint: re.Pattern[str]) -> bool:
        left, right = self.all[number], self.all[number + 1]
        near = right.span.start - left.span.end <= _NEAR
        return (
            near
            and not left.comment
            and not right.comment
            and joint.fullmatch(text, left.span.end, right.span.start) is not None
        )


_NEAR = 200  # characters between two strings of one list


@lru_cache(maxsize=32)
def _pattern(syntax: Syntax) -> re.Pattern[str]:
    skipped = "|".join(f"(?:{pattern})" for pattern in syntax.skipped)
    comments = "|".join(f"(?:{pattern})" for pattern in syntax.comments)
    strings = [
        f"(?:{quotes.opening})(?P<text{number}>{quotes.body})(?:{quotes.closing}|\\Z)"
        for number, quotes in enumerate(syntax.strings)
    ]
    parts = [f"(?P<comment>{comments})" if comments else "", skipped, *strings]
    return re.compile("|".join(part for part in parts if part), re.DOTALL | re.MULTILINE)


def _pieces(text: str, syntax: Syntax) -> Iterator[Piece]:
    for match in _pattern(syntax).finditer(text):
        kind = match.lastgroup
        if kind == "comment":
            yield Piece(Span(*match.span()), Span(*match.span()), comment=True)
        elif kind:
            quotes = syntax.strings[int(kind.removeprefix("text"))]
            yield Piece(Span(*match.span()), Span(*match.span(kind)), escapes=quotes.escapes)
