"""The repository: the listing of its files, and the content of a file."""

import errno
import os
import stat
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from unify_backend.model.errors import RepositoryError
from unify_backend.model.file_source import LINKS, Listing, Skip, SkippedFile, TrackedFile
from unify_backend.repository import discovery
from unify_backend.repository.disk import read_regular
from unify_backend.repository.git import run as git
from unify_backend.repository.paths import complaint, is_link, lexists, shown

_OWN_FOLDER = "unify-backend"
CURRENT = "current"  # in the state folder: the journal of a write that is going on

_STEPS = {
    errno.ENOENT: "Restore it by 'git restore', or commit that it is gone.",
    errno.ENOTDIR: "Restore it by 'git restore', or commit that it is gone.",
    errno.EACCES: "Give yourself the right to read it: chmod u+r.",
    errno.ELOOP: "Symbolic links are not followed: name the file it leads to.",
}


@dataclass(frozen=True, slots=True)
class Repository:
    """A git work tree, or a plain folder without git.

    `is_git`: git can be asked. `state`: the tool's own folder, created by the first write. `note`:
    why git cannot be asked, for messages; empty where it can.
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
            state = place.root / f".{_OWN_FOLDER}"
            return cls(place.root, False, state, "no git repository: undo is the only way back")
        state = place.git_dir / _OWN_FOLDER
        if not git.installed():
            note = "git is not installed: all files are read, and your own edits are not guarded"
            return cls(place.root, False, state, note)
        git.check_environment(place.root, place.git_dir)
        return cls(place.root, True, state)

    @property
    def interrupted(self) -> bool:
        """Whether a run was killed during a write, so that recovery is needed."""
        return (self.state / CURRENT).exists()

    def listing(self) -> Listing:
        """All files that git tracks, hidden ones included; without git all files below the folder.

        Links, submodules and unreadable paths are listed as skipped and not followed. A file can
        still vanish before it is read; `read` then raises. Raises RepositoryError where git fails.
        """
        if self.is_git:
            return _tracked_listing(self.root, git.tracked(self.root))
        return _plain_listing(self.root, self.state)

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
        """Those of `paths`, sorted, that a write would lose for good: tracked files with
        uncommitted changes, staged or not, and files that git does not track.

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
        names = b"\0".join(path.encode("utf-8", "surrogateescape") for path in paths)
        try:
            output = git.run(self.root, "check-ignore", "--no-index", "-z", "--stdin", stdin=names)
        except RepositoryError:  # its answer where none of them is
            return ()
        return tuple(git.decode(name) for name in output.split(b"\0") if name)

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


# Folders in which nothing is a source of the repository
LEFT_OUT = frozenset({".git", ".hg", ".svn", ".venv", "node_modules", "__pycache__"})


def _tracked_listing(root: Path, modes: Mapping[str, bytes]) -> Listing:
    """Sorts the paths of the index (with their modes) into readable files and skipped paths.

    Each folder is scanned once instead of one `stat` for each file.
    """
    folders: dict[str, list[str]] = {}
    for path in modes:
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    files: list[TrackedFile] = []
    skipped: list[SkippedFile] = []
    state: dict[str, Skip | None] = {"": None}
    for folder, members in folders.items():
        entries = _entries(root, folder, state)
        for path in members:
            mode = modes[path]
            why = _tracked_skip(root, path, mode, entries)
            if why is None:
                files.append(TrackedFile(path, mode == git.EXECUTABLE))
            else:
                beyond = isinstance(entries, Skip)  # behind a folder that is no folder
                skipped.append(
                    SkippedFile(path, why) if beyond else _skipped(root, path, why, mode)
                )
    if any(file.why is Skip.MISSING for file in skipped):
        sparse = git.not_checked_out(root)
        skipped = [
            SkippedFile(file.path, Skip.SPARSE)
            if file.why is Skip.MISSING and file.path in sparse
            else file
            for file in skipped
        ]
    return _sorted(files, skipped, guarded=True)


def _skipped(root: Path, path: str, why: Skip, mode: bytes = b"") -> SkippedFile:
    """The skipped path, of a link with its text."""
    if why not in LINKS:
        return SkippedFile(path, why)
    target: str | None
    try:
        target = os.readlink(root / path)  # noqa: PTH115 - Path.readlink drops a slash at the end
        if os.sep == "\\":  # and an absolute one begins with the mark of long paths
            target = target.removeprefix("\\\\?\\").replace("\\", "/")
    except OSError:
        target = _link_in_file(root, path) if mode == git.LINK else None
    return SkippedFile.link(path, why, target, root.as_posix())


