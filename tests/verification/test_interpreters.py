"""Which interpreter starts the application: real environments, in the order of precedence."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shim.support import interpreters
from unify_backend.model.errors import ConfigurationError
from unify_backend.model.verify_settings import InterpreterSource as Source
from unify_backend.repository.files import Repository
from unify_backend.verification.interpreters import choose

PLACE = Path("Scripts/python.exe") if os.name == "nt" else Path("bin/python")
POSIX = pytest.mark.skipif(os.name == "nt", reason="links")
IDENTITY = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")


@pytest.fixture(scope="session")
def environment_of_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment, made once and copied."""
    folder = tmp_path_factory.mktemp("environment") / "it"
    command = [sys.executable, "-m", "venv", "--without-pip", str(folder)]
    subprocess.run(command, check=True)
    return folder


@pytest.fixture
def make(environment_of_python: Path):  # type: ignore[no-untyped-def]
    """Puts a virtual environment into a folder."""

    def made(folder: Path) -> Path:
        shutil.copytree(environment_of_python, folder, symlinks=True)
        return folder

    return made


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q")
    git(folder, "commit", "-q", "--allow-empty", "-m", "start")
    return folder


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *IDENTITY, *arguments], cwd=folder, check=True, capture_output=True)


def chosen(root: Path, option=None, configured=None, **variables):  # type: ignore[no-untyped-def]
    found = choose(Repository.discover(root), option, configured, variables)
    assert str(root) not in found.shown
    return found


def test_precedence(root: Path, tmp_path: Path, make) -> None:  # type: ignore[no-untyped-def]
    """Each is taken away in turn, and the next one answers."""
    active, conda = make(tmp_path / "active"), make(tmp_path / "conda")
    for name in (".venv", "venv", "configured", "option"):
        make(root / name)
    variables = {"VIRTUAL_ENV": str(active), "CONDA_PREFIX": str(conda)}
    option, configured = f"option/{PLACE.as_posix()}", f"configured/{PLACE.as_posix()}"
    found = chosen(root, option, configured, **variables)
    assert (found.source, found.shown, found.python) == (Source.OPTION, option, str(root / option))
    found = chosen(root, None, configured, **variables)
    assert (found.source, found.shown) == (Source.CONFIGURED, configured)
    found = chosen(root, **variables)
    assert (found.source, found.python) == (Source.ACTIVE, str(active / PLACE))
    assert found.shown == f"$VIRTUAL_ENV/{PLACE.as_posix()}"
    del variables["VIRTUAL_ENV"]
    found = chosen(root, **variables)
    assert (found.source, found.shown) == (Source.REPOSITORY, f".venv/{PLACE.as_posix()}")
    shutil.rmtree(root / ".venv")
    assert chosen(root, **variables).shown == f"venv/{PLACE.as_posix()}"
    shutil.rmtree(root / "venv")
    found = chosen(root, **variables)
    assert (found.source, found.python) == (Source.CONDA, str(conda / PLACE))
    found = chosen(root)
    assert (found.source, found.python) == (Source.OWN, sys.executable)
    assert found.version == ".".join(map(str, sys.version_info[:3]))
    assert found.reason


@pytest.mark.parametrize("variable", ["VIRTUAL_ENV", "CONDA_PREFIX"])
def test_the_tools_own_environment_is_no_choice(root: Path, variable: str, make) -> None:  # type: ignore[no-untyped-def]
    assert chosen(root, **{variable: sys.prefix}).source is Source.OWN
    make(root / ".venv")
    assert chosen(root, **{variable: sys.prefix}).source is Source.REPOSITORY


def test_the_base_of_conda_is_no_choice(root: Path, tmp_path: Path, make) -> None:  # type: ignore[no-untyped-def]
    conda = str(make(tmp_path / "conda"))
    assert chosen(root, CONDA_PREFIX=conda, CONDA_DEFAULT_ENV="base").source is Source.OWN
    assert chosen(root, CONDA_PREFIX=conda, CONDA_DEFAULT_ENV="shop").source is Source.CONDA


