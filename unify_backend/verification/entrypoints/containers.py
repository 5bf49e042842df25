"""Commands of images and services, as files say them; `verification/containers` does the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from unify_backend.languages.compose.syntax import Project, Service, projects, settings_of
from unify_backend.languages.dockerfile.syntax import Stage, StageState, is_dockerfile, stages
from unify_backend.languages.registry import read_commands
from unify_backend.languages.scripts.expansion import expand
from unify_backend.languages.scripts.python_start import start_of
from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import Command, CommandCollector
from unify_backend.model.entrypoints import Platform
from unify_backend.model.package_move import joined
from unify_backend.verification.entrypoints.files import Files

_SHELLS = frozenset({"sh", "bash", "/bin/sh", "/bin/bash", "ash", "/bin/ash"})


@dataclass(frozen=True, slots=True)
class Setting:
    """What an image is set to when it starts: `words` of its command, with the line it is on."""

    folder: str = "/"
    env: tuple[tuple[str, str], ...] = ()
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    line: int = 1

    @property
    def words(self) -> tuple[str, ...]:
        """The whole command."""
        return (*self.entrypoint, *self.command)


def setting_of(
    parsed: list[Stage], target: str = "", build_arguments: Mapping[str, str] | None = None
) -> Setting:
    """What the stage `target` (the last one, unless named) starts."""
    if not parsed:
        return Setting()
    names = {stage.name.lower(): n for n, stage in enumerate(parsed) if stage.name}
    at = names.get(target.lower(), len(parsed) - 1) if target else len(parsed) - 1
    chain, seen = [parsed[at]], {at}
    while (below := names.get(chain[0].base.lower())) is not None and below not in seen:
        seen.add(below)
        chain.insert(0, parsed[below])
    state = StageState(line=parsed[at].line, arguments=dict(parsed[at].arguments))
    for stage in chain:
        for instruction in stage.instructions:
            state.apply(instruction, build_arguments or {})
    env = tuple(state.env.items())
    return Setting(state.folder, env, state.entrypoint, state.command, state.line)


def service_setting(service: Service, image: Setting, files: Files) -> Setting:
    """What a service starts: its own settings over those of its image."""
    env = dict(image.env)
    for path in service.env_files:
        env |= settings_of(files.read(path) or "")
    env |= service.environment
    entrypoint, command = image.entrypoint, image.command
    if service.entrypoint is not None:
        entrypoint, command = service.entrypoint, ()
    if service.command is not None:
        command = service.command
    line = service.command_line or service.source.line
    folder = joined(image.folder, service.working_dir) if service.working_dir else image.folder
    return Setting(folder, tuple(env.items()), entrypoint, command, line)


def image_setting(service: Service, project: Project, files: Files) -> tuple[Setting, str | None]:
    """The setting of the image that a service runs, and the Dockerfile it is built from: its own,
    or that of another service that builds the image it names."""
    build = service.build or next(
        (
            other.build
            for other in project.services
            if other.build and other.image == service.image != ""
        ),
        None,
    )
    if build is None:
        return Setting(), None
    path = joined(build.context, build.dockerfile)
    text = build.inline if build.inline is not None else files.read(path)
    if text is None or (build.inline is None and not files.is_file(path)):
        return Setting(), path
    return setting_of(stages(text, dict(build.args)), build.target, dict(build.args)), path


def command_of(setting: Setting, label: str, files: Files) -> Command | None:
    """The program that a container starts, its shell taken off."""
    words = [word for word in setting.words if word]
    # A start script hands over to its arguments: `docker-entrypoint.sh uvicorn …`
    while len(words) > 1 and re.search(r"\.sh$|/?(?:tini|dumb-init)$", words[0]):
        words = [word for word in words[1:] if word != "--"]
    session = Session(setting.folder, files, "", env=dict(setting.env), contained=True)
    if len(words) > 2 and words[0] in _SHELLS and re.fullmatch(r"-[a-z]*c", words[1]):
        sink = CommandCollector(read_commands, Platform.CONTAINER, label)
        sink.inside("shell", words[2], session)
        return next((command for command in sink.commands if start_of(command.argv)), None)
    if not words:
        return None
    argv = tuple(expand(word, session) if "$" in word else word for word in words)
    env = tuple(sorted(setting.env))
    return Command(argv, setting.folder, env, setting.line, label, Platform.CONTAINER)


def container_commands(files: Files) -> Iterator[tuple[str, Command]]:
    """What every image and every service of the repository starts."""
    for path in sorted(path for path in files.paths if is_dockerfile(path)):
        setting = setting_of(stages(files.read(path) or ""))
        command = command_of(setting, "CMD" if not setting.entrypoint else "ENTRYPOINT", files)
        if command is not None:
            yield path, command
    for project in projects(files.paths, files.read)[0]:
        for service in project.services:
            if service.command is None and service.entrypoint is None:
                continue  # the image's own command, listed with its Dockerfile
            image, _ = image_setting(service, project, files)
            setting = service_setting(service, image, files)
            command = command_of(setting, service.name, files)
            if command is not None:
                yield service.source.path, command
