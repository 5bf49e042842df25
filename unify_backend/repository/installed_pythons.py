"""The Python interpreters of this machine, and which of them can parse a file.

Looked for where people have them: `python3.N` on PATH, pyenv's folder of versions, and on Windows
the launcher's list (PEP 514, `py -0p`).
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from unify_backend.repository.processes import Program, clean_env, run

_MINORS = range(30, 5, -1)
_SECONDS = 30.0
_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"
_PARSE = "import ast, sys; ast.parse(getattr(sys.stdin, 'buffer', sys.stdin).read())"


@dataclass(frozen=True, slots=True)
class InstalledPython:
    """A Python of the `version` (major, minor) at `path`."""

    version: tuple[int, int]
    path: str

    @property
    def name(self) -> str:
        """`Python 3.13`."""
        return "Python {}.{}".format(*self.version)

    def parses(self, data: bytes) -> bool:
        """Whether it can parse the bytes of a Python file."""
        try:
            program = Program((self.path, "-c", _PARSE), Path.cwd(), clean_env({}))
            return run(program, _SECONDS, data).code == 0
        except OSError:
            return False


def find_parser(data: bytes) -> InstalledPython | None:
    """The interpreter nearest to ours in version that can parse the file, newer ones first; None
    where no installed one can."""
    ours = sys.version_info[:2]
    newer = sorted(version for version in _versions() if version > ours)
    older = sorted((version for version in _versions() if version < ours), reverse=True)
    for version in (*newer, *older):
        python = InstalledPython(version, _versions()[version])
        if python.parses(data):
            return python
    return None


@cache
def _versions() -> dict[tuple[int, int], str]:
    """One interpreter for each version that was found and starts."""
    paths: dict[tuple[int, int], str] = {}
    for path in dict.fromkeys(_candidates()):
        if (version := _version_of(path)) is not None:
            paths.setdefault(version, path)
    return paths


def _candidates() -> Iterator[str]:
    for minor in _MINORS:
        if path := shutil.which(f"python3.{minor}"):
            yield path
    for name in ("python3", "python", "python2"):
        if path := shutil.which(name):
            yield path
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    for folder in sorted(pyenv.glob("*"), reverse=True) if pyenv.is_dir() else ():
        for name in ("bin/python", "python.exe"):
            if (folder / name).is_file():
                yield str(folder / name)
    if launcher := shutil.which("py"):
        listed = run(Program((launcher, "-0p"), Path.cwd(), clean_env({})), _SECONDS).out
        yield from (match[1] for match in re.finditer(r"(?m)([A-Za-z]:\\.*?\.exe)\s*$", listed))


def _version_of(path: str) -> tuple[int, int] | None:
    try:
        ended = run(Program((path, "-c", _VERSION), Path.cwd(), clean_env({})), _SECONDS)
    except OSError:
        return None
    match = re.fullmatch(r"(\d+)\.(\d+)\s*", ended.out)
    return (int(match[1]), int(match[2])) if match and ended.code == 0 else None
