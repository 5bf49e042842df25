"""The command line itself: help, version, start-up, errors."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from unify_backend import __version__
from unify_backend.cli.app import COMMANDS, app_for

HEAVY = {"libcst", "git", "yaml", "deepdiff", "tree_sitter", "tomlkit"}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_help_shows_examples(name: str) -> None:
    done = CliRunner().invoke(app_for([]), [name, "--help"], env={"COLUMNS": "80"})
    assert done.exit_code == 0
    assert "Examples" in done.output
    assert max(map(len, done.output.splitlines())) <= 80


def test_version() -> None:
    done = CliRunner().invoke(app_for([]), ["--version"])
    assert (done.exit_code, done.output.strip()) == (0, f"unify-backend {__version__}")


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['unify-backend', '--version']\n"
        "from unify_backend.__main__ import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_an_unknown_option_is_a_usage_error(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "unify_backend", "inventory", "--nonsense"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "--nonsense" in done.stderr


def test_our_own_bug_keeps_its_traceback(tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv = ['unify-backend', 'inventory']\n"
        "from unify_backend.cli import session\n"
        "import unify_backend.cli.inventory as command\n"
        "def broken(common): raise ZeroDivisionError('on purpose')\n"
        "command.open_session = broken\n"
        "from unify_backend.__main__ import main\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env=_environment(tmp_path),
    )
    assert done.returncode == 70
    assert "on purpose" in done.stderr
    (log,) = tmp_path.glob("unify-backend-*.log")
    assert "ZeroDivisionError" in log.read_text("utf-8")


def _environment(folder: Path) -> dict[str, str]:
    import os

    return {**os.environ, "TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder)}
