"""What a desktop entry starts, section by section."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from unify_backend.languages.data.ini_parser import parse_ini
from unify_backend.languages.data.tree import Node, StatementKind


@dataclass(frozen=True, slots=True)
class Start:
    """A command and the folder that it runs in (None where none is said)."""

    command: Node
    folder: Node | None


def starts(text: str) -> Iterator[Start]:
    """Each section's `Exec=` with its `Path=`; of several the last. Any text is read."""
    sections: dict[str, dict[str, Node]] = defaultdict(dict)
    for statement in parse_ini(text).statements:
        if statement.kind is StatementKind.ENTRY and statement.value is not None:
            sections[statement.section][statement.key] = statement.value
    for values in sections.values():
        if "Exec" in values:
            yield Start(values["Exec"], values.get("Path"))
