"""Real temporary repositories, and pictures of a whole tree to compare."""

import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from unify_backend.repository.files import Repository

Picture = dict[str, tuple[str, bytes, int]]
GitRunner = Callable[..., bytes]

IDENTITY = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")


@pytest.fixture(autouse=True)
def _own_git_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [one for one in os.environ if one.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))


@pytest.fixture
def git() -> GitRunner:
    """`git(folder, *arguments)` runs git and returns what it prints."""

    def run(folder: Path, *arguments: str, stdin: bytes | None = None) -> bytes:
        command = ["git", *IDENTITY, *arguments]
        done = subprocess.run(command, cwd=folder, input=stdin, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    return run


@pytest.fixture
def commit(git: GitRunner) -> Callable[[Path], None]:
    """Commits everything in a folder."""

    def run(folder: Path) -> None:
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "state")

    return run


@pytest.fixture
def root(tmp_path: Path, git: GitRunner) -> Path:
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
def picture() -> Callable[[Path], Picture]:
    """Everything below a folder with content and mode, but for `.git` and the tool's folder."""
    return take_picture


def take_picture(folder: Path) -> Picture:
    found: Picture = {}
    for place in folder.rglob("*"):
        path = place.relative_to(folder).as_posix()
        if path.split("/")[0] in {".git", ".unify-backend"}:
            continue
        status = place.lstat()
        mode = stat.S_IMODE(status.st_mode) if os.name == "posix" else 0
        if place.is_symlink():
            found[path] = ("link", os.fsencode(place.readlink()), 0)
        elif place.is_dir():
            found[path] = ("folder", b"", mode)
        else:
            found[path] = ("file", place.read_bytes(), mode)
    return found
