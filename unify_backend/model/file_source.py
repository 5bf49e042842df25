"""Where the files of a state of the repository come from: the work tree, or a revision."""

import posixpath
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from unify_backend.model.errors import UnifyError
from unify_backend.model.text import Binary, decode_file


class Skip(StrEnum):
    """Why a tracked path is not read."""

    LINK = "a symbolic link"
    OUTSIDE = "a symbolic link out of the repository"
    DANGLING = "a symbolic link to nothing"
    SUBMODULE = "a submodule"
    MISSING = "tracked, but missing in the work tree"
    SPARSE = "tracked, but not checked out (sparse checkout)"
    UNREADABLE = "cannot be read"
    SPECIAL = "not a regular file"


LINKS = frozenset({Skip.LINK, Skip.DANGLING, Skip.OUTSIDE})


@dataclass(frozen=True, slots=True)
class TrackedFile:
    """A regular file to read. Paths are relative to the repository, POSIX, as the OS decodes
    them (bytes that are no UTF-8 come as lone surrogates, PEP 383)."""

    path: str
    executable: bool


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A tracked path that is named in reports and never followed. Of a symbolic link `target` is
    its text, with slashes, and `leads` the path in the repository that it names ("." is the top;
    None outside of it); both are None where the text cannot be read."""

    path: str
    why: Skip
    target: str | None = None
    leads: str | None = None

    @classmethod
    def link(cls, path: str, why: Skip, target: str | None, root: str) -> "SkippedFile":
        """The symbolic link at `path` of the repository at `root` (absolute, POSIX). The target
        need not be there, and a link on its way is not followed."""
        return cls(path, why, target, None if target is None else _led_to(path, target, root))


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything git tracks (without git: every file below the folder), sorted by path."""

    files: tuple[TrackedFile, ...]
    skipped: tuple[SkippedFile, ...]
    guarded: bool  # whether git can tell a person's own edits from ours

    @property
    def links(self) -> tuple[SkippedFile, ...]:
        """The symbolic links whose text can be read."""
        return tuple(skipped for skipped in self.skipped if skipped.target is not None)


class Contents(Protocol):
    """One state of a repository. `repository.files.Repository` is one; a git revision can be."""

    def listing(self) -> Listing:
        """Everything that is there, sorted by path."""
        ...

    def read(self, path: str) -> bytes:
        """The content of a listed file; raises UnifyError where it cannot be read."""
        ...


class CachedContents:
    """Contents of which each file is read once, for as long as this is kept."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._read: dict[str, bytes | UnifyError] = {}

    def listing(self) -> Listing:
        """Everything that is there, sorted by path."""
        return self._contents.listing()

    def read(self, path: str) -> bytes:
        """The content of a listed file; raises UnifyError where it cannot be read."""
        if path not in self._read:
            try:
                self._read[path] = self._contents.read(path)
            except UnifyError as error:
                self._read[path] = error
        content = self._read[path]
        if isinstance(content, UnifyError):
            raise content
        return content


class OverlaidContents:
    """Contents as they will be once some files are `added` (content and executable bit by path) and
    others, `gone`, are not there any more."""

    def __init__(
        self, contents: Contents, added: Mapping[str, tuple[bytes, bool]], gone: Collection[str]
    ) -> None:
        self._contents, self._added = contents, added
        before = contents.listing()
        files = {file.path: file for file in before.files if file.path not in gone}
        files |= {path: TrackedFile(path, bit) for path, (_, bit) in added.items()}
        ordered = tuple(files[path] for path in sorted(files))
        self._listing = Listing(ordered, before.skipped, before.guarded)

    def listing(self) -> Listing:
        """Everything that will be there, sorted by path."""
        return self._listing

    def read(self, path: str) -> bytes:
        """The content of a listed file; raises UnifyError where it cannot be read."""
        return self._added[path][0] if path in self._added else self._contents.read(path)


def text_of(contents: Contents, path: str) -> str | None:
    """A listed file as text, or None where it has none or cannot be read."""
    try:
        decoded = decode_file(path, contents.read(path))
    except UnifyError:
        return None
    return None if isinstance(decoded, Binary) else decoded.text


def scanned_text(contents: Contents, path: str) -> str | None:
    """A listed file as the search reads it: what is no text counts byte by byte; of a symbolic link
    the text of the link, never what it leads to. None where it cannot be read."""
    for link in contents.listing().links:
        if link.path == path:
            return link.target
    try:
        data = contents.read(path)
    except UnifyError:
        return None
    decoded = decode_file(path, data)
    return data.decode("latin-1") if isinstance(decoded, Binary) else decoded.text


def _led_to(path: str, target: str, root: str) -> str | None:
    top = root.removesuffix("/")
    if target == top or target.startswith(top + "/"):
        leads = posixpath.normpath(target[len(top) + 1 :] or ".")
    elif target.startswith("/") or target[1:3] == ":/":
        return None
    else:
        leads = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return None if leads == ".." or leads.startswith("../") else leads
