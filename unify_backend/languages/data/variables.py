"""The variables of environment files and of YAML and JSON: entries that set them, and the shell
commands in their values."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unify_backend.languages.data.env_parser import parse_env
from unify_backend.languages.data.json_parser import parse_json
from unify_backend.languages.data.tree import Document, Part, Role
from unify_backend.languages.data.yaml_parser import parse_yaml
from unify_backend.languages.key_values import of_key
from unify_backend.languages.language import ContextKind, FormError
from unify_backend.languages.scripts.variable_uses import (
    SHELL,
    VariableUse,
    assigned,
    read_anywhere,
)
from unify_backend.languages.scripts.variables import script_variables
from unify_backend.model.spans import Span

_NAME = re.compile(r"[A-Za-z_]\w*")
_LISTED = re.compile(rf"({_NAME.pattern})(?:=.*)?", re.DOTALL)


def env_variables(text: str) -> Iterator[VariableUse]:
    """Those of an environment file."""
    for entry in parse_env(text).roots[0].entries:
        yield assigned(entry.key.text, entry.key.span, entry.node.text, entry.node.content)
    yield from read_anywhere(text, SHELL)


def yaml_variables(text: str) -> Iterator[VariableUse]:
    """Those of a YAML file."""
    try:
        yield from _variables(parse_yaml(text))
    except FormError:
        yield from read_anywhere(text)


def json_variables(text: str) -> Iterator[VariableUse]:
    """Those of a JSON file."""
    try:
        yield from _variables(parse_json(text))
    except FormError:
        yield from read_anywhere(text)


def _variables(document: Document) -> Iterator[VariableUse]:
    commands: list[Span] = []
    for part in document.parts:
        text, place = document.source(part.node.content), part.node.content
        if part.role is Role.KEY and _NAME.fullmatch(text):
            yield from _set(document, part, place)
        elif part.role is Role.VALUE and _is_command(part):
            commands.append(place)
            yield from script_variables(text, "shell", place.start)
        elif part.in_sequence and (listed := _LISTED.fullmatch(text)):
            name = Span(place.start, place.start + listed.end(1))
            yield assigned(listed[1], name)  # `environment: [NAME=value]`
    for use in read_anywhere(document.text):
        pipeline = "{{" in document.source(use.span)  # put in before a shell reads it
        if pipeline or not any(command.holds(use.span) for command in commands):
            yield use


def _set(document: Document, part: Part, place: Span) -> Iterator[VariableUse]:
    """A key with one value sets what is called like it, as far as anybody reads that."""
    entries = part.parent.entries if part.parent else ()
    node = next((entry.node for entry in entries if entry.key is part.node), None)
    if node is not None:
        yield assigned(document.source(place), place, node.value, node.content)


def _is_command(part: Part) -> bool:
    return any(of_key(name).context is ContextKind.COMMAND for name in part.nearest_names(2))
