"""A treemap of the references: each area, folder and file is as large as its share."""

from collections import defaultdict
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from unify_backend.model.references import Action, Area
from unify_backend.model.report import ReferenceOutcome, TracedReference
from unify_backend.reporting.plots.palette import style, text
from unify_backend.reporting.tables import count

_FOLDERS = 24  # of one area
_TILES = 2_500  # of all folders; in each, what is smaller shares one
_FEWEST, _MOST = 8, 96  # of one folder
_HEAD, _SUB, _LEGEND = 18.0, 14.0, 30.0
_LETTER, _SMALL = 6.6, 5.7  # about how wide a letter is, for what fits
_RULES = """
.treemap{max-width:100%;height:auto}
.treemap text{fill:var(--ink)}.treemap .soft{fill:var(--soft)}
.treemap .ground{fill:var(--ground)}.treemap .area{fill:none;stroke:var(--soft)}
.treemap .folder{fill:none;stroke:var(--faint)}.treemap .head{font-weight:600}
.treemap .small{font-size:10.5px}
.treemap .tile{stroke:var(--ground);stroke-width:1}
.treemap .open{fill:var(--open)}.treemap .keep{fill:var(--keep)}.treemap .done{fill:var(--done)}
.treemap .mark{fill:none;stroke:var(--ink);stroke-opacity:.35;stroke-width:1}
"""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle from its left upper corner."""

    x: float
    y: float
    width: float
    height: float

    def inside(self, margin: float, top: float = 0.0) -> "Box":
        """The box without a margin, below `top`."""
        return Box(
            self.x + margin,
            self.y + margin + top,
            max(0.0, self.width - 2 * margin),
            max(0.0, self.height - 2 * margin - top),
        )


def squarify(sizes: Sequence[float], box: Box) -> list[Box]:
    """A box for each size (above zero), together filling `box`; the largest first gives the best
    shapes."""
    total = sum(sizes)
    if not sizes or total <= 0 or box.width <= 0 or box.height <= 0:
        return [Box(box.x, box.y, 0.0, 0.0) for _ in sizes]
    scale = box.width * box.height / total
    return list(_rows([size * scale for size in sizes], box))


def _rows(areas: list[float], box: Box) -> Iterator[Box]:
    at = 0
    while at < len(areas):
        side = min(box.width, box.height)
        if side <= 0:
            yield from (Box(box.x, box.y, 0.0, 0.0) for _ in areas[at:])
            return
        end = at + 1
        while end < len(areas) and _worst(areas[at : end + 1], side) <= _worst(areas[at:end], side):
            end += 1
        row, at = areas[at:end], end
        box = yield from _row(row, box)


def _worst(row: Sequence[float], side: float) -> float:
    total = sum(row)
    return max(side * side * max(row) / (total * total), total * total / (side * side * min(row)))


def _row(row: Sequence[float], box: Box) -> Generator[Box, None, Box]:
    """Yields a row along the box's shorter side; returns what is left of the box."""
    thick = sum(row) / min(box.width, box.height)
    at = 0.0
    for area in row:
        length = area / thick if thick else 0.0
        if box.width >= box.height:
            yield Box(box.x, box.y + at, thick, length)
        else:
            yield Box(box.x + at, box.y, length, thick)
        at += length
    if box.width >= box.height:
        return Box(box.x + thick, box.y, box.width - thick, box.height)
    return Box(box.x, box.y + thick, box.width, box.height - thick)


class Kind(StrEnum):
    """The state that decides the colour of a file."""

    OPEN = "open"
    KEEP = "keep"
    DONE = "done"


