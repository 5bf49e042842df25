"""Which side changed each file since the trees split: one cell for each file, grouped by folder."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unify_backend.model.history import ChangedSide, Commit, FileHistory, PackageHistory
from unify_backend.model.tree_diff import Side
from unify_backend.reporting.plots.palette import style, text

LETTERS = {
    ChangedSide.NONE: "·",
    ChangedSide.LEGACY: "L",
    ChangedSide.CANONICAL: "C",
    ChangedSide.BOTH: "B",
    ChangedSide.BOTH_SAME: "=",
    ChangedSide.UNKNOWN: "?",
}
KINDS = {
    ChangedSide.NONE: "same",
    ChangedSide.LEGACY: "legacy",
    ChangedSide.CANONICAL: "canonical",
    ChangedSide.BOTH: "both",
    ChangedSide.BOTH_SAME: "alike",
    ChangedSide.UNKNOWN: "unknown",
}
WORDS = {
    ChangedSide.NONE: "neither changed",
    ChangedSide.LEGACY: "legacy ahead",
    ChangedSide.CANONICAL: "canonical ahead",
    ChangedSide.BOTH: "both, differently",
    ChangedSide.BOTH_SAME: "both alike",
    ChangedSide.UNKNOWN: "not known",
}
_WIDTH, _LABEL, _CELL = 960, 210, 19
_RULES = """
.divergence{max-width:100%;height:auto}
.divergence text{fill:var(--ink)}.divergence .soft{fill:var(--soft)}
.divergence .ground{fill:var(--ground)}.divergence .name{font-size:15px;font-weight:600}
.divergence .cell text{font-weight:700;text-anchor:middle;fill:var(--ground)}
.divergence .same{fill:var(--same)}.divergence .legacy{fill:var(--legacy)}
.divergence .canonical{fill:var(--canonical)}.divergence .both{fill:var(--both)}
.divergence .alike{fill:var(--alike)}.divergence .unknown{fill:var(--unknown)}
"""


@dataclass(frozen=True, slots=True)
class MapFolder:
    """A folder of the package ("" for its top) with its files, those that changed first."""

    name: str
    files: tuple[FileHistory, ...]


def folders_of(history: PackageHistory) -> tuple[MapFolder, ...]:
    """The files of both trees by the first folder of their path, in order."""
    folders: dict[str, list[FileHistory]] = {}
    for file in history.files:
        lead, slash, _ = file.path.partition("/")
        folders.setdefault(lead + slash if slash else "", []).append(file)
    return tuple(
        MapFolder(
            name, tuple(sorted(files, key=lambda file: (file.ahead is ChangedSide.NONE, file.path)))
        )
        for name, files in sorted(folders.items())
    )


def told(file: FileHistory) -> str:
    """A file in one line: who is ahead, and the commits of each side."""
    parts = [f"{file.path}: {WORDS[file.ahead]}"]
    for side in Side:
        parts += [f"{side.value} {_commit(commit)}" for commit in file.of(side).commits]
    return "\n".join(parts)


def divergence_svg(history: PackageHistory, number: int = 0) -> str:
    """The map as one `<svg>` element; `number` keeps several on one page apart. Colour, letter and
    shape say the same: a small circle where neither side changed, else a square."""
    rows = list(_rows(folders_of(history)))
    height = 92 + sum(lines for _, lines, _ in rows) * _CELL + 4 * len(rows)
    move = history.move
    title = f"{move.legacy_shown} and {move.canonical_shown}: which side changed"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="divergence" role="img" '
            f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
            f'aria-labelledby="divergence-{number}-title">',
            f'<title id="divergence-{number}-title">{text(title)}</title>',
            style("divergence", _RULES),
            f'<rect class="ground" width="{_WIDTH}" height="{height}"/>',
            f'<text class="name" x="8" y="26">{text(title)}</text>',
            *_legend(history),
            *_drawn(rows),
            "</svg>",
            "",
        ]
    )


_Row = tuple[MapFolder, int, int]  # how many lines it takes, how many cells a line has


def _rows(folders: Sequence[MapFolder]) -> Iterator[_Row]:
    each = (_WIDTH - _LABEL - 12) // _CELL
    for folder in folders:
        yield folder, max(1, -(-len(folder.files) // each)), each


def _drawn(rows: Sequence[_Row]) -> Iterator[str]:
    y = 78.0
    for folder, lines, each in rows:
        words = f"{folder.name or '(top)'} {len(folder.files)}"
        words = words if len(words) < 30 else f"{words[:28]}…"
        yield f'<text class="soft" x="8" y="{y + 13:.0f}">{text(words)}</text>'
        for n, file in enumerate(folder.files):
            yield from _cell(file, _LABEL + n % each * _CELL, y + n // each * _CELL)
        y += lines * _CELL + 4


def _cell(file: FileHistory, x: float, y: float) -> Iterator[str]:
    kind, half = KINDS[file.ahead], _CELL / 2
    title = "&#10;".join(map(text, told(file).split("\n")))
    yield f'<g class="cell"><title>{title}</title>'
    if file.ahead is ChangedSide.NONE:
        yield f'<circle class="same" cx="{x + half:.1f}" cy="{y + half:.1f}" r="3.5"/></g>'
        return
    yield f"{_square(kind, LETTERS[file.ahead], x + 1, y + 1)}</g>"


def _square(kind: str, letter: str, x: float, y: float) -> str:
    size = _CELL - 2
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{size}" height="{size}" rx="3"/>'
        f'<text x="{x + size / 2:.1f}" y="{y + size / 2 + 4:.1f}">{letter}</text>'
    )


def _legend(history: PackageHistory) -> Iterator[str]:
    x, totals = 8.0, history.totals()
    for ahead, words in WORDS.items():
        if not totals[ahead]:
            continue
        kind, label = KINDS[ahead], f"{words} {totals[ahead]:,}"
        if ahead is ChangedSide.NONE:
            yield f'<circle class="same" cx="{x + 8}" cy="50" r="3.5"/>'
        else:
            yield f'<g class="cell">{_square(kind, LETTERS[ahead], x, 41.5)}</g>'
        yield f'<text x="{x + 24}" y="54.5">{text(label)}</text>'
        x += 44 + 6.6 * len(label)


def _commit(commit: Commit) -> str:
    return f"{commit.hash[:9] or 'not committed'} {commit.date[:10]} {commit.subject}".rstrip()
