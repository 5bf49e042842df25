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
    """The document as sections, each known by the headings above it."""
    unquoted = [heading for heading in headings(text) if not heading.quoted]
    starts = [text.rfind("\n", 0, heading.span.start) + 1 for heading in unquoted]
    sections: list[tuple[tuple[str, ...], list[str]]] = [
        ((), lines_of(text[: starts[0]] if starts else text))
    ]
    path: list[tuple[int, str]] = []
    for heading, (start, end) in zip(unquoted, pairwise([*starts, len(text)]), strict=True):
        path = [(level, title) for level, title in path if level < heading.level]
        path.append((heading.level, heading.title))
        sections.append((tuple(title for _, title in path), lines_of(text[start:end])))
    units: list[Unit] = []
    gap = ""
    for key, lines in sections:
        end = len(lines)
        while end and not lines[end - 1].strip():
            end -= 1
        if end:
            units.append(replace(_section(key, lines[:end]), gap=gap))
            gap = ""
        gap += "".join(lines[end:])
    return container(Unit(("document",), text), "", units, gap)


def _section(key: tuple[str, ...], lines: list[str]) -> Unit:
    core = "".join(lines)
    if not key:
        return Unit(("top",), core, freedom=OrderFreedom.FREE)
    heading = Unit(("heading",), lines[0], freedom=OrderFreedom.FREE)
    rest = Unit(("rest",), "".join(lines[1:]), freedom=OrderFreedom.FREE)
    inside = [heading, rest] if rest.core else [heading]
    return container(Unit(("section", *key), core, freedom=OrderFreedom.FREE), "", inside)


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
