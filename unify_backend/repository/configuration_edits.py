"""Edits of an existing configuration, by position: `review`'s decisions are appended, `init`'s
packages replaced. Everything else in the file stays to the byte."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from unify_backend.model.changes import ChangeSet, Create, Replace, digest
from unify_backend.model.errors import ConfigurationError
from unify_backend.model.settings import Decision, Settings
from unify_backend.repository.configuration import (
    NESTED,
    PYPROJECT,
    configuration_file,
    configured,
    entry_of,
)

if TYPE_CHECKING:
    from unify_backend.model.changes import ChangeSet
    from unify_backend.model.package_move import PackageMove


def with_decisions(
    root: Path, config: Path | None, settings: Settings, decisions: Sequence[Decision]
) -> ChangeSet:
    """The change set that adds `decisions` to the configuration that `settings` came from. Where
    they came from a built-in profile or the command line, it is written into a new file.

    Raises ConfigurationError where the file lies outside the repository, or says its decisions in
    a way that nothing can be appended to.
    """
    count = f"{len(decisions)} decision{'s' if len(decisions) > 1 else ''}"
    path = config or configuration_file(root)
    if path is None:
        match configured(root, settings).changes[0]:
            case Replace(name, before, data):  # into the pyproject.toml that is there
                return _title(count, Replace(name, before, _with(data, decisions)))
            case Create(name, data):
                return _title(count, Create(name, _with(data, decisions, name)))
            case other:
                raise AssertionError(f"a configuration only writes files: {other}")
    name = _path_in(root, path)
    data = path.read_bytes()
    return _title(count, Replace(name, digest(data), _with(data, decisions, path.name)))


def _path_in(root: Path, path: Path) -> str:
    """The path relative to the repository. Raises ConfigurationError where it lies outside."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        raise ConfigurationError(
            f"{path} lies outside the repository",
            "what is written there could not be taken back",
            "Give a --config inside the repository.",
        ) from None


def _title(count: str, change: Create | Replace) -> ChangeSet:
    return ChangeSet(f"review: {count} written to {change.path}", (change,))


def _with(data: bytes, decisions: Sequence[Decision], name: str = PYPROJECT) -> bytes:
    """The file with the decisions at its end, in its own line ends."""
    text = data.decode("utf-8")
    table = tomllib.loads(text)
    nested = "tool" in table or name == PYPROJECT
    key = "tool.unify-backend.decisions" if nested else "decisions"
    newline = "\r\n" if "\r\n" in text else "\n"
    whole = _append(text, decisions, key, newline)
    try:
        tomllib.loads(whole)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(
            f"nothing can be appended to {name}",
            f"its decisions are written as one value ({error})",
            f"Write them as [[{key}]] tables, and run review again.",
        ) from error
    return whole.encode("utf-8")


def _append(text: str, decisions: Sequence[Decision], key: str, newline: str = "\n") -> str:
    gap = "" if not text or text.endswith("\n") else newline
    entries = "".join(f"\n[[{key}]]\n{_entry(decision)}" for decision in decisions)
    return text + gap + entries.replace("\n", newline)


def _entry(decision: Decision) -> str:
    import tomlkit

    entry = tomlkit.table()
    entry.add("path", decision.path)
    if decision.text is not None:
        entry.add("text", decision.text)
    for key in ("line", "column", "occurrence", "of", "form"):
        if (value := getattr(decision, key)) is not None:
            entry.add(key, value)
    entry.add("action", decision.action.value)
    if decision.replacement is not None:
        entry.add("replacement", decision.replacement)
    entry.add("reason", decision.reason)
    return entry.as_string()


_HEADER = re.compile(r"[ \t]*\[")
_ENTRY = re.compile(
    r"[ \t]*\[\[\s*(?:tool\s*\.\s*[\"']?unify-backend[\"']?\s*\.\s*)?packages\s*\]\]"
)
_KEY = re.compile(
    r"(?P<lead>[ \t]*(?P<key>legacy|canonical|legacy-path|canonical-path)[ \t]*=[ \t]*)"
    r"(?P<value>\"[^\"\\\r\n]*\"|'[^'\r\n]*')(?P<rest>[ \t]*(?:#[^\r\n]*)?)"
)


def with_packages(
    root: Path, path: Path, moves: Sequence[PackageMove], spelt: Sequence[PackageMove] = ()
) -> ChangeSet:
    """The change set that makes `moves` the packages of the configuration at `path`. The paths of
    those in `spelt` are written even where they follow from the names. Everything else in the file
    stays to the byte.

    Raises ConfigurationError where the file lies outside the repository, and where it is written in
    a way in which the packages cannot be replaced for sure.
    """
    from unify_backend.model.changes import ChangeSet, Replace, digest

    name = _path_in(root, path)
    data = path.read_bytes()
    text = data.decode("utf-8")
    prefix = NESTED if "tool" in tomllib.loads(text) or path.name == PYPROJECT else ""
    entries = [entry_of(f"{prefix}packages", move, move in spelt) for move in moves]
    wanted = [dict(_table(tomllib.loads(entry), prefix)["packages"][0]) for entry in entries]
    for attempt in (_in_tables, _in_value):
        result = attempt(text, prefix, entries, wanted)
        if result is not None and _differs_in_packages_only(text, result, prefix, wanted):
            change = Replace(name, digest(data), result.encode("utf-8"))
            return ChangeSet(f"init: {name}", (change,))
    raise ConfigurationError(
        f"the packages in {name} cannot be replaced for sure",
        "they are written in a way that this tool does not edit; put these in their place:\n"
        + "\n".join(entries).rstrip(),
        f"Edit {name}; nothing was written.",
    )


