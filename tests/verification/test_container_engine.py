"""The container engine, as far as it can be had without one: a stand-in that answers as docker does
and writes down what it was asked."""

import os
import stat
import sys
from pathlib import Path

import pytest

from tests.effort import HANGING
from tests.verification.entry_support import MOVES, application, written
from tests.verification.test_container_views import DOCKERFILE
from unify_backend.model.entry_results import ContainerView, Verdict
from unify_backend.model.verify_settings import VerifySettings
from unify_backend.verification.containers.engine import LABEL, Engine, engine, run_in_engine
from unify_backend.verification.containers.view import container_views

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script with a shebang")
SETTINGS = VerifySettings(timeout=HANGING, env=(("MODE", "probe"),))
STAND_IN = """#!{python}
import http.server, json, os, pathlib, subprocess, sys

log = pathlib.Path(__file__).with_name("asked.json")
asked = json.loads(log.read_text()) if log.exists() else []
asked.append(sys.argv[1:])
log.write_text(json.dumps(asked))
mode, verb = {mode!r}, sys.argv[1]
if verb == "version":
    print("28.0" if mode != "absent" else "")
    sys.exit(mode == "absent")
if verb == "build" and mode == "unbuildable":
    print("ERROR: failed to solve: process did not complete", file=sys.stderr)
    sys.exit(1)
if verb == "run" and mode == "serves":
    port = sys.argv[sys.argv.index("--publish") + 1].split(":")[1]
    serve = pathlib.Path(__file__).with_name("page")
    serve.mkdir(exist_ok=True)
    child = subprocess.Popen([sys.executable, "-m", "http.server", port, "--directory", str(serve)],
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                             start_new_session=True)
    pathlib.Path(__file__).with_name("child").write_text(str(child.pid))
if verb == "inspect":
    print("true 0" if mode == "serves" else "false 1")
if verb == "logs":
    print("Traceback\\nModuleNotFoundError: No module named 'shop_logging'", file=sys.stderr)
if verb == "rm" and mode == "serves":
    import signal
    os.kill(int(pathlib.Path(__file__).with_name("child").read_text()), signal.SIGKILL)
"""


def stand_in(folder: Path, mode: str) -> str:
    file = folder / "docker"
    file.write_text(STAND_IN.format(python=sys.executable, mode=mode), encoding="utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(file)


def asked(folder: Path) -> list[list[str]]:
    import json

    found: list[list[str]] = json.loads((folder / "asked.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def view(tmp_path: Path) -> ContainerView:
    made = written(tmp_path / "repo", {**application(), "Dockerfile": DOCKERFILE})
    (one,) = container_views(tmp_path / "repo", made.paths, made.read, MOVES)
    return one


def test_no_engine_no_probe(tmp_path: Path) -> None:
    assert engine("not-a-container-engine") is None
    assert engine(stand_in(tmp_path, "absent")) is None
    assert engine(stand_in(tmp_path, "fails")) == Engine(str(tmp_path / "docker"), "28.0")


def test_a_container_that_ends_is_told_and_removed(tmp_path: Path, view: ContainerView) -> None:
    by = Engine(stand_in(tmp_path, "fails"), "28.0")
    result = run_in_engine(view, tmp_path / "repo", SETTINGS, by)
    assert result is not None
    assert result.verdict is Verdict.FAILS
    assert result.how == ("ModuleNotFoundError: No module named 'shop_logging'",)
    calls = asked(tmp_path)
    name = calls[0][calls[0].index("--tag") + 1]
    assert calls[0] == [
        "build", "--label", f"{LABEL}={name}", "--tag", name, "--file", "Dockerfile", ".",
    ]  # fmt: skip
    begun = calls[1]
    assert begun[:4] == ["run", "--detach", "--name", name]
    assert begun[-4:] == ["--entrypoint", "uvicorn", name, "shop.backend.core.main:app"]
    assert {"MODE=probe", "PYTHONPATH=/unify-backend-probe:/app"} <= set(begun)
    assert calls[-2:] == [["rm", "--force", "--volumes", name], ["rmi", "--force", name]]


def test_an_image_that_cannot_be_built(tmp_path: Path, view: ContainerView) -> None:
    by = Engine(stand_in(tmp_path, "unbuildable"), "28.0")
    result = run_in_engine(view, tmp_path / "repo", SETTINGS, by)
    assert result is not None
    assert result.verdict is Verdict.FAILS
    assert result.how[0].startswith("build: ")
    assert [one[0] for one in asked(tmp_path)] == ["build", "rm", "rmi"]


def test_a_container_that_serves(tmp_path: Path, view: ContainerView) -> None:
    by = Engine(stand_in(tmp_path, "serves"), "28.0")
    result = run_in_engine(view, tmp_path / "repo", SETTINGS, by)
    assert result is not None
    assert result.verdict is Verdict.RUNS
    assert result.served is not None
    assert result.served.answers[0].status == 200
    assert [one[0] for one in asked(tmp_path)][-2:] == ["rm", "rmi"]
