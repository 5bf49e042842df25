"""reStructuredText by its titles."""

import re
from collections.abc import Iterator

from unify_backend.languages.documents.sections import SectionStart, section_units
from unify_backend.languages.merge_hunk import lines_of
from unify_backend.languages.merge_unit import Unit
from unify_backend.languages.restructuredtext.layout import ADORNMENT

_RELEASE = re.compile(r"(?:v|version[ ])?\d+(?:\.\d+)+", re.IGNORECASE)
_TARGET = re.compile(r"\.\. _[^:\n]+:\s*")
_Style = tuple[str, bool]  # the character, and whether the line stands above the title, too


def restructuredtext_units(text: str) -> Unit:
    """The document as sections, for a merge."""
    return section_units(text, sections_of(text))


def sections_of(text: str) -> list[SectionStart]:
    """The sections of a document. The lines around a title say its level, in the order in which the
    kinds of lines come; titles that begin with a version are on one level, however drawn. The
    labels above a title belong to its section."""
    levels: dict[_Style, int] = {}
    releases: _Style | None = None
    starts: list[SectionStart] = []
    for start, title, style, lines in _titles(text):
        lowest = max(levels.values(), default=0)
        if _RELEASE.match(title):
            releases = releases or style
            levels.setdefault(style, levels.get(releases, lowest + 1))
        level = levels.setdefault(style, lowest + 1)
        starts.append(SectionStart(start, level, title, lines))
    return starts


def _titles(text: str) -> Iterator[tuple[int, str, _Style, int]]:
    """Each title: where it starts, what it says, how it is drawn, and how many lines it has."""
    lines = lines_of(text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    at = end = 0  # `end` is the end of the title above
    while at < len(lines):
        is_first = at == 0 or not lines[at - 1].strip()
        drawn = _drawn(lines[at : at + 3]) if is_first else None
        if drawn is None:
            at += 1
            continue
        title, style, count = drawn
        start = _with_labels(lines, at, end)
        end = at + count
        yield starts[start], title, style, end - start
        at = end


def _drawn(lines: list[str]) -> tuple[str, _Style, int] | None:
    """The title that the lines begin with, its style, and how many lines it has."""
    first, second, third = [*lines, "", ""][:3]
    mark = _mark(first)
    if mark and second.strip() and not _mark(second) and _mark(third) == mark:
        return second.strip(), (mark, True), 3
    if mark or not first[:1].strip() or not _mark(second):
        return None
    if 2 * len(second.strip()) <= len(first.strip()):
        return None  # too short for a title's line
    return first.strip(), (_mark(second), False), 2


def _with_labels(lines: list[str], at: int, end: int) -> int:
    """Where the labels above the title in line `at` begin; they stand below line `end`."""
    start = at
    for number in range(at - 1, end - 1, -1):
        if _TARGET.fullmatch(lines[number]):
            start = number
        elif lines[number].strip():
            break
    return start


def _mark(line: str) -> str:
    return line[0] if ADORNMENT.fullmatch(line.rstrip("\n")) else ""
