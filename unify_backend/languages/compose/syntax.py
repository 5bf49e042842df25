"""Compose files as services: build, image, command, environment, volumes; overrides, `extends`,
`include` and `.env` applied (Compose Specification)."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from unify_backend.languages.compose_files import is_compose, is_standard
from unify_backend.languages.data.env_parser import parse_env
from unify_backend.languages.data.tree import Node
from unify_backend.languages.data.yaml_parser import parse_yaml
from unify_backend.languages.language import FormError
from unify_backend.model.entrypoints import Source
from unify_backend.model.package_move import joined

_VARIABLE = re.compile(
    r"\$\$|\$(?P<plain>[A-Za-z_]\w*)|\$\{(?P<name>[A-Za-z_]\w*)(?P<op>:?[-+?])?(?P<word>[^}]*)\}"
)
_OVERRIDE = re.compile(r"[.-]override\.ya?ml$")
_DEEPEST = 8
Read = Callable[[str], str | None]
Text = Callable[["Node | None"], str]
Place = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Build:
    """Where an image is built from; `dockerfile` is relative to `context`, `contexts` are named
    additional ones. Paths are the repository's."""

    context: str
    dockerfile: str = "Dockerfile"
    target: str = ""
    args: tuple[tuple[str, str], ...] = ()
    contexts: tuple[tuple[str, str], ...] = ()
    inline: str | None = None


@dataclass(frozen=True, slots=True)
class Volume:
    """A mount at `target`. `source` is the repository's path of a bind mount, None for a volume
    that the engine keeps (named or anonymous)."""

    source: str | None
    target: str
    line: int


@dataclass(frozen=True, slots=True)
class Service:
    """One service. `command` and `entrypoint` are words, None where the file does not set them."""

    name: str
    source: Source
    build: Build | None = None
    image: str = ""
    command: tuple[str, ...] | None = None
    entrypoint: tuple[str, ...] | None = None
    command_line: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)
    env_files: tuple[str, ...] = ()
    working_dir: str = ""
    volumes: tuple[Volume, ...] = ()
    depends_on: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    extends: tuple[str, str] | None = None  # file ("" is this one) and service


@dataclass(frozen=True, slots=True)
class Project:
    """The services that one `docker compose` command knows, from one file and its override."""

    path: str
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class _Files:
    paths: frozenset[str]
    read: Read


def projects(
    paths: Collection[str], read_text: Read
) -> tuple[list[Project], list[tuple[str, str]]]:
    """The projects of a repository, and the compose files that cannot be read, with the reason.
    `paths` are its files (POSIX), `read_text` gives the text of one, None where it has none.

    A file beside the standard one whose services have neither image nor build is an override too.
    """
    compose_projects: list[Project] = []
    unreadable: list[tuple[str, str]] = []
    read: dict[str, dict[str, Service]] = {}
    files = _Files(frozenset(paths), read_text)
    for path in sorted(path for path in files.paths if is_compose(path)):
        try:
            read[path] = _services(path, files, 0)
        except FormError as error:
            unreadable.append((path, str(error)))
    standard = [path for path in read if is_standard(path)]
    for path, services in read.items():
        folder = posixpath.dirname(path)
        beside = [other for other in standard if posixpath.dirname(other) == folder]
        if _OVERRIDE.search(path) and beside:
            continue
        complete = all(
            service.build or service.image or service.extends for service in services.values()
        )
        if path not in standard and beside and not complete:
            both = _merged(read[beside[0]], services)
            services = {name: both[name] for name in services}  # the override changes no other
        if path in standard:
            for other in read:
                if posixpath.dirname(other) == folder and _OVERRIDE.search(other):
                    services = _merged(services, read[other])
        if services:
            compose_projects.append(Project(path, tuple(services.values())))
    return compose_projects, unreadable


def _merged(base: Mapping[str, Service], over: Mapping[str, Service]) -> dict[str, Service]:
    both = {name: _over(base[name], over[name]) for name in base if name in over}
    return {**base, **over, **both}


