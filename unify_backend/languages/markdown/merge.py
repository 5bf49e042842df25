"""Lists of lines, and Markdown by its headings."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from unify_backend.languages.documents.markdown import headings
from unify_backend.languages.merge_hunk import lines_of
from unify_backend.languages.merge_unit import OrderFreedom, Unit, container

_REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?[ \t]*(?P<rest>[^#]*)")


def requirement_units(text: str) -> Unit:
    """Requirements by the project's name; options and addresses by what they say."""
    return _listed(text, _requirement)


def pattern_units(text: str) -> Unit:
    """A list of patterns. One that takes others back (`!kept`), or says more than a pattern (an
    owner, an attribute), depends on what stands above it."""
    return _listed(text, _pattern)


def markdown_units(text: str) -> Unit:
    """The document as sections, each with those of a lower level inside it."""
    unquoted = [heading for heading in headings(text) if not heading.quoted]
    starts = [text.rfind("\n", 0, heading.span.start) + 1 for heading in unquoted]
    sections: list[tuple[int, str, list[str]]] = [
        (0, "", lines_of(text[: starts[0]] if starts else text))
    ]
    for heading, (start, end) in zip(unquoted, pairwise([*starts, len(text)]), strict=True):
        sections.append((heading.level, heading.title, lines_of(text[start:end])))
    units: list[tuple[int, Unit]] = []
    gap = ""
    for level, title, lines in sections:
        end = len(lines)
        while end and not lines[end - 1].strip():
            end -= 1
        if end:
            units.append((level, replace(_section(level, title, lines[:end]), gap=gap)))
            gap = ""
        gap += "".join(lines[end:])
    return container(Unit(("document",), text), "", _nested(units), gap)


def _section(level: int, title: str, lines: list[str]) -> Unit:
    core = "".join(lines)
    if not level:
        return Unit(("top",), core, freedom=OrderFreedom.FREE)
    heading = Unit(("heading",), lines[0], freedom=OrderFreedom.FREE)
    rest = Unit(
        ("rest",), "".join(lines[1:]), freedom=OrderFreedom.FREE
    )  # its place, if nothing else
    return container(
        Unit(("section", title), core, freedom=OrderFreedom.LOOSE), "", [heading, rest]
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


def _listed(text: str, kind: Callable[[str], Unit]) -> Unit:
    units: list[Unit] = []
    gap, lead = "", ""
    for line in lines_of(text):
        if not line.strip():
            if lead:
                lead += line
            else:
                gap += line
        elif line.lstrip().startswith("#"):
            lead += line
        else:
            unit = kind(line)
            units.append(replace(unit, gap=gap, lead=lead))
            gap, lead = "", ""
    return container(Unit(("document",), text), "", units, gap + lead)


def _requirement(line: str) -> Unit:
    match = _REQUIREMENT.match(line)
    if match is None or "\\" in line or re.match(r"[\w.-]+:|[./]", line):
        return Unit(("line", line.strip()), line, freedom=OrderFreedom.LOOSE)
    marker = line.partition(";")[2].split("#")[0].strip()
    name = re.sub(r"[-_.]+", "-", match["name"]).lower()
    return Unit(("name", marker, name), line, freedom=OrderFreedom.FREE)


def _pattern(line: str) -> Unit:
    words = line.split()
    bound = len(words) > 1 or words[0].startswith("!")
    return Unit(
        ("line", line.strip()), line, freedom=OrderFreedom.BOUND if bound else OrderFreedom.LOOSE
    )
