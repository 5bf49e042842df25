"""A machine on which nothing but the wheel is installed: interpreters, environments, shapes."""

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from filelock import FileLock

from tests.end_to_end.support import IDENTITY, environment

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
WINDOWS = os.name == "nt"
_OFFLINE = ("connection broken", "NewConnectionError", "ConnectTimeout", "name resolution")
_OURS = ("PYTHON", "VIRTUAL_ENV", "UNIFY_", "PYTEST_", "COVERAGE_")


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python that was found on this machine."""

    version: str
    program: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of repository: `commits` are sets of files, `names` the words of the command line; by
    default a `lean` one has only what runs everywhere, and a `plain` one what runs in few, too."""

    name: str
    names: str
    commits: Sequence[Mapping[str, str | None]]
    git: bool = True
    lean: bool = False
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A command line, and the exit codes that it may end with in each shape."""

    run: str
    codes: Mapping[str, frozenset[int]]
    keys: str = ""
    everywhere: bool = False
    few: bool = False
    deep: bool = False

    def arguments(self, shape: Shape) -> list[str]:
        _, old, _, new, *_ = shape.names.split()
        return shlex.split(self.run.format(names=shape.names, old=old, new=new))


@cache
def interpreters() -> tuple[Interpreter, ...]:
    """Every version that starts, oldest first: the one that runs the tests, `PYTHON`, those on the
    path, those that pyenv keeps."""
    asked = [sys.executable, os.environ.get("PYTHON", "")]
    kept = Path.home() / ".pyenv" / "versions"
    found: dict[str, str] = {}
    for version in VERSIONS:
        candidates = [shutil.which(f"python{version}") or ""]
        candidates += [str(one) for one in sorted(kept.glob(f"{version}.*/bin/python"))]
        for program in filter(None, [*asked, *candidates]):
            if version not in found and (real := _started(program, version)):
                found[version] = real
    return tuple(Interpreter(version, program) for version, program in found.items())


@cache
def _started(program: str, version: str) -> str | None:
    """The interpreter itself, behind environments and pyenv's scripts; None where it is another
    version or does not start."""
    code = "import sys; print('%d.%d' % sys.version_info[:2], sys._base_executable, sep='\\n')"
    try:
        done = subprocess.run(
            [program, "-I", "-c", code], capture_output=True, cwd=HERE, timeout=60, check=False
        )
    except OSError:
        return None
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    return lines[1] if done.returncode == 0 and lines[:1] == [version] else None


@cache
def shapes() -> Mapping[str, Shape]:
    """The repositories of shapes.yml by name."""
    found = {}
    for entry in yaml.safe_load((HERE / "shapes.yml").read_text("utf-8")):
        entry.pop("why")
        found[entry["name"]] = Shape(**entry)
    return found


@cache
def rows() -> tuple[Row, ...]:
    """The command lines of commands.yml."""
    document = yaml.safe_load((HERE / "commands.yml").read_text("utf-8"))
    return tuple(_row(entry) for entry in document["rows"])


def _row(entry: dict[str, Any]) -> Row:
    wanted = entry.pop("shapes", list(shapes()))
    usual, others = entry.pop("exit"), entry.pop("but", {})
    unknown = {*wanted, *others} - set(shapes())
    assert not unknown, f"commands.yml names no shape of shapes.yml: {unknown}"
    codes = {name: _codes(others.get(name, usual)) for name in wanted}
    return Row(codes=codes, **entry)


def _codes(value: int | list[int]) -> frozenset[int]:
    return frozenset([value] if isinstance(value, int) else value)


def build(shape: Shape, root: Path) -> Path:
    """The repository of a shape in the missing folder `root`."""
    root.mkdir(parents=True)
    steps = [["init", "-q", "-b", "main"]] if shape.git else []
    for words in steps:
        _git(root, *words)
    for files in shape.commits:
        for path, text in files.items():
            place = root / path
            if text is None:
                place.unlink()
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode("utf-8"))
        if shape.git:
            _git(root, "add", "-A")
            _git(root, "commit", "-q", "-m", "Work")
    return root


def _git(root: Path, *words: str) -> None:
    subprocess.run(["git", *IDENTITY, *words], cwd=root, check=True, env=environment())


def contents(root: Path) -> dict[str, bytes]:
    """Every file that is not this tool's or git's record."""
    return {
        place.relative_to(root).as_posix(): place.read_bytes()
        for place in root.rglob("*")
        if place.is_file() and not {".git", ".unify-backend"} & set(place.parts)
    }


@dataclass(frozen=True, slots=True)
class Installation:
    """An environment that holds the wheel and what the wheel asks for, and nothing else."""

    interpreter: Interpreter
    folder: Path

    @property
    def scripts(self) -> Path:
        return self.folder / ("Scripts" if WINDOWS else "bin")

    @property
    def python(self) -> str:
        return str(self.scripts / ("python.exe" if WINDOWS else "python"))

    @property
    def tool(self) -> str:
        return str(self.scripts / ("unify-backend.exe" if WINDOWS else "unify-backend"))

    def environment(self, home: Path) -> dict[str, str]:
        """What a person's shell gives, without a trace of the environment that runs the tests."""
        mine = Path(sysconfig.get_path("scripts")).resolve()
        kept = {k: v for k, v in environment().items() if not k.upper().startswith(_OURS)}
        path = [one for one in kept["PATH"].split(os.pathsep) if Path(one).resolve() != mine]
        places = dict.fromkeys(("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP"), str(home))
        search = os.pathsep.join([str(self.scripts), *path])
        # typer asks the processes above for their shell, and there need be none.
        named = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
        return {**kept, **places, **named, "PATH": search, "TERM": "xterm", "COLUMNS": "120"}

    def ask(self, code: str) -> str:
        """What a program prints in this environment, away from any work tree."""
        done = subprocess.run(
            [self.python, "-I", "-c", code],
            cwd=self.folder, capture_output=True, check=False, env=self.environment(self.folder),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
        return done.stdout.decode("utf-8")


@dataclass(frozen=True, slots=True)
class Machine:
    """Builds the wheel and each environment once, also where several processes run the tests."""

    folder: Path

    def wheel(self) -> Path:
        """The wheel of this work tree."""
        target = self.folder / "wheel"
        self._once(target, lambda: _pip("wheel", "--no-deps", "-w", str(target), str(ROOT)))
        (built,) = target.glob("*.whl")
        return built

    def installed(self, interpreter: Interpreter) -> Installation:
        """The wheel in an empty environment of an interpreter, with what it declares."""
        wheel, target = self.wheel(), self.folder / interpreter.version
        done = Installation(interpreter, target)

        def install() -> str:
            words = [interpreter.program, "-m", "venv", "--without-pip", str(target)]
            subprocess.run(words, check=True, env=environment())
            return _pip("--python", done.python, "install", str(wheel))

        self._once(target, install)
        return done

    def _once(self, target: Path, make: Callable[[], str]) -> None:
        """Makes it unless somebody has; skips or fails where it could not be made, every time."""
        stamp = target.with_name(f"{target.name}.made")
        with FileLock(f"{stamp}.lock"):
            if not stamp.exists():
                stamp.write_text(make(), "utf-8")
            trouble = stamp.read_text("utf-8")
        if trouble and not os.environ.get("CI") and any(word in trouble for word in _OFFLINE):
            pytest.skip("no package index can be reached, so nothing can be installed afresh")
        if trouble:
            pytest.fail(trouble, pytrace=False)


def _pip(*words: str) -> str:
    """Runs pip; returns what went wrong, or nothing."""
    shared = ("--quiet", "--disable-pip-version-check", "--no-input", "--retries", "1")
    done = subprocess.run(
        [sys.executable, "-m", "pip", *shared, *words],
        capture_output=True, check=False, env=environment(),
    )  # fmt: skip
    said = done.stderr.decode("utf-8", "replace")
    return "" if done.returncode == 0 else f"pip {' '.join(words)}\n{said}"
