"""One pair of files: what each side made of it since they parted, beside each other."""

import difflib
from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from unify_backend.model.history import FileHistory
from unify_backend.model.package_move import PackageMove
from unify_backend.reporting.history import history_line
from unify_backend.reporting.tables import plain

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
