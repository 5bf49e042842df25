"""The work tree during one command: listed once, read on demand."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from unify_backend.model.file_source import Listing, Skip, TrackedFile
from unify_backend.repository.disk import executable
from unify_backend.repository.files import Repository

if TYPE_CHECKING:
    from unify_backend.repository.journal.journal import Effect


def _effects(repository: Repository) -> list[Effect]:
    """The effects of applied change sets; the journal module is loaded only where one exists."""
    if not (repository.state / "history").is_dir():
        return []
    from unify_backend.repository.journal.journal import history

    return [effect for entry in history(repository.state) for effect in entry.journal.effects]


class Snapshot:
    """A repository's contents for the length of one command.

    Besides what git tracks it holds the files that earlier change sets created and that
    were not added yet, so that one command can follow another without a commit.
    """

    def __init__(self, repository: Repository) -> None:
        self.repository = repository

    @cached_property
    def _tracked(self) -> Listing:
        return self.repository.listing()

    @cached_property
    def _listing(self) -> Listing:
        listing = self._tracked
        effects = _effects(self.repository)
        if not effects:
            return listing
        tracked = {file.path for file in listing.files}
        added = [file for file in self._made(effects) if file.path not in tracked]
        gone = {effect.path for effect in effects if effect.after is None}
        return Listing(
            tuple(sorted((*listing.files, *added), key=lambda file: file.path)),
            tuple(
                skipped
                for skipped in listing.skipped
                if not (skipped.why is Skip.MISSING and skipped.path in gone)
            ),
            listing.guarded,
        )

    def _made(self, effects: list[Effect]) -> Iterator[TrackedFile]:
        for path in dict.fromkeys(effect.path for effect in effects if effect.before is None):
            try:
                status = (self.repository.root / path).lstat()
            except OSError:
                continue
            if stat.S_ISREG(status.st_mode):
                yield TrackedFile(path, executable(status.st_mode))

    def listing(self) -> Listing:
        """Everything that is tracked, sorted by path; asked of git once."""
        return self._listing

    @property
    def unadded(self) -> frozenset[str]:
        """The paths of files that change sets of ours made and git does not track yet."""
        return frozenset(self.paths) - {file.path for file in self._tracked.files}

    def read(self, path: str) -> bytes:
        """The content of a listed file; raises RepositoryError where it cannot be read."""
        return self.repository.read(path)

    @property
    def paths(self) -> list[str]:
        """The paths of the regular files, sorted."""
        return [file.path for file in self._listing.files]

    def executable(self, path: str) -> bool:
        """Whether a listed file is executable."""
        return path in self._executables

    @cached_property
    def _executables(self) -> frozenset[str]:
        return frozenset(file.path for file in self._listing.files if file.executable)

    def writable(self, path: str) -> bool:
        """Whether the file's permissions let its owner write it."""
        try:
            return bool((self.repository.root / path).stat().st_mode & stat.S_IWUSR)
        except OSError:
            return False
