"""Where a script stands and what it has set: the folder, the environment, the variables."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from unify_backend.model.entrypoints import REPOSITORY
from unify_backend.model.package_move import joined
from unify_backend.verification.entrypoints.files import Files

if TYPE_CHECKING:
    from unify_backend.model.entrypoints import Platform

_DRIVE = re.compile(r"^(?:[A-Za-z]:/|/|~/|~$)")
_LONGEST = 10_000  # characters of a variable
_UNKNOWN = re.compile(r"[$%`!]|\{(?!repository\})\w*\}|<[^>]*>")


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it would be started, before anybody asks what it starts."""

    argv: tuple[str, ...]
    folder: str
    env: tuple[tuple[str, str], ...]
    line: int
    label: str
    platform: Platform
    notes: tuple[str, ...] = ()
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """The state of one shell. `folder` is POSIX below the repository's top, or absolute inside a
    container (`contained`). `lenient` is true in documentation: a folder that is not there is
    somebody's name for the repository.
    """

    files: Files
    path: str  # the file that is read
    folder: str = "."
    env: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    stack: tuple[str, ...] = ()
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

    def value(self, name: str) -> str | None:
        """A variable's value, None where nobody set it."""
        if name in self.variables:
            return self.variables[name]
        return self.env.get(name)

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
        if not self.files.is_folder(there) and not self.files.is_file(there):
            first = path.strip("./").split("/")[0]
            if first and (first == self.clone or self.lenient):
                rest = joined(self.folder, "/".join(path.strip("./").split("/")[1:]))
                known = self.files.is_folder(rest) or self.files.is_file(rest)
                return (rest if known else self.folder), f"{first} taken for the repository"
        return there, ""

    def _relocated(self, path: str) -> tuple[str, str]:
        parts = [one for one in path.split("/") if one]
        for n in range(len(parts)):
            rest = posixpath.normpath("/".join(parts[n:]))
            if self.files.is_folder(rest) or self.files.is_file(rest):
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
        return replace(self, folder=there, notes=notes)
