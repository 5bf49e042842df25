"""What lies on the disk: which tracked paths are regular files, and all files where git is not."""

import os
import stat
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from unify_backend.model.file_source import Listing, Skip, SkippedFile, TrackedFile
from unify_backend.repository.git import run as git
from unify_backend.repository.paths import is_link

_LEFT_OUT = frozenset({".git", ".hg", ".svn", ".venv", "node_modules", "__pycache__"})


def tracked_listing(root: Path, modes: Mapping[str, bytes]) -> Listing:
    """The index's paths (with their modes there) sorted into files to read and paths to name.

    Each folder is read once instead of each file asked for: the kind of an entry comes with it.
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
                skipped.append(SkippedFile(path, why))
    return _sorted(files, skipped, guarded=True)


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
        why = link_kind(root, path)
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
        found = (root / path).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return Skip.MISSING
    except OSError:
        return Skip.UNREADABLE
    if is_link(found):
        return link_kind(root, path)
    return None if stat.S_IFMT(found.st_mode) == kind else Skip.SPECIAL


def link_kind(root: Path, path: str) -> Skip:
    """What kind of symbolic link `path` is: within the repository, out of it, or to nothing."""
    try:
        target = (root / path).resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: links in a circle, before Python 3.13
        return Skip.DANGLING
    return Skip.LINK if target.is_relative_to(root) else Skip.OUTSIDE


def plain_listing(root: Path, state: Path) -> Listing:
    """Every file below `root`, but for the folders of version control, of virtual environments,
    of installed packages and caches, and the tool's own `state` folder."""
    files: list[TrackedFile] = []
    skipped: list[SkippedFile] = []
    for path, entry in _below(root, state):
        if isinstance(entry, Skip):
            skipped.append(SkippedFile(path, entry))
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
            with os.scandir(root / folder) as found:
                entries = list(found)
        except OSError:
            yield folder or ".", Skip.UNREADABLE
            continue
        if folder and any(entry.name == "pyvenv.cfg" for entry in entries):
            continue
        for entry in entries:
            if entry.name.casefold() in _LEFT_OUT or entry.path in left_out:
                continue
            path = f"{folder}/{entry.name}" if folder else entry.name
            if _is_link(entry):
                yield path, link_kind(root, path)
            elif entry.is_dir(follow_symlinks=False):
                todo.append(path)
            elif not entry.is_file(follow_symlinks=False):
                yield path, Skip.SPECIAL
            elif not os.access(entry.path, os.R_OK):
                yield path, Skip.UNREADABLE
            else:
                yield path, entry


def _is_link(entry: os.DirEntry[str]) -> bool:
    if sys.platform == "win32":  # junctions; the folder's listing has told already
        return is_link(entry.stat(follow_symlinks=False))
    else:
        return entry.is_symlink()


def _sorted(files: list[TrackedFile], skipped: list[SkippedFile], guarded: bool) -> Listing:
    files.sort(key=lambda one: one.path)
    skipped.sort(key=lambda one: one.path)
    return Listing(tuple(files), tuple(skipped), guarded)
