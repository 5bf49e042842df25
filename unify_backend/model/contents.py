"""Where the files of a state of the repository come from: the work tree, or a revision."""

from typing import Protocol

from unify_backend.model.files import Listing


class Contents(Protocol):
    """One state of a repository. `repository.files.Repository` is one; a git revision can be."""

    def listing(self) -> Listing:
        """Everything that is there, sorted by path."""
        ...

    def read(self, path: str) -> bytes:
        """The content of a listed file; raises UnifyError where it cannot be read."""
        ...