def _table(document: Mapping[str, object], prefix: str) -> dict[str, list[dict[str, str]]]:
    """The content of the configuration's table, which may be missing."""
    table: object = document
    for key in prefix.rstrip(".").split(".") if prefix else ():
        table = table.get(key, {}) if isinstance(table, Mapping) else {}
    return dict(table) if isinstance(table, Mapping) else {}


def _differs_in_packages_only(
    before: str, after: str, prefix: str, wanted: Sequence[Mapping[str, str]]
) -> bool:
    try:
        old, new = tomllib.loads(before), tomllib.loads(after)
    except tomllib.TOMLDecodeError:
        return False
    if _table(new, prefix).get("packages") != list(wanted):
        return False
    for document in (old, new):
        table: object = document
        for key in prefix.rstrip(".").split(".") if prefix else ():
            table = table.setdefault(key, {}) if isinstance(table, dict) else {}
        if isinstance(table, dict):
            table.pop("packages", None)
    return old == new and _comments(before) == _comments(after)


def _comments(text: str) -> list[str]:
    """What stands behind each `#`; one in a string counts as well, which does no harm."""
    return sorted(line.partition("#")[2].strip() for line in text.splitlines() if "#" in line)


@dataclass(slots=True)
class _Section:
    """The lines of one `[[packages]]` entry, its header first."""

    start: int
    end: int


def _in_tables(
    text: str, prefix: str, entries: Sequence[str], wanted: Sequence[Mapping[str, str]]
) -> str | None:
    """The packages as `[[packages]]` tables: the first ones are edited line by line, so that their
    comments stay, those too many go, and new ones come behind. None where they are no tables."""
    lines = text.splitlines(keepends=True)
    newline = "\r\n" if "\r\n" in text else "\n"
    sections = list(_sections(lines))
    if len(sections) != len(_table(tomllib.loads(text), prefix).get("packages", ())):
        return None
    new = [entry.replace("\n", newline) for entry in entries]
    if not sections:
        gap = "" if not text else newline if text.endswith("\n") else newline * 2
        return text + gap + newline.join(new)
    out: list[str] = []
    at = 0
    for number, section in enumerate(sections):
        out += lines[at : section.start]
        body = lines[section.start : section.end]
        if number < len(wanted):
            out += _edited(body, wanted[number], newline)
        else:  # one too many: only its comments stay
            out += [line for line in body if line.lstrip().startswith("#")]
        at = section.end
        if number == len(sections) - 1:
            out += [f"{newline}{entry}" for entry in new[len(sections) :]]
    return "".join([*out, *lines[at:]])


def _sections(lines: Sequence[str]) -> Iterator[_Section]:
    start: int | None = None
    for number, line in enumerate([*lines, "["]):
        if not _HEADER.match(line):
            continue
        if start is not None:
            end = number
            while end > start + 1 and not lines[end - 1].strip().partition("#")[0]:
                end -= 1  # blank lines and comments in front of a header belong to it
            yield _Section(start, end)
        start = number if _ENTRY.match(line) else None


def _edited(body: Sequence[str], wanted: Mapping[str, str], newline: str) -> list[str]:
    """One entry with other values; keys that are not wanted go, and those that are missing come
    behind the others."""
    import tomlkit

    left = {key: tomlkit.item(value).as_string() for key, value in wanted.items()}
    out: list[str] = []
    last = 0
    for line in body:
        match = _KEY.match(line)
        if match is None:
            out.append(line)
            continue
        value = left.pop(match["key"], None)
        if value is not None:
            unchanged = wanted[match["key"]] == match["value"][1:-1]
            written = match["value"] if unchanged else value
            out.append(f"{match['lead']}{written}{line[match.end('value') :]}")
        elif comment := match["rest"].strip():
            out.append(f"{comment}{newline}")
        last = len(out)
    if last and not out[last - 1].endswith("\n"):
        out[last - 1] += newline
    at = last or len(out)
    return [*out[:at], *(f"{key} = {value}{newline}" for key, value in left.items()), *out[at:]]


def _in_value(
    text: str, prefix: str, entries: Sequence[str], wanted: Sequence[Mapping[str, str]]
) -> str | None:
    """The packages as one value, `packages = [{…}]`."""
    import tomlkit

    document = tomlkit.parse(text)
    if document.as_string() != text:
        return None
    table: object = document
    for key in prefix.rstrip(".").split(".") if prefix else ():
        table = table.get(key) if isinstance(table, Mapping) else None
    if not isinstance(table, dict) or "packages" not in table:
        return None
    value = tomlkit.array()
    for move in wanted:
        inline = tomlkit.inline_table()
        inline.update(move)
        value.append(inline)
    table["packages"] = value
    return document.as_string()
