"""The burn-down as text: totals, a chart, and the commits that changed the count."""

import re
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from unify_backend.model.history import Burndown, Point
from unify_backend.model.text import printable
from unify_backend.reporting.burndown.chart import BLOCKS, Marks, burndown_chart
from unify_backend.reporting.burndown.svg import signed
from unify_backend.reporting.tables import count, plain, table

_NEWEST = 30  # changes that are listed: a screen's worth


def history_report(
    burndown: Burndown, verbose: bool, width: int, marks: Marks = BLOCKS
) -> Iterator[RenderableType]:
    """Totals, the chart in at most `width` columns, and a table of the newest commits that changed
    the count; `verbose` lists all commits."""
    names = ", ".join(burndown.legacy)
    if not burndown.points:
        yield plain(f"{names}: no commits in {burndown.range}", "bold")
        return
    first, last = burndown.points[0], burndown.points[-1]
    change = signed(last.total - first.total) or "no change"
    yield plain(f"{names}: {count(last.total, 'reference')} at {last.commit[:9]}", "bold")
    yield plain(
        f"{count(len(burndown.points), 'commit')}, {first.when[:10]} to {last.when[:10]}: "
        f"{first.total:,} → {last.total:,} ({change})"
    )
    yield plain(f"to go: {last.active:,}; stay by intention (history, decisions): {last.kept:,}")
    yield Text("")
    yield _coloured(burndown_chart(burndown, width, marks), marks)
    yield Text("")
    yield _commits(burndown.points, verbose, width)


def _coloured(chart: str, marks: Marks) -> Text:
    text = Text(chart)
    for mark, style in ((marks.legacy, "red"), (marks.canonical, "blue"), (marks.outside, "dim")):
        text.highlight_regex(f"{re.escape(mark)}+", style)
    return text


def _commits(points: Sequence[Point], verbose: bool, width: int) -> Table:
    listing = table(("commit", "fold"), ("date", "right"), ("count", "right"), ("±", "right"))
    listing.add_column("subject", overflow="fold")
    before = [points[0].total, *(point.total for point in points)]
    changes = [point.total - was for point, was in zip(points, before, strict=False)]
    rows = [
        (point, change)
        for n, (point, change) in enumerate(zip(points, changes, strict=True))
        if verbose or n == 0 or change
    ]
    shown = rows if verbose else rows[-_NEWEST:]
    numbers = max(5, *(len(f"{point.total:,}") for point in points))
    room = width - 9 - 10 - numbers - max(1, *map(len, map(signed, changes))) - 4 * 2
    if earlier := len(rows) - len(shown):
        listing.add_row("…", "", "", "", f"{count(earlier, 'earlier change')}: --verbose")
    for point, change in shown:
        subject = Text(printable(point.subject))
        if not verbose:
            subject.truncate(max(room, 10), overflow="ellipsis")
        listing.add_row(
            point.commit[:9], point.when[:10], f"{point.total:,}", signed(change), subject
        )
    if quiet := len(points) - len(rows):
        listing.add_row("…", "", "", "", f"{count(quiet, 'commit')} left it as it was: --verbose")
    return listing
