"""The work tree as one command sees it: listed once, read when asked."""

from functools import cached_property

from unify_backend.model.files import Listing
from unify_backend.repository.files import Repository


class Snapshot:
    """A repository's contents for the length of one command."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository

    @cached_property
    def _listing(self) -> Listing:
        return self.repository.listing()

    def listing(self) -> Listing:
        """Everything that is tracked, sorted by path; asked of git once."""
        return self._listing

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
            return bool((self.repository.root / path).stat().st_mode & 0o200)
        except OSError:
            return False


