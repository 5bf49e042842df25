"""Docker build contexts of a repository: from compose files, and Dockerfiles that none names."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from unify_backend.languages.compose.syntax import projects
from unify_backend.languages.dockerfile.dockerignore import glob
from unify_backend.languages.dockerfile.syntax import is_dockerfile, stages
from unify_backend.model.package_move import joined

Read = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Context:
    """The folder of a build, and what its Dockerfile copies from it (sources as written, without
    those that come from another stage)."""

    folder: str
    dockerfile: str
    copies: tuple[str, ...]

    def files(self, paths: Iterable[str]) -> list[str]:
        """The files of the repository that lie in it."""
        lead = "" if self.folder in {"", "."} else f"{self.folder}/"
        return [path for path in paths if path.startswith(lead)]

    def below(self, path: str) -> str:
        """The path as seen from the context."""
        return path if self.folder in {"", "."} else path[len(self.folder) + 1 :]

    def copied(self, path: str) -> bool:
        """Whether a path (seen from the context) is part of what is copied."""
        for source in self.copies:
            matched = glob(source, [path])
            if matched:
                return True
        return False

    def names(self, folder: str) -> bool:
        """Whether a `COPY` asks for the folder, or something in it, by its name."""
        sources = (posixpath.normpath(copy.lstrip("/")) for copy in self.copies)
        return any(f"{source}/".startswith(f"{folder}/") for source in sources)


def build_contexts(paths: Collection[str], read: Read) -> list[Context]:
    """Every context whose Dockerfile exists, once.

    A Dockerfile that no compose file names is assumed to be built from its own folder, and only
    where that folder holds everything it copies: no other build folder is recorded.
    """
    contexts: dict[tuple[str, str], Context] = {}
    there = frozenset(paths)
    named: set[str] = set()
    services = (service for project in projects(there, read)[0] for service in project.services)
    for build in (service.build for service in services if service.build):
        dockerfile = joined(build.context, build.dockerfile)
        if dockerfile in there and build.inline is None:
            named.add(dockerfile)
            folder = "" if build.context == "." else build.context
            copies = _copies(read(dockerfile) or "")
            contexts[folder, dockerfile] = Context(folder, dockerfile, copies)
    for path in sorted(there - named):
        if is_dockerfile(path):
            folder = posixpath.dirname(path)
            context = Context(folder, path, _copies(read(path) or ""))
            inside = [context.below(file) for file in context.files(paths)]
            if all(glob(copy, inside) for copy in context.copies):
                contexts[folder, path] = context
    return [contexts[key] for key in sorted(contexts)]


def _copies(text: str) -> tuple[str, ...]:
    """The sources of `COPY` and `ADD` that come from the context; sources with a variable are left
    out, because their value is not known."""
    copied: list[str] = []
    for stage in stages(text):
        for instruction in stage.instructions:
            if (
                instruction.name not in {"COPY", "ADD"}
                or instruction.flag("from") is not None
                or instruction.documents
            ):
                continue
            sources = instruction.arguments[:-1]
            copied += [source for source in sources if "$" not in source and "://" not in source]
    return tuple(dict.fromkeys(copied))
