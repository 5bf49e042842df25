"""Writes a person's decisions into the configuration, behind everything that stands there."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

from unify_backend.model.changes import ChangeSet, Create, Replace, digest
from unify_backend.model.errors import ConfigurationError
from unify_backend.model.settings import Decision, Settings
from unify_backend.repository.configuration import PYPROJECT, configuration_file, configured


def recorded(
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
    try:
        name = path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        raise ConfigurationError(
            f"{path} lies outside the repository",
            "what is written there could not be taken back",
            "Give a --config inside the repository.",
        ) from None
    data = path.read_bytes()
    return _title(count, Replace(name, digest(data), _with(data, decisions, path.name)))


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
