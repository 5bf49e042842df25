"""Verify as a person runs it: before against now, entry points, containers."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.support import NAMES, Command, Git, Shop, document

MAIN = """from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from shop.backend.core import stock


@asynccontextmanager
async def lifespan(app):
    for plugin in sorted(Path(__file__).with_name("plugins").glob("*.py")):
        app.add_api_route(f"/{plugin.stem}", stock.answer, name=plugin.stem)
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/health")
def health():
    return {"status": "healthy"}
"""
STOCK = "def answer():\n    return {}\n"
FILES = {
    "shop/backend/core/main.py": MAIN,
    "shop/backend/core/stock.py": STOCK,
    "shop/backend/core/plugins/orders.py": "",
    "shop/backend/core/plugins/users.py": "",
    "scripts/run.sh": "#!/bin/sh\npython -m uvicorn shop.backend.core.main:app --port 8000\n",
    "scripts/old.sh": "#!/bin/sh\npython -m uvicorn shop.backend.core.gone:app\n",
    "Dockerfile": "FROM python:3.12\nWORKDIR /app\nCOPY shop/backend/core /app/core\n"
    'CMD ["python", "-m", "uvicorn", "shop.backend.core.main:app"]\n',
    "unify-backend.toml": '[[packages]]\nlegacy = "shop_backend"\n'
    'canonical = "shop.backend.core"\n[verify]\ntimeout = 30\n',
}


@pytest.fixture
def served(shop: Shop) -> Path:
    return shop(dict(FILES))


def verify(command: Command, root: Path, *arguments: str) -> tuple[int, Any]:
    done = command(root, "verify", "--python", sys.executable, "--format", "json", *arguments)
    return done.code, document(done.out)


def test_routes_are_counted_after_start_up(served: Path, command: Command) -> None:
    code, found = verify(command, served, "--only", "application")
    (state,) = found["states"]
    assert state["startup"] == "ready"
    assert {"GET /health", "GET /orders", "GET /users"} <= set(state["routes"])
    assert state["openapi"] == {"paths": 3, "operations": 3}
    assert {one["path"]: one["status"] for one in state["health"]}["/health"] == 200
    assert code == 0


def test_a_loss_that_only_shows_after_start_up(served: Path, command: Command, git: Git) -> None:
    (served / "shop/backend/core/plugins/users.py").unlink()
    (served / "shop/backend/core/stock.py").write_text(STOCK + "import nothing_of_that_name\n")
    alone = "import types\n\nstock = types.SimpleNamespace(answer=lambda: {})"
    (served / "shop/backend/core/main.py").write_text(
        MAIN.replace("from shop.backend.core import stock", alone)
    )
    git(served, "add", "-A")
    git(served, "commit", "-q", "-m", "lose a plugin")
    code, found = verify(command, served, "--only", "application", "--before", "HEAD~1")
    lost = {(one["aspect"], one["name"]) for one in found["regressions"]}
    assert ("module", "shop.backend.core.stock") in lost
    assert ("path", "/users") in lost
    assert ("path", "/orders") not in lost
    assert code == 1
    text = command(
        served, "verify", "--python", sys.executable, "--only", "application", "--before", "HEAD~1"
    )
    assert "modules that import" in text.out
    assert "No module named 'nothing_of_that_name'" in text.out


def test_nothing_changed_is_no_regression(served: Path, command: Command, git: Git) -> None:
    before = git(served, "worktree", "list")
    code, found = verify(command, served, "--only", "application", "--before", "HEAD")
    assert (code, found["regressions"]) == (0, [])
    assert git(served, "worktree", "list") == before, "the temporary work tree is gone"
    assert git(served, "status", "--short") == ""


@pytest.mark.skipif(os.name == "nt", reason="the scripts are for a POSIX shell")
def test_entry_points_are_run(served: Path, command: Command) -> None:
    code, found = verify(command, served, "--only", "entry-points", "--only", "application")
    verdicts = {one["sources"][0]["path"]: one["verdict"] for one in found["entrypoints"]}
    assert verdicts["scripts/run.sh"] == "same"
    assert verdicts["scripts/old.sh"] in {"fails", "does not resolve"}
    assert code == 1


def test_containers_are_seen_without_docker(served: Path, command: Command) -> None:
    _, found = verify(command, served, "--only", "containers")
    (view,) = found["containers"]
    troubles = {one["trouble"] for one in view["findings"]}
    assert "command does not resolve in the image" in troubles
    assert view["context"]["files"] > 5


def test_the_legacy_side_and_its_root_cause(shop: Shop, command: Command) -> None:
    root = shop({"shop_backend/api.py": "import nothing_of_that_name\napp = object()\n"})
    done = command(
        root, "verify", *NAMES, "--side", "legacy", "--only", "application",
        "--python", sys.executable,
    )  # fmt: skip
    assert done.code == 1
    assert "2 × No module named 'nothing_of_that_name'" in done.out
    assert "shop_backend/api.py:1" in done.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--only", "nonsense"), "containers"),
        (("--side", "left"), "legacy"),
        (("--before", "no-such-revision"), "no-such-revision"),
    ],
)
def test_mistakes_are_named(
    served: Path, command: Command, arguments: tuple[str, ...], message: str
) -> None:
    done = command(served, "verify", "--python", sys.executable, *arguments)
    assert done.code == 2
    assert message in done.err


@pytest.mark.skipif(os.name == "nt", reason="the interpreter is a shell script")
def test_the_repositorys_environment_is_used_before_and_now(
    served: Path, command: Command, git: Git
) -> None:
    """Where nobody names an interpreter. One that notes how it was asked stands for it."""
    place = served / ".venv" / "bin"
    place.mkdir(parents=True)
    (served / ".venv" / "pyvenv.cfg").touch()
    log = served / ".venv" / "asked"
    python = place / "python"
    python.write_text(f'#!/bin/sh\necho "$PWD" >> "{log}"\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    asked = ("--only", "application", "--before", "HEAD")
    done = command(served, "verify", *asked)
    assert done.out.splitlines()[0].startswith("run by .venv/bin/python (Python 3.")
    assert done.out.splitlines()[0].endswith("the repository's .venv")
    folders = {Path(line).name for line in log.read_text().splitlines()}
    assert "tree" in folders, "the temporary work tree of the revision uses it, too"
    found = document(command(served, "verify", *asked, "--format", "json").out)
    assert found["interpreter"]["path"] == ".venv/bin/python"
    assert found["interpreter"]["source"] == "repository"
    assert not [one for one in found["regressions"] if one["aspect"] == "module"]
    side = ("--prefer", "canonical", "--date", "2026-01-31", "--before", "HEAD")
    rehearsed = command(served, "migrate", "--dry-run", *side)
    assert rehearsed.code in (0, 1), rehearsed.err
    assert "unify-copy-" in log.read_text(), "the copy of a dry run uses it, too"
