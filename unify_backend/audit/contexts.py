"""Docker build contexts of a repository: from compose files, and Dockerfiles that none names."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from unify_backend.languages.dockerfile.dockerignore import glob
from unify_backend.languages.dockerfile.syntax import stages

_COMPOSE = re.compile(r"(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml")
_DOCKERFILE = re.compile(r"Dockerfile(\.[\w-]+)?|[\w-]+\.Dockerfile", re.IGNORECASE)
_OWN_IGNORE = ".dockerignore"
Read = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Context:
    """A folder that a build starts from, and what its Dockerfile copies out of it (sources as
    written, without those that come from another stage)."""

    folder: str
    dockerfile: str
    copies: tuple[str, ...]

    def files(self, paths: Iterable[str]) -> list[str]:
        """The files of the repository that lie in it."""
        lead = "" if self.folder in {"", "."} else f"{self.folder}/"
        return [one for one in paths if one.startswith(lead)]

    def below(self, path: str) -> str:
        """The path as seen from the context."""
        return path if self.folder in {"", "."} else path[len(self.folder) + 1 :]

    def copied(self, path: str) -> bool:
        """Whether a path (seen from the context) is part of what is copied."""
        for source in self.copies:
            found = glob(source, [path])
            if found:
                return True
        return False

    def names(self, folder: str) -> bool:
        """Whether a `COPY` asks for the folder, or something in it, by its name."""
        sources = (posixpath.normpath(one.lstrip("/")) for one in self.copies)
        return any(f"{one}/".startswith(f"{folder}/") for one in sources)

    def ignore_file(self, paths: Collection[str]) -> str:
        """The ignore file that the builder reads: the Dockerfile's own before the context's."""
        common = posixpath.normpath(posixpath.join(self.folder or ".", _OWN_IGNORE))
        own = f"{self.dockerfile}{_OWN_IGNORE}"
        return next((one for one in (own, common) if one in paths), "")


def build_contexts(paths: Collection[str], read: Read) -> list[Context]:
    """Every context with a Dockerfile that is there, once.

    A Dockerfile that no compose file names is taken to be built from its own folder, and only
    where that folder holds everything it copies: where else it may be built from nobody wrote down.
    """
    found: dict[tuple[str, str], Context] = {}
    there = frozenset(paths)
    named: set[str] = set()
    for path in sorted(there):
        if _COMPOSE.fullmatch(posixpath.basename(path)):
            for folder, dockerfile in _compose(path, read(path) or ""):
                if dockerfile in there:
                    named.add(dockerfile)
                    copies = _copies(read(dockerfile) or "")
                    found[folder, dockerfile] = Context(folder, dockerfile, copies)
    for path in sorted(there - named):
        if _DOCKERFILE.fullmatch(posixpath.basename(path)):
            folder = posixpath.dirname(path)
            context = Context(folder, path, _copies(read(path) or ""))
            inside = [context.below(one) for one in context.files(paths)]
            if all(glob(one, inside) for one in context.copies):
                found[folder, path] = context
    return [found[key] for key in sorted(found)]


def _compose(path: str, text: str) -> Iterator[tuple[str, str]]:
    """Context and Dockerfile of each service, as paths of the repository."""
    here = posixpath.dirname(path)
    for service in _services(text):
        build = service.get("build") if isinstance(service, Mapping) else None
        dockerfile = "Dockerfile"
        match build:
            case {"context": str(folder), "dockerfile": str(dockerfile)}:
                pass
            case str(folder) | {"context": str(folder)}:
                pass
            case {"dockerfile": str(dockerfile)}:
                folder = "."
            case _:
                continue
        if "$" not in folder + dockerfile and "://" not in folder:
            context = posixpath.normpath(posixpath.join(here, folder))
            whole = posixpath.normpath(posixpath.join(context, dockerfile))
            if not context.startswith(".."):
                yield ("" if context == "." else context), whole


def _services(text: str) -> Iterable[Any]:
    import yaml

    try:
        document = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, ValueError, RecursionError):
        return ()
    services = document.get("services") if isinstance(document, Mapping) else None
    return list(services.values()) if isinstance(services, Mapping) else ()


def _copies(text: str) -> tuple[str, ...]:
    """The sources of `COPY` and `ADD` that come from the context; with a variable in them nothing
    can be said, and they are left out."""
    found: list[str] = []
    for stage in stages(text):
        for one in stage.instructions:
            if one.name not in {"COPY", "ADD"} or one.flag("from") is not None or one.documents:
                continue
            words = list(one.words) if one.words is not None else _words(one.text)
            found += [it for it in words[:-1] if "$" not in it and "://" not in it]
    return tuple(dict.fromkeys(found))


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()
