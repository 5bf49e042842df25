"""What all probe programs share: the facts they are given, and small helpers."""

# It runs where pytest is not, and with as few imports as it can.
# ruff: noqa: PTH100, PTH118

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import CodeType, FrameType, ModuleType


class Skip(Exception):
    """The probe cannot be tried here; the message says why."""


@dataclass
class Facts:
    """What the survey found in the canonical package. Names of modules are relative to the
    package (`a.b`); every one was imported. `inside`: one package lies in the other.
    """

    legacy: str
    canonical: str
    roots: list[str]
    legacy_folder: str
    canonical_folder: str
    modules: list[str]
    scripts: list[str]
    packages: list[str] = field(default_factory=list)
    namespaces: list[str] = field(default_factory=list)
    classes: list[list[str]] = field(default_factory=list)
    functions: list[list[str]] = field(default_factory=list)
    private: list[list[str]] = field(default_factory=list)
    resources: list[list[str]] = field(default_factory=list)
    relative: list[list[str]] = field(default_factory=list)
    dependencies: list[list[str]] = field(default_factory=list)
    applications: list[list[str]] = field(default_factory=list)
    tables: int = 0
    failing: list[str] = field(default_factory=list)

    @property
    def inside(self) -> bool:
        return f"{self.canonical}.".startswith(f"{self.legacy}.") or (
            f"{self.legacy}.".startswith(f"{self.canonical}.")
        )

    def old(self, module: str) -> str:
        """The legacy name of a module."""
        return f"{self.legacy}.{module}" if module else self.legacy

    def new(self, module: str) -> str:
        """The canonical name of a module."""
        return f"{self.canonical}.{module}" if module else self.canonical

    def module(self) -> str:
        """A module below the package, as deep as there is one; outside of namespaces, which have
        a probe of their own, where there is one."""
        return max(self.plain(), key=lambda name: (not self.spread(name), name.count(".")))

    def spread(self, name: str) -> bool:
        """Whether a module is a namespace, or lies in one."""
        return any(name == one or name.startswith(f"{one}.") for one in self.namespaces)

    def plain(self) -> list[str]:
        """The modules below the package; Skip where there is none."""
        if not self.modules:
            raise Skip(f"{self.canonical} has no importable module")
        return self.modules


def first(found: list[list[str]], what: str) -> tuple[str, str]:
    """The first pair, or Skip."""
    if not found:
        raise Skip(f"the canonical package has no {what}")
    return found[0][0], found[0][1]


def load(name: str) -> ModuleType:
    """The module in sys.modules under `name`, imported."""
    importlib.import_module(name)
    return sys.modules[name]


def simple(facts: Facts) -> str:
    """A module that can be executed again without harm: no table, no metric is registered."""
    unsafe = ("sqlmodel", "sqlalchemy", "prometheus_client", "pydantic", "fastapi")
    used = {name for name, needed in facts.dependencies if needed.startswith(unsafe)}
    for name in sorted(facts.plain(), key=facts.spread):
        if name not in used and name not in facts.packages:
            return name
    raise Skip("no module is plain enough to be executed twice")


def same(one: object, other: object, what: str) -> None:
    """Fails unless both are the very same object."""
    assert one is other, f"{what}: {_shown(one)} is not {_shown(other)}"


def _shown(one: object) -> str:
    return f"{one!r:.120} at {id(one):#x}"


def executions(folder: str) -> Iterator[str]:
    """From now on: the files below `folder` whose module code is executed, in order. The iterator
    gives what has been collected so far."""
    collected: list[str] = []
    start = os.path.join(os.path.abspath(folder), "")

    def listen(event: str, arguments: tuple[object, ...]) -> None:
        if event == "exec" and arguments and isinstance(arguments[0], CodeType):
            code = arguments[0]
            file = os.path.abspath(code.co_filename)
            if code.co_name == "<module>" and file.startswith(start):
                collected.append(file)

    sys.addaudithook(listen)
    while True:
        yield "\n".join(collected)


def stop_at_main(folder: str) -> None:
    """Ends the process with code 42 as soon as a file below `folder` begins to run as a script:
    what would be started is known, and nothing is started."""
    start = os.path.join(os.path.abspath(folder), "")

    def look(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_name == "<module>":
            file = os.path.abspath(frame.f_code.co_filename)
            if file.startswith(start) and frame.f_globals.get("__name__") == "__main__":
                sys.stdout.write(f"started {file}\n")
                sys.stdout.flush()
                os._exit(42)

    sys.setprofile(look)


def python(
    facts: Facts, *arguments: str, cwd: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """A further interpreter with the import roots on PYTHONPATH; output as text."""
    paths = os.pathsep.join(facts.roots)
    return subprocess.run(
        [sys.executable, "-X", "utf8", *arguments],
        cwd=cwd or facts.roots[0],
        env={**os.environ, "PYTHONPATH": paths, **environment},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )


def ended(done: subprocess.CompletedProcess[str], what: str, code: int = 0) -> str:
    """The output of a process that must have ended with `code`."""
    last = f"{done.stderr}\n{done.stdout}".strip()[-600:] or "no output"
    assert done.returncode == code, f"{what} ended with {done.returncode}: {last}"
    return done.stdout
