"""The ledger of two copies, for people: a table of the commits and where their changes are."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table

from unify_backend.model.ledger import Counted, Ledger, LedgerEntry, Whereabouts
from unify_backend.model.text import printable
from unify_backend.model.tree_diff import Side
from unify_backend.reporting.tables import count, heading, plain, table

LEGEND = {
    Whereabouts.HERE: "only in the copy that the commit changed",
    Whereabouts.THERE: "in the other copy, too",
    Whereabouts.PARTLY: "a part of it is in the other copy",
    Whereabouts.MISSING: "in neither copy: replaced, undone or overwritten since",
}
_STYLES = {Whereabouts.MISSING: "bold red", Whereabouts.PARTLY: "yellow", Whereabouts.THERE: "dim"}
_SHOWN = 40  # commits of a side


def ledger_report(ledgers: Sequence[Ledger], verbose: bool) -> Iterator[RenderableType]:
    """The parts of the text report, in reading order."""
    for ledger in ledgers:
        move = ledger.move
        yield plain(f"{move.legacy_shown}  ~  {move.canonical_shown}", "bold")
        if ledger.note:
            yield plain(printable(ledger.note))
        if not ledger.entries:
            yield plain("no commit since the split changed either copy")
            continue
        yield plain(summary(ledger))
        for taker in takers(ledger):
            yield plain(taker, "bold red")
        for side, folder in (
            (Side.LEGACY, move.legacy_path),
            (Side.CANONICAL, move.canonical_path),
        ):
            if entries := ledger.of(side):
                yield heading(f"{count(len(entries), 'commit')} changed {folder}/ ({side.value})")
                yield _table(entries if verbose else entries[:_SHOWN])
                if len(entries) > _SHOWN and not verbose:
                    yield plain(f"… {len(entries) - _SHOWN:,} more: --verbose", "dim")
        yield plain("")
        for place, words in LEGEND.items():
            yield plain(f"{place.value:<8} {words}", "dim")


def summary(ledger: Ledger) -> str:
    """`32 commits: 25 here, 3 there, 3 partly, 1 missing`."""
    counted = ", ".join(f"{number:,} {place.value}" for place, number in ledger.totals().items())
    return f"{count(len(ledger.entries), 'commit')}: {counted}"


def takers(ledger: Ledger) -> Iterator[str]:
    """`24 commits are missing since aca6ba9e1 Unify the backend`, for each that took several."""
    for commit, number in ledger.takers():
        verb = f"{count(number, 'commit')} are missing since"
        yield f"{verb} {commit.hash[:9]} {printable(commit.subject)}"


def amount(counted: Counted) -> str:
    """How much of a change the other copy has: `3 of 148`."""
    if not counted.parts:
        return "layout"
    return f"{counted.there:,} of {counted.parts:,}"


def _table(entries: Sequence[LedgerEntry]) -> Table:
    rows = table(("where", "left"), ("commit", "left"), ("there", "right"), ("subject", "fold"))
    for entry in entries:
        subject = printable(entry.commit.subject)
        if entry.gone_with is not None:
            subject += f"\n(replaced in {entry.gone_with.hash[:9]})"
        rows.add_row(
            entry.place.value,
            entry.commit.hash[:9],
            amount(entry.counted),
            subject,
            style=_STYLES.get(entry.place, ""),
        )
    return rows
