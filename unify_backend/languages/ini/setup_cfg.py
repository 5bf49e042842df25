"""setup.cfg: values by section and key, with their places; lists of one item a line or a comma."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from unify_backend.model.spans import Edit, Span

_HEADER = re.compile(r"\[([^\]\n]+)\][^\n]*")
_KEY = re.compile(r"([^\s:=#;\[][^:=\n]*?)[ \t]*[:=]")


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
    """What a setup.cfg says. Any text is read: there is no error. Keys are in lower case, but for
    those that are names of packages."""
    values: dict[tuple[str, str], Value] = {}
    sections: dict[str, int] = {}
    section, at, key, start, end = "", 0, "", 0, 0

    def close() -> None:
        if key:
            body = text[start:end]
            items = re.split(r"[,\n]", re.sub(r"(?m)^\s*[#;].*$", "", body))
            found = tuple(one.strip() for one in items if one.strip())
            values[section, key] = Value(Span(start, end), found)

    for line in text.splitlines(keepends=True):
        body = line.rstrip("\r\n")
        if match := _HEADER.match(body):
            close()
            key, section = "", match.group(1).strip()
            sections[section] = at + len(line)
        elif body[:1].strip() and (match := _KEY.match(body)):
            close()
            key = match.group(1).lower() if section != "options.package_data" else match.group(1)
            start, end = at + match.end(), at + len(body)
        elif body.strip() and body[:1].isspace():
            end = at + len(body)
        at += len(line)
    close()
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
