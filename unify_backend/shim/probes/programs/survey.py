"""The survey: imports the canonical package alone and finds what the probes can be tried on."""

# It runs where pytest is not, and with as few imports as it can.
# ruff: noqa: PTH113, PTH118, PTH119, PTH120, PTH208

from __future__ import annotations

import importlib
import io
import keyword
import os
import sys
from types import FunctionType, ModuleType
from typing import Any

from unify_backend.shim.probes.programs.causes import Causes
from unify_backend.shim.probes.programs.kit import (
    MISSING,
    Facts,
    by_reference,
    got,
    namespace,
    outcome,
    set_up,
)

_ENOUGH = 5
_APPLICATIONS = frozenset({"Starlette", "Quart", "Litestar", "ASGIApplication"})
_UNSAFE = ("sqlmodel", "sqlalchemy", "prometheus_client", "pydantic", "fastapi", "django")
_TRIES = 10  # modules that are executed again until one lets itself


def survey(facts: Facts) -> dict[str, Any]:
    """The facts, completed. `facts.modules` are candidates, by their files."""
    causes = Causes(facts)
    with causes.of(""):
        importlib.import_module(facts.canonical)
    loaded = _loaded(facts, causes)
    if _needs_set_up(facts):
        set_up()
        facts.setup = True
        facts.causes.clear()
        loaded = _loaded(facts, causes)
    facts.modules = list(loaded)
    facts.packages = [
        name for name, module in loaded.items() if got(module, "__path__") is not MISSING
    ]
    facts.namespaces = [name for name in facts.packages if not _file(loaded[name])]
    every = {**loaded, "": sys.modules[facts.canonical]}
    facts.ordinary = [name for name, module in every.items() if _ordinary(facts.new(name), module)]
    for name in [*sorted(loaded, key=facts.spread), ""]:
        _members(facts, name, every[name])
        _dependencies(facts, name, every[name])
    facts.resources = _resources(facts)
    facts.tables = _tables()
    facts.again = _again(facts, every)  # the last: what is executed again is not what it was
    return dict(vars(facts))


def _loaded(facts: Facts, causes: Causes) -> dict[str, object]:
    loaded: dict[str, object] = {}
    failed: set[str] = set()
    for name in facts.modules:
        if name.rpartition(".")[0] in failed:  # what its package left cannot be imported afresh
            failed.add(name)
            causes.because_of_its_package(name)
            continue
        try:
            with causes.of(name):
                importlib.import_module(facts.new(name))
                importlib.import_module(facts.new(name))  # what stands there may let nobody ask
                loaded[name] = sys.modules[facts.new(name)]
        except BaseException:  # whatever an application does when it is imported
            failed.add(name)
    return loaded


def _needs_set_up(facts: Facts) -> bool:
    """Models of Django cannot be imported before its registry of applications is filled."""
    unready = any(cause["error"] == "AppRegistryNotReady" for cause in facts.causes)
    return unready and bool(os.environ.get("DJANGO_SETTINGS_MODULE"))


def _file(module: object) -> str:
    path = got(module, "__file__")
    return path if isinstance(path, str) else ""


def _ordinary(name: str, module: object) -> bool:
    """A plain module of the name that it was imported by: neither an object that it put in its
    own place, nor a module of somebody else, and with attributes that can be set."""
    if type(module) is not ModuleType:
        return False
    spec = got(module, "__spec__")
    return got(module, "__name__") == name and got(spec, "name") == name


def _members(facts: Facts, name: str, module: object) -> None:
    for attribute, value in namespace(module).items():
        if not attribute.isidentifier() or keyword.iskeyword(attribute):
            continue  # no statement can name it
        if got(module, attribute) is not value:
            continue
        kind = type(value)  # its `__class__` may be another, or raise
        home = got(value, "__module__") if issubclass(kind, (type, FunctionType)) else None
        own = type(home) is str and home == facts.new(name)
        if issubclass(kind, type) and own and by_reference(value):
            facts.classes.append([name, attribute])
        elif kind is FunctionType and own and not attribute.startswith("_"):
            facts.functions.append([name, attribute])
        elif _APPLICATIONS.intersection(map(_called, type.__getattribute__(kind, "__mro__"))):
            facts.applications.append([name, attribute])
        if attribute.startswith("_") and not attribute.startswith("__"):
            facts.private.append([name, attribute])


def _called(kind: type) -> str:
    return str(type.__getattribute__(kind, "__name__"))


def _dependencies(facts: Facts, name: str, module: object) -> None:
    """Absolute imports at the top of a module, and the modules that it imports relatively."""
    import ast

    if name not in facts.ordinary:
        return
    try:
        with io.open_code(_file(module)) as stream:
            tree = ast.parse(stream.read())
    except (OSError, SyntaxError, ValueError):
        return
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module:
            packed = not name or name in facts.packages
            base = name if packed else name.rpartition(".")[0]
            target = f"{base}.{node.module}" if base else node.module
            facts.relative.append([name, target])
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            if not _common(node.module) and not node.module.startswith(facts.canonical):
                facts.dependencies.append([name, node.module])
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if not _common(alias.name) and not alias.name.startswith(facts.canonical):
                    facts.dependencies.append([name, alias.name])


def _common(name: str) -> bool:
    """Whether taking the module away would break the interpreter rather than its importer."""
    needed = {"__future__", "typing", "os", "sys", "importlib", "types", "warnings", "abc", "io"}
    return name.partition(".")[0] in needed


def _resources(facts: Facts) -> list[list[str]]:
    """Data files beside the modules of regular packages."""
    resources: list[list[str]] = []
    for name in ["", *facts.packages]:
        file = _file(sys.modules.get(facts.new(name)))
        if os.path.basename(file) != "__init__.py" or name not in facts.ordinary:
            continue
        for entry in sorted(os.listdir(os.path.dirname(file))):
            path = os.path.join(os.path.dirname(file), entry)
            if os.path.isfile(path) and not entry.endswith((".py", ".pyi", ".pyc")):
                resources.append([name, entry])
                break
        if len(resources) == _ENOUGH:
            break
    return resources


def _tables() -> int:
    """How many SQL tables all classes of SQLModel or declarative bases define together."""
    sqlalchemy = sys.modules.get("sqlalchemy")
    if sqlalchemy is None:
        return 0
    import gc

    kind = sqlalchemy.MetaData
    # By type: asking a proxy for its class evaluates what it stands for.
    return sum(
        len(metadata.tables) for metadata in gc.get_objects() if issubclass(type(metadata), kind)
    )


def _again(facts: Facts, every: dict[str, object]) -> list[str]:
    """One module that can be executed a second time. What registers tables or metrics is not
    tried, and a script only where there is nothing else."""
    unsafe = {name for name, needed in facts.dependencies if needed.startswith(_UNSAFE)}
    names = facts.modules if facts.modules or facts.inside else [""]
    usable = [
        name
        for name in sorted(names, key=lambda name: (name in facts.scripts, facts.spread(name)))
        if name in facts.ordinary
        and name not in unsafe
        and (not name or name not in facts.packages)
    ]
    for name in usable[:_TRIES]:
        module: Any = every[name]
        if not outcome(lambda module=module: importlib.reload(module)):  # type: ignore[misc]
            return [name]
    return []
