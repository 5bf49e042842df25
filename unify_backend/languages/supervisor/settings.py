"""Supervisor's programs with their settings: an INI file, with comments behind values."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from unify_backend.languages.data.ini_parser import parse_ini
from unify_backend.languages.data.tree import Statement, StatementKind
from unify_backend.languages.scripts.variable_uses import VariableUse, assigned
from unify_backend.model.spans import Span

_PROGRAM = re.compile(r"(?:program|eventlistener|fcgi-program):(?P<name>.+)")
_COMMENT = re.compile(r"(?:^|(?<=[ \t]))[#;].*", re.MULTILINE)
_VARIABLE = re.compile(r"(?:^|,)\s*(?P<name>\w+)=(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[^,\n]*)")


@dataclass(frozen=True, slots=True)
class Setting:
    """A value, with spaces for the comments in it, where it stands, and the line of its key."""

    value: str
    place: Span
    line: int


@dataclass(frozen=True, slots=True)
class Program:
    """A section that runs a command; its settings by their keys in small letters."""

    name: str
    settings: Mapping[str, Setting]


def programs(text: str) -> Iterator[Program]:
    """The programs of a file, each with the last value of every key. Any text is read."""
    settings: dict[str, dict[str, Setting]] = defaultdict(dict)
    for statement in parse_ini(text).statements:
        if statement.kind is StatementKind.ENTRY:
            settings[statement.section][statement.key.lower()] = _setting(text, statement)
    for section, values in settings.items():
        if program := _PROGRAM.fullmatch(section):
            yield Program(program["name"], values)


def variables(text: str, place: Span) -> Iterator[tuple[str, str, Span]]:
    """The variables of `environment=` at `place`: name, value, and where the value stands."""
    for entry in _VARIABLE.finditer(text[place.start : place.end]):
        span = Span(*entry.span("value")).shift(place.start)
        yield entry["name"], entry["value"].strip().strip("\"'"), span


def supervisor_variables(text: str) -> Iterator[VariableUse]:
    """The variables that the programs' settings set."""
    for program in programs(text):
        if environment := program.settings.get("environment"):
            for name, value, span in variables(text, environment.place):
                place = Span(span.start - 1 - len(name), span.start - 1)
                yield assigned(name, place, value, span)


def _setting(text: str, statement: Statement) -> Setting:
    assert statement.value is not None
    place = statement.value.span
    value = _COMMENT.sub(lambda comment: " " * len(comment[0]), text[place.start : place.end])
    value = value.rstrip()
    return Setting(value, Span(place.start, place.start + len(value)), statement.value.line)
