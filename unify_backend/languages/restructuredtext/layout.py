"""What reStructuredText draws with characters: lines below titles, and tables with fixed columns.

A title's line must be as long as the title. A cell must stay inside its column, or the whole table
is an error; so a name in it needs review, unless it stands in the last column of a simple table.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from unify_backend.model.spans import Span

ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1{2,}[ \t]*\r?")
_GRID = re.compile(r"[ \t]*\+(?:[-=]+\+)+[ \t]*\r?")
_ROW = re.compile(r"[ \t]*\|.*\|[ \t]*\r?")
_SIMPLE = re.compile(r"[ \t]*=+(?:[ \t]+=+)+[ \t]*\r?")
_WORD = re.compile(r"[^\s`|<>()\[\]\"',;]*")
_MOST_LINES = 1_000
_FAR = 40_000  # characters; no table is longer


@dataclass(frozen=True, slots=True)
class Adornment:
    """A line above or below a title that becomes too short, and the line it becomes."""

    span: Span
    replacement: str


def adornments(text: str, hit: Span, renamed: Callable[[str], str]) -> Iterator[Adornment]:
    """The lines of the title that holds `hit`, where they are shorter than its renamed text.

    A line that is too long is no fault, so a line may grow whatever becomes of the name.
    """
    start = text.rfind("\n", 0, hit.start) + 1
    title = _line(text, start)
    below = _line(text, title.end + 1) if title.end < len(text) else None
    words = text[title.start : title.end].rstrip()
    if below is None or not words or ADORNMENT.fullmatch(words):
        return
    match = ADORNMENT.fullmatch(text, below.start, below.end)
    if match is None or (words[0].isspace() and not _above(text, title, match[1])):
        return
    length = max(len(renamed(words)), len(words))
    for line in (_above(text, title, match[1]), below):
        if line is not None:
            drawn = Span(line.start, line.start + len(text[line.start : line.end].rstrip()))
            if drawn.end - drawn.start < length:
                yield Adornment(drawn, match[1] * length)


def cell(text: str, block: Span, hit: Span) -> Span | None:
    """The word around `hit` where it stands in a table whose columns would move; else None."""
    line = _line(text, text.rfind("\n", 0, hit.start) + 1)
    end = _WORD.match(text, hit.end, line.end)
    word = Span(hit.start, end.end() if end else hit.end)
    lines = text[block.start : block.end].split("\n", _MOST_LINES)[:_MOST_LINES]
    if _ROW.fullmatch(text, line.start, line.end) and any(map(_GRID.fullmatch, lines)):
        return word
    border = next((line for line in lines if _SIMPLE.fullmatch(line)), None)
    if border is None:
        border = _border_above(text, line.start)
    if border is None:
        return None
    return word if hit.start - line.start < border.rstrip().rfind(" ") + 1 else None


def _border_above(text: str, at: int) -> str | None:
    """The border of the simple table that a row belongs to, if it belongs to any: the nearest
    one above, with another one below the row."""
    borders = [line for line in text[max(0, at - _FAR) : at].split("\n") if _SIMPLE.fullmatch(line)]
    below = next(
        (line for line in text[at : at + _FAR].split("\n") if _SIMPLE.fullmatch(line)), None
    )
    same = below is not None and below.strip() in {line.strip() for line in borders}
    return borders[-1] if borders and same and len(borders) % 3 else None


def _above(text: str, title: Span, mark: str) -> Span | None:
    """The line above a title, where it is drawn with the same mark."""
    if title.start == 0:
        return None
    line = _line(text, text.rfind("\n", 0, title.start - 1) + 1)
    match = ADORNMENT.fullmatch(text, line.start, line.end)
    return line if match and match[1] == mark else None


def _line(text: str, start: int) -> Span:
    end = text.find("\n", start)
    return Span(start, end if end >= 0 else len(text))
