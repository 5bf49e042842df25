"""A file that changes its place, and what a climb from it has to become."""

from collections.abc import Iterator
from dataclasses import dataclass

from unify_backend.model.checks import (
    OUTSIDE,
    DependentPath,
    DepthAnswer,
    DepthKind,
    DepthUse,
    RepairedPath,
    Review,
    UnchangedPath,
)
from unify_backend.model.package_move import PackageMove, is_under
from unify_backend.model.spans import Span


@dataclass(frozen=True, slots=True)
class Relocation:
    """From `old` to `new` (POSIX, in the repository), together with everything in `moves` and
    `folders` (old folder, new folder).

    Where neither is given the paths tell what went along: all that they have in common at their
    end. That is wrong where the folders are called alike (`backend` → `core/backend`).
    """

    old: str
    new: str
    moves: tuple[PackageMove, ...] = ()
    folders: tuple[tuple[str, str], ...] = ()

    def arrived(self) -> "Relocation":
        """The same file after everything has moved."""
        return Relocation(self.new, self.new)

    def lands(self, folder: str) -> str:
        """Where what was `folder` ("." is the repository) is afterwards."""
        pairs = [(old, new) for old, new in self._carried(folder) if is_under(folder, old)]
        if not pairs:
            return folder
        old, new = max(pairs, key=lambda pair: len(pair[0]))
        return new + folder[len(old) :]

    def _carried(self, folder: str) -> Iterator[tuple[str, str]]:
        if not self.moves and not self.folders:
            pair = _common_end(self.old, self.new)
            if pair:
                yield pair
        for move in self.moves:
            if move.owns_legacy(folder):
                yield move.legacy_path, move.canonical_path
        yield from self.folders


def _common_end(old: str, new: str) -> tuple[str, str] | None:
    olds, news = old.split("/")[:-1], new.split("/")[:-1]
    while olds and news and olds[-1] == news[-1]:
        del olds[-1], news[-1]
    return ("/".join(olds), "/".join(news)) if olds and news and olds != news else None


def above(path: str, levels: int) -> str | None:
    """The folder `levels` above a file (1: its own), "." for the repository, None outside."""
    parts = path.split("/")
    if levels > len(parts):
        return None
    return "/".join(parts[: len(parts) - levels]) or "."


def shown(folder: str | None) -> str:
    """A folder as results name it."""
    return OUTSIDE if folder is None else folder


@dataclass(frozen=True, slots=True)
class BasePath:
    """Where an expression leads, in levels above its file: as written, and in the new place once
    everything before it is repaired. `line` is where that was; `lost` if it could not be."""

    levels: int = 0
    fixed: int = 0
    line: int = 0
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Lengthen:
    """The climb must be `by` levels longer (shorter where negative)."""

    by: int


def settle(
    where: Relocation, base: BasePath, climbed: int
) -> UnchangedPath | DependentPath | Lengthen | Review:
    """What becomes of an expression that climbs `climbed` levels from where `base` stands."""
    levels = base.levels + climbed
    target = above(where.old, levels)
    if target is None:
        return Review(
            "from the old place it leads out of the repository; it may be written for the new one"
        )
    goal = where.lands(target)
    if above(where.new, levels) == goal and base.levels == base.fixed:
        return UnchangedPath()
    if base.lost:
        return Review(f"it builds on line {base.line}, which needs review")
    needed = _distance(where.new, goal)
    if needed is None:
        return Review(f"{goal} does not lie above the new place, so no climb leads there")
    by = needed - base.fixed - climbed
    return Lengthen(by) if by else DependentPath(base.line)


def _distance(path: str, folder: str) -> int | None:
    parts = path.split("/")
    for levels in range(1, len(parts) + 1):
        if above(path, levels) == folder:
            return levels
    return None


def depth_use(
    text: str,
    span: Span,
    line: int,
    kind: DepthKind,
    where: Relocation,
    base: BasePath,
    climbed: int,
    separator: str,
) -> tuple[DepthUse, BasePath]:
    """What becomes of the climb `text` at `span`, which leads `climbed` levels up from `base`, and
    where it leads."""
    levels, naive = base.levels + climbed, base.fixed + climbed
    settled = settle(where, base, climbed)
    answer: DepthAnswer
    match settled:
        case Lengthen(by):
            new = _lengthened(text, by, separator)
            answer = RepairedPath(new) if new else Review("what climbs there cannot be shortened")
            standing = BasePath(levels, naive + by if new else naive, line, lost=new is None)
        case _:
            answer = settled
            standing = BasePath(levels, naive, line, lost=isinstance(settled, Review))
    was, now = above(where.old, levels), above(where.new, levels)
    return DepthUse(where.new, span, line, text, kind, shown(was), shown(now), answer), standing


def _lengthened(text: str, by: int, separator: str) -> str | None:
    """The climb with more or fewer `..` at its end, in the separators it has."""
    for written in ("\\", "/"):
        if text.endswith(f"{written}.."):
            separator = written
    if by > 0:
        return text + f"{separator}.." * by
    steps = f"{separator}.." * -by
    return text.removesuffix(steps) if text.endswith(steps) and text != steps else None
