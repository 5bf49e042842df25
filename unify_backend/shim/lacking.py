"""Whether the canonical tree has everything of a legacy file."""

from collections.abc import Callable

from unify_backend.model.file_source import Contents
from unify_backend.model.package_move import PackageMove

Lacks = Callable[[PackageMove, str, bytes], str | None]
"""The move, a legacy path and its content → what the canonical tree lacks of it, or None."""


def compared(contents: Contents, rename: Callable[[str, bytes], bytes]) -> Lacks:
    """The strictest answer: the canonical file must be the legacy one after renaming. Where the
    two were merged, the caller knows better."""
    listed = {file.path for file in contents.listing().files}

    def lacks(move: PackageMove, path: str, data: bytes) -> str | None:
        target = move.target(path)
        if target not in listed:
            return "the canonical tree has no such file"
        return None if rename(path, data) == contents.read(target) else "its content differs"

    return lacks


def nothing(move: PackageMove, path: str, data: bytes) -> str | None:
    """For callers that have made sure already."""
    return None
