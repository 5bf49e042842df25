"""The burn-down as text: a stacked chart of blocks, or of ASCII signs."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from unify_backend.model.history import Burndown, Point
from unify_backend.reporting.burndown.scale import AxisLabel, count_ticks, places, time_ticks

_ROWS = 14
_NARROWEST = 30


@dataclass(frozen=True, slots=True)
class Marks:
    """The signs that a chart is drawn with; `trace` shows what is too little for a row."""

    legacy: str
    canonical: str
    outside: str
    trace: str
    side: str
    corner: str
    floor: str


BLOCKS = Marks("█", "▓", "░", "▁", "┤", "└", "─")
ASCII = Marks("#", "=", ".", "_", "|", "+", "-")


def burndown_chart(burndown: Burndown, width: int, marks: Marks = BLOCKS) -> str:
    """The legacy references over time, stacked by tree: 14 rows, an axis and a legend, no line
    wider than `width` columns (30 at least). Empty where there are no points."""
    points = burndown.points
    if not points:
        return ""
    ticks = count_ticks(max(point.total for point in points), 4)
    labels = {round(tick / ticks[-1] * _ROWS): f"{tick:,}" for tick in ticks if ticks[-1]}
    margin = max(map(len, labels.values())) + 1
    columns = max(width, _NARROWEST) - margin - 1
    shown = _sampled(points, columns)
    lines = []
    for row in reversed(range(_ROWS)):
        body = "".join(_cell(point, row, ticks[-1] / _ROWS, marks) for point in shown)
        label = labels.get(row + 1, "")
        lines.append(f"{label:>{margin - 1}} {marks.side}{body}".rstrip())
    lines.append(f"{0:>{margin - 1}} {marks.corner}{marks.floor * columns}")
    lines.append((" " * (margin + 1) + _axis(time_ticks(points, columns // 13), columns)).rstrip())
    legend = ((marks.legacy, "legacy tree"), (marks.canonical, "canonical tree"))
    words = "   ".join(f"{sign} {name}" for sign, name in (*legend, (marks.outside, "elsewhere")))
    lines.append(" " * (margin + 1) + words)
    return "\n".join(lines)


def _sampled(points: Sequence[Point], columns: int) -> list[Point]:
    """The last point in the time of each column."""
    at = places(points)
    return [points[max(0, bisect_right(at, (n + 1) / columns) - 1)] for n in range(columns)]


def _cell(point: Point, row: int, each: float, marks: Marks) -> str:
    """The sign for one row of a column: the tree that the row's middle falls into."""
    middle = (row + 0.5) * each
    level = 0
    for amount, mark in (
        (point.legacy_tree, marks.legacy),
        (point.canonical_tree, marks.canonical),
        (point.outside, marks.outside),
    ):
        level += amount
        if middle < level:
            return mark
    return marks.trace if row == 0 and level else " "


def _axis(ticks: Sequence[AxisLabel], columns: int) -> str:
    line = ""
    for tick in ticks:
        start = min(int(tick.at * columns), max(0, columns - len(tick.label)))
        if start >= len(line) + (2 if line else 0):
            line = line.ljust(start) + tick.label
    return line