def _link_in_file(root: Path, path: str) -> str | None:
    """The text of a link that git checked out as a file (`core.symlinks` is false)."""
    try:
        return read_regular(root / path).decode("utf-8", "surrogateescape")
    except OSError:
        return None


def _tracked_skip(
    root: Path, path: str, mode: bytes, entries: dict[str, os.DirEntry[str]] | Skip
) -> Skip | None:
    if mode == git.SUBMODULE:
        return Skip.SUBMODULE
    if isinstance(entries, Skip):
        return entries
    entry = entries.get(path.rpartition("/")[2])
    if entry is None:  # gone, or a file system that writes the name in another way
        why = _lstat_skip(root, path)
    elif _is_link(entry):
        why = _link_kind(root, path)
    elif not entry.is_file(follow_symlinks=False):
        why = Skip.SPECIAL
    else:
        why = None if os.access(entry.path, os.R_OK) else Skip.UNREADABLE
    return Skip.LINK if why is None and mode == git.LINK else why


def _entries(
    root: Path, folder: str, state: dict[str, Skip | None]
) -> dict[str, os.DirEntry[str]] | Skip:
    why = _folder_skip(root, folder, state)
    if why is not None:
        return why
    try:
        with os.scandir(root / folder) as entries:
            return {entry.name: entry for entry in entries}
    except OSError:
        return Skip.UNREADABLE


def _folder_skip(root: Path, folder: str, state: dict[str, Skip | None]) -> Skip | None:
    """Why nothing below `folder` may be followed; a file in its place makes them missing."""
    if folder not in state:
        why = _folder_skip(root, folder.rpartition("/")[0], state)
        if why is None:
            why = _lstat_skip(root, folder, stat.S_IFDIR)
        state[folder] = Skip.MISSING if why is Skip.SPECIAL else why
    return state[folder]


def _lstat_skip(root: Path, path: str, kind: int = stat.S_IFREG) -> Skip | None:
    try:
        status = (root / path).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return Skip.MISSING
    except OSError:
        return Skip.UNREADABLE
    if is_link(status):
        return _link_kind(root, path)
    return None if stat.S_IFMT(status.st_mode) == kind else Skip.SPECIAL


def _link_kind(root: Path, path: str) -> Skip:
    """What kind of symbolic link `path` is: within the repository, out of it, or to nothing."""
    try:
        target = (root / path).resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: links in a circle, before Python 3.13
        return Skip.DANGLING
    return Skip.LINK if target.is_relative_to(root) else Skip.OUTSIDE


def _plain_listing(root: Path, state: Path) -> Listing:
    """All files below `root`, except in folders of version control, virtual environments, installed
    packages and caches, and in the tool's own `state` folder."""
    files: list[TrackedFile] = []
    skipped: list[SkippedFile] = []
    for path, entry in _below(root, state):
        if isinstance(entry, Skip):
            skipped.append(_skipped(root, path, entry))
            continue
        try:
            mode = entry.stat(follow_symlinks=False).st_mode
        except OSError:
            skipped.append(SkippedFile(path, Skip.UNREADABLE))
            continue
        executable = os.name == "posix" and bool(mode & stat.S_IXUSR)
        files.append(TrackedFile(path, executable))
    return _sorted(files, skipped, guarded=False)


def _below(root: Path, state: Path) -> Iterator[tuple[str, os.DirEntry[str] | Skip]]:
    left_out = {str(state)}
    todo = [""]
    while todo:
        folder = todo.pop()
        try:
            with os.scandir(root / folder) as scan:
                entries = list(scan)
        except OSError:
            yield folder or ".", Skip.UNREADABLE
            continue
        if folder and any(entry.name == "pyvenv.cfg" for entry in entries):
            continue
        for entry in entries:
            if entry.name.casefold() in LEFT_OUT or entry.path in left_out:
                continue
            path = f"{folder}/{entry.name}" if folder else entry.name
            if _is_link(entry):
                yield path, _link_kind(root, path)
            elif entry.is_dir(follow_symlinks=False):
                todo.append(path)
            elif not entry.is_file(follow_symlinks=False):
                yield path, Skip.SPECIAL
            elif not os.access(entry.path, os.R_OK):
                yield path, Skip.UNREADABLE
            else:
                yield path, entry


def _is_link(entry: os.DirEntry[str]) -> bool:
    if sys.platform == "win32":  # junctions too; the scan has already read the attributes
        return is_link(entry.stat(follow_symlinks=False))
    else:
        return entry.is_symlink()


def _sorted(files: list[TrackedFile], skipped: list[SkippedFile], guarded: bool) -> Listing:
    files.sort(key=lambda file: file.path)
    skipped.sort(key=lambda entry: entry.path)
    return Listing(tuple(files), tuple(skipped), guarded)
