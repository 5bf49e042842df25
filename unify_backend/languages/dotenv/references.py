"""Assignments line by line: .env files, variables of containers and services."""

import re
from collections.abc import Iterator

from unify_backend.languages.key_values import Line, addresses, holding, lines_at, of_variable
from unify_backend.languages.language import Context, Fragment, Zone
from unify_backend.model.spans import Span

_ASSIGNMENT = re.compile(
    r"[ \t]*(?:export[ \t]+|set[ \t]+)?(?P<name>[\w.-]+)[ \t]*=[ \t]*(?P<value>.*)", re.DOTALL
)
_SECTION = re.compile(r"[ \t]*\[[^\]\n]*\]")


class EnvForm:
    """Assignments; each value by its variable's name."""

    def zones(self, fragment: Fragment) -> Iterator[Zone]:
        """Zones around every hit; never raises."""
        for line in lines_at(fragment.text, fragment.hits, "\\"):
            if line.text.lstrip().startswith(("#", ";")):
                yield from _comment(line, fragment.text)
            elif _SECTION.match(line.text):
                yield Zone(line.span, "env-section", Context.KEY, note="a section's name")
            elif found := _ASSIGNMENT.match(line.text):
                yield from _assignment(line, found, fragment.text)
        yield from addresses(fragment.text, fragment.hits, "env-address")


def _comment(line: Line, text: str) -> Iterator[Zone]:
    """A comment, unless it is a setting that somebody switched off."""
    yield Zone(line.span, "env-comment", Context.COMMENT)
    off = re.match(r"[ \t]*#[ \t]?(?=[A-Z][A-Z0-9_]*=)", line.text)
    found = _ASSIGNMENT.match(line.text, off.end()) if off else None
    if found:
        yield from _assignment(line, found, text)


def _assignment(line: Line, found: re.Match[str], text: str) -> Iterator[Zone]:
    name = Span(*found.span("name")).shift(line.start)
    value = Span(*found.span("value")).shift(line.start)
    if holding(line.hits, name):
        yield Zone(name, "env-name", Context.KEY, note="a variable's name")
    hits = holding(line.hits, value)
    if not hits:
        return
    yield from _values(found["name"], value, hits, text)
    if comment := re.search(r"[ \t]#.*", found["value"]):
        span = Span(*comment.span()).shift(value.start)
        if holding(hits, span) and not re.search(r"^[\"'].*#.*[\"']$", found["value"]):
            yield Zone(span, "env-comment", Context.COMMENT)


def _values(key: str, span: Span, hits: list[Span], text: str) -> Iterator[Zone]:
    for hit in hits:
        place = of_variable(key, text, hit)
        form = "env-pid-file" if place.note == "a PID file" else "env-value"
        yield Zone(span, form, place.context, note=place.note)
