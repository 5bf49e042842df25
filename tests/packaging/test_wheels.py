"""Wheels before and after a rename hold the same, but for the move: built by the back ends."""

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from filelock import FileLock

from tests.end_to_end.support import environment
from tests.packaging.projects import SAMPLES

BACKENDS = tuple(
    """setuptools>=77 wheel flit_core>=3.9 hatchling>=1.25 poetry-core>=2 pdm-backend>=2.4
    uv_build>=0.8 pbr>=6.1.1 scikit-build-core>=0.10""".split()
)
BUILT_HERE = ("setuptools, mapped list", "setup.py, find")


# Each project into a package, which is the harder; every fourth to another plain name as well.
TARGETS = [
    *((name, "acme.lamp") for name in SAMPLES),
    *((name, "torch_light") for name in list(SAMPLES)[::4]),
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of the repository."""
    folder = tmp_path / "there"
    folder.mkdir()
    return folder


def _run(folder: Path, *command: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
        env=environment() | {"PBR_VERSION": "1"},
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _git(folder: Path, *words: str) -> list[str]:
    identity = ("-c", "user.name=T", "-c", "user.email=t@example.org")
    return _run(folder, "git", *identity, *words).splitlines()


def _make(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8", newline="")
    _git(root, "init", "-q", "-b", "main")
    _git(root, "add", "-A")
    _git(root, "commit", "-q", "-m", "All")


def _rename(root: Path, canonical: str) -> list[str]:
    """Renames lamp and commits it; what `rename` says about the build."""
    words = ("rename", "lamp", canonical, "--no-verify", "--format", "json")
    output = _run(root, sys.executable, "-m", "unify_backend", *words)
    _git(root, "add", "-A")
    _git(root, "commit", "-q", "-m", "Renamed")
    return [note["fact"] for note in json.loads(output)["advice"]]


def _expected(before: list[str], after: list[str], canonical: str) -> list[str]:
    """What the wheel has to hold: what it held, moved, with the packages made above."""
    folder = canonical.replace(".", "/")
    moved = [
        folder + path.removeprefix("lamp")
        if path == "lamp.py" or path.startswith("lamp/")
        else path
        for path in before
    ]
    above = [path for path in after if folder.startswith(path.removesuffix("__init__.py"))]
    return sorted({*moved, *(path for path in above if path.endswith("/__init__.py"))})


@pytest.mark.skipif(
    importlib.util.find_spec("setuptools") is None, reason="setuptools is not installed here"
)
@pytest.mark.parametrize("name", BUILT_HERE)
def test_setuptools_builds_the_same(name: str, root: Path) -> None:
    """Without a wheel, by the setuptools that is there."""

    def built(target: str) -> list[str]:
        script = "import setuptools; setuptools.setup()"
        if (root / "setup.py").exists():
            script = "import runpy; runpy.run_path('setup.py')"
        out = root.parent / target
        _run(root, sys.executable, "-c", script, "-q", "build", "--build-lib", str(out))
        return sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())

    _make(root, SAMPLES[name].files("acme"))
    before = built("before")
    assert before
    _rename(root, "acme.lamp")
    after = built("after")
    assert after == _expected(before, after, "acme.lamp")
    assert "acme/__init__.py" in after


@pytest.fixture(scope="session")
def builder() -> Path:
    """The interpreter of an environment with all back ends, made once and kept in the cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    key = hashlib.sha256(f"{sys.version}{BACKENDS}".encode()).hexdigest()[:12]
    folder = cache / "unify-backend-tests" / f"backends-{key}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):  # every process that runs tests wants it at once
        _install(folder, python)
    return python


def _install(folder: Path, python: Path) -> None:
    if not (folder / "ready").exists():
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "install", "-q", *BACKENDS]
        done = subprocess.run(pip, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"the back ends cannot be installed: {done.stderr[-200:]}")
        (folder / "ready").write_text("", "utf-8")


def _wheel(python: Path, root: Path, out: Path) -> list[str]:
    """The files of the wheel that pip builds of a clean copy of the repository."""
    copy = out.with_name(f"{out.name}-copy")
    _run(root, "git", "clone", "-q", str(root), str(copy))
    path = os.pathsep.join((str(python.parent), os.environ["PATH"]))
    pip = (str(python), "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation")
    done = subprocess.run(
        [*pip, "-w", str(out), str(copy)],
        capture_output=True,
        text=True,
        check=False,
        env=environment() | {"PBR_VERSION": "1", "PATH": path},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        names = [name for name in opened.namelist() if not name.endswith("/")]
    return sorted(name for name in names if ".dist-info/" not in name)


@pytest.mark.deep
@pytest.mark.parametrize(("name", "canonical"), TARGETS)
def test_the_wheel_holds_the_same(name: str, canonical: str, root: Path, builder: Path) -> None:
    _make(root, SAMPLES[name].files("acme"))
    before = _wheel(builder, root, root.parent / "before")
    assert any(path.startswith("lamp") for path in before)
    advice = _rename(root, canonical)
    after = _wheel(builder, root, root.parent / "after")
    assert after == _expected(before, after, canonical)
    assert not advice
