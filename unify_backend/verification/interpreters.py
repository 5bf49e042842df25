"""Chooses the interpreter that has the application's dependencies."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from unify_backend.model.errors import ConfigurationError
from unify_backend.model.verify_settings import Interpreter, InterpreterSource
from unify_backend.repository.discovery import main_work_tree
from unify_backend.repository.files import Repository
from unify_backend.repository.processes import Program, clean_env, run
from unify_backend.verification.environment import interpreter

_OLDEST = (3, 8)  # for the programs of `verify` and the probes of `shim --check`
_FOLDERS = (".venv", "venv")
_WINDOWS = os.name == "nt"
_PLACES = (
    ("Scripts/python.exe", "bin/python.exe", "python.exe")
    if _WINDOWS
    else ("bin/python", "bin/python3")
)
_MARKS = ("pyvenv.cfg", "bin", "Scripts", "conda-meta")
_TIMEOUT = 60.0  # seconds for an interpreter to say its version
_ASK = "import sys; print('.'.join(map(str, sys.version_info[:3])))"
_NAME_ANOTHER = "name another by --python FILE, or as `python` under [verify]"


def choose(
    repository: Repository,
    option: str | None = None,
    configured: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Interpreter:
    """The interpreter that starts the application of the repository.

    In this order: `option` (the command line), `configured` (`verify.python`), the active virtual
    environment unless it is the tool's own, `.venv` and `venv` of the work tree, the same of the
    main work tree where this one is linked to it, the active conda environment unless that is
    conda's base, the tool's own interpreter. `environment` are the variables (by default those of
    this process). An environment that exists and is broken is an error.

    Raises ConfigurationError where the chosen one does not start, or is older than _OLDEST.
    """
    root = repository.root
    if option is not None:
        return _named(option, root, InterpreterSource.OPTION, "given by --python")
    if configured is not None:
        return _named(configured, root, InterpreterSource.CONFIGURED, "configured as verify.python")
    variables = os.environ if environment is None else environment
    active = next(_environments(repository, variables), None)
    if active is not None:
        return active
    return Interpreter(
        sys.executable,
        Path(sys.executable).name,
        InterpreterSource.OWN,
        "the tool's own: no other environment is active, and the repository has none",
        ".".join(map(str, sys.version_info[:3])),
    )


def _environments(repository: Repository, variables: Mapping[str, str]) -> Iterator[Interpreter]:
    root = repository.root
    active = variables.get("VIRTUAL_ENV")
    if active and not _own(Path(active)):
        reason = "the active virtual environment (VIRTUAL_ENV)"
        yield _inside(Path(active), "$VIRTUAL_ENV", InterpreterSource.ACTIVE, reason)
    for name in _FOLDERS:
        if _is_environment(root / name):
            reason = f"the repository's {name}"
            yield _inside(root / name, name, InterpreterSource.REPOSITORY, reason)
    main = main_work_tree(repository.state.parent) if repository.is_git else None
    for name in _FOLDERS:
        if main is not None and main != root and _is_environment(main / name):
            reason = f"the {name} of the main work tree"
            yield _inside(main / name, name, InterpreterSource.MAIN_WORK_TREE, reason)
    conda = variables.get("CONDA_PREFIX")
    base = variables.get("CONDA_DEFAULT_ENV") == "base"  # active in every shell, chosen by nobody
    if conda and not base and not _own(Path(conda)) and _there(Path(conda)):
        reason = "the active conda environment (CONDA_PREFIX)"
        yield _inside(Path(conda), "$CONDA_PREFIX", InterpreterSource.CONDA, reason)


def _own(folder: Path) -> bool:
    """Whether it is the environment that this tool runs from."""
    return os.path.realpath(folder) == os.path.realpath(sys.prefix)


def _is_environment(folder: Path) -> bool:
    """Whether a folder of that name is an environment at all (one that is mounted into a container
    leaves an empty folder)."""
    return folder.is_dir() and any((folder / name).exists() for name in _MARKS)


def _there(folder: Path) -> str | None:
    """The interpreter's place in an environment, a link that leads nowhere included."""
    return next((place for place in _PLACES if os.path.lexists(folder / place)), None)


def _inside(folder: Path, shown: str, source: InterpreterSource, reason: str) -> Interpreter:
    place = _there(folder)
    if place is None:
        missing = "it is not there" if not folder.is_dir() else f"it has no {_PLACES[0]}"
        if folder.is_dir() and any((folder / name).exists() for name in ("Scripts", "bin")):
            missing += ": it was made on another system, or in part"
        raise ConfigurationError(f"{reason} is broken: {folder}", missing, _again(source))
    python = os.path.abspath(folder / place)  # noqa: PTH100 - Path.resolve would follow the link
    return _started(python, f"{shown}/{place}", source, reason)


def _named(python: str, root: Path, source: InterpreterSource, reason: str) -> Interpreter:
    place = interpreter(python, root)
    file = Path(place)
    inside = file.is_absolute() and file.is_relative_to(root)
    shown = file.relative_to(root).as_posix() if inside else file.name
    return _started(place, shown, source, reason)


def _started(python: str, shown: str, source: InterpreterSource, reason: str) -> Interpreter:
    """The interpreter with its version, which it says itself."""
    wrong = _dangling(python)
    version = ""
    if not wrong:
        try:
            ended = run(Program((python, "-c", _ASK), Path(python).parent, clean_env({})), _TIMEOUT)
        except OSError as error:
            wrong = error.strerror or str(error)
        else:
            version = ended.out.strip()
            if ended.timed_out:
                wrong = f"it said nothing for {_TIMEOUT:.0f} seconds"
            elif ended.code != 0 or not version:
                last = (ended.err.strip().splitlines() or ["no output"])[-1]
                wrong = f"it ended with {ended.code}: {last}"
    if wrong:
        fact = f"{python} cannot be started ({reason})"
        raise ConfigurationError(fact, wrong, _again(source))
    numbers = tuple(int(part) for part in version.split(".") if part.isdigit())
    if numbers[:2] < _OLDEST:
        oldest = ".".join(map(str, _OLDEST))
        raise ConfigurationError(
            f"{python} is Python {version} ({reason})",
            f"what looks at the application needs Python {oldest} or later",
            f"{_NAME_ANOTHER[0].upper()}{_NAME_ANOTHER[1:]}.",
        )
    return Interpreter(python, shown, source, reason, version)


def _dangling(python: str) -> str:
    """Why the file cannot be an interpreter: a link that leads nowhere, or nothing at all."""
    file = Path(python)
    if file.is_symlink() and not file.exists():
        return f"it is a link to {file.resolve()}, which is not there"
    if file.is_absolute() and not file.exists():
        return "it is not there"
    return ""


def _again(source: InterpreterSource) -> str:
    match source:
        case InterpreterSource.ACTIVE:
            return f"Deactivate it or make it again; or {_NAME_ANOTHER}."
        case InterpreterSource.REPOSITORY | InterpreterSource.MAIN_WORK_TREE:
            return f"Make it again, or remove it; or {_NAME_ANOTHER}."
        case InterpreterSource.CONDA:
            return f"Deactivate it or fix it; or {_NAME_ANOTHER}."
        case _:
            return "Correct it, or leave it out: then the active environment or .venv is used."
