"""What is started for an entry point: interpreter, port, environment."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.verification.entry_support import application, entries
from unify_backend.model.verify_settings import VerifySettings
from unify_backend.verification.entrypoints.bootstrap import VARIABLE
from unify_backend.verification.entrypoints.files import Files
from unify_backend.verification.entrypoints.preparing import PreparedProgram, prepared
from unify_backend.verification.environment import interpreter

# The words behind the interpreter, `PORT` for the port that was chosen.
CASES = [
    ("python -m uvicorn shop_backend.main:app --reload --reload-dir shop_backend --port=1",
     "-m uvicorn shop_backend.main:app --host 127.0.0.1 --port PORT"),
    ("python -m uvicorn shop_backend.main:app --host 0.0.0.0 --workers 4 --log-level info",
     "-m uvicorn shop_backend.main:app --log-level info --host 127.0.0.1 --port PORT"),
    ("python -m gunicorn -w 4 -k uvicorn.workers.UvicornWorker -b :80 shop_backend.main:app -D",
     "-m gunicorn -k uvicorn.workers.UvicornWorker shop_backend.main:app --bind 127.0.0.1:PORT"),
    ("python -m hypercorn --reload -b 0.0.0.0:80 shop_backend.main:app",
     "-m hypercorn shop_backend.main:app --bind 127.0.0.1:PORT"),
    ("python -m waitress-serve --port=80 shop_backend.main:app",
     "-m waitress-serve shop_backend.main:app --listen=127.0.0.1:PORT"),
    ("python -m flask --app shop_backend.main run --debug -p 80",
     "-m flask --app shop_backend.main run --host 127.0.0.1 --port PORT"),
    ("python3.12 -u shop_backend/main.py", "-u shop_backend/main.py"),
    ("python -m arq shop_backend.start.WorkerSettings",
     "-m arq shop_backend.start.WorkerSettings"),
    ("python /srv/ann/shop/shop_backend/main.py", "{root}/shop_backend/main.py"),
]  # fmt: skip


def prepare(
    root: Path, files: dict[str, str], settings: VerifySettings
) -> tuple[PreparedProgram, bool]:
    files = {**application(), **files}
    (entry,) = entries(files)
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    with prepared(entry, root, Files(files, files.get), settings) as ready:
        folder = Path(ready.program.env["PYTHONPATH"].split(os.pathsep)[0])
        there = (folder / "sitecustomize.py").is_file()
    return ready, there and not folder.exists()


@pytest.mark.parametrize(("line", "words"), CASES, ids=[one[0] for one in CASES])
def test_words(tmp_path: Path, line: str, words: str) -> None:
    settings = VerifySettings(python=sys.executable)
    ready, _ = prepare(tmp_path, {"a.json": json.dumps({"a": {"command": line}})}, settings)
    expected = words.replace("PORT", str(ready.port)).replace("{root}", str(tmp_path))
    assert ready.program.argv == (sys.executable, *expected.split(" "))
    assert ready.unknown == ()


def test_environment_and_folder(tmp_path: Path) -> None:
    service = {
        "program": "python",
        "args": ["shop_backend/main.py"],
        "cwd": ".",
        "env": {"PYTHONPATH": "${workspaceFolder}", "SHOP_PORT": "1", "A": "found"},
    }
    settings = VerifySettings(python=sys.executable, env=(("A", "told"),), stubs=("m:f",))
    ready, gone = prepare(tmp_path, {"a.json": json.dumps({"a": service})}, settings)
    env = ready.program.env
    assert env["PYTHONPATH"].split(os.pathsep)[1:] == [str(tmp_path)]
    assert env["A"] == "told"
    assert env["SHOP_PORT"] == env["PORT"] == str(ready.port)
    assert json.loads(env[VARIABLE]) == {"stubs": ["m:f"], "port": ready.port}
    assert ready.program.cwd == tmp_path
    assert gone


def test_what_nobody_told_is_unknown(tmp_path: Path) -> None:
    line = "python -m uvicorn $APP_NAME shop_backend.main:app --port $PORT"
    settings = VerifySettings(python=sys.executable)
    ready, _ = prepare(tmp_path, {"a.json": json.dumps({"a": {"command": line}})}, settings)
    assert ready.unknown == ("$APP_NAME",)


def test_the_interpreter(tmp_path: Path) -> None:
    assert interpreter(None, tmp_path) == sys.executable
    assert interpreter(".venv/python", tmp_path) == str(tmp_path / ".venv" / "python")
    assert interpreter(sys.executable, tmp_path) == sys.executable
    assert interpreter("no-such-python", tmp_path) == "no-such-python"
    assert interpreter("git", tmp_path) == shutil.which("git")