_WORDS = {
    Kind.OPEN: "still to go",
    Kind.KEEP: "stays by intention",
    Kind.DONE: "gone",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """How wide and high a treemap is, and the mark that keeps two of them on one page apart."""

    width: int
    height: int
    name: str


WIDE, TALL = Shape(1120, 620, "wide"), Shape(400, 900, "tall")


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    open: int
    keep: int
    done: int

    @property
    def size(self) -> int:
        return self.open + self.keep + self.done

    @property
    def kind(self) -> Kind:
        if self.open:
            return Kind.OPEN
        return Kind.KEEP if self.keep >= self.done else Kind.DONE


def treemap_svg(references: Sequence[TracedReference], shape: Shape = WIDE) -> str:
    """The references by area, folder and file, as one `<svg>` element; coloured by what became of
    them, with a line through what is to go and dots on what stays."""
    areas = _areas(references)
    total = sum(file.size for _, folders in areas for _, files in folders for file in files)
    box = Box(0, _LEGEND, shape.width, shape.height - _LEGEND)
    title = f"Where {count(total, 'reference')} to the old name are"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="treemap treemap-{shape.name}" '
            f'role="img" viewBox="0 0 {shape.width} {shape.height}" width="{shape.width}" '
            f'height="{shape.height}" aria-labelledby="treemap-{shape.name}-title">',
            f'<title id="treemap-{shape.name}-title">{text(title)}</title>',
            style("treemap", _RULES),
            f'<rect class="ground" width="{shape.width}" height="{shape.height}"/>',
            *_legend(shape),
            *_drawn(areas, box),
            "</svg>",
            "",
        ]
    )


_Folder = tuple[str, list[_File]]


