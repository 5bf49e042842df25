"""The two trees side by side, for people."""

import difflib
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from unify_backend.model.history import ChangedSide, FileHistory, PackageHistory, SideHistory
from unify_backend.model.package_move import PackageMove
from unify_backend.model.text import printable
from unify_backend.model.tree_diff import (
    DefinitionChange,
    DefinitionStatus,
    KeyChange,
    KeyStatus,
    PackageDiff,
    Pair,
    PairClass,
    Side,
    TreeDiff,
)
from unify_backend.reporting.inventory import undeclared_part
from unify_backend.reporting.merge import commits_of, split_lines
from unify_backend.reporting.tables import count, heading, listed, number, plain, table

_Hunk = tuple[int, Text]
_STYLES = {"+": "green", "-": "red"}
_SIGNS = {
    DefinitionStatus.ADDED: "+",
    DefinitionStatus.REMOVED: "−",
    DefinitionStatus.SIGNATURE: "≠",
    DefinitionStatus.BODY: "~",
}
_KEY_SIGNS = {
    KeyStatus.ADDED: "+",
    KeyStatus.REMOVED: "−",
    KeyStatus.VALUE: "~",
    KeyStatus.TYPE: "≠",
}
_ORDER = (ChangedSide.BOTH, ChangedSide.LEGACY, ChangedSide.BOTH_SAME, ChangedSide.CANONICAL)
_WORDS = {
    ChangedSide.BOTH: "both",
    ChangedSide.BOTH_SAME: "both alike",
    ChangedSide.LEGACY: "legacy",
    ChangedSide.CANONICAL: "canonical",
}


def side_by_side(
    move: PackageMove,
    file: FileHistory,
    base: str | None,
    legacy: str | None,
    canonical: str | None,
) -> Iterator[RenderableType]:
    """Both changes from the fork point in two columns; without one, the two files against each
    other in one."""
    yield from _history_line(file, move)
    if base is None:
        yield plain("no common ancestor: from legacy to canonical", "dim")
        yield from (hunk for _, hunk in _hunks(legacy or "", canonical or ""))
        return
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), expand=True)
    grid.add_column(move.legacy_path, ratio=1, overflow="fold")
    grid.add_column(move.canonical_path, ratio=1, overflow="fold")
    left = _column(base, legacy)
    right = _column(base, canonical)
    for start in sorted({*left, *right}):
        grid.add_row(left.get(start, Text("")), right.get(start, Text("")))
    if left or right:
        yield grid
    else:
        yield plain("neither side changed it")


def _column(base: str, side: str | None) -> dict[int, Text]:
    if side is None:
        return {0: Text("(not there)", style="dim")}
    return dict(_hunks(base, side))


