"""Who changed what since the trees parted."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table

from unify_backend.model.history import Ahead, FileHistory, PackageHistory, SideHistory
from unify_backend.model.tree_diff import Side
from unify_backend.reporting.diff import what_differs
from unify_backend.reporting.merge import commits_of, split_lines
from unify_backend.reporting.tables import count, heading, number, plain, printable, table

_ORDER = (Ahead.BOTH, Ahead.LEGACY, Ahead.BOTH_SAME, Ahead.CANONICAL)
_WORDS = {
    Ahead.BOTH: "both",
    Ahead.BOTH_SAME: "both alike",
    Ahead.LEGACY: "legacy",
    Ahead.CANONICAL: "canonical",
}


def history_report(history: PackageHistory, verbose: bool) -> Iterator[RenderableType]:
    """Where they parted, the numbers of each side, and each file that a side changed."""
    yield from split_lines(history)
    if history.split is None and history.base is None:
        return
    yield plain("")
    yield _sides(history)
    changed = [one for ahead in _ORDER for one in history.of(ahead)]
    if changed:
        yield heading(f"{count(len(changed), 'file')} changed since, and who is ahead")
        for one in changed:
            yield from _file(one, verbose)


def history_line(one: FileHistory) -> Iterator[RenderableType]:
    """One file: who is ahead, its fork point, and every commit of either side."""
    base = one.fork.base
    place = f"{base.commit[:9] or 'the work tree'}:{base.path}" if base else "none"
    yield plain(f"fork point: {printable(place)} ({one.fork.evidence.value})")
    if one.ahead in _WORDS:
        yield from _file(one, verbose=True)


def _sides(history: PackageHistory) -> Table:
    totals, move = history.totals(), history.move
    made = table(
        ("since the split", "fold"),
        ("commits", "right"),
        ("files", "right"),
        ("who is ahead", "fold"),
    )
    living = {side: "  ← the living tree" if history.living is side else "" for side in Side}
    made.add_row(
        move.legacy_path,
        number(len(history.legacy_commits)),
        number(totals[Ahead.LEGACY]),
        f"legacy only{living[Side.LEGACY]}",
    )
    made.add_row(
        move.canonical_path,
        number(len(history.canonical_commits)),
        number(totals[Ahead.CANONICAL]),
        f"canonical only{living[Side.CANONICAL]}",
    )
    made.add_row(
        "both",
        "",
        number(totals[Ahead.BOTH] + totals[Ahead.BOTH_SAME]),
        f"{totals[Ahead.BOTH_SAME]} alike, {totals[Ahead.BOTH]} differently",
    )
    return made


def _file(one: FileHistory, verbose: bool) -> Iterator[RenderableType]:
    yield plain(f"{_WORDS[one.ahead]:<11} {printable(one.path)}   {_since(one)}")
    if one.note:
        yield plain(f"{'':<14}{printable(one.note)}", "dim")
    for side in Side:
        history = one.of(side)
        if history.change is None and not history.commits:
            continue
        name = f"{side.value}: " if one.ahead in {Ahead.BOTH, Ahead.BOTH_SAME} else ""
        if history.change is not None and (
            words := what_differs(history.change, None if verbose else 4)
        ):
            yield plain(f"{'':<14}{name}{words}", "dim")
        for line in commits_of(history.commits, 1000 if verbose else 2).splitlines():
            yield plain(f"{'':<14}{line}", "dim")


def _since(one: FileHistory) -> str:
    """`4 commits, +63 −0`, of each side that changed it; or what else is so."""
    if one.deleted_in is not None:
        return f"deleted in {one.deleted_in.value}"
    parts = [part for side in Side if (part := _side(one.of(side)))]
    return " | ".join(parts) or one.fork.evidence.value


def _side(history: SideHistory) -> str:
    change = f"+{history.change.added} −{history.change.removed}" if history.change else ""
    commits = count(len(history.commits), "commit") if history.commits else ""
    if history.uncommitted:
        commits = f"{commits} and uncommitted" if commits else "uncommitted"
    return ", ".join(part for part in (commits, change) if part)