def _over(base: Service, over: Service) -> Service:
    """The service `base` with what `over` says: commands replace, mappings and mounts merge."""
    targets = {volume.target for volume in over.volumes}
    return replace(
        base,
        name=over.name,
        source=over.source if over.command is not None else base.source,
        build=over.build or base.build,
        image=over.image or base.image,
        command=base.command if over.command is None else over.command,
        entrypoint=base.entrypoint if over.entrypoint is None else over.entrypoint,
        command_line=over.command_line or base.command_line,
        environment={**base.environment, **over.environment},
        env_files=(*base.env_files, *over.env_files),
        working_dir=over.working_dir or base.working_dir,
        volumes=(
            *[volume for volume in base.volumes if volume.target not in targets],
            *over.volumes,
        ),
        depends_on=tuple(dict.fromkeys((*base.depends_on, *over.depends_on))),
        profiles=over.profiles or base.profiles,
        extends=over.extends,
    )


def _services(path: str, files: _Files, depth: int) -> dict[str, Service]:
    text = files.read(path)
    if text is None:
        raise FormError("not a text file")
    top = parse_yaml(text).root
    variables = _variables(path, files)
    by_name: dict[str, Service] = {}
    include = top.get("include")
    for entry in include.items if include and depth < _DEEPEST else ():
        location = entry.get("path") or entry
        for inner in [location.text, *[item.text for item in location.items]]:
            there = joined(posixpath.dirname(path), inner)
            if inner and there in files.paths:
                by_name |= _services(there, files, depth + 1)
    services = top.get("services")
    for name, node in (services.mapping if services else {}).items():
        by_name[name] = _service(name, node, path, variables)
    for name, service in list(by_name.items()):
        by_name[name] = _extended(service, by_name, path, files, depth)
    return by_name


def _extended(
    service: Service, known: Mapping[str, Service], path: str, files: _Files, depth: int
) -> Service:
    if service.extends is None or depth > _DEEPEST:
        return service
    file, name = service.extends
    others = known
    if file:
        there = joined(posixpath.dirname(path), file)
        if there not in files.paths:
            return replace(service, extends=None)
        others = _services(there, files, depth + 1)
    base = others.get(name)
    if base is None or base is service:
        return replace(service, extends=None)
    base = _extended(base, others, path, files, depth + 1)
    return replace(_over(base, service), extends=None)


def _variables(path: str, files: _Files) -> dict[str, str]:
    return settings_of(files.read(joined(posixpath.dirname(path), ".env")) or "")


def settings_of(text: str) -> dict[str, str]:
    """What an environment file sets."""
    variables = parse_env(text).root.mapping
    return {name: value.text for name, value in variables.items()}


def _service(name: str, node: Node, path: str, variables: Mapping[str, str]) -> Service:
    folder = posixpath.dirname(path)

    def text(value: Node | None) -> str:
        return _put(value.text, variables) if value is not None else ""

    def words(value: Node | None) -> tuple[str, ...] | None:
        if value is None or value.is_null:
            return None
        if value.items:
            return tuple(text(word) for word in value.items)
        try:
            return tuple(shlex.split(text(value)))
        except ValueError:
            return tuple(text(value).split())

    def path_of(written: str) -> str:
        return joined(folder, written)

    command, entry = node.get("command"), node.get("entrypoint")
    depends, profiles, extends = node.get("depends_on"), node.get("profiles"), node.get("extends")
    lead = command or entry
    files = _files(node.get("env_file"), text)
    return Service(
        name=name,
        source=Source(path, node.line - 1 or 1, name),
        build=_build(node.get("build"), text, path_of, variables),
        image=text(node.get("image")),
        command=words(command),
        entrypoint=words(entry),
        command_line=lead.line if lead else 0,
        environment=_environment(node.get("environment"), variables),
        env_files=tuple(path_of(file) for file in files),
        working_dir=text(node.get("working_dir")),
        volumes=tuple(_volumes(node.get("volumes"), text, path_of)),
        depends_on=tuple(_names(depends)),
        profiles=tuple(_names(profiles)),
        extends=_extends(extends),
    )


