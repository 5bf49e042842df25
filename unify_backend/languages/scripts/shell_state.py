"""What a script has set so far: its folder and what leads back, variables, whether it has ended."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Generic, Protocol, Self, TypeVar

from unify_backend.model.entrypoints import REPOSITORY
from unify_backend.model.package_move import joined

F = TypeVar("F")
_DRIVE = re.compile(r"^(?:[A-Za-z]:/|/|~/|~$)")
_LONGEST = 10_000  # characters of a variable
_UNKNOWN = re.compile(r"[$%`!]|\{(?!repository\})\w*\}|<[^>]*>")


class Flow(Enum):
    """Whether what follows in the text still runs."""

    RUNS = auto()
    BROKE = auto()  # out of a loop
    RETURNED = auto()  # out of a function
    JUMPED = auto()  # to another place in the script
    EXITED = auto()


@dataclass(frozen=True, slots=True)
class ShellState(Generic[F]):
    """The state of one shell; `F` is what is known of a folder, and of a variable's value."""

    folder: F
    variables: Mapping[str, F] = field(default_factory=dict, kw_only=True)
    env: Mapping[str, F] = field(default_factory=dict, kw_only=True)
    stack: tuple[F, ...] = field(default=(), kw_only=True)
    left: F | None = field(default=None, kw_only=True)  # where `cd -` leads back to
    saved: tuple[F, ...] = field(default=(), kw_only=True)  # by batch's `setlocal`
    flow: Flow = field(default=Flow.RUNS, kw_only=True)

    def went(self, folder: F) -> Self:
        """After a change of folder."""
        return replace(self, folder=folder, left=self.folder)


class Files(Protocol):
    """What a session asks about the files around it."""

    def is_file(self, path: str) -> bool:
        """Whether there is a file of that path."""
        ...

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder of that path."""
        ...


@dataclass(frozen=True, slots=True)
class Session(ShellState[str]):
    """The state of one shell. `folder` is POSIX below the repository's top, or absolute inside a
    container (`contained`). `lenient` is true in documentation: a folder that is not there is
    somebody's name for the repository.
    """

    files: Files
    path: str  # the file that is read
    notes: tuple[str, ...] = ()
    clone: str = ""
    lenient: bool = False
    contained: bool = False

    @property
    def place(self) -> str:
        """The folder as a script sees it."""
        if self.contained:
            return self.folder
        return REPOSITORY if self.folder == "." else f"{REPOSITORY}/{self.folder}"

    @property
    def own_path(self) -> str:
        """The file that is read, as a script sees it."""
        return f"{REPOSITORY}/{self.path}"

    @property
    def own_folder(self) -> str:
        """The folder of that file."""
        return posixpath.dirname(self.own_path)

    def place_of(self, path: str) -> str:
        """The folder `path`, as a script in it sees it."""
        return self.entered(path).place

    def value(self, name: str) -> str | None:
        """A variable's value, None where it is not set."""
        return self.variables.get(name, self.env.get(name))

    def value_of_any_case(self, name: str) -> str | None:
        """The same where letter case does not matter."""
        known = {**self.env, **self.variables}
        return next((v for k, v in known.items() if k.lower() == name.lower()), None)

    def assigned(self, name: str, value: str, exported: bool = False) -> Session:
        """With a variable set; one that the environment has stays there. A script that doubles a
        value again and again gets the beginning of it."""
        value = value[:_LONGEST]
        if exported or name in self.env:
            return replace(self, env={**self.env, name: value})
        return replace(self, variables={**self.variables, name: value})

    def exported(self, name: str) -> Session:
        """With a variable that was set before handed on to programs."""
        value = self.value(name)
        return self if value is None else replace(self, env={**self.env, name: value})

    def located(self, path: str) -> tuple[str, str]:
        """Where `path` leads from here, and what had to be assumed for that.

        An absolute path of somebody's machine is taken for the repository, or for what of its end
        the repository holds.
        """
        path = path.replace("\\", "/")
        if self.contained:
            return joined(self.folder, path), ""
        if path == REPOSITORY or path.startswith(REPOSITORY + "/"):
            return joined(".", path[len(REPOSITORY) + 1 :] or "."), ""
        if _DRIVE.match(path) or _UNKNOWN.search(path.split("/")[0]):
            return self._relocated(path)
        there = joined(self.folder, path)
        if not self._exists(there):
            first = path.strip("./").split("/")[0]
            if first and (first == self.clone or self.lenient):
                rest = joined(self.folder, "/".join(path.strip("./").split("/")[1:]))
                there = rest if self._exists(rest) else self.folder
                return there, f"{first} taken for the repository"
        return there, ""

    def _exists(self, path: str) -> bool:
        return self.files.is_folder(path) or self.files.is_file(path)

    def _relocated(self, path: str) -> tuple[str, str]:
        parts = [part for part in path.split("/") if part]
        for n in range(len(parts)):
            rest = posixpath.normpath("/".join(parts[n:]))
            if self._exists(rest):
                lead = path[: path.rfind("/".join(parts[n:]))].rstrip("/") or "/"
                return rest, f"{lead} taken for the repository"
        return ".", f"{path} taken for the repository"

    def entered(self, path: str) -> Session:
        """After a change of folder."""
        if not path:
            return self
        there, note = self.located(path)
        if self.clone and there == self.clone and not self.files.is_folder(there):
            there = "."
        notes = self.notes if not note or note in self.notes else (*self.notes, note)
        return replace(self.went(there), notes=notes)
