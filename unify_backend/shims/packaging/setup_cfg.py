"""setup.cfg: lists of packages, one on each line or separated by commas."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unify_backend.model.shims import Advice
from unify_backend.model.spans import Edit, Span
from unify_backend.shims.packaging.wanted import STUB_DATA, Adjusted, Wanted, by_hand

_HEADER = re.compile(r"\[([^\]\n]+)\][^\n]*")
_KEY = re.compile(r"([^\s:=#;\[][^:=\n]*?)[ \t]*[:=]")


@dataclass(frozen=True, slots=True)
class _Value:
    """The value of a key: its span (without the last line end), and its items."""

    span: Span
    items: tuple[str, ...]


def adjust_setup_cfg(path: str, text: str, wanted: Sequence[Wanted]) -> Adjusted:
    """The edits that make `[options] packages` install `wanted` too; without that key the file
    says nothing about packages and is left alone."""
    values, sections = _read(text)
    packages = values.get(("options", "packages"))
    if packages is None:
        return Adjusted()
    advice = [one for each in wanted for one in _advice(path, values, each)]
    edits: list[Edit] = []
    newline = "\r\n" if "\r\n" in text else "\n"
    found = packages.items[:1] in {("find:",), ("find_namespace:",)}
    listed = values.get(("options.packages.find", "include")) if found else packages
    if listed is not None:
        new = [
            name
            for one in wanted
            if not (one.among(listed.items) if found else one.name in listed.items)
            for name in (one.patterns if found else (one.name,))
        ]
        if new:
            edits.append(_listing(listed, new, newline))
    data = [one for one in wanted if ("options.package_data", one.name) not in values]
    if data:
        lines = [f"{one.name} = {', '.join(STUB_DATA)}" for one in data]
        edits.append(_data(text, sections, lines, newline))
    return Adjusted(tuple(edits), tuple(advice))


def _advice(path: str, values: dict[tuple[str, str], _Value], one: Wanted) -> Iterator[Advice]:
    exclude = values.get(("options.packages.find", "exclude"))
    if exclude is not None and one.among(exclude.items):
        yield by_hand(path, one, "options.packages.find excludes it")
    where = values.get(("options.packages.find", "where"))
    folders = where.items if where is not None else (".",)
    roots = values.get(("options", "package_dir"))
    if where is None and roots is not None:
        folders = tuple(item.partition("=")[2].strip() for item in roots.items)
    if one.root not in folders:
        yield by_hand(path, one, f"packages are taken from {', '.join(folders)}")


def _read(text: str) -> tuple[dict[tuple[str, str], _Value], dict[str, int]]:
    """The values by section and key, and where each section's header ends."""
    values: dict[tuple[str, str], _Value] = {}
    sections: dict[str, int] = {}
    section, at, key, start, end = "", 0, "", 0, 0

    def close() -> None:
        if key:
            body = text[start:end]
            items = re.split(r"[,\n]", re.sub(r"(?m)^\s*[#;].*$", "", body))
            found = tuple(one.strip() for one in items if one.strip())
            values[section, key] = _Value(Span(start, end), found)

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
    return values, sections


def _listing(value: _Value, names: Sequence[str], newline: str) -> Edit:
    """One item on each line, behind the items that are there."""
    lines = "".join(f"{newline}    {name}" for name in names)
    if value.span.start == value.span.end or len(value.items) == 0:
        return Edit(value.span, lines)
    return Edit(Span(value.span.end, value.span.end), lines)


def _data(text: str, sections: dict[str, int], lines: Sequence[str], newline: str) -> Edit:
    body = "".join(line + newline for line in lines)
    if "options.package_data" in sections:
        at = sections["options.package_data"]
        return Edit(Span(at, at), body)
    gap = "" if text.endswith("\n") else newline
    end = len(text)
    return Edit(Span(end, end), f"{gap}{newline}[options.package_data]{newline}{body}")