def _names(node: Node | None) -> Iterator[str]:
    if node is not None:
        yield from node.mapping
        yield from (entry.text for entry in node.items)


def _extends(node: Node | None) -> tuple[str, str] | None:
    if node is None:
        return None
    if node.text:
        return "", node.text
    file, service = node.get("file"), node.get("service")
    return (file.text if file else ""), (service.text if service else "")


def _files(node: Node | None, text: Text) -> list[str]:
    if node is None:
        return []
    if node.text:
        return [text(node)]
    return [text(entry.get("path") or entry) for entry in node.items]


def _build(
    node: Node | None, text: Text, path_of: Place, variables: Mapping[str, str]
) -> Build | None:
    """None, too, where a variable that nothing sets would say where it is built from."""
    if node is None or node.is_null:
        return None
    for place in (node, node.get("context"), node.get("dockerfile")):
        if place is not None and not _is_known(place.text, variables):
            return None
    if node.text:
        return Build(path_of(text(node)))
    args, more = node.get("args"), node.get("additional_contexts")
    inline = node.get("dockerfile_inline")
    return Build(
        context=path_of(text(node.get("context")) or "."),
        dockerfile=text(node.get("dockerfile")) or "Dockerfile",
        target=text(node.get("target")),
        args=tuple(_environment(args, {}).items()),
        contexts=tuple(
            (name, value if "://" in value else path_of(value))
            for name, value in _environment(more, {}).items()
        ),
        inline=inline.text if inline else None,
    )


def _environment(node: Node | None, variables: Mapping[str, str]) -> dict[str, str]:
    if node is None:
        return {}
    environment = {key: _put(value.text, variables) for key, value in node.mapping.items()}
    for entry in node.items:
        name, equals, value = entry.text.partition("=")
        if equals or name in variables:
            environment[name] = _put(value, variables) if equals else variables[name]
    return environment


def _volumes(node: Node | None, text: Text, path_of: Place) -> Iterator[Volume]:
    for entry in node.items if node else ():
        if entry.mapping:
            kind, source = text(entry.get("type")), text(entry.get("source", "src"))
            target = text(entry.get("target", "dst", "destination"))
            bound = kind == "bind" or (not kind and source[:1] in {".", "/", "~"})
        else:
            source, target = _short(text(entry))
            bound = source[:1] in {".", "/", "~"}
        if target:
            inside = bound and source[:1] == "."
            yield Volume(path_of(source) if inside else None, target.rstrip("/") or "/", entry.line)


def _short(written: str) -> tuple[str, str]:
    """`source:target:mode`; a Windows drive has a colon of its own."""
    lead = re.match(r"[A-Za-z]:[\\/]", written)
    start = lead.end() if lead else 0
    source, colon, rest = written[start:].partition(":")
    if not colon:
        return "", written
    return written[:start] + source, rest.partition(":")[0]


def _is_known(text: str, variables: Mapping[str, str]) -> bool:
    """Whether every variable in a text is set or has a default."""
    for match in _VARIABLE.finditer(text):
        name = match["plain"] or match["name"]
        if name and name not in variables and not (match["op"] or "").endswith(("-", "+")):
            return False
    return True


def _put(text: str, variables: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        name = match["plain"] or match["name"]
        if name is None:
            return "$"
        known, operator = variables.get(name), match["op"] or ""
        empty = known is None or (":" in operator and not known)
        if operator.endswith("-") and empty:
            return _put(match["word"] or "", variables)
        if operator.endswith("+"):
            return "" if empty else _put(match["word"] or "", variables)
        return known or ""

    return _VARIABLE.sub(value, text)
