"""Change sets: all changes of files that one command would write."""

from dataclasses import dataclass
from hashlib import sha256

from unify_backend.model.errors import UnifyError


def digest(data: bytes) -> str:
    """SHA-256 of a file's content, hexadecimal."""
    return sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class Create:
    """A new file; refused where something is at `path` already."""

    path: str
    data: bytes
    executable: bool = False


@dataclass(frozen=True, slots=True)
class Replace:
    """New content for a file whose content still has the digest `before`; its mode stays."""

    path: str
    before: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Rename:
    """A file (content with digest `before`) under a new path, with its mode."""

    path: str
    before: str
    target: str


@dataclass(frozen=True, slots=True)
class Delete:
    """A file that goes; its content still has the digest `before`."""

    path: str
    before: str


@dataclass(frozen=True, slots=True)
class SetExecutable:
    """The executable bit of a file."""

    path: str
    executable: bool


Change = Create | Replace | Rename | Delete | SetExecutable


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """All changes of one command, applied all or none, in order. No path is named twice as a
    source; `title` is what `undo` calls it, like `rewrite: 986 references in 158 files`."""

    title: str
    changes: tuple[Change, ...]

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for change in self.changes:
            paths = [change.path, change.target] if isinstance(change, Rename) else [change.path]
            if isinstance(change, SetExecutable):
                continue
            for path in paths:
                if path in seen:
                    raise UnifyError(f"two changes of one file: {path}", "this is a bug")
                seen.add(path)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path the change set touches, sorted."""
        paths = {change.path for change in self.changes}
        paths.update(change.target for change in self.changes if isinstance(change, Rename))
        return tuple(sorted(paths))
