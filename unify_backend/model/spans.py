"""Spans and positions in a text, and edits that change nothing outside their span."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate, pairwise


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of character offsets, 0-based: `text[start:end]`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def shift(self, offset: int) -> "Span":
        """The same range seen from a text in which this text begins at `offset`."""
        return Span(self.start + offset, self.end + offset)

    def holds(self, other: "Span") -> bool:
        """Whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end


class SpanSet:
    """Many spans of one text, in any order; they may overlap each other."""

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted(spans)
        self._starts = [span.start for span in ordered]
        self._ends = list(accumulate((span.end for span in ordered), max))

    def overlaps(self, span: Span) -> bool:
        """Whether one of them shares a character with `span`, in logarithmic time."""
        before = bisect_left(self._starts, span.end)
        return before > 0 and span.start < self._ends[before - 1]


@dataclass(frozen=True, slots=True)
class Position:
    """A place as people count it: line and column from 1, columns in characters."""

    line: int
    column: int


class LineIndex:
    """Turns offsets of one text into positions. Lines end at `\\n`, as in git and editors."""

    def __init__(self, text: str) -> None:
        sizes = accumulate(len(line) + 1 for line in text.split("\n"))
        self._starts = [0, *sizes]
        self._starts.pop()  # behind the last line nothing begins
        self._text = text
        self._last: tuple[int, str] = (0, "")  # a line of a million characters is cut out once

    def position(self, offset: int) -> Position:
        """Line and column (1-based) of the character at `offset`."""
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)

    def line_span(self, line: int) -> Span:
        """The range of a 1-based line, without its line end."""
        start = self._starts[line - 1]
        end = self._starts[line] - 1 if line < len(self._starts) else len(self._text)
        if end > start and self._text[end - 1] == "\r":
            end -= 1
        return Span(start, max(start, end))

    def line_of(self, offset: int) -> str:
        """The text of the line that holds `offset`, without its line end."""
        number = bisect_right(self._starts, offset)
        if self._last[0] != number:
            span = self.line_span(number)
            self._last = (number, self._text[span.start : span.end])
        return self._last[1]


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text at `span` by `replacement`."""

    span: Span
    replacement: str


def overlapping(edits: Iterable[Edit]) -> tuple[Edit, Edit] | None:
    """The first two edits that `splice` cannot both apply, or None. The same edit twice also
    counts."""
    ordered = sorted(edits, key=lambda edit: edit.span)
    for before, after in pairwise(ordered):
        if after.span.start < before.span.end or after.span == before.span:
            return before, after
    return None


def splice(text: str, edits: Iterable[Edit]) -> str:
    """`text` with the edits applied; everything outside their spans is untouched.

    Raises ValueError where two edits overlap or one reaches past the end.
    """
    parts: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        if edit.span.start < at or edit.span.end > len(text):
            raise ValueError(f"edits overlap or reach past the end at offset {edit.span.start}")
        parts.append(text[at : edit.span.start])
        parts.append(edit.replacement)
        at = edit.span.end
    parts.append(text[at:])
    return "".join(parts)
