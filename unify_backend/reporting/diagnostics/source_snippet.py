"""A source line with the place marked under it, cut to the width of the screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import combining, east_asian_width

from unify_backend.model.diagnostics import Diagnostic
from unify_backend.model.text import printable

_TAB = 4
_CUT = "…"


@dataclass(frozen=True, slots=True)
class _Marked:
    """A line as it is shown; `[start, end)` is the place, in columns of the screen."""

    line: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Cell:
    """A character as it is shown, and how many columns of the screen it takes."""

    shown: str
    width: int


def marked(diagnostic: Diagnostic, width: int) -> _Marked | None:
    """The line of a diagnostic in at most `width` columns (20 or more); None where it has no
    place, or no line to show. A place on several lines is marked to the end of the first."""
    if diagnostic.start is None or not diagnostic.line.strip():
        return None
    first = min(diagnostic.start.column - 1, len(diagnostic.line))
    last = len(diagnostic.line)
    if diagnostic.end is None:
        last = first + 1
    elif diagnostic.end.line == diagnostic.start.line:
        last = max(first, diagnostic.end.column - 1)
    # of a line of a million characters only the surroundings are looked at
    begin, stop = max(0, first - width), min(len(diagnostic.line), max(last, first + 1) + width)
    stop = min(stop, first + 2 * width)
    cells = _cells(diagnostic.line[begin:stop])
    return _fit(
        cells, first - begin, min(last, stop) - begin, width, begin > 0, stop < len(diagnostic.line)
    )


def columns(text: str) -> int:
    """How many columns of a screen `text` takes."""
    return len(text) if text.isascii() and text.isprintable() else _width(_cells(text))


def _cells(text: str) -> list[_Cell]:
    cells, at = [], 0
    for char in text:
        cell = _tab(at) if char == "\t" else _cell(char)
        at += cell.width
        cells.append(cell)
    return cells


def _tab(at: int) -> _Cell:
    size = _TAB - at % _TAB
    return _Cell(" " * size, size)


def _cell(char: str) -> _Cell:
    if not char.isprintable():
        escape = printable(char)
        return _Cell(escape, len(escape))
    if combining(char):
        return _Cell(char, 0)
    return _Cell(char, 2 if east_asian_width(char) in "WF" else 1)


def _fit(
    cells: Sequence[_Cell], first: int, last: int, width: int, cut_left: bool, cut_right: bool
) -> _Marked:
    """Selects the cells that fit around the place. The beginning of the place is always shown."""
    before, rest = _width(cells[:first]), _width(cells[first:])
    left, right = 0, len(cells)
    if cut_left or cut_right or before + rest > width:
        most = width // 3 if cut_right else max(width // 3, width - rest)
        while before + cut_left > most:
            before -= cells[left].width
            left, cut_left = left + 1, True
        room = width - cut_left - before
        cut_right = cut_right or rest > room
        while rest > room - cut_right:
            right -= 1
            rest -= cells[right].width
    shown = "".join(cell.shown for cell in cells[left:right])
    start = cut_left + before
    end = start + _width(cells[first : min(last, right)])
    line = f"{_CUT if cut_left else ''}{shown}{_CUT if cut_right else ''}".rstrip()
    return _Marked(line, start, max(end, start + 1))


def _width(cells: Sequence[_Cell]) -> int:
    return sum(cell.width for cell in cells)
