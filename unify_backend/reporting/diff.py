"""The two trees side by side, for people."""

import difflib
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from unify_backend.model.history import Ahead, FileHistory, PackageHistory
from unify_backend.model.package_move import PackageMove
from unify_backend.model.tree_diff import (
    CopyPair,
    DefinitionChange,
    DefinitionStatus,
    KeyChange,
    KeyStatus,
    PackageDiff,
    Pair,
    PairClass,
    TreeDiff,
)
from unify_backend.reporting.history import history_line, history_report
from unify_backend.reporting.tables import count, heading, listed, plain, printable, table

Hunk = tuple[int, Text]
_STYLES = {"+": "green", "-": "red"}


def side_by_side(
    move: PackageMove,
    file: FileHistory,
    base: str | None,
    legacy: str | None,
    canonical: str | None,
) -> Iterator[RenderableType]:
    """Both changes from the fork point in two columns; without one, the two files against each
    other in one."""
    yield from history_line(file)
    if base is None:
        yield plain("no common ancestor: from legacy to canonical", "dim")
        yield from (hunk for _, hunk in _hunks(legacy or "", canonical or ""))
        return
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), expand=True)
    made.add_column(move.legacy_path, ratio=1, overflow="fold")
    made.add_column(move.canonical_path, ratio=1, overflow="fold")
    left = _column(base, legacy)
    right = _column(base, canonical)
    for start in sorted({*left, *right}):
        made.add_row(left.get(start, Text("")), right.get(start, Text("")))
    if left or right:
        yield made
    else:
        yield plain("neither side changed it")


def _column(base: str, side: str | None) -> dict[int, Text]:
    if side is None:
        return {0: Text("(not there)", style="dim")}
    return dict(_hunks(base, side))


def _hunks(before: str, after: str) -> Iterator[Hunk]:
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


def what_differs(pair: Pair, limit: int | None) -> str:
    """The definitions or keys that differ: `+ added, − removed, ≠ signature, ~ body`."""
    parts = [_definition(one) for one in pair.definitions] or [_key(one) for one in pair.keys]
    shown = parts if limit is None else parts[:limit]
    if len(parts) > len(shown):
        shown = [*shown, f"{len(parts) - len(shown)} more"]
    return ", ".join(shown) or pair.note


def _definition(one: DefinitionChange) -> str:
    names = [
        f"{sign}{name.rpartition('.')[2]}"
        for sign, group in (("+", one.gained), ("−", one.lost))
        for name in group
    ]
    detail = f" ({', '.join(names[:3])}{', …' if len(names) > 3 else ''})" if names else ""
    return f"{_SIGNS[one.change]} {one.name}{detail}"


def _key(one: KeyChange) -> str:
    return f"{_KEY_SIGNS[one.change]} {one.key}"


def undeclared_part(copies: Sequence[CopyPair], verbose: bool) -> Iterator[RenderableType]:
    """A part of a report, empty where there are none."""
    if not copies:
        return
    yield heading(f"{count(len(copies), 'more pair')} of copies that nobody declared")
    yield from listed(
        [
            f"{printable(one.first)}/ ~ {printable(one.second)}/   {one.matched} of "
            f"{one.files} modules alike, {one.similarity:.0%} of their lines"
            for one in copies
        ],
        1000 if verbose else 10,
    )


def diff_report(
    diff: TreeDiff, histories: Sequence[PackageHistory], verbose: bool = False
) -> Iterator[RenderableType]:
    """The parts of the text report, in reading order; `histories` in the order of the packages."""
    for package, history in zip(diff.packages, histories, strict=True):
        yield from _package(package, history, verbose)
    yield from undeclared_part(diff.undeclared, verbose)
    if diff.findings:
        yield heading(f"{count(len(diff.findings), 'file')} could not be compared as what they are")
        yield from listed(
            [f"{printable(one.path)}: {one.problem}" for one in diff.findings],
            1000 if verbose else 10,
        )


def _package(
    package: PackageDiff, history: PackageHistory, verbose: bool
) -> Iterator[RenderableType]:
    move = package.move
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
    yield from history_report(history, verbose)
    for name, folder, files in (
        ("legacy", move.legacy_path, package.only_legacy),
        ("canonical", move.canonical_path, package.only_canonical),
    ):
        if files:
            yield heading(f"Only in the {name} tree, {folder}/")
            yield from listed([printable(one) for one in files], 1000 if verbose else 10)
    if not verbose and not history.of(Ahead.UNKNOWN):
        return  # history has told what differs, and who did it
    for cls, title in (
        (PairClass.DIVERGENT, "Different"),
        (PairClass.COMMENTS, "Different in comments and docstrings only"),
        (PairClass.FORMATTING, "Different in formatting only"),
    ):
        if pairs := package.of(cls):
            yield heading(f"{title} ({len(pairs)}); from legacy to canonical")
            yield _pairs(pairs, verbose)


def _pairs(pairs: Sequence[Pair], verbose: bool) -> Table:
    made = table(("file", "fold"), ("lines +", "right"), ("−", "right"), ("what differs", "fold"))
    for pair in pairs:
        made.add_row(
            printable(pair.path),
            f"+{pair.added}",
            f"−{pair.removed}",
            what_differs(pair, None if verbose else 4),
        )
    return made
