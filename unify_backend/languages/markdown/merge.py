"""Lists of lines, and Markdown by its headings."""

import re
from collections.abc import Callable
from dataclasses import replace

from unify_backend.languages.documents.markdown import headings
from unify_backend.languages.documents.sections import SectionStart, section_units
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
    return section_units(
        text,
        [
            SectionStart(text.rfind("\n", 0, heading.span.start) + 1, heading.level, heading.title)
            for heading in headings(text)
            if not heading.quoted
        ],
    )


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
