"""Assignments line by line: .env files, systemd units, and the process lines of a Procfile."""

import re
from collections.abc import Iterator

from unify_backend.codemods.places import Line, addresses, continues, holding, lines_at, of_variable
from unify_backend.model.spans import Span
from unify_backend.model.zones import Context, Fragment, Zone

_ASSIGNMENT = re.compile(
    r"[ \t]*(?:export[ \t]+|set[ \t]+)?(?P<name>[\w.-]+)[ \t]*=[ \t]*(?P<value>.*)", re.DOTALL
)
_PROCESS = re.compile(r"(?P<name>[\w-]+):[ \t]+(?P<command>.+)", re.DOTALL)
_SECTION = re.compile(r"[ \t]*\[[^\]\n]*\]")
_UNIT_COMMANDS = re.compile(r"Exec\w*")
_PREFIX = re.compile(r"[@:+!-]*")
_UNIT_NAMES = frozenset(
    {
        "Description",
        "After",
        "Before",
        "Wants",
        "Requires",
        "Requisite",
        "BindsTo",
        "PartOf",
        "Conflicts",
        "WantedBy",
        "RequiredBy",
        "Also",
        "Alias",
        "SyslogIdentifier",
        "User",
        "Group",
        "StateDirectory",
        "RuntimeDirectory",
        "CacheDirectory",
        "LogsDirectory",
        "Slice",
        "Sockets",
        "ConfigurationDirectory",
        "Unit",
        "OnFailure",
        "PropagatesReloadTo",
        "DefaultInstance",
    }
)
_ENTRY = re.compile(r"[\"']?(?P<name>\w+)=(?P<value>\"[^\"]*\"|'[^']*'|[^\s\"']*)")


class EnvForm:
    """Assignments, with the names that systemd gives a meaning."""

    def zones(self, fragment: Fragment) -> Iterator[Zone]:
        """Zones around every hit; never raises."""
        for line in lines_at(fragment.text, fragment.hits, "\\"):
            if line.text.lstrip().startswith(("#", ";")):
                yield from _comment(line, fragment.text)
            elif _SECTION.match(line.text):
                yield Zone(line.span, "env-section", Context.KEY, note="a section's name")
            elif found := _ASSIGNMENT.match(line.text):
                yield from _assignment(line, found, fragment.text)
            elif found := _PROCESS.match(line.text):
                yield from _process(line, found)
        yield from addresses(fragment.text, fragment.hits, "env-address")


def _comment(line: Line, text: str) -> Iterator[Zone]:
    """A comment, unless it is a setting that somebody switched off."""
    yield Zone(line.span, "env-comment", Context.COMMENT)
    off = re.match(r"[ \t]*#[ \t]?(?=[A-Z][A-Z0-9_]*=)", line.text)
    found = _ASSIGNMENT.match(line.text, off.end()) if off else None
    if found:
        yield from _assignment(line, found, text)


def _process(line: Line, found: re.Match[str]) -> Iterator[Zone]:
    name = Span(*found.span("name")).shift(line.start)
    if holding(line.hits, name):
        yield Zone(name, "env-process", Context.LABEL, note="a process type")
    command = Span(*found.span("command")).shift(line.start)
    yield Zone(command, "env-process", Context.COMMAND, "shell")


def _assignment(line: Line, found: re.Match[str], text: str) -> Iterator[Zone]:
    name = Span(*found.span("name")).shift(line.start)
    value = Span(*found.span("value")).shift(line.start)
    if holding(line.hits, name):
        yield Zone(name, "env-name", Context.KEY, note="a variable's name")
    hits = holding(line.hits, value)
    if not hits:
        return
    key = found["name"]
    if _UNIT_COMMANDS.fullmatch(key):
        lead = _PREFIX.match(found["value"])
        start = value.start + (lead.end() if lead else 0)
        yield Zone(Span(start, value.end), "env-command", Context.COMMAND, "shell")
    elif key in _UNIT_NAMES and not any(continues(text, hit) for hit in hits):
        yield Zone(value, "env-label", Context.LABEL, note="a name that systemd knows")
    elif key == "Environment":
        yield from _entries(value, found["value"], hits, text)
    else:
        yield from _values(key, value, hits, text)
        if comment := re.search(r"[ \t]#.*", found["value"]):
            span = Span(*comment.span()).shift(value.start)
            if holding(hits, span) and not re.search(r"^[\"'].*#.*[\"']$", found["value"]):
                yield Zone(span, "env-comment", Context.COMMENT)


def _entries(value: Span, text: str, hits: list[Span], whole: str) -> Iterator[Zone]:
    for entry in _ENTRY.finditer(text):
        span = Span(*entry.span("value")).shift(value.start)
        yield from _values(entry["name"], span, holding(hits, span), whole)


def _values(key: str, span: Span, hits: list[Span], text: str) -> Iterator[Zone]:
    for hit in hits:
        place = of_variable(key, text, hit)
        form = "env-pid-file" if place.note == "a PID file" else "env-value"
        yield Zone(span, form, place.context, note=place.note)
