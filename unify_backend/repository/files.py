"""The repository as the rest of the tool sees it: what it holds, and the content of a file."""

import errno
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from unify_backend.model.errors import RepositoryError
from unify_backend.model.file_source import Listing
from unify_backend.repository import discovery
from unify_backend.repository.disk import read_regular
from unify_backend.repository.git import run as git
from unify_backend.repository.paths import complaint, lexists, shown
from unify_backend.repository.walk import plain_listing, tracked_listing

OWN_FOLDER = "unify-backend"
CURRENT = "current"  # in the state folder: the journal of a write that is going on

_STEPS = {
    errno.ENOENT: "Restore it by 'git restore', or commit that it is gone.",
    errno.ENOTDIR: "Restore it by 'git restore', or commit that it is gone.",
    errno.EACCES: "Give yourself the right to read it: chmod u+r.",
    errno.ELOOP: "Symbolic links are not followed: name the file it leads to.",
}


@dataclass(frozen=True, slots=True)
class Repository:
    """A git work tree, or a plain folder where no git is.

    `is_git` is whether git can be asked; `state` is the tool's own folder, which is made by the
    first write; `note` is for a person and says why git cannot be asked, or is empty.
    """

    root: Path
    is_git: bool
    state: Path
    note: str = ""
    _safe: set[str] = field(default_factory=set, repr=False, compare=False)

    @classmethod
    def discover(cls, start: Path) -> "Repository":
        """The git work tree around `start` (linked work trees and submodules are their own);
        where there is none, the folder `start` itself.

        Raises RepositoryError where `start` is missing, lies inside a git folder, belongs to a
        bare repository, or where GIT_DIR and its like name another repository.
        """
        place = discovery.find(start)
        if place.git_dir is None:
            state = place.root / f".{OWN_FOLDER}"
            return cls(place.root, False, state, "no git repository: undo is the only way back")
        state = place.git_dir / OWN_FOLDER
        if not git.installed():
            note = "git is not installed: all files are read, and your own edits are not guarded"
            return cls(place.root, False, state, note)
        git.check_environment(place.root, place.git_dir)
        return cls(place.root, True, state)

    @property
    def interrupted(self) -> bool:
        """Whether a run was killed in the middle of a write, so that it must be taken back."""
        return (self.state / CURRENT).exists()

    def listing(self) -> Listing:
        """Everything git tracks, hidden files included; without git every file below the folder.

        Links, submodules and what cannot be read are named and not followed. A file can still
        vanish before it is read; `read` says so. Raises RepositoryError where git fails.
        """
        if self.is_git:
            return tracked_listing(self.root, git.tracked(self.root))
        return plain_listing(self.root, self.state)

    def read(self, path: str) -> bytes:
        """The content of the file at `path` (relative, POSIX).

        Raises RepositoryError where it is missing, no regular file, unreadable or outside.
        """
        place = self._inside(path)
        try:
            return read_regular(place)
        except OSError as error:
            number = error.errno or 0
            step = _STEPS.get(number, "Move it away, or repair it.")
            raise RepositoryError(
                f"{shown(path)} cannot be read", error.strerror or str(error), step
            ) from error

    def exists(self, path: str) -> bool:
        """Whether anything is at `path`; a link that leads nowhere counts."""
        return complaint(path) is None and lexists(self.root / path)

    def dirty(self, paths: Collection[str]) -> tuple[str, ...]:
        """Those of `paths`, sorted, that a write would take from a person for good: tracked files
        with uncommitted changes, staged or not, and files that git does not track.

        Always empty without git. Raises RepositoryError where git fails.
        """
        if not self.is_git or not paths:
            return ()
        unknown = {path for path in git.untracked(self.root, paths) if self.exists(path)}
        return tuple(sorted(unknown | (git.uncommitted(self.root) & set(paths))))

    def ignored(self, paths: Collection[str]) -> tuple[str, ...]:
        """Those of `paths`, there or not, that git's ignore rules leave out of a commit; always
        empty without git."""
        if not self.is_git or not paths:
            return ()
        names = b"\0".join(one.encode("utf-8", "surrogateescape") for one in paths)
        try:
            found = git.run(self.root, "check-ignore", "--no-index", "-z", "--stdin", stdin=names)
        except RepositoryError:  # its answer where none of them is
            return ()
        return tuple(git.decode(one) for one in found.split(b"\0") if one)

    def _inside(self, path: str) -> Path:
        why = complaint(path)
        folder = path.rpartition("/")[0]
        if why is None and folder not in self._safe:
            if (self.root / folder).resolve().is_relative_to(self.root):
                self._safe.add(folder)
            else:
                why = "a symbolic link on its way leads out of the repository"
        if why is not None:
            raise RepositoryError(
                f"{shown(path)} is not read", why, "Name a file inside the repository."
            )
        return self.root / path