def _areas(references: Sequence[TracedReference]) -> list[tuple[str, list[_Folder]]]:
    """Areas, folders and files with their counts, the largest first."""
    counts: dict[tuple[Area, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for traced in references:
        reference = traced.reference
        at = (
            2
            if traced.fate is ReferenceOutcome.DONE
            else 1
            if reference.action is Action.KEEP
            else 0
        )
        counts[reference.area, reference.path][at] += 1
    areas: dict[Area, dict[str, list[_File]]] = defaultdict(lambda: defaultdict(list))
    for (area, path), numbers in counts.items():
        areas[area][_folder(path)].append(_File(path, *numbers))

    room = _TILES // max(1, sum(min(_FOLDERS, len(folders)) for folders in areas.values()))
    most = min(max(room, _FEWEST), _MOST)
    ranked = [(area.value, _ranked(folders, most)) for area, folders in areas.items()]
    return sorted(ranked, key=lambda area: (-_sum(area[1]), area[0]))


def _ranked(by_folder: Mapping[str, Sequence[_File]], most: int) -> list[_Folder]:
    """The folders of an area, the largest first, the smallest together; in each `most` files."""

    def largest(folder: tuple[str, Sequence[_File]]) -> tuple[int, str]:
        return -sum(file.size for file in folder[1]), folder[0]

    folders = sorted(by_folder.items(), key=largest)
    rest = folders[_FOLDERS:]
    if len(rest) > 1:
        files = [file for _, some in rest for file in some]
        folders = [*folders[:_FOLDERS], (f"… {len(rest):,} more folders", files)]
    return [(name, _largest(files, most)) for name, files in folders]


def _largest(files: Sequence[_File], most: int) -> list[_File]:
    ranked = sorted(files, key=lambda file: (-file.size, file.path))
    rest = ranked[most:]
    if len(rest) < 2:
        return ranked
    sums = (sum(file.open for file in rest), sum(file.keep for file in rest))
    more = _File(f"… {len(rest):,} more files", *sums, sum(file.done for file in rest))
    return [*ranked[:most], more]


def _folder(path: str) -> str:
    """The first two folders of a path; more of them would be too small to read."""
    parts = path.split("/")[:-1]
    return "/".join(parts[:2]) + "/" if parts else "./"


def _sum(folders: Sequence[_Folder]) -> int:
    return sum(file.size for _, files in folders for file in files)


def _drawn(areas: Sequence[tuple[str, list[_Folder]]], box: Box) -> Iterator[str]:
    for (area, folders), place in zip(
        areas, squarify([_sum(folders) for _, folders in areas], box), strict=True
    ):
        inner = place.inside(2)
        yield _rect("area", inner)
        label = f"{area} {_sum(folders):,}"
        head = _HEAD if inner.height > 2 * _HEAD and _fits("Tests", inner) else 0.0
        if head:
            words = _words("head", 5, 13, _cut(label, inner.width - 8, _LETTER))
            yield f"{_clip(inner)}{words}</svg>"
        yield from _folders(folders, inner.inside(1, head))


def _folders(folders: Sequence[_Folder], box: Box) -> Iterator[str]:
    sizes = [sum(file.size for file in files) for _, files in folders]
    for (name, files), place in zip(folders, squarify(sizes, box), strict=True):
        sub = _SUB if place.height > 2.2 * _SUB and place.width > 60 and len(files) > 1 else 0.0
        if sub:
            words = _tail(f"{name} {sum(file.size for file in files)}", place.width - 8)
            yield _clip(place) + _words("small soft", 4, 11, words) + "</svg>"
        inner = place.inside(1, sub)
        boxes = squarify([file.size for file in files], inner)
        for file, tile in zip(files, boxes, strict=True):
            yield from _tile(file, tile)
        yield _rect("folder", place)


def _tile(file: _File, box: Box) -> Iterator[str]:
    counts = ", ".join(
        f"{number} {_WORDS[kind]}"
        for number, kind in ((file.open, Kind.OPEN), (file.keep, Kind.KEEP), (file.done, Kind.DONE))
        if number
    )
    yield f"<g><title>{text(f'{file.path}: {counts}')}</title>"
    yield _rect(f"tile {file.kind.value}", box)
    yield from _mark(file.kind, box)
    name = file.path.rpartition("/")[2]
    if box.height > 14 and box.width > 40:
        yield _clip(box)
        yield _words("small", 4, 12, _cut(name, box.width - 6, _SMALL))
        if box.height > 28:
            yield _words("small soft", 4, 24, str(file.size))
        yield "</svg>"
    yield "</g>"


def _mark(kind: Kind, box: Box) -> Iterator[str]:
    """The mark in the lower right corner that distinguishes the kinds without colour."""
    if box.width < 9 or box.height < 9:
        return
    x, y = box.x + box.width - 2.5, box.y + box.height - 2.5
    match kind:
        case Kind.OPEN:
            yield f'<path class="mark" d="M{x - 6:.1f} {y:.1f}L{x:.1f} {y - 6:.1f}"/>'
        case Kind.KEEP:
            yield f'<circle class="mark" cx="{x - 2:.1f}" cy="{y - 2:.1f}" r="2"/>'
        case Kind.DONE:
            return


def _legend(shape: Shape) -> Iterator[str]:
    x = 2.0
    for kind, words in _WORDS.items():
        box = Box(x, 6, 16, 14)
        yield _rect(f"tile {kind.value}", box)
        yield from _mark(kind, box)
        yield _words("", x + 22, 18, words)
        x += 36 + _LETTER * len(words)


def _rect(kind: str, box: Box) -> str:
    return (
        f'<rect class="{kind}" x="{box.x:.1f}" y="{box.y:.1f}" '
        f'width="{box.width:.1f}" height="{box.height:.1f}"/>'
    )


def _clip(box: Box) -> str:
    """Opens a picture in the picture: letters differ in width, and what is too wide is cut off."""
    return (
        f'<svg x="{box.x:.1f}" y="{box.y:.1f}" width="{max(0.0, box.width - 1):.1f}" '
        f'height="{box.height:.1f}">'
    )


def _words(kind: str, x: float, y: float, words: str) -> str:
    name = f' class="{kind}"' if kind else ""
    return f'<text{name} x="{x:.1f}" y="{y:.1f}">{text(words)}</text>' if words else ""


def _fits(words: str, box: Box) -> bool:
    return box.width > _LETTER * len(words)


def _cut(words: str, width: float, letter: float) -> str:
    """As much of the words as fits; nothing where that is too little to read."""
    room = int(width / letter)
    if len(words) <= room:
        return words
    return f"{words[: room - 1]}…" if room >= 5 else ""


def _tail(words: str, width: float) -> str:
    """The end of a folder's path, which distinguishes it from its siblings."""
    room = int(width / _SMALL)
    if len(words) <= room:
        return words
    return f"…{words[len(words) - room + 1 :]}" if room >= 5 else ""
