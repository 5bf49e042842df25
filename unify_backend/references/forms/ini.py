"""INI: setup.cfg, tox.ini, alembic.ini, logging and tool settings; values over several lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from unify_backend.codemods.places import (
    Place,
    addresses,
    continues,
    key_itself,
    lines_at,
    of_key,
)
from unify_backend.model.spans import Span
from unify_backend.model.zones import Context, Fragment, Zone

_SECTION = re.compile(r"[ \t]*\[(?P<name>[^\n]*)\]")
_ENTRY = re.compile(r"(?P<key>[^\s=:#;\[][^=:\n]*?)[ \t]*(?:[=:][ \t]*(?P<value>.*)|$)")
_SHELL_KEYS = frozenset(
    {
        "command",
        "commands",
        "commands_pre",
        "commands_post",
        "install_command",
        "entry",
        "list_dependencies_command",
        "cmd",
        "script",
    }
)
_MODULE_SECTIONS = re.compile(
    r"options\.(?:package_data|exclude_package_data|packages|entry_points)"
)


@dataclass(frozen=True, slots=True)
class _Entry:
    section: str
    key: str


class IniForm:
    """Line by line: configparser's rules, of which every tool relaxes another one."""

    def zones(self, fragment: Fragment) -> Iterator[Zone]:
        """Zones around every hit; never raises, a line that is nothing else is a value."""
        text = fragment.text
        for line in lines_at(text, fragment.hits):
            code = line.text.lstrip()
            if code.startswith(("#", ";")):
                yield Zone(line.span, "ini-comment", Context.COMMENT)
                continue
            if section := _SECTION.match(line.text):
                yield from _section(section, line.start)
                continue
            entry = _above(text, line.start)
            found = _ENTRY.match(line.text) if not line.text[:1].isspace() else None
            start = line.start
            if found:
                entry = _Entry(entry.section, found["key"])
                start = line.start + (
                    found.start("value") if found["value"] is not None else len(line.text)
                )
            for hit in line.hits:
                if hit.start < start:
                    yield from _key(entry, text, hit)
                else:
                    yield from _value(entry, text, hit, Span(start, line.span.end))
            if comment := re.search(r"[ \t][#;][ \t].*", line.text):
                span = Span(line.start + comment.start() + 1, line.span.end)
                if any(span.holds(hit) for hit in line.hits):
                    yield Zone(span, "ini-comment", Context.COMMENT)
        yield from addresses(text, fragment.hits, "ini-address")


def _section(found: re.Match[str], start: int) -> Iterator[Zone]:
    span = Span(*found.span("name")).shift(start)
    if re.match(r"mypy-|tool:|pylint", found["name"]):
        yield Zone(span, "ini-section", Context.MODULE_VALUE)
    elif "/" in found["name"] or "*." in found["name"]:  # .editorconfig
        yield Zone(span, "ini-section", Context.PATH_VALUE)
    else:
        yield Zone(span, "ini-section", Context.KEY, note="a section's name")


def _key(entry: _Entry, text: str, hit: Span) -> Iterator[Zone]:
    if _MODULE_SECTIONS.match(entry.section):
        yield Zone(hit, "ini-key", Context.MODULE_VALUE)
        return
    place = key_itself(text, hit)
    end = re.compile(r"[^\s=,]*").match(text, hit.end)
    span = Span(hit.start, end.end() if end else hit.end)
    yield Zone(span, "ini-key", place.context, note=place.note)


def _value(entry: _Entry, text: str, hit: Span, span: Span) -> Iterator[Zone]:
    if entry.key in _SHELL_KEYS:
        yield Zone(span, "ini-command", Context.COMMAND, "shell")
        return
    place = _place(entry, text, hit)
    yield Zone(span, "ini-value", place.context, note=place.note)


def _place(entry: _Entry, text: str, hit: Span) -> Place:
    section, key = entry.section.lower(), entry.key.lower()
    if section in {"metadata", "project"} and key == "name":
        return Place(Context.LABEL, "a distribution's name")
    if key in {"install_requires", "deps", "requires", "extras"} and not continues(text, hit):
        return Place(Context.LABEL, "a distribution's name")
    if section.startswith("options.packages.find") or key == "root_package":
        return Place(Context.PATH_VALUE if key == "where" else Context.MODULE_VALUE)
    if section.startswith("options.entry_points") or key in {"console_scripts", "gui_scripts"}:
        return Place(Context.MODULE_VALUE)
    if section.startswith("options.package_dir") or section == "coverage:paths":
        return Place(Context.PATH_VALUE)
    if key in {"setenv", "set_env", "environment", "env"}:
        line = text[text.rfind("\n", 0, hit.start) + 1 : hit.start]
        if named := re.findall(r"(\w+)[ \t]*=", line):
            return of_key(named[-1], text, hit)
    if key == "script_location" and re.match(r":[^\W\d]", text[hit.end : hit.end + 2]):
        return Place(Context.MODULE_VALUE)
    return of_key(entry.key, text, hit)


def _above(text: str, start: int) -> _Entry:
    """The section and key that a line belongs to."""
    key = ""
    at = start
    while at > 0:
        begin = text.rfind("\n", 0, at - 1) + 1
        line = text[begin : at - 1]
        at = begin
        if section := _SECTION.match(line):
            return _Entry(section["name"].strip(), key)
        if not key and not line[:1].isspace() and (found := _ENTRY.match(line)):
            key = found["key"]
    return _Entry("", key)
