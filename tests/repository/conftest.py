"""Real temporary repositories, and pictures of a whole tree to compare."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from unify_backend.model.changes import Change, ChangeSet, Replace, digest
from unify_backend.repository.files import Repository

Commit = Callable[[Path], None]
Git = Callable[..., bytes]
Tree = dict[str, tuple[str, bytes, int]]
Picture = Callable[[Path], Tree]

IDENTITY = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")


posix = pytest.mark.skipif(os.name != "posix", reason="POSIX modes, links or file names")
root_may_all = sys.platform == "win32" or os.geteuid() == 0
unprivileged = pytest.mark.skipif(root_may_all, reason="root may read and write everything")


def fill(root: Path, files: dict[str, bytes]) -> None:
    """Writes files, with the folders they need."""
    for path, data in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)


def changes(*them: Change) -> ChangeSet:
    """A change set with the title of a rewrite."""
    return ChangeSet("rewrite: some", them)


def replace(path: str, before: bytes, after: bytes) -> Replace:
    """New content for a file that holds `before`."""
    return Replace(path, digest(before), after)


@pytest.fixture(autouse=True)
def _own_git_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [variable for variable in os.environ if variable.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))


@pytest.fixture
def git() -> Git:
    """`git(folder, *arguments)` runs git and returns what it prints."""

    def run(folder: Path, *arguments: str, stdin: bytes | None = None) -> bytes:
        command = ["git", *IDENTITY, *arguments]
        done = subprocess.run(command, cwd=folder, input=stdin, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    return run


@pytest.fixture
def commit(git: Git) -> Commit:
    """Commits everything in a folder."""

    def run(folder: Path) -> None:
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "state")

    return run


@pytest.fixture
def root(tmp_path: Path, git: Git) -> Path:
    """The folder of an empty repository."""
    folder = tmp_path / "repo"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    return folder


@pytest.fixture
def plain(tmp_path: Path) -> Repository:
    """A folder without git."""
    folder = tmp_path / "plain"
    folder.mkdir()
    return Repository.discover(folder)


@pytest.fixture
def picture() -> Picture:
    """Everything below a folder with content and mode, but for `.git` and the tool's folder."""
    return take_picture


def take_picture(folder: Path) -> Tree:
    tree: Tree = {}
    for place in folder.rglob("*"):
        path = place.relative_to(folder).as_posix()
        if path.split("/")[0] in {".git", ".unify-backend"}:
            continue
        status = place.lstat()
        mode = stat.S_IMODE(status.st_mode) if os.name == "posix" else 0
        if place.is_symlink():
            tree[path] = ("link", os.fsencode(place.readlink()), 0)
        elif place.is_dir():
            tree[path] = ("folder", b"", mode)
        else:
            tree[path] = ("file", place.read_bytes(), mode)
    return tree
