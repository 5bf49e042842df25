"""Where a target lies and how a program is started there."""

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from unify_backend.model.text import SOURCE
from unify_backend.model.verification import Target
from unify_backend.repository.processes import Program, ProgramResult, clean_env, run

_START = Path(__file__).parent / "programs" / "start.py"
_SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages"})


@dataclass(frozen=True, slots=True)
class ProgramEnvironment:
    """A target with its folders resolved. `kept` is a temporary folder for compiled code."""

    target: Target
    root: Path
    folder: Path  # the package's
    cwd: Path
    roots: tuple[str, ...]  # what goes on the path, in order
    python: str
    kept: Path

    @property
    def environment(self) -> dict[str, str]:
        """The variables of the child processes: those of the settings, none of the user's shell."""
        return clean_env(dict(self.target.settings.env))


@contextmanager
def site(target: Target) -> Iterator[ProgramEnvironment]:
    """The target made ready to be started; its temporary folder goes when the block is left."""
    # The system's temporary folder may be a link (macOS), and frames name real paths.
    root = Path(os.path.realpath(target.root))
    settings = target.settings
    folder = root / target.path
    first = _import_root(target)
    cwd = root / settings.cwd
    named = [root / first, root, *(root / source for source in target.sources), cwd]
    with TemporaryDirectory(prefix="unify-verify-", ignore_cleanup_errors=True) as temporary:
        yield ProgramEnvironment(
            target,
            root,
            folder,
            cwd,
            tuple(dict.fromkeys(str(path) for path in named)),
            interpreter(settings.python, root),
            Path(os.path.realpath(temporary)),
        )


def interpreter(python: str | None, root: Path) -> str:
    """The interpreter to use: a name is looked for on PATH, a relative path is one below `root`,
    None the one that runs us. A link is kept, or a virtual environment would not be one."""
    if python is None:
        return sys.executable
    if "/" in python or "\\" in python:
        return str(root / python)
    return shutil.which(python) or python


def _import_root(target: Target) -> str:
    """The folder (below the root) that must be on the path for the package's name to work."""
    tail, path = target.package.replace(".", "/"), target.path.removesuffix(SOURCE)
    if path == tail:
        return "."
    return path.removesuffix("/" + tail) if path.endswith("/" + tail) else "."


def python_files(folder: Path) -> tuple[Path, ...]:
    """Every Python file below a folder, sorted; no caches, environments, hidden folders. A single
    module is its own file."""
    if folder.suffix == SOURCE:
        return (folder,) if folder.is_file() else ()
    paths: list[Path] = []
    for base, names, files in os.walk(folder):
        parent = Path(base)
        names[:] = [
            name
            for name in names
            if name not in _SKIPPED
            and not name.startswith(".")
            and not (parent / name / "pyvenv.cfg").exists()
        ]
        paths += [parent / file for file in files if file.endswith(SOURCE)]
    return tuple(sorted(paths))


def module_name(where: ProgramEnvironment, file: Path) -> str:
    """The dotted name of a file of the package, or of the single module that is the target."""
    if file == where.folder:
        return where.target.package
    parts = list(file.relative_to(where.folder).with_suffix("").parts)
    if parts[-1] == "__init__":
        del parts[-1]
    return ".".join([where.target.package, *parts])


def ask(
    where: ProgramEnvironment, program: str, request: Mapping[str, Any], timeout: float
) -> "Reply":
    """Runs a program of `programs/` in the site's interpreter; its answer and how it ended.

    Raises OSError where the interpreter cannot be started.
    """
    with TemporaryDirectory(prefix="ask-", dir=where.kept, ignore_cleanup_errors=True) as name:
        started = program_for(where, program, request, Path(name))
        ended = run(started, timeout)
        return Reply(read_answer(Path(name)), ended)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a program answered (None: it ended before it could) and how it ended."""

    answer: dict[str, Any] | None
    ended: ProgramResult


def program_for(
    where: ProgramEnvironment,
    program: str,
    request: Mapping[str, Any],
    folder: Path,
    cwd: Path | None = None,
) -> Program:
    """The start of a program; the request and later the answer lie in `folder`."""
    document = {
        "program": program,
        "root": str(where.root),
        "folder": str(where.folder),
        "roots": list(where.roots),
        "code": str(where.kept),
        "answer": str(folder / "answer.json"),
        **request,
    }
    file = folder / "request.json"
    file.write_text(json.dumps(document), "utf-8")
    argv = (where.python, "-X", "utf8", str(_START), str(file))
    return Program(argv, cwd or where.cwd, where.environment)


def read_answer(folder: Path) -> dict[str, Any] | None:
    """The answer in a request's folder, if there is one."""
    try:
        answer: dict[str, Any] = json.loads((folder / "answer.json").read_text("utf-8"))
    except OSError:
        return None
    return answer
