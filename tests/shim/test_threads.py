"""Threads that import by the old name for the first time, with the moment in which they meet made
long enough for all of them to come."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shim.support import carry_out, interpreters, laid, planned
from tests.shim.test_layouts import LAYOUTS

MEETING = """
import importlib, os, sys, threading, time, warnings
warnings.simplefilter("ignore")
end, names = sys.argv[1], sys.argv[2:]
begun, held = threading.Event(), []
def hook(event, args):
    if event == "exec" and not held:
        if getattr(args[0], "co_filename", "").replace("\\\\", "/").endswith(end):
            held.append(1)
            begun.set()
            time.sleep(0.3)
sys.addaudithook(hook)
errors, found = [], {}
def work(number, name):
    if number:
        begun.wait(20)
    try:
        found[number] = importlib.import_module(name)
    except BaseException as error:
        errors.append("%s: %r" % (name, error))
workers = [threading.Thread(target=work, args=one, daemon=True) for one in enumerate(names)]
for one in workers: one.start()
for one in workers: one.join(60)
if any(one.is_alive() for one in workers): errors.append("a thread hangs")
for number, module in found.items():
    if module is not sys.modules[names[number]]: errors.append(names[number] + ": another module")
sys.stdout.write("; ".join(errors) or "met" if held else "nobody met")
sys.stdout.flush()
os._exit(0)
"""
NAMES = ("deep.models", "deep.kinds", "run", "deep")


def meet(python: str, root: Path, legacy: str, folder: str) -> str:
    variables = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    path = os.pathsep.join([str(root), str(root / "src")])
    names = [legacy, *(f"{legacy}.{name}" for name in (*NAMES, *NAMES))]
    return subprocess.run(
        [python, "-c", MEETING, f"{folder}/__init__.py", *names],
        cwd=root,
        env={**variables, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    ).stdout


@pytest.mark.parametrize("python", interpreters().values(), ids=map(str, interpreters()))
@pytest.mark.parametrize(
    "name", ["src for both", "canonical inside legacy", "a canonical namespace"]
)
def test_all_of_them_get_their_module(name: str, python: str, tmp_path: Path) -> None:
    files, moves = LAYOUTS[name]
    root = laid(tmp_path / "it", files)
    carry_out(root, planned(root, moves))
    for move in moves:
        assert meet(python, root, move.legacy, move.legacy_path) == "met"


@pytest.mark.parametrize("name", LAYOUTS)
def test_in_every_layout(name: str, tmp_path: Path) -> None:
    files, moves = LAYOUTS[name]
    root = laid(tmp_path / "it", files)
    carry_out(root, planned(root, moves))
    for move in moves:  # what lies inside another is forwarded by that one's file
        around = [other for other in moves if f"{move.legacy}.".startswith(f"{other.legacy}.")]
        outer = min(around, key=lambda other: len(other.legacy))
        assert meet(sys.executable, root, move.legacy, outer.legacy_path) == "met"


LAZY = """
import importlib.util, sys, warnings
warnings.simplefilter("ignore")
spec = importlib.util.find_spec("old.deep.kinds")
spec.loader = importlib.util.LazyLoader(spec.loader)
module = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = module
spec.loader.exec_module(module)
assert module.Kind.__name__ == "Kind"
import new.deep.kinds
assert new.deep.kinds is module and module.__spec__.name == module.__name__ == "new.deep.kinds"
assert module.__loader__ is module.__spec__.loader
"""
FINDER = """
import importlib.util, sys, warnings
warnings.simplefilter("ignore")
import old.deep
warnings.simplefilter("error")
before = set(sys.modules)
assert importlib.util.find_spec("old.deep.kinds").origin.endswith("kinds.py")
assert importlib.util.find_spec("old.nothing") is None
assert set(sys.modules) == before, "a finder is asked under the lock of all imports"
"""


@pytest.mark.parametrize("code", [LAZY, FINDER], ids=["lazy", "found"])
def test_a_finder_only_finds(code: str, tmp_path: Path) -> None:
    files, moves = LAYOUTS["src for both"]
    root = laid(tmp_path / "it", files)
    carry_out(root, planned(root, moves))
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root / "src",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


def test_the_file_of_a_module_is_no_script(tmp_path: Path) -> None:
    files, moves = LAYOUTS["src for both"]
    root = laid(tmp_path / "it", files)
    carry_out(root, planned(root, moves))
    done = subprocess.run(
        [sys.executable, "src/old/deep/kinds.py"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "run python -m new.deep.kinds" in done.stderr
