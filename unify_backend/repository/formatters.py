"""The formatters of a repository: where their programs are, and text that goes through them.

A formatter gets text through standard input and returns it through standard output; it is never
given a file to write. The repository is data: a program that git tracks, or that lies in an
environment of which git tracks a file, is not run, and no module of the repository is on the path
of one that is run. What black, isort and ruff read as settings runs no code.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from unify_backend.repository.processes import Program, ProgramResult, clean_env, run

_FOLDERS = (".venv", "venv")
_SECONDS = 30.0  # for one text
_TOGETHER = 60.0  # for all texts of one run
_SIZE = 1_000_000  # characters of a text; an output that is much longer is cut
_WORKERS = min(4, os.cpu_count() or 1)
_USAGE = 2  # the exit code for an option that the program does not know
_ARGUMENTS = {
    "black": ("-q",),
    "ruff": ("format", "--no-cache", "-q"),
    "isort": ("-q",),
}
_FILE_NAME = {"black": "--stdin-filename", "ruff": "--stdin-filename", "isort": "--filename"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A formatter that a repository is configured for: its program (`black`, `ruff`, `isort`), the
    version that is asked for ("": any), options besides its settings files, and whether a hook runs
    it."""

    name: str
    version: str = ""
    options: tuple[str, ...] = ()
    hook: bool = False


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text that went through a formatter; `problem` says why there is none."""

    text: str | None
    problem: str = ""


@dataclass(slots=True)
class Formatter:
    """A program that formats texts of the repository at `root`.

    Once a text has shown that it cannot be started, or the time for all texts is over, no other one
    is tried.
    """

    wanted: Wanted
    argv: tuple[str, ...]
    root: Path
    version: str = ""
    _broken: str = ""
    _left: float = _TOGETHER
    _until: float = 0.0
    _nameless: bool = False
    _known: dict[tuple[str, str], Formatted] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """`black 24.1.0`, with the version that the repository names where it is another one."""
        shown = " ".join(filter(None, (self.wanted.name, self.version)))
        version = self.wanted.version
        if version and version != self.version:
            return f"{shown} (configured: {version})"
        return shown

    @property
    def broken(self) -> str:
        """Why it is not asked any more; "" while it is."""
        return self._broken

    def all(self, texts: Sequence[tuple[str, str]]) -> list[Formatted]:
        """Every text, given with its path, formatted by some processes at a time."""
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        started = time.monotonic()
        self._until = started + self._left
        if len(new) > 1 and not self._nameless:
            self._known[new[0]] = self._one(*new[0])  # shows whether it works at all
            new = new[1:]
        with ThreadPoolExecutor(_WORKERS) as pool:
            formatted = pool.map(lambda text: self._one(*text), new)
            self._known.update(zip(new, formatted, strict=True))
        self._left -= time.monotonic() - started
        return [self._known[text] for text in texts]

    def _one(self, path: str, text: str) -> Formatted:
        if not self._broken and time.monotonic() > self._until:
            self._broken = f"it took more than {_TOGETHER:.0f} seconds"
        if self._broken:
            return Formatted(None, self._broken)
        if len(text) > _SIZE:
            return Formatted(None, "the file is too long")
        try:
            data = text.encode("utf-8")
        except UnicodeEncodeError:
            return Formatted(None, "the file is not in one encoding")
        try:
            ended = self._run(path, data)
        except OSError as error:
            self._broken = f"it cannot be started: {error.strerror or error}"
            return Formatted(None, self._broken)
        if ended.timed_out:
            self._broken = f"it did not end within {_SECONDS:.0f} seconds"
            return Formatted(None, self._broken)
        if ended.code:
            return Formatted(None, _last_line(ended.err) or f"it ended with {ended.code}")
        if text.strip() and not ended.out.strip():
            return Formatted(None, "it returned nothing")
        return Formatted(ended.out)

    def _run(self, path: str, data: bytes) -> ProgramResult:
        if not self._nameless:
            named = (_FILE_NAME[self.wanted.name], path)
            ended = run(self._program(*named), _SECONDS, data)
            if ended.code != _USAGE or named[0] not in ended.err:
                return ended
            self._nameless = True  # black before 21.4 has no such option
        return run(self._program(), _SECONDS, data)

    def _program(self, *options: str) -> Program:
        name = self.wanted.name
        argv = (*self.argv, *_ARGUMENTS[name], *self.wanted.options, *options, "-")
        return Program(argv, self.root, clean_env({"RUFF_NO_CACHE": "true"}))


def find_formatter(root: Path, tracked: Sequence[str], wanted: Wanted) -> Formatter | None:
    """The program of `wanted`: of the active environment, of the repository's own one, on PATH, or
    installed beside this tool (the extra `format`). None where there is none that starts."""
    for argv in _candidates(root, tracked, wanted.name):
        try:
            ended = run(Program((*argv, "--version"), root, clean_env({})), _SECONDS)
        except OSError:
            continue
        if ended.code == 0:
            return Formatter(wanted, argv, root, _version(ended.out))
    return None


def _candidates(root: Path, tracked: Sequence[str], name: str) -> Iterator[tuple[str, ...]]:
    active = os.environ.get("VIRTUAL_ENV")
    environments = [Path(active)] if active else []
    environments += [root / folder for folder in _FOLDERS]
    for environment in environments:
        for place in (f"bin/{name}", f"Scripts/{name}.exe"):
            program = environment / place
            if program.is_file() and not _is_data(root, tracked, environment):
                yield (str(program),)
    program_on_path = shutil.which(name)
    if program_on_path is not None:
        program = Path(os.path.abspath(program_on_path))  # noqa: PTH100 - links are kept
        if not _is_data(root, tracked, program.parent):
            yield (str(program),)
    if importlib.util.find_spec(name) is not None:
        yield (sys.executable, "-I", "-m", name)  # -I: no module of the folder it runs in


def _is_data(root: Path, tracked: Sequence[str], folder: Path) -> bool:
    """Whether git tracks the folder, something in it, or a link on the way to it; the repository's
    top folder counts as tracked."""
    if not folder.is_relative_to(root):
        return False
    inside = folder.relative_to(root).as_posix()
    if inside == ".":
        return True
    return any(
        path == inside or path.startswith(f"{inside}/") or inside.startswith(f"{path}/")
        for path in tracked
    )


def _version(output: str) -> str:
    """`24.1.0` of what `--version` prints."""
    words = (word.strip(",()").removeprefix("v") for word in output.split())
    return next((word for word in words if word[:1].isdigit()), "")


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:200] if lines else ""
