"""The report in a terminal: the state in a few lines and small charts, in 80 columns."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from unify_backend.model.history import ChangedSide, PackageHistory
from unify_backend.model.report import Completion
from unify_backend.model.status import StepOpen
from unify_backend.model.text import printable
from unify_backend.reporting.burndown.chart import burndown_chart
from unify_backend.reporting.burndown.svg import with_edge
from unify_backend.reporting.plots.divergence import LETTERS, WORDS, folders_of
from unify_backend.reporting.report import words
from unify_backend.reporting.report.handover import left
from unify_backend.reporting.tables import count, heading, plain, table

_BAR, _NAME = 40, 16
_WIDTH = 80


def area_bars(completion: Completion) -> Iterator[str]:
    """A bar for each area: the references left in proportion to those at the start."""
    rows = completion.by_area()
    most = max((max(before or 0, now) for _, before, now in rows), default=0)
    for area, before, now in rows:
        was = now if before is None else before
        full, left = _length(max(was, now), most), _length(now, most)
        bar = "█" * left + "░" * (full - left)
        numbers = f"{now:,}" if before is None else f"{before:,} → {now:,}"
        yield f"{area.value:<{_NAME}}{bar:<{_BAR}} {numbers}"


def divergence_lines(history: PackageHistory, width: int = 80) -> Iterator[str]:
    """The divergence map: a sign for each file, a line for each folder with any that changed."""
    room = width - 24
    quiet = 0
    for folder in folders_of(history):
        signs = "".join(LETTERS[file.ahead] for file in folder.files)
        if not signs.strip("·"):
            quiet += len(signs)
            continue
        shown = signs if len(signs) <= room else f"{signs[: room - 6].rstrip('·')}· +{len(signs)}"
        yield f"{printable(folder.name or '(top)')[:22]:<23} {shown}"
    if quiet:
        yield f"{'other folders':<23} · × {quiet}"
    used = [f"{LETTERS[ahead]} {WORDS[ahead]}" for ahead, n in history.totals().items() if n]
    yield "  ".join(used[:3])
    if used[3:]:
        yield "  ".join(used[3:])


def _length(number: int, most: int) -> int:
    """The length of a bar in cells; at least one where the value is not zero."""
    return max(1, round(number / most * _BAR)) if number and most else 0


def report_summary(
    completion: Completion, written: Sequence[str], verbose: bool = False
) -> Iterator[RenderableType]:
    """The parts of the text report, in reading order; `written` are the files of the report."""
    yield plain(words.title(completion), "bold")
    yield plain(words.checked(completion))
    yield plain(f"compares {words.compared(completion)}", "dim")
    yield heading("Before and after")
    yield _figures(completion)
    yield heading("References by area")
    yield Text("\n".join(area_bars(completion)))
    if completion.burndown and len(completion.burndown.points) > 1:
        yield heading("Commit by commit")
        yield Text(burndown_chart(with_edge(completion.burndown), _WIDTH))
    for package in completion.packages:
        if package.history.of(*(ahead for ahead in ChangedSide if ahead is not ChangedSide.NONE)):
            yield heading(f"Which side changed, {package.move.legacy_shown} or its copy")
            yield Text("\n".join(divergence_lines(package.history, _WIDTH)))
    yield from _conflicts(completion)
    yield from _left(completion, verbose)
    if completion.missing:
        yield heading("Not known")
        yield from (plain(f"  {fact}") for fact in completion.missing)
    if written:
        yield heading("Written")
        yield from (plain(f"  {path}") for path in written)


def _figures(completion: Completion) -> RenderableType:
    rows = table(("", "left"), ("before", "right"), ("now", "right"), ("", "right"))
    for figure in completion.figures:
        rows.add_row(
            printable(figure.name),
            words.amount(figure.before, figure.unit),
            words.amount(figure.now, figure.unit),
            words.change(figure),
        )
    return rows


def _conflicts(completion: Completion) -> Iterator[RenderableType]:
    if completion.conflicts:
        yield heading(count(len(completion.conflicts), "conflict"))
        for conflict in completion.conflicts:
            yield plain(f"  {printable(conflict.merged.path)}: {words.settled(conflict)}")
    if completion.lacking:
        yield heading(f"✗ work of a side is missing in {count(len(completion.lacking), 'file')}")
    for file in completion.lacking:
        names = f": {', '.join(file.lost)}" if file.lost else ""
        yield plain(f"  {printable(file.merged.path)}{names}", "bold red")


def _left(completion: Completion, verbose: bool) -> Iterator[RenderableType]:
    steps = left(completion)
    if not steps:
        yield heading("Nothing is left: every check holds")
        return
    yield heading("What is left")
    for step in steps:
        style = "yellow" if isinstance(step.evidence, StepOpen) else "dim"
        line = f"{words.mark(step.evidence)} {step.title}: {step.evidence.fact}"
        yield plain(line, style)
        if verbose and isinstance(step.evidence, StepOpen):
            yield from (plain(f"    {printable(place)}") for place in step.evidence.places)
