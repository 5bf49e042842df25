"""What a repository holds, before any content is read."""

from dataclasses import dataclass
from enum import StrEnum


class Skip(StrEnum):
    """Why a tracked path is not read."""

    LINK = "a symbolic link"
    OUTSIDE = "a symbolic link out of the repository"
    DANGLING = "a symbolic link to nothing"
    SUBMODULE = "a submodule"
    MISSING = "tracked, but missing in the work tree"
    UNREADABLE = "cannot be read"
    SPECIAL = "not a regular file"


@dataclass(frozen=True, slots=True)
class TrackedFile:
    """A regular file to read. Paths are relative to the repository, POSIX, as the OS decodes
    them (bytes that are no UTF-8 come as lone surrogates, PEP 383)."""

    path: str
    executable: bool


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A tracked path that is named in reports and never followed."""

    path: str
    why: Skip


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything git tracks (without git: every file below the folder), sorted by path."""

    files: tuple[TrackedFile, ...]
    skipped: tuple[SkippedFile, ...]
    guarded: bool  # whether git can tell a person's own edits from ours
