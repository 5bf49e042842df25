"""The installed command, run as a person runs it, on real repositories."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.effort import DEEP, HANGING
from tests.end_to_end.support import CASE, IDENTITY, TREES, Command, Git, Ran, Shop, environment
from tests.end_to_end.warm import Ended, Start, Warm
from unify_backend.repository.bundled_history import build_history


@pytest.fixture(scope="session")
def executable() -> list[str]:
    """The console script beside the interpreter, else the module."""
    script = shutil.which("unify-backend", path=str(Path(sys.executable).parent))
    return [script] if script else [sys.executable, "-m", "unify_backend"]


@pytest.fixture(scope="session")
def start(executable: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Runs a command in a folder with an input: its exit code, output and messages. In a deep run
    it is the installed one; else one that is loaded already, where a process can be copied."""

    def installed(folder: Path, arguments: Sequence[str], stdin: bytes) -> Ended:
        done = subprocess.run(
            [*executable, *arguments],
            cwd=folder,
            input=stdin,
            capture_output=True,
            check=False,
            env=environment(),
            timeout=HANGING,
        )
        return done.returncode, done.stdout, done.stderr

    if DEEP or not hasattr(os, "fork"):
        yield installed
        return
    before = _interpreter()
    with Warm(tmp_path_factory.mktemp("warm")) as warm:
        yield lambda *given: (warm.run if _interpreter() == before else installed)(*given)


def _interpreter() -> dict[str, str]:
    """The settings that an interpreter reads when it starts, and never again."""
    return {key: value for key, value in environment().items() if key.startswith("PYTHON")}


@pytest.fixture(scope="session")
def command(start: Start) -> Command:
    """`command(folder, *arguments)` runs unify-backend in a folder."""

    def run(folder: Path, *arguments: str, stdin: str = "") -> Ran:
        code, raw, told = start(folder, arguments, stdin.encode())
        out, err = (text.decode("utf-8", "replace") for text in (raw, told))
        assert "Traceback" not in err, err
        return Ran(code, out.replace("\r\n", "\n"), err, raw)

    return run


@pytest.fixture
def git() -> Git:
    """`git(folder, *arguments)` runs git and returns what it prints."""

    def run(folder: Path, *arguments: str, stdin: bytes | None = None) -> str:
        done = subprocess.run(
            ["git", *IDENTITY, *arguments],
            cwd=folder,
            capture_output=True,
            check=True,
            input=stdin,
            env=environment(),
        )
        return done.stdout.decode("utf-8", "surrogateescape")

    return run


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled repository, built once."""
    target = tmp_path_factory.mktemp("bundled") / "pixsim7"
    build_history(CASE, target)
    return target


@pytest.fixture
def pixsim7(built: Path, tmp_path: Path) -> Path:
    """A copy of the bundled repository to write in."""
    return Path(shutil.copytree(built, tmp_path / "pixsim7", symlinks=True))


@pytest.fixture
def shop(tmp_path: Path, git: Git) -> Shop:
    """`shop(files)` makes a small repository: a legacy and a canonical tree, and the files."""

    def make(files: dict[str, bytes | str] | None = None, commit: bool = True) -> Path:
        root = tmp_path / "shop"
        for path, content in {**TREES, **(files or {})}.items():
            place = root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content if isinstance(content, bytes) else content.encode())
        if commit:
            git(root, "init", "-q", "-b", "main")
            git(root, "add", "-A")
            git(root, "commit", "-q", "--allow-empty", "-m", "All")
        return root

    return make
