"""The README from top to bottom: its command lines, as they are written, in their order."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.end_to_end.support import environment
from tests.end_to_end.tools import ROOT, on_path
from tests.terminal import at_terminal

LINES = re.compile(r"^    (\S.*)$", re.MULTILINE)
ENDS = {  # with another exit code than 0, by the beginning of the line
    "unify-backend migrate --dry-run ": {1},  # it stops where the conflicts are
    "unify-backend merge --dry-run ": {1},
    "unify-backend merge  ": {1},
    "unify-backend shim --check": {0, 1},  # more probes run where more is installed
    "unify-backend verify": {0, 1},  # likewise, and what was broken before is a finding
}
SLOW = ("unify-backend shim --check", "unify-backend verify")  # they only read


def lines() -> list[str]:
    """The command lines of "Use it"."""
    text = (ROOT / "README.md").read_text("utf-8")
    section = text.split("\n## Use it\n", 1)[1].split("\n## ", 1)[0]
    return LINES.findall(section.split("\n```", 1)[0])


@pytest.mark.skipif(os.name == "nt", reason="the lines are for a POSIX shell")
@pytest.mark.parametrize(
    "left_out", [SLOW, pytest.param((), marks=pytest.mark.deep)], ids=["quick", "whole"]
)
def test_it_runs_from_top_to_bottom(left_out: tuple[str, ...], built: Path, tmp_path: Path) -> None:
    root = shutil.copytree(built, tmp_path / "repository", symlinks=True)
    env = on_path(tmp_path / "bin")
    for name, value in (("user.name", "T"), ("user.email", "t@example.org")):
        subprocess.run(["git", "config", name, value], cwd=root, check=True, env=environment())
    if shutil.which("less") is None:
        (tmp_path / "bin" / "less").write_text('#!/bin/sh\nexec cat "$@"\n', "utf-8")
        (tmp_path / "bin" / "less").chmod(0o755)
    for line in lines():
        if line.startswith(left_out):
            continue
        wanted = next((codes for begin, codes in ENDS.items() if line.startswith(begin)), {0})
        code, said = run(line, root, env)
        assert code in wanted, f"$ {line}\nexit {code}\n{said}"


def run(line: str, root: Path, env: Mapping[str, str]) -> tuple[int, str]:
    """The exit code of a line in a shell, and all that it printed; `review` has a person."""
    command = ["bash", "-e", "-o", "pipefail", "-c", line]
    if line.startswith("unify-backend review"):
        return at_terminal(command, root, env, [b"q"])
    done = subprocess.run(
        command, cwd=root, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    return done.returncode, (done.stderr + done.stdout).decode("utf-8", "replace")


def test_every_command_is_shown() -> None:
    from unify_backend.cli.app import COMMANDS

    shown = {line.split()[1] for line in lines() if line.startswith("unify-backend ")}
    assert shown == set(COMMANDS) - {"demo"}


def test_every_exception_is_for_a_line() -> None:
    for begin in (*ENDS, *SLOW):
        assert any(line.startswith(begin) for line in lines()), begin
