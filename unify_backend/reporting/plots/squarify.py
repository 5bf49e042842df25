"""Rectangles whose areas are proportional to sizes and that are as square as can be.

The squarified treemap of Bruls, Huizing and van Wijk (2000): rows are filled along the shorter side
while that makes the worst ratio of sides better.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle from its left upper corner."""

    x: float
    y: float
    width: float
    height: float

    def inside(self, margin: float, top: float = 0.0) -> "Box":
        """What is left of it inside a margin, below `top`."""
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
