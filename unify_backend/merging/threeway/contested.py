"""Changes that merge cleanly and still need review, made into conflicts of a merged text."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from unify_backend.languages.merge_hunk import Conflict, Part, Resolved, lines_of, tidy
from unify_backend.merging.threeway.diff import Change, changes
from unify_backend.model.tree_diff import Side

MOVED = "{deleting} deleted these lines, {moving} moved them"
RENAMED = "{renaming} wrote {new} for {old} everywhere, {adding} wrote {old} in a new place"
_TOKEN = re.compile(r"\w+|\W")
_NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Contested:
    """A change of `side`, which put its lines from `start` up to `end` in place of `base`, and why
    it is not certain. Lines count from 0. One that is not `open` is only to be noted."""

    side: Side
    start: int
    end: int
    base: str
    why: str
    open: bool = True


def contest(
    parts: Sequence[Part], contested: Sequence[Contested], canonical: str, legacy: str
) -> tuple[list[Part], list[str]]:
    """The merged parts with a conflict in place of each contested change. The second result are
    the reasons of those that have no place of their own in the merged text."""
    sides = {Side.CANONICAL: lines_of(canonical), Side.LEGACY: lines_of(legacy)}
    merged: list[str | Conflict] = []
    for part in parts:
        merged += lines_of(part.text) if isinstance(part, Resolved) else [part]
    places: list[tuple[int, int, Contested]] = []
    left = [change.why for change in contested if not change.open]
    for side in Side:
        mine = [change for change in contested if change.side is side and change.open]
        where = _positions(sides[side], merged) if mine else {}
        for change in mine:
            if (place := _place(change, where)) is None:
                left.append(change.why)
            else:
                places.append((*place, change))
    pieces: list[Part] = []
    at = 0
    for start, end, change in sorted(places, key=lambda place: place[:2]):
        if start < at:
            left.append(change.why)
            continue
        pieces += _as_parts(merged[at:start])
        text = "".join(sides[change.side][change.start : change.end])
        two = (change.base, text) if change.side is Side.LEGACY else (text, change.base)
        pieces.append(Conflict(two[0], change.base, two[1], change.why))
        at = end
    return tidy([*pieces, *_as_parts(merged[at:])]), list(dict.fromkeys(left))


def _as_parts(merged: Sequence[str | Conflict]) -> list[Part]:
    return [Resolved(piece) if isinstance(piece, str) else piece for piece in merged]


def _positions(lines: Sequence[str], merged: Sequence[str | Conflict]) -> dict[int, int]:
    """The place in `merged` of each line of one side that is there, and of the side's end."""
    where: dict[int, int] = {}
    at = there = 0
    end = Change(len(lines), len(lines), len(merged), len(merged))
    for change in [*changes(lines, merged), end]:
        for number in range(change.a_start - at):
            where[at + number] = there + number
        at, there = change.a_end, change.b_end
    where[-1], where[len(lines)] = -1, len(merged)
    return where


def _place(change: Contested, where: Mapping[int, int]) -> tuple[int, int] | None:
    """From where to where the merged text has just this change."""
    around = range(change.start - (change.start == change.end), max(change.start + 1, change.end))
    places = [where.get(number) for number in around]
    if None in places:
        return None
    first = places[0] or 0
    if places != list(range(first, first + len(places))):
        return None
    return (first + 1, first + 1) if change.start == change.end else (first, first + len(places))


def moved_back(base: str, canonical: str, legacy: str, merged: str) -> Iterator[Contested]:
    """The blocks that one side deleted, the other only moved, and the merged text has."""
    origin, result = lines_of(base), f"\n{merged}"
    versions = {Side.CANONICAL: canonical, Side.LEGACY: legacy}
    sides = {side: lines_of(text) for side, text in versions.items()}
    edits = {side: changes(origin, lines) for side, lines in sides.items()}
    added = {
        side: [lines[change.b_start : change.b_end] for change in edits[side]]
        for side, lines in sides.items()
    }
    for moving, deleting in ((Side.LEGACY, Side.CANONICAL), (Side.CANONICAL, Side.LEGACY)):
        gone = deleted_lines(edits[deleting]) & deleted_lines(edits[moving])
        stays = {line for lines in added[deleting] for line in lines}
        numbers = sorted(number for number in gone if origin[number] not in stays)
        for block in blocks(numbers):
            lines = origin[block.start : block.stop]
            for start, end in moved_runs(lines, sides[moving], edits[moving]):
                text = f"\n{''.join(sides[moving][start:end])}"
                once = all(f"\n{version}".count(text) == 1 for version in (base, versions[moving]))
                if once and text in result:
                    why = MOVED.format(deleting=deleting.value, moving=moving.value)
                    yield Contested(moving, start, end, "", why)


