"""Renames public packages, builds the result and runs the package's own tests on it.

    python benchmarks/rename_packages.py NAME CLONE

NAME is one of those in rename_packages.toml; CLONE a clone (bare or not) of the repository that it
names. The package is tested as it is; then `unify-backend rename OLD NEW` is run and nothing else;
its wheel is built, looked into and installed into a new environment, every module of it is
imported, and the same tests run there. Prints one row of the table in rename-packages.md. POSIX.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
import venv
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
WALK = """
import importlib, pkgutil, sys
root = importlib.import_module(sys.argv[1])
names = [sys.argv[1]] + [m.name for m in pkgutil.walk_packages(root.__path__, sys.argv[1] + ".")]
good = 0
for name in names:
    try:
        importlib.import_module(name)
        good += 1
    except (Exception, SystemExit) as error:  # a setup.py inside the package exits
        print(name, repr(error), file=sys.stderr)
print(good, len(names))
"""


@dataclass(frozen=True)
class Package:
    """A package to try: see rename_packages.toml."""

    repository: str
    commit: str
    kind: str
    old: str
    new: str
    needs: Sequence[str]
    tests: Sequence[str]
    env: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Tested:
    """What a run of the package's tests says."""

    passed: int
    failed: int

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed"


class Trial:
    """One package in its own folder: a clone, and an environment for each state."""

    def __init__(self, package: Package, clone: str, folder: Path) -> None:
        self.package = package
        self.root = folder / "clone"
        self.folder = folder
        self._run(["git", "clone", "-q", "--no-local", clone, str(self.root)], folder)
        self._run(["git", "checkout", "-q", package.commit], self.root)

    def state(self, label: str, name: str) -> tuple[str, str, Tested]:
        """The wheel's build, how many modules import, and the tests, of the work tree as it is."""
        python = self._environment(label)
        wheels = self.folder / f"wheels-{label}"
        built = self._run(
            [python, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation",
             "-w", str(wheels), "."],
            self.root, check=False,
        )  # fmt: skip
        if built.returncode:
            sys.stderr.write(built.stderr)
            return "fails", "", Tested(0, 0)
        (wheel,) = wheels.glob("*.whl")
        names = zipfile.ZipFile(wheel).namelist()
        holds = sum(one.startswith(name.replace(".", "/")) for one in names)
        self._run([python, "-m", "pip", "install", "-q", "--no-deps", str(wheel)], self.root)
        walked = self._run([python, "-c", WALK, name], self.folder, check=False)
        sys.stderr.write(walked.stderr)
        good, _, total = walked.stdout.strip().partition(" ")
        return f"{holds} files", f"{good} of {total}", self._tested(python, name)

    def rename(self) -> tuple[int, float, dict[str, object]]:
        """Runs `unify-backend rename`; its exit code, seconds, and result."""
        start = time.perf_counter()
        done = self._run(
            ["unify-backend", "rename", self.package.old, self.package.new, "--no-verify",
             "--format", "json"],
            self.root, check=False,
        )  # fmt: skip
        seconds = time.perf_counter() - start
        if done.returncode not in (0, 1, 3):
            raise SystemExit(done.stderr)
        self._run(["git", "add", "-A"], self.root)
        return done.returncode, seconds, json.loads(done.stdout)

    def _environment(self, label: str) -> str:
        place = self.folder / f"environment-{label}"
        venv.create(place, with_pip=True)
        python = str(place / "bin" / "python")
        self._run([python, "-m", "pip", "install", "-q", *self.package.needs], self.folder)
        return python

    def _tested(self, python: str, name: str) -> Tested:
        tests = [part.replace("{name}", name) for part in self.package.tests]
        done = self._run([python, *tests], self.root, check=False)
        text = done.stdout + done.stderr
        sys.stderr.write(text[-3000:])
        if ran := re.search(r"^Ran (\d+) tests?", text, re.MULTILINE):  # unittest, Django
            bad = sum(int(n) for n in re.findall(r"(?<!expected )(?:failures|errors)=(\d+)", text))
            return Tested(int(ran[1]) - bad, bad)
        counts = {word: int(n) for n, word in re.findall(r"(\d+) (passed|failed|error)s?\b", text)}
        return Tested(counts.get("passed", 0), counts.get("failed", 0) + counts.get("error", 0))

    def _run(
        self, argv: Sequence[str], cwd: Path, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, **self.package.env, "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(argv, cwd=cwd, capture_output=True, text=True, check=False, env=env)
        if check and done.returncode:
            raise SystemExit(f"{' '.join(argv)}\n{done.stdout}{done.stderr}")
        return done


def main() -> None:
    """Tries one package and prints its row."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("name")
    parser.add_argument("clone")
    given = parser.parse_args()
    package = Package(**tomllib.loads((HERE / "rename_packages.toml").read_text())[given.name])
    with tempfile.TemporaryDirectory(prefix="rename-") as folder:
        trial = Trial(package, given.clone, Path(folder))
        _, _, before = trial.state("before", package.old)
        code, seconds, result = trial.rename()
        built, imports, after = trial.state("after", package.new)
    review, changes = result["review"], result["changes"]
    assert isinstance(review, list)
    assert isinstance(changes, list)
    places = sum(one["references"] for one in changes)
    print(
        f"| {given.name} ({package.kind}) | {package.new} | {code} | {seconds:.1f} "
        f"| {places} in {len(changes)} | {len(review)} | {built} | {imports} | {before} | {after} |"
    )


if __name__ == "__main__":
    main()
