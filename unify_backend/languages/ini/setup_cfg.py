"""setup.cfg: values by section and key, with their places; lists of one item a line or a comma."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from unify_backend.languages.data.ini_parser import parse_ini
from unify_backend.languages.data.tree import StatementKind
from unify_backend.model.spans import Edit, Span

_DELIMITER = re.compile(r"[ \t]*[=:]")
_COMMENT = re.compile(r"(?m)^\s*[#;].*$")


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a key: its span (without the last line end), and its items."""

    span: Span
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetupCfg:
    """The values by section and key, and where each section's header ends."""

    values: dict[tuple[str, str], Value]
    sections: dict[str, int]

    def items(self, section: str, key: str) -> tuple[str, ...] | None:
        """The items of a value, None where the key is not there."""
        value = self.values.get((section, key))
        return None if value is None else value.items


def read_setup_cfg(text: str) -> SetupCfg:
    """A setup.cfg. Any text is read: there is no error. Keys are in lower case, but for
    those that are names of packages."""
    values: dict[tuple[str, str], Value] = {}
    sections: dict[str, int] = {}
    for statement in parse_ini(text).statements:
        if statement.kind is StatementKind.HEADER:
            sections[statement.section] = statement.span.end
        elif statement.value is not None and not statement.value.is_null:
            names = statement.section == "options.package_data"
            key = statement.key if names else statement.key.lower()
            end = statement.value.span.end
            body = _COMMENT.sub("", text[statement.value.span.start : end])
            items = (item.strip() for item in re.split(r"[,\n]", body))
            delimiter = _DELIMITER.match(text, statement.name.end)
            start = delimiter.end() if delimiter else end
            filled = tuple(item for item in items if item)
            values[statement.section, key] = Value(Span(start, max(start, end)), filled)
    return SetupCfg(values, sections)


def with_items(value: Value, names: Sequence[str], newline: str) -> Edit:
    """One more item on each line, behind the items that are there."""
    lines = "".join(f"{newline}    {name}" for name in names)
    if value.span.start == value.span.end or len(value.items) == 0:
        return Edit(value.span, lines)
    return Edit(Span(value.span.end, value.span.end), lines)


def with_lines(text: str, cfg: SetupCfg, section: str, lines: Sequence[str]) -> Edit:
    """Lines put below the header of a section, which is made at the end where it is missing."""
    newline = newline_of(text)
    body = "".join(line + newline for line in lines)
    if section in cfg.sections:
        at = cfg.sections[section]
        return Edit(Span(at, at), body)
    gap = "" if text.endswith("\n") else newline
    end = len(text)
    return Edit(Span(end, end), f"{gap}{newline}[{section}]{newline}{body}")


def newline_of(text: str) -> str:
    """The line end that a text uses."""
    return "\r\n" if "\r\n" in text else "\n"
