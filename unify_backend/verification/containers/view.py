"""Every service and image of the repository as its container would see it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from unify_backend.languages.compose.syntax import Build, Project, Service, Volume, projects
from unify_backend.languages.dockerfile.dockerignore import Ignore, ignore_file
from unify_backend.languages.dockerfile.syntax import is_dockerfile, stages
from unify_backend.languages.python.module_symbols import module_symbols
from unify_backend.languages.python.module_tree import Read
from unify_backend.model.entry_results import (
    BuildContext,
    ContainerFinding,
    ContainerView,
    Layer,
    ServiceFindingKind,
)
from unify_backend.model.entrypoints import EntryPoint, Resolution, Source, Tree
from unify_backend.model.package_move import PackageMove, is_under, joined
from unify_backend.model.text import SOURCE
from unify_backend.verification.containers.context import measured
from unify_backend.verification.containers.image import INLINE, Builder, Image, context_files
from unify_backend.verification.entrypoints.containers import (
    Setting,
    command_of,
    service_setting,
    setting_of,
)
from unify_backend.verification.entrypoints.files import Files, find_module
from unify_backend.verification.entrypoints.find import entry_of
from unify_backend.verification.entrypoints.resolve import import_roots, resolve, session_of

_MOST = 5  # places that are listed


@dataclass(frozen=True, slots=True)
class MissingModule:
    """A top-level module or package that is missing; `importers` modules need it."""

    name: str
    importers: int
    places: tuple[Source, ...]


def absent(
    modules: Iterable[str],
    repository: Files,
    layer: Files,
    roots: Sequence[str],
    repository_roots: Sequence[str],
) -> Iterator[MissingModule]:
    """What the files `modules` (paths in the repository) import at any place without expecting its
    absence, that is found below `repository_roots` but not in `layer` from `roots`. Sorted by name.
    """
    needed: dict[str, dict[str, int]] = {}
    known: dict[str, bool] = {}
    for path in sorted(modules):
        text = repository.read(path)
        if text is None:
            continue
        for statement in module_symbols(text).imports:
            if (
                statement.level
                or statement.guarded
                or statement.typing_only
                or not statement.module
            ):
                continue
            if statement.module not in known:
                there = find_module(statement.module, roots, layer) is not None
                ours = find_module(statement.module, repository_roots, repository)
                # A folder without modules of ours may have the name of somebody's package.
                known[statement.module] = there or ours is None or ours.path is None
            if not known[statement.module]:
                places = needed.setdefault(_shortest(statement.module, roots, layer), {})
                places.setdefault(path, statement.line)
    for name, places in sorted(needed.items()):
        listed = [Source(path, line, name) for path, line in list(places.items())[:_MOST]]
        yield MissingModule(name, len(places), tuple(listed))


def _shortest(module: str, roots: Sequence[str], layer: Files) -> str:
    """The outermost part of a module's name that is missing."""
    parts = module.split(".")
    for n in range(1, len(parts)):
        if find_module(".".join(parts[:n]), roots, layer) is None:
            return ".".join(parts[:n])
    return module


def container_views(
    root: Path, paths: Iterable[str], read: Read, moves: Sequence[PackageMove]
) -> tuple[ContainerView, ...]:
    """A view of every service that the repository builds, and of every Dockerfile by itself; sorted
    by file and line. `paths` are the files that an image would be built from (POSIX), `read` gives
    their texts; `root` is asked for sizes only. Nothing is run and nothing is written.
    """
    maker = _Maker(root, Files(paths, read), moves)
    compose_projects, unreadable = projects(maker.files.paths, maker.files.read)
    views = [maker.unreadable(path, why) for path, why in unreadable]
    used: set[str] = set()
    for project in compose_projects:
        for service in project.services:
            build = _build_of(service, project)
            if build is not None:
                used.add(joined(build.context, build.dockerfile))
                views.append(maker.service(service, build, project.path))
    contexts = {
        joined(build.context, build.dockerfile): build
        for project in compose_projects
        for service in project.services
        if (build := service.build) and build.inline is None
    }
    for path in sorted(path for path in maker.files.paths if is_dockerfile(path)):
        views.append(maker.image(path, contexts.get(path)))
    return tuple(sorted(views, key=lambda view: (view.source, view.name)))


def _build_of(service: Service, project: Project) -> Build | None:
    """A service's build, or that of the service whose image it runs."""
    if service.build or not service.image:
        return service.build
    others = (
        other.build for other in project.services if other.build and other.image == service.image
    )
    return next(others, None)


