"""The text output of `migrate`: a block for each stage, and the result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from rich.console import RenderableType
from rich.text import Text

from unify_backend.model.migration import (
    Applied,
    Blocked,
    Migration,
    Outcome,
    Skipped,
    StageResult,
    Unchanged,
)
from unify_backend.model.package_move import PackageMove
from unify_backend.model.text import printable
from unify_backend.reporting.tables import plain

_WIDTH = 79
_FEW = 8  # places that are shown without --verbose


def opening(moves: Sequence[PackageMove], rehearsed: bool) -> Iterator[RenderableType]:
    """The moves of the migration, and whether it is a dry run."""
    for move in moves:
        yield plain(f"{move.legacy} → {move.canonical}", "bold")
    if rehearsed:
        yield plain("a dry run on a temporary copy: nothing is written here", "dim")


def stage_report(result: StageResult, verbose: bool) -> Iterator[RenderableType]:
    """One stage: whether its gate holds, and the facts."""
    outcome = result.outcome
    sign, style, word = _said(outcome)
    yield plain("")
    note = f"  ({word})" if word else ""
    yield Text.assemble((f"{sign} {result.name:10}", style), result.title, (note, "dim"))
    for fact in outcome.facts:
        yield from _indented(fact, 2)
    match outcome:
        case Applied(_, wrote, commit) if wrote:
            committed = f", commit {commit[:9]}" if commit else ""
            files = "file" if len(wrote) == 1 else "files"
            yield from _indented(f"{len(wrote):,} {files} written{committed}", 2, "green")
        case Blocked():
            yield from _gate(outcome, verbose)
        case _:
            pass


def _gate(outcome: Blocked, verbose: bool) -> Iterator[RenderableType]:
    yield from _indented(outcome.fact, 2, "bold red")
    yield from _indented(outcome.reason, 2)
    shown = outcome.places if verbose else outcome.places[:_FEW]
    for place in shown:
        yield from _indented(place, 4)
    if len(shown) < len(outcome.places):
        yield from _indented(f"… {len(outcome.places) - len(shown):,} more (-v)", 4)
    yield from _indented(outcome.step, 2, "yellow")


def _indented(text: str, by: int, style: str = "") -> Iterator[Text]:
    """Wrapped by ourselves: a table or a padding would end each line in blanks."""
    lines = wrap(printable(text), _WIDTH - by, break_long_words=False, break_on_hyphens=False)
    yield from (Text(" " * by + line, style) for line in lines)


def _said(outcome: Outcome) -> tuple[str, str, str]:
    match outcome:
        case Applied():
            return "✓", "bold green", ""
        case Unchanged():
            return "✓", "green", "nothing to do"
        case Skipped():
            return "–", "yellow", "left out"
        case Blocked():
            return "✗", "bold red", "the gate does not hold"


def ending(done: Migration) -> Iterator[RenderableType]:
    """The result of the run, and the next step."""
    yield plain("")
    if done.stopped is not None:
        reached = f"stopped at {len(done.results)} of {done.stages}"
        yield plain(f"{reached}: {done.results[-1].name}; run migrate again to go on from there")
        return
    left_out = [result.name for result in done.results if isinstance(result.outcome, Skipped)]
    held = f"all {done.stages} gates" if not left_out else f"{done.stages - len(left_out)} gates"
    without = f" (left out: {', '.join(left_out)})" if left_out else ""
    wrote = any(
        isinstance(result.outcome, Applied) and result.outcome.wrote for result in done.results
    )
    if done.rehearsed:
        yield plain(f"{held} would hold{without}; next: unify-backend migrate")
    elif wrote:
        yield plain(
            f"{held} hold{without}; next: unify-backend report, and `unify-backend undo` takes "
            "back one step at a time"
        )
    else:
        yield plain(f"{held} hold{without}, and nothing was left to do")
