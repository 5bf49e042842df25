"""A diverged pair as three columns: what each side made of their common origin, and the result.

The columns are aligned by the origin: a region is a stretch of it that any of the three changed,
with some lines around it.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from unify_backend.model.report import FileOutcome, Outcome
from unify_backend.model.text import Binary, decode_file

_AROUND = 2  # lines around a change
_REGIONS = 24  # of one file
_LINES = 90  # of one column of a region
_LONGEST = 400  # characters of a line
_LARGEST = 4_000  # lines of a file that is still compared


class LineSign(StrEnum):
    """Whether a line is unchanged, removed or added."""

    SAME = " "
    GONE = "-"
    NEW = "+"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a column."""

    sign: LineSign
    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """One side of a region; `cut` is how many more lines it has."""

    lines: tuple[Line, ...]
    cut: int = 0


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of the origin, from its line `start` (1-based)."""

    start: int
    legacy: Column
    canonical: Column
    result: Column


@dataclass(frozen=True, slots=True)
class SideBySide:
    """A pair of files set beside each other. `result` names the third column; `cut` are regions
    that are left out, `note` says why there is nothing to show ("" where there is)."""

    regions: tuple[Region, ...]
    result: str
    cut: int = 0
    note: str = ""


def beside(joined: FileOutcome) -> SideBySide:
    """The columns of one changed file."""
    versions = joined.versions
    waiting = joined.outcome is Outcome.PENDING
    title = "What a merge makes" if waiting else "Now"
    result = _planned(joined) if waiting else versions.now
    texts = (versions.base, versions.legacy, versions.canonical, result)
    if all(text is None for text in texts[1:]):
        return SideBySide((), title, note="no text to compare")
    lines = [(text or "").splitlines() for text in texts]
    if max(map(len, lines)) > _LARGEST:
        return SideBySide((), title, note=f"more than {_LARGEST:,} lines")
    base, sides = lines[0], lines[1:]
    codes = [_codes(base, side) if side or base else [] for side in sides]
    spans = _regions(codes, len(base))
    shown = tuple(
        Region(
            start + 1,
            *(
                _column(base, side, code, start, end)
                for side, code in zip(sides, codes, strict=True)
            ),
        )
        for start, end in spans[:_REGIONS]
    )
    note = "" if shown else "neither side differs from the origin"
    return SideBySide(shown, title, max(0, len(spans) - _REGIONS), note)


def _planned(joined: FileOutcome) -> str | None:
    if joined.merged.after is None:
        return None
    decoded = decode_file(joined.merged.path, joined.merged.after)
    return None if isinstance(decoded, Binary) else decoded.text


_Code = tuple[str, int, int, int, int]


def _codes(base: Sequence[str], side: Sequence[str]) -> list[_Code]:
    matcher = difflib.SequenceMatcher(None, base, side, autojunk=False)
    return [(kind, *rest) for kind, *rest in matcher.get_opcodes()]  # type: ignore[misc]


def _regions(codes: Sequence[Sequence[_Code]], length: int) -> list[tuple[int, int]]:
    """The changed stretches of the origin with what is around them, joined where they touch."""
    changed = sorted(
        (max(0, begin - _AROUND), min(length, end + _AROUND))
        for side in codes
        for kind, begin, end, _, _ in side
        if kind != "equal"
    )
    joined: list[tuple[int, int]] = []
    for start, end in changed:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _column(
    base: Sequence[str], side: Sequence[str], codes: Sequence[_Code], start: int, end: int
) -> Column:
    """One side of a region: the origin's lines with their signs, and the new ones."""
    lines: list[Line] = []
    for kind, b1, b2, s1, s2 in codes:
        if kind == "equal":
            inside = base[max(b1, start) : min(b2, end)] if max(b1, start) < min(b2, end) else []
            lines += [Line(LineSign.SAME, _short(text)) for text in inside]
        elif start <= b1 and b2 <= end:
            lines += [Line(LineSign.GONE, _short(text)) for text in base[b1:b2]]
            lines += [Line(LineSign.NEW, _short(text)) for text in side[s1:s2]]
    return Column(tuple(lines[:_LINES]), max(0, len(lines) - _LINES))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