@pytest.mark.parametrize("name", [".venv", "venv"])
@pytest.mark.parametrize("kind", ["an empty folder", "a file", "a package of that name"])
def test_what_is_no_environment_is_passed_over(root: Path, name: str, kind: str) -> None:
    place = root / name
    if kind == "a file":
        place.write_text("shop\n")
    else:
        place.mkdir()
        if kind.startswith("a package"):
            (place / "__init__.py").touch()
    assert chosen(root).source is Source.OWN


@POSIX
def test_an_environment_whose_interpreter_is_gone(root: Path, make) -> None:  # type: ignore[no-untyped-def]
    make(root / ".venv")
    for one in (root / ".venv/bin").glob("python*"):
        one.unlink()
    (root / ".venv/bin/python").symlink_to("/nowhere/python3.9")
    with pytest.raises(ConfigurationError) as caught:
        chosen(root)
    assert str(root / ".venv/bin/python") in caught.value.fact
    assert "a link to /nowhere/python3.9, which is not there" in caught.value.reason
    assert "--python" in caught.value.step


@pytest.mark.parametrize("left", ["pyvenv.cfg", "bin", "Scripts"])
def test_an_environment_without_an_interpreter(root: Path, left: str) -> None:
    place = root / ".venv" / left
    place.mkdir(parents=True) if left != "pyvenv.cfg" else place.parent.mkdir()
    if left == "pyvenv.cfg":
        place.touch()
    with pytest.raises(ConfigurationError, match=r"\.venv is broken"):
        chosen(root)
    assert chosen(root, sys.executable).source is Source.OPTION, "it is not looked at then"


def test_an_active_environment_that_is_gone(root: Path, tmp_path: Path, make) -> None:  # type: ignore[no-untyped-def]
    make(root / ".venv")
    with pytest.raises(ConfigurationError, match="VIRTUAL_ENV"):
        chosen(root, VIRTUAL_ENV=str(tmp_path / "gone"))


@POSIX
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("#!/bin/sh\necho broken >&2\nexit 3\n", "it ended with 3: broken"),
        ("#!/nowhere/interpreter\n", "o such file"),
        ("", "xec format"),
    ],
)
def test_an_interpreter_that_does_not_start(root: Path, text: str, why: str) -> None:
    file = root / "python"
    file.write_text(text)
    file.chmod(0o755)
    with pytest.raises(ConfigurationError) as caught:
        chosen(root, "./python")
    assert why in caught.value.reason
    assert "--python" in caught.value.fact


@POSIX
@pytest.mark.parametrize("version", ["2.7.18", "3.7.16"])
def test_an_interpreter_that_is_too_old(root: Path, version: str) -> None:
    file = root / "python"
    file.write_text(f"#!/bin/sh\necho {version}\n")
    file.chmod(0o755)
    with pytest.raises(ConfigurationError) as caught:
        chosen(root, None, "./python")
    assert f"is Python {version}" in caught.value.fact
    assert "3.8 or later" in caught.value.reason


def test_each_version_from_the_oldest_on_will_do(root: Path) -> None:
    for n, python in interpreters().items():
        assert chosen(root, python).version.startswith(f"3.{n}.")


def test_a_name_is_looked_for_on_path(root: Path) -> None:
    with pytest.raises(ConfigurationError, match="python-that-nobody-has cannot be started"):
        chosen(root, "python-that-nobody-has")


def test_a_linked_work_tree_uses_that_of_the_main_one(root: Path, tmp_path: Path, make) -> None:  # type: ignore[no-untyped-def]
    linked = tmp_path / "linked"
    git(root, "worktree", "add", "-q", str(linked))
    assert chosen(linked).source is Source.OWN
    make(root / ".venv")
    found = chosen(linked)
    assert (found.source, found.python) == (Source.MAIN_WORK_TREE, str(root / ".venv" / PLACE))
    assert found.shown == f".venv/{PLACE.as_posix()}"
    make(linked / "venv")
    assert chosen(linked).source is Source.REPOSITORY, "its own one comes first"
    assert chosen(root).python == str(root / ".venv" / PLACE)


def test_without_git(tmp_path: Path, make) -> None:  # type: ignore[no-untyped-def]
    make(tmp_path / "plain" / ".venv")
    assert chosen(tmp_path / "plain").source is Source.REPOSITORY
