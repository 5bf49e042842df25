"""What the end-to-end tests share: types, names, and the environment to run in."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema

CASE = Path(__file__).parents[2] / "fixtures" / "repositories" / "pixsim7"
IDENTITY = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
NAMES = ("--legacy", "shop_backend", "--canonical", "shop.backend.core")


TREES = {
    "shop_backend/__init__.py": "",
    "shop_backend/main.py": "from shop_backend.api import app\n",
    "shop_backend/api.py": "app = object()\n",
    "shop/__init__.py": "",
    "shop/backend/__init__.py": "",
    "shop/backend/core/__init__.py": "",
    "shop/backend/core/main.py": "from shop.backend.core.api import app\n",
    "shop/backend/core/api.py": "app = object()\n",
}


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str
    raw: bytes


Command = Callable[..., Ran]
Git = Callable[..., str]
Shop = Callable[..., Path]


def document(text: str) -> Any:
    """A JSON result that keeps its contract."""
    parsed = json.loads(text)
    name = parsed["schema"].split("/")[1]
    schema = resources.files("unify_backend.reporting") / "schemas" / f"{name}.json"
    jsonschema.validate(parsed, json.loads(schema.read_text("utf-8")))
    return parsed


def environment() -> dict[str, str]:
    """Without the settings of whoever runs the tests."""
    active = ("VIRTUAL_ENV", "CONDA_PREFIX", "CONDA_DEFAULT_ENV")
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_") and k not in active}
    return {**kept, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "NO_COLOR": "1"}


def python(root: Path, program: str) -> str:
    """What a program prints that runs in the folder `root`, and that has to end well."""
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=root, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def lay_out(root: Path, files: Mapping[str, str], git: Git) -> Path:
    """Writes the files, commits them in a new repository at `root`, and returns it."""
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, "utf-8", newline="")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "All")
    return root
