"""Asks git. It is started without GitPython, whose import takes longer than most answers, and
which starts git twice of its own to see whether it runs."""

import os
import subprocess
import sys
from collections.abc import Collection
from hashlib import new
from pathlib import Path

from unify_backend.model.errors import RepositoryError

LINK = b"120000"
SUBMODULE = b"160000"
EXECUTABLE = b"100755"

_PLACES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR")
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # no console flashes up on Windows


def _program() -> str:
    """What is started as git; GitPython, which writes the bundled repositories, reads it too."""
    return os.environ.get("GIT_PYTHON_GIT_EXECUTABLE") or "git"


def installed() -> bool:
    """Whether there is a git to run."""
    import shutil

    return shutil.which(_program()) is not None


def run(root: Path, *arguments: str, stdin: bytes | None = None) -> bytes:
    """What `git <arguments>` prints when run in `root`, given `stdin` to read.

    Raises RepositoryError with git's own words where git fails or cannot be started.
    """
    if sys.platform == "win32":  # where a git.exe beside the user's files would be started first
        os.environ.setdefault("NoDefaultCurrentDirectoryInExePath", "1")
    try:
        done = subprocess.run(
            [_program(), "--no-optional-locks", *arguments],
            cwd=root,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            check=False,
            creationflags=_NO_WINDOW,
            env={**os.environ, "LANGUAGE": "C", "LC_ALL": "C"},
        )
    except OSError as error:
        raise RepositoryError(
            "git cannot be run", error.strerror or str(error), "Repair git, or take it off PATH."
        ) from error
    if done.returncode:
        raise _git_error(root, arguments[0], done.stderr)
    return done.stdout


def _git_error(root: Path, command: str, stderr: bytes) -> RepositoryError:
    words = stderr.decode("utf-8", "replace").strip()
    step = "Correct what git names, then run again."
    if "dubious ownership" in words:
        step = f"If you trust it: git config --global --add safe.directory {root}"
    return RepositoryError(f"git {command} failed in {root}", words or "git gave no reason", step)


def check_environment(root: Path, git_dir: Path) -> None:
    """Raises RepositoryError where variables like GIT_DIR send git to another repository."""
    set_here = [name for name in _PLACES if name in os.environ]
    if not set_here:
        return
    actual = Path(decode(run(root, "rev-parse", "--absolute-git-dir").rstrip(b"\r\n")))
    top = Path(decode(run(root, "rev-parse", "--show-toplevel").rstrip(b"\r\n")))
    if actual.resolve() != git_dir.resolve() or top.resolve() != root:
        raise RepositoryError(
            f"{' and '.join(set_here)} send git to {actual}, but the repository here is {root}",
            "one run can work on one repository only",
            f"Unset {' and '.join(set_here)}, or name the other repository by --repo.",
        )


def decode(name: bytes) -> str:
    """A path as git prints it with `-z`, as the OS decodes it."""
    if sys.platform == "win32":  # names that are no UTF-8 cannot be there, but in the index
        return name.decode("utf-8", "surrogateescape")
    else:
        return os.fsdecode(name)


def index_entries(root: Path) -> dict[str, tuple[bytes, str]]:
    """The mode and the content's hash of every path in the index. In a merge conflict a path has up
    to three entries: ours counts, or the only one."""
    entries: dict[str, tuple[bytes, str]] = {}
    for record in run(root, "ls-files", "-z", "--stage").split(b"\0"):
        head, _, name = record.partition(b"\t")
        if name:
            path = decode(name)
            if head[-1:] in b"02" or path not in entries:
                entries[path] = head[:6], head[7:-2].decode("ascii")
    return entries


def tree_entries(root: Path, revision: str) -> dict[str, tuple[bytes, str]]:
    """The mode and the content's hash of every path in the tree of a revision.

    Raises RepositoryError where git does not know the revision.
    """
    entries: dict[str, tuple[bytes, str]] = {}
    output = run(root, "ls-tree", "-r", "-z", "--full-tree", "--end-of-options", revision)
    for record in output.split(b"\0"):
        head, _, name = record.partition(b"\t")
        if name:
            mode, _, blob_hash = head.split(b" ")
            entries[decode(name)] = mode, blob_hash.decode("ascii")
    return entries


def tracked(root: Path) -> dict[str, bytes]:
    """The mode of every path in the index."""
    return {path: mode for path, (mode, _) in index_entries(root).items()}


def uncommitted(root: Path) -> frozenset[str]:
    """The tracked paths whose content, mode or existence differs from the last commit.

    A file that git was told not to look at (assume-unchanged, skip-worktree) and that is there
    counts: git cannot say whether it was edited.
    """
    changed = {
        decode(record[3:])
        for record in run(
            root,
            "status",
            "-z",
            "--porcelain=v1",
            "--no-renames",
            "--untracked-files=no",
            "--ignore-submodules=all",
        ).split(b"\0")
        if record
    }
    return frozenset(changed | _unwatched(root))


def _unwatched(root: Path) -> set[str]:
    marked = {
        decode(record[2:])
        for record in run(root, "ls-files", "-z", "-v").split(b"\0")
        if record[:1] == b"S" or record[:1].islower()
    }
    return {path for path in marked if (root / path).is_file()}


def not_checked_out(root: Path) -> frozenset[str]:
    """The tracked paths that git leaves out of the work tree on purpose (skip-worktree)."""
    records = run(root, "ls-files", "-z", "-t").split(b"\0")
    return frozenset(decode(record[2:]) for record in records if record[:1] == b"S")


def unmerged(root: Path) -> frozenset[str]:
    """The paths of which a merge of git left several versions in the index."""
    records = run(root, "ls-files", "-z", "--unmerged").split(b"\0")
    return frozenset(decode(record.partition(b"\t")[2]) for record in records if record)


def untracked(root: Path, paths: Collection[str]) -> frozenset[str]:
    """Those of `paths` that the index does not know."""
    return frozenset(paths) - tracked(root).keys()


def is_shallow(root: Path) -> bool:
    """Whether the clone lacks a part of its history."""
    return run(root, "rev-parse", "--is-shallow-repository").strip() == b"true"


def tracked_at(root: Path, revision: str) -> dict[str, str]:
    """The regular files of a revision with the hashes of their contents.

    Raises RepositoryError where git does not know the revision.
    """
    entries = tree_entries(root, revision)
    return {path: name for path, (mode, name) in entries.items() if mode.startswith(b"100")}


def blob_name(data: bytes, like: str) -> str:
    """The hash that git gives to this content; `like` is any hash of the repository (its kind)."""
    kind = "sha256" if len(like) == 64 else "sha1"
    return new(kind, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def blob(root: Path, name: str) -> bytes:
    """The content with this hash. Raises RepositoryError where git does not have it."""
    return run(root, "cat-file", "blob", name)
