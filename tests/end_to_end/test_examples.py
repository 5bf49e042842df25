"""The command lines of the README, of docs/ and of the help, run as they are written."""

import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.end_to_end.support import Command, Git
from tests.fresh_install.support import Shape, build
from tests.self.test_docs import EXAMPLES

LINES = sorted({one.line for one in EXAMPLES if one.whole or len(one.line.split()) > 2})
SHOWN = "copies"


@dataclass(frozen=True, slots=True)
class Case:
    """How a line is run: see examples.yml."""

    repository: str
    before: Sequence[str]
    codes: frozenset[int]
    keys: str
    like: str


@cache
def document() -> Mapping[str, Any]:
    text = (Path(__file__).parent / "examples.yml").read_text("utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found


def case(line: str) -> Case:
    """What examples.yml says of a line, else the rule."""
    said = document()["lines"].get(line, {})
    unknown = set(said) - {"in", "before", "exit", "keys", "like"}
    assert not unknown, f"{line}: {unknown}"
    code = said.get("exit", 0)
    codes = frozenset([code] if isinstance(code, int) else code)
    keys, like = said.get("keys", ""), said.get("like", "")
    return Case(said.get("in", SHOWN), said.get("before", ()), codes, keys, like)


@pytest.fixture(scope="session")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Each repository, built once."""
    folder = tmp_path_factory.mktemp("examples")
    return {
        name: build(Shape(name, "", said["commits"]), folder / name)
        for name, said in document()["repositories"].items()
    }


@pytest.fixture
def repository(repositories: Mapping[str, Path], line: str, tmp_path: Path, git: Git) -> Path:
    """A copy of the one that a line is for, with what the lines take for granted."""
    place = tmp_path / "repository"
    root = shutil.copytree(repositories[case(line).repository], place, symlinks=True)
    first = git(root, "rev-list", "--max-parents=0", "HEAD").strip()
    for reference in ("refs/tags/v1.0", "refs/tags/v1.4", "refs/remotes/origin/main"):
        git(root, "update-ref", reference, first)
    for name, value in (("user.name", "T"), ("user.email", "t@example.org")):
        git(root, "config", name, value)
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / ".venv" / "bin" / "python").symlink_to(sys.executable)
    return root


@pytest.mark.deep
@pytest.mark.skipif(sys.platform == "win32", reason="paths and quotes as a POSIX shell has them")
@pytest.mark.parametrize("line", [one for one in LINES if not case(one).like])
def test_it_runs_as_it_is_written(line: str, repository: Path, command: Command, git: Git) -> None:
    wanted = case(line)
    for step in wanted.before:
        match step.split():
            case ["commit"]:
                git(repository, "add", "-A")
                git(repository, "commit", "-q", "-m", "Work")
            case ["edit", path]:
                place = repository / path
                place.write_text(place.read_text("utf-8") + "# mine\n", "utf-8")
            case arguments:
                done = command(repository, *arguments)
                assert done.code == 0, f"{step}: {done.err}{done.out}"
    done = command(repository, *shlex.split(line)[1:], stdin=wanted.keys)
    assert done.code in wanted.codes, f"exit {done.code}\n{done.err}{done.out}"


def test_every_exception_is_for_a_line_that_is_there() -> None:
    assert set(document()["lines"]) - set(LINES) == set()
    assert {case(one).like for one in LINES} - {""} - set(LINES) == set()
