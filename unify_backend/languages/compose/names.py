"""The names that a compose file defines for others, and those of them that it uses itself (Compose
Specification)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from unify_backend.languages.data.tree import Part, Role
from unify_backend.languages.data.yaml_parser import parse_yaml
from unify_backend.languages.language import FormError
from unify_backend.model.spans import Span

_SECTIONS = frozenset({"services", "volumes", "networks", "configs", "secrets"})
_NAMED = frozenset({"container_name", "hostname", "image"})  # settings of a service
_LISTS = frozenset("depends_on networks volumes links external_links configs secrets".split())
_KEYED = frozenset({("depends_on",), ("networks",)})  # mappings with such names for keys
_SHARED = frozenset({"network_mode", "pid", "ipc"})  # with another service or container
_VARIABLE = re.compile(r"\$\{[^}]*\}|\$\w+")
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
_OWNER = re.compile(r"(?:service|container):")
_BOUND = frozenset({"bind", "tmpfs", "npipe"})


@dataclass(frozen=True, slots=True)
class ComposeName:
    """Where a name stands, and whether it is defined there; else it is used."""

    span: Span
    defines: bool


@lru_cache(maxsize=32)
def compose_names(text: str) -> tuple[ComposeName, ...]:
    """The names of services, containers, images, volumes, networks, configs and secrets in the
    order of the file; none where it cannot be read."""
    try:
        parts = parse_yaml(text).parts
    except FormError:
        return ()
    return tuple(name for part in parts if part.path for name in _names(part, text))


def _names(part: Part, text: str) -> Iterator[ComposeName]:
    path, content = part.path, part.node.content
    if part.role is Role.KEY:
        if len(path) == 1 and path[0] in _SECTIONS:
            yield ComposeName(content, True)
        elif _of_service(path) and (path[1:] in _KEYED or path[2:] in _KEYED):
            yield ComposeName(content, False)
        return
    if path[-1] == "image" or path[-3:-1] == ("build", "tags"):
        if _of_service(path):
            yield ComposeName(_image(text, content), True)
    elif path[-1] in _NAMED:
        if _of_service(path):
            yield ComposeName(content, True)
    elif (
        path == ("name",)
        or (len(path) == 3 and path[0] in _SECTIONS and path[2] == "name")
        or path[-2:] == ("aliases", "-")
    ):
        yield ComposeName(content, True)
    elif (span := _used(part, path, text)) is not None:
        yield ComposeName(span, False)


def _of_service(path: tuple[str, ...]) -> bool:
    """Whether a setting is one of a service, or of an extension that services take."""
    return path[0] == "services" or path[0].startswith("x-")


def _used(part: Part, path: tuple[str, ...], text: str) -> Span | None:
    """Where a value names what the file, or another one, defines."""
    content = part.node.content
    value = text[content.start : content.end]
    if not _of_service(path):
        return None
    if path[-1] in _SHARED or "additional_contexts" in path[-2:]:
        owner = _OWNER.match(value)
        return Span(content.start + owner.end(), content.end) if owner else None
    if path[-1] == "extends" or path[-2:] == ("extends", "service"):
        return content
    if path[-2:] == ("volumes_from", "-"):
        owner = _OWNER.match(value)
        return _before_colon(text, Span(content.start + (owner.end() if owner else 0), content.end))
    if path[-1] == "-" and path[-2] in _LISTS:
        return _before_colon(text, content)
    if path[-3:-1] in {("volumes", "-"), ("configs", "-"), ("secrets", "-")}:
        kind = part.parent.get("type") if part.parent else None
        named = path[-1] in {"source", "src"} and not (kind and kind.text in _BOUND)
        return content if named else None
    return None


def _before_colon(text: str, span: Span) -> Span | None:
    """The name that begins a value, where it is no path."""
    name = _NAME.match(text, span.start, span.end)
    if name is None or text[name.end() : name.end() + 1] in {"/", "\\"}:
        return None
    return Span(*name.span())


def _image(text: str, span: Span) -> Span:
    """The image's own name, between the registry's path and the tag."""
    value = _VARIABLE.sub(lambda variable: "_" * len(variable[0]), text[span.start : span.end])
    start = value.rfind("/") + 1
    end = next((n for n in range(start, len(value)) if value[n] in ":@"), len(value))
    return Span(span.start + start, span.start + end)