def _hunks(before: str, after: str) -> Iterator[_Hunk]:
    """Unified hunks with the line of `before` where each begins."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=2, lineterm="")
    current: Text | None = None
    start = 0
    for line in list(lines)[2:]:
        if line.startswith("@@"):
            if current is not None:
                yield start, current
            start = int(line[4:].replace(",", " ").split()[0])
            current = Text(f"@@ line {start}\n", style="cyan")
        elif current is not None:
            current.append(line + "\n", style=_STYLES.get(line[:1], "default"))
    if current is not None:
        yield start, current


def _what_differs(pair: Pair, limit: int | None) -> str:
    """The definitions or keys that differ: `+ added, − removed, ≠ signature, ~ body`."""
    parts = [_definition(definition) for definition in pair.definitions] or [
        _key(key) for key in pair.keys
    ]
    shown = parts if limit is None else parts[:limit]
    if len(parts) > len(shown):
        shown = [*shown, f"{len(parts) - len(shown)} more"]
    return ", ".join(shown) or pair.note


def _definition(change: DefinitionChange) -> str:
    names = [
        f"{sign}{name.rpartition('.')[2]}"
        for sign, group in (("+", change.gained), ("−", change.lost))
        for name in group
    ]
    detail = f" ({', '.join(names[:3])}{', …' if len(names) > 3 else ''})" if names else ""
    return f"{_SIGNS[change.change]} {change.name}{detail}"


def _key(change: KeyChange) -> str:
    return f"{_KEY_SIGNS[change.change]} {change.key}"


def diff_report(
    diff: TreeDiff, histories: Sequence[PackageHistory], verbose: bool = False
) -> Iterator[RenderableType]:
    """The parts of the text report, in reading order; `histories` in the order of the packages."""
    for package, history in zip(diff.packages, histories, strict=True):
        yield from _package(package, history, verbose)
    if diff.collisions:
        yield heading(
            f"{count(len(diff.collisions), 'path')} that several packages bring different files to"
        )
        yield from listed(
            [
                printable(f"{collision.path}: {' and '.join(collision.origins)}")
                for collision in diff.collisions
            ],
            1000 if verbose else 10,
        )
    yield from undeclared_part(diff.undeclared, verbose)
    if diff.findings:
        yield heading(f"{count(len(diff.findings), 'file')} could not be compared as what they are")
        yield from listed(
            [f"{printable(finding.path)}: {finding.problem}" for finding in diff.findings],
            1000 if verbose else 10,
        )


def _package(
    package: PackageDiff, history: PackageHistory, verbose: bool
) -> Iterator[RenderableType]:
    move = package.move
    if not package.pairs and not package.only_canonical:
        yield plain(
            f"{move.legacy_shown} ({count(package.legacy_files, 'file')})  →  "
            f"{move.canonical_shown}: there once, so there is nothing to compare",
            "bold",
        )
        return
    yield plain(
        f"{move.legacy_shown} ({count(package.legacy_files, 'file')})  ~  "
        f"{move.canonical_shown} ({count(package.canonical_files, 'file')})",
        "bold",
    )
    counted = [
        (len(package.of(PairClass.IDENTICAL)), "identical"),
        (len(package.of(PairClass.RENAMED)), "same after renaming"),
        (len(package.different), "different"),
        (len(package.only_legacy), "only legacy"),
        (len(package.only_canonical), "only canonical"),
    ]
    yield plain(" · ".join(f"{name} {number:,}" for number, name in counted))
    yield from _history_report(history, verbose)
    for name, folder, files in (
        ("legacy", move.legacy_path, package.only_legacy),
        ("canonical", move.canonical_path, package.only_canonical),
    ):
        if files:
            yield heading(f"Only in the {name} tree, {folder}/")
            yield from listed([printable(file) for file in files], 1000 if verbose else 10)
    if not verbose and not history.of(ChangedSide.UNKNOWN):
        return  # history has told what differs, and who did it
    for cls, title in (
        (PairClass.DIVERGENT, "Different"),
        (PairClass.COMMENTS, "Different in comments and docstrings only"),
        (PairClass.FORMATTING, "Different in formatting only"),
    ):
        if pairs := package.of(cls):
            yield heading(f"{title} ({len(pairs)}); from legacy to canonical")
            yield _pairs(pairs, package.move, verbose)


def _pairs(pairs: Sequence[Pair], move: PackageMove, verbose: bool) -> Table:
    rows = table(("file", "fold"), ("lines +", "right"), ("−", "right"), ("what differs", "fold"))
    for pair in pairs:
        rows.add_row(
            printable(move.file_name(pair.path)),
            f"+{pair.added}",
            f"−{pair.removed}",
            _what_differs(pair, None if verbose else 4),
        )
    return rows


def _history_report(history: PackageHistory, verbose: bool) -> Iterator[RenderableType]:
    """The split commit, the counts of each side, and each file that a side changed."""
    yield from split_lines(history)
    if history.split is None and history.base is None:
        return
    yield plain("")
    yield _sides(history)
    changed = [file for ahead in _ORDER for file in history.of(ahead)]
    if changed:
        yield heading(f"{count(len(changed), 'file')} changed since, and who is ahead")
        for file in changed:
            yield from _file(file, history.move, verbose)


def _history_line(file: FileHistory, move: PackageMove) -> Iterator[RenderableType]:
    """One file: who is ahead, its fork point, and every commit of either side."""
    base = file.fork.base
    place = f"{base.commit[:9] or 'the work tree'}:{base.path}" if base else "none"
    evidence = file.fork.evidence.value
    if file.fork.likeness is not None:
        evidence += f", {file.fork.likeness:.0%} of the lines"
    yield plain(f"fork point: {printable(place)} ({evidence})")
    if file.ahead in _WORDS:
        yield from _file(file, move, verbose=True)


def _sides(history: PackageHistory) -> Table:
    totals, move = history.totals(), history.move
    rows = table(
        ("since the split", "fold"),
        ("commits", "right"),
        ("files", "right"),
        ("who is ahead", "fold"),
    )
    living = {
        side: "  ← under active development" if history.living is side else "" for side in Side
    }
    rows.add_row(
        move.legacy_root,
        number(len(history.legacy_commits)),
        number(totals[ChangedSide.LEGACY]),
        f"legacy only{living[Side.LEGACY]}",
    )
    rows.add_row(
        move.canonical_root,
        number(len(history.canonical_commits)),
        number(totals[ChangedSide.CANONICAL]),
        f"canonical only{living[Side.CANONICAL]}",
    )
    rows.add_row(
        "both",
        "",
        number(totals[ChangedSide.BOTH] + totals[ChangedSide.BOTH_SAME]),
        f"{totals[ChangedSide.BOTH_SAME]} alike, {totals[ChangedSide.BOTH]} differently",
    )
    return rows


def _file(file: FileHistory, move: PackageMove, verbose: bool) -> Iterator[RenderableType]:
    yield plain(f"{_WORDS[file.ahead]:<11} {printable(move.file_name(file.path))}   {_since(file)}")
    if file.note:
        yield plain(f"{'':<14}{printable(file.note)}", "dim")
    for side in Side:
        history = file.of(side)
        if history.change is None and not history.commits:
            continue
        name = f"{side.value}: " if file.ahead in {ChangedSide.BOTH, ChangedSide.BOTH_SAME} else ""
        if history.change is not None and (
            words := _what_differs(history.change, None if verbose else 4)
        ):
            yield plain(f"{'':<14}{name}{words}", "dim")
        for line in commits_of(history.commits, 1000 if verbose else 2).splitlines():
            yield plain(f"{'':<14}{line}", "dim")


def _since(file: FileHistory) -> str:
    """`4 commits, +63 −0` for each side that changed the file, else the kind of its fork point."""
    if file.deleted_in is not None:
        return f"deleted in {file.deleted_in.value}"
    parts = [part for side in Side if (part := _side(file.of(side)))]
    return " | ".join(parts) or file.fork.evidence.value


def _side(history: SideHistory) -> str:
    change = f"+{history.change.added} −{history.change.removed}" if history.change else ""
    commits = count(len(history.commits), "commit") if history.commits else ""
    if history.uncommitted:
        commits = f"{commits} and uncommitted" if commits else "uncommitted"
    return ", ".join(part for part in (commits, change) if part)