def renamed_and_added(base: str, canonical: str, legacy: str, merged: str) -> Iterator[Contested]:
    """The changes of one side with a name that the other side wrote in another way in all places,
    which are two or more."""
    versions = {Side.CANONICAL: canonical, Side.LEGACY: legacy}
    before, after = _names(base), _names(merged)
    for renaming, adding in ((Side.LEGACY, Side.CANONICAL), (Side.CANONICAL, Side.LEGACY)):
        renames = _renames(base, versions[renaming])
        remaining, count = _names(versions[renaming]), _names(versions[adding])
        for (old, new), times in renames.items():
            if times < 2 or remaining[old] or not after[old] or count[old] <= before[old]:
                continue
            why = RENAMED.format(renaming=renaming.value, new=new, old=old, adding=adding.value)
            origin, lines = lines_of(base), lines_of(versions[adding])
            for change in changes(origin, lines):
                was = "".join(origin[change.a_start : change.a_end])
                text = "".join(lines[change.b_start : change.b_end])
                if _names(text)[old] > _names(was)[old]:
                    blank = len(text) - len(text.lstrip("\n")) if not was else 0
                    yield Contested(adding, change.b_start + blank, change.b_end, was, why)


def _names(text: str) -> Counter[str]:
    return Counter(_NAME.findall(text))


def _renames(before: str, after: str) -> Counter[tuple[str, str]]:
    """In how many lines a name became another one, and nothing else changed."""
    old, new = lines_of(before), lines_of(after)
    renames: Counter[tuple[str, str]] = Counter()
    for change in changes(old, new):
        was, text = old[change.a_start : change.a_end], new[change.b_start : change.b_end]
        if len(was) != len(text):
            continue
        for tokens, others in zip(map(_TOKEN.findall, was), map(_TOKEN.findall, text), strict=True):
            if len(tokens) != len(others):
                continue
            pairs = {pair for pair in zip(tokens, others, strict=True) if pair[0] != pair[1]}
            if len(pairs) == 1 and all(map(_NAME.fullmatch, next(iter(pairs)))):
                renames.update(pairs)
    return renames


def deleted_lines(edits: Sequence[Change]) -> set[int]:
    """The numbers of the lines that a side deleted or replaced."""
    return {number for change in edits for number in range(change.a_start, change.a_end)}


def blocks(numbers: Sequence[int]) -> Iterator[range]:
    """The numbers, sorted before, as runs without a gap."""
    start = 0
    for at, number in enumerate(numbers):
        if at + 1 == len(numbers) or numbers[at + 1] != number + 1:
            yield range(numbers[start], number + 1)
            start = at + 1


def moved_runs(
    block: Sequence[str], side: Sequence[str], edits: Sequence[Change]
) -> Iterator[tuple[int, int]]:
    """Where a side added the lines of a block, the longest runs first in the block's order."""
    at = 0
    while at < len(block):
        if not block[at].strip():
            at += 1
            continue
        start, size = max(
            (
                (place, _run(block[at:], side[place : change.b_end]))
                for change in edits
                for place in range(change.b_start, change.b_end)
            ),
            key=lambda run: (run[1], -run[0]),
            default=(0, 0),
        )
        while size and not block[at + size - 1].strip():
            size -= 1
        if _says_something(block[at : at + size]):
            yield start, start + size
        at += max(size, 1)


def _run(lines: Sequence[str], others: Sequence[str]) -> int:
    """MergeAction many lines both begin with."""
    size = 0
    for line, other in zip(lines, others, strict=False):
        if line != other:
            break
        size += 1
    return size


def _says_something(lines: Sequence[str]) -> bool:
    """Whether the lines are known by what they say: a single word or bracket is everywhere."""
    words = [len(re.findall(r"\w+", line)) for line in lines]
    return sum(map(bool, words)) > 1 or max(words, default=0) > 1
