"""A document as sections, each with those of a lower level inside it: what a merge pairs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from unify_backend.languages.merge_hunk import lines_of
from unify_backend.languages.merge_unit import OrderFreedom, Unit, container

DOCUMENTS = frozenset({"markdown", "restructuredtext"})  # languages that are read so


@dataclass(frozen=True, slots=True)
class SectionStart:
    """Where a section begins in the text, its level (1 is the highest), its title, and how many
    lines the title is written in."""

    start: int
    level: int
    title: str
    lines: int = 1


def section_units(text: str, starts: Sequence[SectionStart]) -> Unit:
    """The document as a tree of units; `starts` are in the order of the text."""
    places = [section.start for section in starts]
    sections: list[tuple[SectionStart | None, list[str]]] = [
        (None, lines_of(text[: places[0]] if places else text))
    ]
    for section, (start, end) in zip(starts, pairwise([*places, len(text)]), strict=True):
        sections.append((section, lines_of(text[start:end])))
    units: list[tuple[int, Unit]] = []
    gap = ""
    for begin, lines in sections:
        end = len(lines)
        while end and not lines[end - 1].strip():
            end -= 1
        if end:
            level = begin.level if begin else 0
            units.append((level, replace(_section(begin, lines[:end]), gap=gap)))
            gap = ""
        gap += "".join(lines[end:])
    return container(Unit(("document",), text), "", _nested(units), gap)


def _section(begin: SectionStart | None, lines: list[str]) -> Unit:
    core = "".join(lines)
    if begin is None:
        return Unit(("top",), core, freedom=OrderFreedom.FREE)
    heading = Unit(("heading",), "".join(lines[: begin.lines]), freedom=OrderFreedom.FREE)
    rest = Unit(
        ("rest",), "".join(lines[begin.lines :]), freedom=OrderFreedom.FREE
    )  # its place, if nothing else
    return container(
        Unit(("section", begin.title), core, freedom=OrderFreedom.LOOSE, kind="section"),
        "",
        [heading, rest],
    )


def _nested(units: list[tuple[int, Unit]]) -> list[Unit]:
    """The sections of the highest level, those below a section inside it."""
    nested: list[Unit] = []
    at = 0
    while at < len(units):
        level, unit = units[at]
        end = at + 1
        while level and end < len(units) and units[end][0] > level:
            end += 1
        inside = _nested(units[at + 1 : end])
        core = unit.core + "".join(section.text for section in inside)
        if inside:
            unit = container(replace(unit, core=core), "", [*unit.children, *inside])
        nested.append(unit)
        at = end
    return nested