class _Maker:
    def __init__(self, root: Path, files: Files, moves: Sequence[PackageMove]) -> None:
        self.files = files
        self._root, self._moves = root, moves
        self._contexts: dict[tuple[str, str], BuildContext] = {}

    def unreadable(self, path: str, why: str) -> ContainerView:
        """The view of a compose file that cannot be read."""
        source = Source(path, 1)
        finding = ContainerFinding(ServiceFindingKind.UNREADABLE, source, why)
        return ContainerView(
            path, source, None, None, None, Layer(()), Layer(()), None, None, (finding,)
        )

    def service(self, service: Service, build: Build, project: str) -> ContainerView:
        """One service of the project's file, with its image and its volumes."""
        path = joined(build.context, build.dockerfile)
        image, setting, findings, context = self._built(build, service.source)
        view = self._view(
            f"{project} {service.name}",
            replace(service.source, line=service.command_line or service.source.line),
            path,
            image,
            service_setting(service, setting, self.files),
            service.volumes,
            findings,
            context,
        )
        return replace(
            view,
            options=_options(build),
            volumes=tuple(
                (volume.source, volume.target) for volume in service.volumes if volume.source
            ),
            profiles=service.profiles,
            depends_on=service.depends_on,
        )

    def image(self, path: str, build: Build | None) -> ContainerView:
        """A Dockerfile by itself. Without a service that builds it, its context is its own folder,
        or the top folder where only that holds what it copies."""
        folder = posixpath.dirname(path) or "."
        options = [build] if build else [
            Build(candidate, posixpath.relpath(path, candidate))
            for candidate in dict.fromkeys((folder, "."))
        ]  # fmt: skip
        source = Source(path, 1, "CMD")
        built = [self._built(option, source) for option in options]
        image, setting, findings, context = min(built, key=lambda result: len(result[2]))
        line = replace(source, line=setting.line)
        return self._view(path, line, path, image, setting, (), findings, context)

    def _built(
        self, build: Build, source: Source
    ) -> tuple[Image, Setting, list[ContainerFinding], BuildContext | None]:
        path = joined(build.context, build.dockerfile)
        if not self.files.is_folder(build.context):
            fact = f"{build.context} is not in the repository"
            finding = ContainerFinding(ServiceFindingKind.NO_CONTEXT, source, fact)
            return Image(), Setting(), [finding], None
        text = build.inline if build.inline is not None else self.files.read(path)
        context = self._context(build.context, path)
        if text is None or (build.inline is None and not self.files.is_file(path)):
            finding = ContainerFinding(
                ServiceFindingKind.NO_DOCKERFILE, source, f"{path} does not exist"
            )
            return Image(), Setting(), [finding], context
        ignore = Ignore(self.files.read(context.ignore) or "" if context.ignore else "")
        sent, everything = context_files(build.context, self.files.paths, ignore)
        others = {
            name: context_files(folder, self.files.paths, Ignore())[0]
            for name, folder in build.contexts
            if "://" not in folder
        }
        build_arguments = dict(build.args)
        builder = Builder(path, sent, everything, others, build_arguments)
        parsed = stages(text, build_arguments)
        image = builder.build(parsed, build.target)
        return image, setting_of(parsed, build.target, build_arguments), builder.findings, context

    def _context(self, folder: str, dockerfile: str) -> BuildContext:
        ignore_path = ignore_file(folder, dockerfile, self.files.paths)
        key = folder, ignore_path
        if key not in self._contexts:
            ignore = Ignore(self.files.read(ignore_path) or "" if ignore_path else "")
            self._contexts[key] = measured(self._root, folder, ignore_path, ignore)
        return self._contexts[key]

    def _view(
        self,
        name: str,
        source: Source,
        dockerfile: str,
        image: Image,
        setting: Setting,
        volumes: Sequence[Volume],
        findings: Sequence[ContainerFinding],
        context: BuildContext | None,
    ) -> ContainerView:
        plain = Layer(tuple(sorted(image.files.items())), tuple(sorted(image.folders)))
        running = _mounted(plain, volumes, self.files)
        command = command_of(setting, source.label, self.files)
        entry = entry_of(command, source.path, self.files, self._moves) if command else None
        in_image = in_container = None
        more: list[ContainerFinding] = []
        if entry is not None and context is not None:
            entry = replace(entry, name=name)
            in_image = self._resolved(entry, plain, image)
            in_container = self._resolved(entry, running, image)
            more += self._unresolved(entry, source, in_image, in_container)
            more += self._missing(entry, source, plain, running, image, context)
        if context is not None:
            more += self._unmounted(volumes, setting, source)
        return ContainerView(
            name, source, dockerfile, context, entry, plain, running, in_image, in_container,
            (*findings, *more),
        )  # fmt: skip

    def _resolved(self, entry: EntryPoint, layer: Layer, image: Image) -> Resolution:
        return resolve(entry, layer_files(layer, self.files.read), (), image.installed)

    def _unresolved(
        self, entry: EntryPoint, source: Source, in_image: Resolution, in_container: Resolution
    ) -> Iterator[ContainerFinding]:
        if not in_container.resolves:
            yield ContainerFinding(
                ServiceFindingKind.COMMAND, source, "; ".join(in_container.problems)
            )
        elif not in_image.resolves:
            fact = f"without the volumes: {'; '.join(in_image.problems)}"
            yield ContainerFinding(ServiceFindingKind.HIDDEN, source, fact)

    def _missing(
        self,
        entry: EntryPoint,
        source: Source,
        image: Layer,
        running: Layer,
        built: Image,
        context: BuildContext,
    ) -> Iterator[ContainerFinding]:
        """Modules that the package imports and the container lacks, and those that only volumes
        bring."""
        repository_roots = [".", "src"]
        lacking: set[str] = set()
        for trouble, layer in (
            (ServiceFindingKind.OUTSIDE, running),
            (ServiceFindingKind.HIDDEN, image),
        ):
            if layer is image and running == image:
                continue
            files = layer_files(layer, self.files.read)
            session = session_of(entry.folder, files, entry.platform)
            roots = [*import_roots(entry.start, session, dict(entry.env)), *built.installed]
            held = {file for _, file in layer.files}
            own = self._package(entry)
            present = [path for path in own if path in held]
            for module in absent(present or own, self.files, files, roots, repository_roots):
                ours = any(module.name == name.split(".")[0] for name in _names(self._moves))
                if module.name in lacking or (ours and not present):
                    continue  # the command itself does not resolve, which is told
                lacking.add(module.name)
                modules = (
                    "1 module imports"
                    if module.importers == 1
                    else f"{module.importers} modules import"
                )
                where = (
                    "without the volumes"
                    if trouble is ServiceFindingKind.HIDDEN
                    else f"the build context is {context.folder}"
                )
                fact = f"{modules} {module.name}, which the container lacks ({where})"
                yield ContainerFinding(trouble, source, fact, module.places)

    def _package(self, entry: EntryPoint) -> list[str]:
        """The Python files of the package that the entry point starts."""
        move = next(iter(self._moves), None)
        for candidate in self._moves:
            if entry.start.module.startswith((candidate.legacy, candidate.canonical)):
                move = candidate
        if move is None:
            return []
        legacy = entry.tree is Tree.LEGACY and any(map(move.owns_legacy, self.files.paths))
        folder = move.legacy_path if legacy else move.canonical_path
        return [
            path for path in self.files.paths if is_under(path, folder) and path.endswith(SOURCE)
        ]

    def _unmounted(
        self, volumes: Sequence[Volume], setting: Setting, source: Source
    ) -> Iterator[ContainerFinding]:
        """Code that would be mounted and is not there; a folder for data is made by the engine."""
        for volume in volumes:
            code = is_under(setting.folder, volume.target)
            there = volume.source is None or self.files.is_folder(volume.source)
            if code and volume.source and not there and not self.files.is_file(volume.source):
                fact = f"{volume.source} is mounted at {volume.target} and is not in the repository"
                yield ContainerFinding(
                    ServiceFindingKind.NO_VOLUME, replace(source, line=volume.line), fact
                )


