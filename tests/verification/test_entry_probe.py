"""Entry points run for real: uvicorn on the loopback interface, workers, scripts."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.effort import HANGING
from tests.verification.entry_support import MOVES, STUBS, application, bench, entries
from unify_backend.model.boots import Answer, Boot, BootState, Operation
from unify_backend.model.entry_results import EntryResult, ServedOperations, Verdict
from unify_backend.model.settings import EntryPoint as Configured
from unify_backend.model.verify_settings import VerifySettings
from unify_backend.verification.entrypoints.comparison import differences
from unify_backend.verification.entrypoints.find import find_entry_points
from unify_backend.verification.entrypoints.probe import probe_entry

posix = pytest.mark.skipif(os.name == "nt", reason="a shell script")


def ran(root: Path, more: dict[str, str], **changes: object) -> EntryResult:
    """The result of the one entry point that `more` adds to the application."""
    files = {**application(), **more}
    (entry,) = entries(files)
    return probe_entry(entry, bench(root, files, **changes))


def launched(*words: str, folder: str = ".", **env: str) -> dict[str, str]:
    service = {"program": words[0], "args": list(words[1:]), "cwd": folder, "env": env}
    return {"services.json": json.dumps({"api": service})}


def test_a_server_serves_after_its_start_up(tmp_path: Path) -> None:
    words = ("python", "-m", "uvicorn", "shop_backend.main:app", "--port", "1", "--reload")
    result = ran(tmp_path, launched(*words))
    assert result.verdict is Verdict.RUNS, result
    assert result.served is not None
    # /items is there after the start-up only, and the start-up needs the stub.
    assert result.served.operations == ("GET /", "GET /health", "GET /items")
    assert [(one.path, one.status) for one in result.served.answers] == [
        ("/", 200),
        ("/health", 200),
        ("/ready", 404),
    ]


def test_without_the_stub_the_reason_is_told(tmp_path: Path) -> None:
    settings = VerifySettings(python=sys.executable, timeout=HANGING)
    words = ("python", "-m", "uvicorn", "shop_backend.main:app")
    result = ran(tmp_path, launched(*words), settings=settings)
    assert result.verdict is Verdict.FAILS
    assert result.how == ("RuntimeError: no database here",)
    assert "Traceback" in result.output


def test_same_and_different(tmp_path: Path) -> None:
    words = ("python", "-m", "uvicorn", "shop.backend.core.main:app")
    first = ran(tmp_path, launched(*words))
    assert ran(tmp_path, launched(*words), reference=first.served).verdict is Verdict.SAME
    assert first.served is not None
    assert first.served.operations is not None
    more = replace(first.served, operations=(*first.served.operations, "GET /orders"))
    again = ran(tmp_path, launched(*words), reference=more)
    assert again.verdict is Verdict.DIFFERENT
    assert again.how == ("1 operation gone: GET /orders",)


def test_a_script_finds_its_server_only_in_its_folder(tmp_path: Path) -> None:
    script = launched("python", "shop_backend/main.py", PYTHONPATH=".")
    assert ran(tmp_path, script).verdict is Verdict.RUNS
    module = launched("python", "-m", "shop_backend.main")
    result = ran(tmp_path, module)
    assert result.verdict is Verdict.FAILS
    assert 'Could not import module "main"' in result.how[0]
    assert result.resolution.problems
    assert '"main:app"' in result.resolution.problems[0]


def test_from_within_the_folder(tmp_path: Path) -> None:
    words = ("python", "-m", "uvicorn", "main:app")
    alone = ran(tmp_path, launched(*words, folder="shop_backend"))
    assert alone.how == ("ModuleNotFoundError: No module named 'shop_backend'",)
    helped = ran(tmp_path, launched(*words, folder="shop_backend", PYTHONPATH=".."))
    assert helped.verdict is Verdict.RUNS, helped


def test_exited_without_serving(tmp_path: Path) -> None:
    files = {**application(), "shop_backend/main.py": "from shop.backend.core.main import app\n"}
    files |= launched("python", "shop_backend/main.py", PYTHONPATH=".")
    (entry,) = entries(files)
    result = probe_entry(entry, bench(tmp_path, files))
    assert (result.verdict, result.how) == (Verdict.FAILS, ("exited 0 without serving",))
    assert result.finding


def test_ports_in_variables(tmp_path: Path) -> None:
    own = """
