"""Every command, once, in each shape of repository, where nothing but the wheel is installed."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fresh_install.support import (
    WINDOWS,
    Installation,
    Interpreter,
    Row,
    Shape,
    contents,
    interpreters,
    rows,
    shapes,
)
from tests.terminal import at_terminal
from unify_backend.cli.app import COMMANDS

WHOLE = "two-copies"  # by default, the oldest interpreter runs every command in this shape only
USAGE = 2


def matrix() -> Iterator[object]:
    """Every row in every shape on the newest interpreter, in one shape on the others; what the
    default leaves out is `deep`."""
    newest = interpreters()[-1] if interpreters() else None
    for interpreter in interpreters():
        for row in rows():
            for name in row.codes:
                marks = [] if usual(interpreter, row, name) else [pytest.mark.deep]
                if marks and interpreter != newest and name != WHOLE:
                    continue
                words = row.run.format(names="named", old="OLD", new="NEW").replace(" ", "_")
                label = f"{interpreter.version}-{name}-{words}"
                yield pytest.param(interpreter, shapes()[name], row, id=label, marks=marks)


def usual(interpreter: Interpreter, row: Row, name: str) -> bool:
    """Whether the default runs a row: all of them on the newest interpreter, one shape with every
    command on the oldest, and on all of them that shape with what runs everywhere."""
    oldest, *_, newest = (interpreters()[0], *interpreters())
    if row.deep:
        return False
    if interpreter not in (oldest, newest):
        return row.everywhere and name == WHOLE
    if row.everywhere or name == WHOLE or len(row.codes) == 1:
        return True
    shape = shapes()[name]
    return interpreter == newest and not shape.lean and (shape.plain or not row.few)


@pytest.mark.parametrize(("interpreter", "shape", "row"), list(matrix()))
def test_it_ends_as_it_should(
    interpreter: Interpreter,
    shape: Shape,
    row: Row,
    installation: Installation,
    built_shapes: dict[str, Path],
    tmp_path: Path,
) -> None:
    if row.keys and WINDOWS:
        pytest.skip("there are no pseudo-terminals on Windows")
    root = shutil.copytree(built_shapes[shape.name], tmp_path / "work", symlinks=True)
    home = tmp_path / "home"
    home.mkdir()
    before = contents(root)
    code, said = run(installation, root, home, row.arguments(shape), row.keys)
    assert not re.search(r"^Traceback \(", said, re.MULTILINE), said  # those of others are quoted
    assert code in row.codes[shape.name], said
    assert said.strip(), "it ended without a word"
    assert list(home.glob("unify-backend-*.log")) == []
    if code == USAGE:
        assert contents(root) == before, "it refused, and wrote"


def run(
    installation: Installation, root: Path, home: Path, arguments: list[str], keys: str
) -> tuple[int, str]:
    """The exit code, and all that was printed."""
    command, env = [installation.tool, *arguments], installation.environment(home)
    if keys:
        return at_terminal(command, root, env, [key.encode() for key in keys])
    done = subprocess.run(
        command, cwd=root, env=env, capture_output=True, check=False, timeout=600,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return done.returncode, (done.stderr + done.stdout).decode("utf-8", "replace")


def test_every_command_has_its_rows() -> None:
    named = {row.run.split()[0] for row in rows()}
    assert set(COMMANDS) <= named, "add a row to tests/fresh_install/commands.yml"


def test_by_default_every_command_runs_somewhere_and_every_shape_is_entered() -> None:
    usual = [row for row in rows() if not row.deep]
    assert set(COMMANDS) - {row.run.split()[0] for row in usual} == {"demo"}  # most of a minute
    assert {name for row in usual if row.everywhere for name in row.codes} == set(shapes())
