"""The settings of units, one a line; a backslash at a line's end joins it to the next.

Comments between joined lines are passed over, as systemd does; a comment itself is never joined.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from unify_backend.languages.data.tree import NOWHERE
from unify_backend.languages.scripts.variable_uses import (
    SHELL,
    VariableUse,
    assigned,
    read_anywhere,
)
from unify_backend.model.spans import Span

_REST = re.compile(r"(?:[^\n\\]|\\[^\r\n])*(?P<joint>\\\r?\n)?[^\n]*")
_COMMENT = re.compile(r"[\ufeff \t]*[#;][^\n]*")
_SECTION = re.compile(r"[\ufeff \t]*\[(?P<name>[^\]]*)")
_SETTING = re.compile(
    r"[\ufeff \t]*(?P<key>[\w-]+)[ \t]*=[ \t]*(?P<sign>[-+@!:|]*)(?P<value>.*?)\s*", re.DOTALL
)
_VARIABLE = re.compile(
    r"(?:^|(?<=\s))(?:\"(?P<a>\w+)=(?P<va>[^\"]*)\"|'(?P<b>\w+)=(?P<vb>[^']*)'"
    r"|(?P<c>\w+)=(?P<vc>\"[^\"]*\"|'[^']*'|[^\s\"']*))"
)


class Kind(Enum):
    """What a line is."""

    COMMENT = auto()
    SECTION = auto()
    SETTING = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A line with those that it is joined to. Of a setting, `key` is in the section `section`, and
    `value`, behind signs such as `-`, is text without joints; both have their places."""

    kind: Kind
    span: Span
    section: str = ""
    key: str = ""
    name: Span = NOWHERE
    value: str = ""
    place: Span = NOWHERE


def unit_lines(text: str) -> Iterator[UnitLine]:
    """All lines of a unit; comments between joined lines are lines of their own."""
    section, at = "", 0
    while at < len(text):
        start, code = at, ""
        if not _COMMENT.match(text, at):
            code, at, comments = _joined(text, at)
            yield from comments
        else:
            at = _end_of_line(text, at)
        span = Span(start, at)
        at += 1
        if not code:
            yield UnitLine(Kind.COMMENT, span)
        elif named := _SECTION.match(code):
            section = named["name"]
            yield UnitLine(Kind.SECTION, span, section)
        elif match := _SETTING.fullmatch(code):
            name = Span(*match.span("key")).shift(start)
            place = Span(*match.span("value")).shift(start)
            yield UnitLine(Kind.SETTING, span, section, match["key"], name, match["value"], place)
        else:
            yield UnitLine(Kind.OTHER, span, section)


def in_force(lines: Iterable[UnitLine]) -> list[UnitLine]:
    """The settings without those that an empty one of the same key takes back."""
    settings: list[UnitLine] = []
    for line in lines:
        if line.kind is Kind.SETTING and line.value:
            settings.append(line)
        elif line.kind is Kind.SETTING:
            same = (line.section, line.key)
            settings = [setting for setting in settings if (setting.section, setting.key) != same]
    return settings


def working_folder(settings: Iterable[UnitLine], section: str) -> UnitLine | None:
    """The folder in which the commands of a section run: the last that is set."""
    folders = [line for line in settings if line.key == "WorkingDirectory"]
    return next((line for line in reversed(folders) if line.section == section), None)


def variables(setting: UnitLine) -> Iterator[tuple[str, str, Span]]:
    """The variables of `Environment=`: name, value, and where the value stands."""
    for match in _VARIABLE.finditer(setting.value):
        letter = "a" if match["a"] else "b" if match["b"] else "c"
        span = Span(*match.span(f"v{letter}")).shift(setting.place.start)
        yield match[letter], match[f"v{letter}"].strip("\"'"), span


def systemd_variables(text: str) -> Iterator[VariableUse]:
    """The variables that a unit sets, and those that it reads."""
    for line in unit_lines(text):
        for name, value, span in variables(line) if line.key == "Environment" else ():
            place = Span(span.start - 1 - len(name), span.start - 1)
            yield assigned(name, place, value, span)
    yield from read_anywhere(text, SHELL)


def _joined(text: str, at: int) -> tuple[str, int, list[UnitLine]]:
    """The line at an offset with spaces for what joins it, its end, and the comments within."""
    code = ""
    comments: list[UnitLine] = []
    while match := _REST.match(text, at):
        if match["joint"] is None:
            return code + match[0], match.end(), comments
        code += text[at : match.start("joint")]
        at = match.start("joint") + len(match["joint"])
        blank = len(match["joint"])
        while comment := _COMMENT.match(text, at):
            comments.append(UnitLine(Kind.COMMENT, Span(*comment.span())))
            after = min(comment.end() + 1, len(text))
            blank, at = blank + after - at, after
        code += " " * blank
    return code, at, comments


def _end_of_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