import http.server, os
class app(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"{}")
    def log_message(self, *a): ...
if __name__ == "__main__":
    server = http.server.HTTPServer(("127.0.0.1", int(os.environ["SHOP_PORT"])), app)
    app.run = lambda: server.serve_forever()
    app.run()
"""
    files = {"shop_backend/serve.py": own, "shop_backend/__init__.py": ""}
    files |= launched("python", "shop_backend/serve.py", SHOP_PORT="8000")
    (entry,) = entries(files)
    result = probe_entry(entry, bench(tmp_path, files))
    assert result.verdict is Verdict.RUNS, result
    assert result.served is not None
    assert result.served.operations is None


def test_the_persons_own_sitecustomize_still_runs(tmp_path: Path) -> None:
    files = {
        "own/sitecustomize.py": "import sys\nsys.own = 'here'\n",
        "shop_backend/__init__.py": "",
        "shop_backend/tell.py": "import os, sys, pathlib\n"
        "assert sys.own == 'here'\n"
        "file = pathlib.Path(sys.modules['sitecustomize'].__file__)\n"
        "assert file.parent.name == 'own'\n"
        "assert not any((pathlib.Path(one) / 'sitecustomize.py').exists()\n"
        "               for one in sys.path if not one.endswith('own'))\n",
    }
    files |= launched("python", "shop_backend/tell.py", PYTHONPATH="own")
    (entry,) = entries(files)
    result = probe_entry(entry, bench(tmp_path, files))
    assert result.verdict is Verdict.RUNS, result.output


def test_workers(tmp_path: Path) -> None:
    worker = "import time\ndef run_worker(): {}\nif __name__ == '__main__':\n    run_worker()\n"
    files = {
        "shop_backend/__init__.py": "",
        "shop_backend/lives.py": worker.format("time.sleep(600)"),
        "shop_backend/dies.py": worker.format("raise ValueError('no queue name')"),
        "shop_backend/ends.py": worker.format("pass"),
        "shop_backend/alone.py": worker.format("raise ConnectionRefusedError(111, 'redis')"),
    }
    names = ("lives", "dies", "ends", "alone")
    files["a.json"] = json.dumps([{"id": one, "module": f"shop_backend.{one}"} for one in names])
    results = {}
    for one in entries(files):
        name = one.start.module.rpartition(".")[2]
        alive = 1.0 if name == "lives" else HANGING  # the others end, however long that takes
        results[name] = probe_entry(one, bench(tmp_path, files, alive=alive))
    assert results["lives"].verdict is Verdict.RUNS
    assert results["dies"].how == ("ValueError: no queue name",)
    assert results["ends"].how == ("exited 0 without working",)
    assert results["alone"].verdict is Verdict.RESOLVES


def test_what_is_not_installed_says_nothing_about_the_entry_point(tmp_path: Path) -> None:
    files = {"shop_backend/__init__.py": "", "shop_backend/job.py": "import not_there_at_all\n"}
    files |= launched("python", "-m", "shop_backend.job")
    (entry,) = entries(files)
    result = probe_entry(entry, bench(tmp_path, files))
    assert result.verdict is Verdict.CANNOT_RUN
    assert result.how == ("not_there_at_all is not installed in this environment",)


def test_scripts(tmp_path: Path) -> None:
    files = {
        "shop_backend/__init__.py": "",
        "shop_backend/seed.py": "import sys\nprint(sys.argv[1])\n",
        "shop_backend/slow.py": "import time\ntime.sleep(600)\n",
        "a.json": '[{"id": "1", "command": "python shop_backend/seed.py all"},'
        '{"id": "2", "command": "python shop_backend/seed.py"},'
        '{"id": "3", "command": "python shop_backend/slow.py"},'
        '{"id": "4", "command": "python shop_backend/gone.py"},'
        '{"id": "5", "command": "python shop_backend/seed.py $WHICH"}]',
    }
    limits = {"a.json 3": 2}
    verdicts = {}
    for one in entries(files):
        limit = limits.get(one.name, HANGING)
        settings = VerifySettings(python=sys.executable, timeout=limit)
        verdicts[one.name] = probe_entry(one, bench(tmp_path, files, settings=settings))
    assert verdicts["a.json 1"].verdict is Verdict.RUNS
    assert verdicts["a.json 2"].how == ("IndexError: list index out of range",)
    assert verdicts["a.json 3"].how == ("not done after 2 s",)
    assert verdicts["a.json 4"].verdict is Verdict.BROKEN
    assert verdicts["a.json 5"].how == ("$WHICH is only known to whoever runs it",)


@posix
def test_batch_files_are_resolved_elsewhere(tmp_path: Path) -> None:
    good = ran(tmp_path, {"start.bat": "set PYTHONPATH=%~dp0\npython shop_backend\\main.py\n"})
    assert (good.verdict, good.how) == (Verdict.RESOLVES, ("written for Windows",))
    bad = ran(tmp_path, {"start.bat": "python -m uvicorn shop_backend.web:app\n"})
    assert bad.verdict is Verdict.BROKEN
    assert bad.how == ("module shop_backend.web does not exist (shop_backend does)",)


def test_only_what_lasts_is_compared() -> None:
    before = ServedOperations(
        ("GET /",), (Answer("/", 200, '{"a": 1, "time": 5, "n": {"pid": 1}}'),)
    )
    after = ServedOperations(
        ("GET /",), (Answer("/", 200, '{"a": 1, "time": 9, "n": {"pid": 2}}'),)
    )
    assert not list(differences(after, before))
    other = ServedOperations(None, (Answer("/", 503, ""),))
    assert list(differences(other, before)) == [
        "no OpenAPI document, 1 operation expected",
        "GET /: 503 instead of 200",
    ]
    body = ServedOperations(("GET /",), (Answer("/", 200, '{"a": 2, "time": 1, "n": {"pid": 1}}'),))
    assert list(differences(body, before)) == ["GET /: a: 1 → 2"]
    assert list(differences(body, before, masks=("a",))) == []
    silent = ServedOperations(("GET /",), (Answer("/", None, "", "refused"),))
    assert list(differences(silent, before)) == ["GET /: no answer, 200 expected"]
    assert list(differences(before, silent)) == []


def test_a_boot_is_a_reference() -> None:
    operations = (Operation("/b", "get"), Operation("/a", "post"))
    answers = (Answer("/", 200, "{}"), Answer("/ready", None, error="refused"))
    boot = Boot("m:app", "fastapi", BootState.READY, operations=operations, answers=answers)
    reference = ServedOperations.of(boot)
    assert reference is not None
    same = ServedOperations(("GET /b", "POST /a"), (Answer("/", 200, "{}"),))
    assert list(differences(same, reference)) == []
    assert list(differences(ServedOperations(("GET /b",), same.answers), reference)) == [
        "1 operation gone: POST /a"
    ]
    assert ServedOperations.of(Boot("m:app", "fastapi", BootState.FAILED)) is None


def test_a_configured_command_is_run_as_it_is(tmp_path: Path) -> None:
    files = {**application(), "serve.py": "import uvicorn, sys\n"
             "uvicorn.run('shop_backend.main:app', port=int(sys.argv[1]))\n"}  # fmt: skip
    configured = Configured("mine", f"{sys.executable} serve.py {{port}}")
    (entry,) = find_entry_points(files.get, files, MOVES, [configured])
    result = probe_entry(entry, bench(tmp_path, files))
    assert (entry.name, result.verdict) == ("mine", Verdict.RUNS), result
    broken = Configured("mine", "no-such-program-at-all --port {port}")
    (entry,) = find_entry_points(files.get, files, MOVES, [broken])
    assert probe_entry(entry, bench(tmp_path, files)).verdict is Verdict.CANNOT_RUN


def test_nothing_is_written_into_the_repository(tmp_path: Path) -> None:
    words = ("python", "-m", "uvicorn", "shop_backend.main:app")
    ran(tmp_path, launched(*words))
    there = {one.relative_to(tmp_path).as_posix() for one in tmp_path.rglob("*") if one.is_file()}
    assert there == {*application(), "services.json"}
    assert STUBS
