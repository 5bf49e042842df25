"""A state of a repository that is a dict, for tests that need no disk."""

from collections.abc import Mapping

from unify_backend.model.errors import RepositoryError
from unify_backend.model.file_source import Listing, TrackedFile


class MemoryContents:
    """`model.contents.Contents` of some files; texts count as UTF-8."""

    def __init__(self, files: Mapping[str, bytes | str]) -> None:
        self.files = {
            path: data.encode() if isinstance(data, str) else data for path, data in files.items()
        }

    def listing(self) -> Listing:
        """Every file, sorted by path."""
        return Listing(tuple(TrackedFile(path, False) for path in sorted(self.files)), (), True)

    def read(self, path: str) -> bytes:
        """The content; raises RepositoryError for a file that is not there."""
        if path not in self.files:
            raise RepositoryError(f"{path} cannot be read", "it is gone", "Restore it.")
        return self.files[path]