def _options(build: Build) -> tuple[str, ...]:
    target = ("--target", build.target) if build.target else ()
    arguments = [word for name, value in build.args for word in ("--build-arg", f"{name}={value}")]
    return (*target, *arguments)


def _names(moves: Sequence[PackageMove]) -> Iterator[str]:
    for move in moves:
        yield from (move.legacy, move.canonical)


def _mounted(image: Layer, volumes: Sequence[Volume], files: Files) -> Layer:
    """The layout with the bind mounts over it; a volume of the engine starts with the content of
    the image."""
    held = dict(image.files)
    folders = set(image.folders)
    mounted: set[str] = set()
    for mount in sorted(volumes, key=lambda volume: len(volume.target)):
        if mount.source is None:
            folders.add(mount.target)
            continue
        held = {path: file for path, file in held.items() if not is_under(path, mount.target)}
        folders.add(mount.target)
        if files.is_file(mount.source):
            held[mount.target] = mount.source
            mounted.add(mount.target)
        lead = "" if mount.source == "." else mount.source + "/"
        for file in files.paths:
            if file.startswith(lead):
                path = joined(mount.target, file[len(lead) :])
                held[path] = file
                mounted.add(path)
    return Layer(tuple(sorted(held.items())), tuple(sorted(folders)), frozenset(mounted))


def layer_files(layer: Layer, read: Read) -> Files:
    """The files of a layout; their texts come from the repository."""
    held = dict(layer.files)

    def text(path: str) -> str | None:
        file = held.get(path)
        return "" if file == INLINE else None if file is None else read(file)

    return Files(held, text, layer.folders)
