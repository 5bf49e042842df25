"""What all probe programs share: the facts they are given, and small helpers."""

# It runs where pytest is not, and with as few imports as it can.
# ruff: noqa: PTH100, PTH118, PTH120

from __future__ import annotations

import importlib
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import CodeType, FrameType, ModuleType
from typing import Any

MISSING = object()  # what `got` gives where there is nothing to be had


class Skip(Exception):
    """The probe cannot be tried here; the message says why."""


@dataclass
class Facts:
    """What the survey found in the canonical package. Names of modules are relative to the
    package (`a.b`, and "" for the package itself); every one was imported. `ordinary` are modules
    whose object is a plain module of that very name, `again` those that were executed a second
    time without harm, `causes` why others could not be imported. `setup`: the application has to
    be set up by `django.setup` first. `inside`: one package lies in the other.
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
    ordinary: list[str] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    tables: int = 0
    setup: bool = False
    causes: list[dict[str, Any]] = field(default_factory=list)

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
        """A module below the package (or the package, where it is all there is), as deep as there
        is one; an ordinary one outside of namespaces, which have a probe of their own, where there
        is one."""
        return max(
            self.plain(),
            key=lambda name: (name in self.ordinary, not self.spread(name), name.count(".")),
        )

    def spread(self, name: str) -> bool:
        """Whether a module is a namespace, or lies in one."""
        return any(
            name == namespace or name.startswith(f"{namespace}.") for namespace in self.namespaces
        )

    def plain(self) -> list[str]:
        """The modules below the package; the package itself where it is all there is. Skip where
        that is no alias, because one package lies in the other."""
        if not self.modules and self.inside:
            raise Skip(f"{self.canonical} has no importable module of its own")
        return self.modules or [""]

    def below(self) -> list[str]:
        """The modules below the package; Skip where there is none."""
        if not self.modules:
            raise Skip(f"{self.canonical} has no importable submodule")
        return self.modules


def first(pairs: list[list[str]], label: str) -> tuple[str, str]:
    """The first pair, or Skip."""
    if not pairs:
        raise Skip(f"the canonical package has no {label}")
    return pairs[0][0], pairs[0][1]


def load(name: str) -> ModuleType:
    """The module in sys.modules under `name`, imported."""
    importlib.import_module(name)
    return sys.modules[name]


def simple(facts: Facts) -> str:
    """A module that can be executed again without harm: the survey did it."""
    if not facts.again:
        raise Skip("no module is plain enough to be executed twice")
    return facts.again[0]


def got(owner: object, name: str) -> object:
    """`getattr`, and MISSING whatever is raised: a proxy, a lazy module or a descriptor may raise
    anything."""
    try:
        return getattr(owner, name)
    except BaseException:
        return MISSING


def namespace(module: object) -> dict[str, object]:
    """The names of a module; none where what stands in its place has no dictionary."""
    names = got(module, "__dict__")
    return dict(names) if type(names) is dict else {}


def steady(module: object, name: str) -> bool:
    """Whether a name of the module is there, and gives the same object each time."""
    value = got(module, name)
    return value is not MISSING and got(module, name) is value


def by_reference(value: object) -> bool:
    """Whether it pickles as the name that it is found by."""
    try:
        return pickle.loads(pickle.dumps(value)) is value
    except BaseException:
        return False


def words(error: BaseException) -> str:
    """The error in one line, for people; some cannot be made a text."""
    try:
        text = " ".join(str(error).split())
    except BaseException:
        text = ""
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def outcome(call: Callable[[], object]) -> str:
    """What came of the call: "" or the error."""
    try:
        call()
    except BaseException as error:
        return words(error)
    return ""


def same(old: object, new: object, label: str) -> None:
    """Fails unless both are the very same object."""
    assert old is new, f"{label}: {_shown(old)} is not {_shown(new)}"


def _shown(value: object) -> str:
    try:
        text = f"{value!r:.120}"
    except BaseException:
        text = f"an object of {type(value).__qualname__}"
    return f"{text} at {id(value):#x}"


def set_up() -> None:
    """What each process of a Django application does before anything else."""
    django: Any = importlib.import_module("django")
    django.setup()


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


_HERE = os.path.dirname(os.path.abspath(__file__))


def python(
    facts: Facts, *arguments: str, cwd: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """A further interpreter with the import roots on PYTHONPATH; output as text."""
    paths = environment.pop("PYTHONPATH", os.pathsep.join(facts.roots))
    if facts.setup:
        paths = os.pathsep.join([os.path.join(_HERE, "django"), paths])
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


def ended(done: subprocess.CompletedProcess[str], label: str, code: int = 0) -> str:
    """The output of a process that must have ended with `code`."""
    last = f"{done.stderr}\n{done.stdout}".strip()[-600:] or "no output"
    assert done.returncode == code, f"{label} ended with {done.returncode}: {last}"
    return done.stdout
