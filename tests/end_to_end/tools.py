"""Programs of others, run for real: this tool on their path, a copy of the project to install."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from tests.effort import HANGING
from tests.end_to_end.support import IDENTITY, Ran, environment

ROOT = Path(__file__).parents[2]
EXPRESSION = "${{"


def on_path(folder: Path) -> dict[str, str]:
    """An environment in which `unify-backend` is found, whether or not it is installed."""
    folder.mkdir()
    script = folder / "unify-backend"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m unify_backend "$@"\n', "utf-8")
    script.chmod(0o755)
    (folder / "unify-backend.cmd").write_text(f'@"{sys.executable}" -m unify_backend %*\n', "utf-8")
    found = (str(folder), str(Path(sys.executable).parent), os.environ["PATH"])
    return {
        **environment(),
        "PYTHONPATH": str(ROOT),
        "PATH": os.pathsep.join(found),
        "PRE_COMMIT_HOME": str(folder / "pre-commit"),
        "PRE_COMMIT_COLOR": "never",
    }


def beside(name: str) -> str:
    """A program that was installed with the tests."""
    found = shutil.which(name, path=str(Path(sys.executable).parent))
    assert found, f"{name} is not installed: python -m pip install --group dev"
    return found


def run(command: Sequence[str], folder: Path, env: Mapping[str, str]) -> Ran:
    """A program to its end."""
    done = subprocess.run(
        command, cwd=folder, env=dict(env), capture_output=True, check=False, timeout=HANGING * 2
    )
    out, err = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
    return Ran(done.returncode, out.replace("\r\n", "\n"), err, done.stdout)


def project_copy(target: Path) -> Path:
    """What of the work tree is not ignored, committed in a repository of its own."""
    listed = subprocess.run(
        ["git", "ls-files", "-zco", "--exclude-standard", "--", *PACKAGED],
        cwd=ROOT,
        capture_output=True,
        check=True,
        env=environment(),
    )
    for name in listed.stdout.decode().split("\0")[:-1]:
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)
    for words in (["init", "-q"], ["add", "-A", "-f"], ["commit", "-q", "-m", "All"]):
        subprocess.run(["git", *IDENTITY, *words], cwd=target, check=True, env=environment())
    return target


PACKAGED = (
    "unify_backend",
    "fixtures/repositories",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    ".pre-commit-hooks.yaml",
    "action.yml",
)


def step(file: Path, *keys: str | int) -> dict[str, object]:
    """A part of a YAML file, with `on` as the word that it is."""
    found = yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader)
    for key in keys:
        found = found[key]
    assert isinstance(found, dict)
    return found


def filled_in(text: str, values: Mapping[str, str]) -> str:
    """A text of a workflow with its expressions replaced; one that is not known is a fault."""
    parts = text.split(EXPRESSION)
    made = [parts[0]]
    for part in parts[1:]:
        name, rest = part.split("}}", 1)
        made += [values[name.strip()], rest]
    return "".join(made)


def bash(script: str, folder: Path, env: Mapping[str, str]) -> Ran:
    """A step's script as GitHub's runner starts it with `shell: bash`."""
    place = folder.parent / "step.sh"
    place.write_text(script, "utf-8", newline="\n")
    words = [shutil.which("bash") or "bash", "--noprofile", "--norc", "-eo", "pipefail", str(place)]
    return run(words, folder, env)
