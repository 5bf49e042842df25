"""The survey: imports the canonical package alone and finds what the probes can be tried on."""

# It runs where pytest is not, and with as few imports as it can.
# ruff: noqa: PTH113, PTH118, PTH119, PTH120, PTH208

from __future__ import annotations

import importlib
import io
import os
import pickle
import sys
from types import FunctionType, ModuleType
from typing import Any

from unify_backend.shims.probes.programs.kit import Facts

_ENOUGH = 5
_APPLICATIONS = frozenset({"Starlette", "Quart", "Litestar", "ASGIApplication"})


def survey(facts: Facts) -> dict[str, Any]:
    """The facts, completed. `facts.modules` are candidates, by their files."""
    importlib.import_module(facts.canonical)
    loaded: dict[str, ModuleType] = {}
    failed: set[str] = set()
    for name in facts.modules:
        parent = name.rpartition(".")[0]
        if parent in failed:  # what its package left in sys.modules cannot be imported afresh
            failed.add(name)
            facts.failing.append(f"{name}: {parent} cannot be imported")
            continue
        try:
            importlib.import_module(facts.new(name))
            loaded[name] = sys.modules[facts.new(name)]
        except BaseException as error:  # whatever an application does when it is imported
            failed.add(name)
            facts.failing.append(f"{name}: {type(error).__name__}: {error}")
    facts.modules = list(loaded)
    facts.packages = [name for name, one in loaded.items() if hasattr(one, "__path__")]
    facts.namespaces = [name for name in facts.packages if not _file(loaded[name])]
    for name, module in sorted(loaded.items(), key=lambda one: facts.spread(one[0])):
        _members(facts, name, module)
        _dependencies(facts, name, module)
    facts.resources = _resources(facts, loaded)
    facts.tables = _tables()
    return dict(vars(facts))


def _file(module: ModuleType) -> str:
    return getattr(module, "__file__", None) or ""


def _members(facts: Facts, name: str, module: ModuleType) -> None:
    for attribute, value in list(vars(module).items()):
        own = getattr(value, "__module__", None) == facts.new(name)
        if isinstance(value, type) and own and _by_reference(value):
            facts.classes.append([name, attribute])
        elif isinstance(value, FunctionType) and own and not attribute.startswith("_"):
            facts.functions.append([name, attribute])
        elif any(one.__name__ in _APPLICATIONS for one in type(value).__mro__):
            facts.applications.append([name, attribute])
        if attribute.startswith("_") and not attribute.startswith("__"):
            facts.private.append([name, attribute])


def _by_reference(value: type) -> bool:
    try:
        return pickle.loads(pickle.dumps(value)) is value
    except Exception:
        return False


def _dependencies(facts: Facts, name: str, module: ModuleType) -> None:
    """Absolute imports at the top of a module, and the modules that it imports relatively."""
    import ast

    try:
        with io.open_code(_file(module)) as stream:
            tree = ast.parse(stream.read())
    except (OSError, SyntaxError, ValueError):
        return
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module:
            base = name if hasattr(module, "__path__") else name.rpartition(".")[0]
            target = f"{base}.{node.module}" if base else node.module
            facts.relative.append([name, target])
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            if not _common(node.module) and not node.module.startswith(facts.canonical):
                facts.dependencies.append([name, node.module])
        elif isinstance(node, ast.Import):
            for one in node.names:
                if not _common(one.name) and not one.name.startswith(facts.canonical):
                    facts.dependencies.append([name, one.name])


def _common(name: str) -> bool:
    """Whether taking the module away would break the interpreter rather than its importer."""
    kept = {"__future__", "typing", "os", "sys", "importlib", "types", "warnings", "abc", "io"}
    return name.partition(".")[0] in kept


def _resources(facts: Facts, loaded: dict[str, ModuleType]) -> list[list[str]]:
    """Data files beside the modules of regular packages."""
    found: list[list[str]] = []
    for name in ["", *facts.packages]:
        file = _file(sys.modules[facts.new(name)])
        if os.path.basename(file) != "__init__.py":
            continue
        for entry in sorted(os.listdir(os.path.dirname(file))):
            path = os.path.join(os.path.dirname(file), entry)
            if os.path.isfile(path) and not entry.endswith((".py", ".pyi", ".pyc")):
                found.append([name, entry])
                break
        if len(found) == _ENOUGH:
            break
    return found


def _tables() -> int:
    """How many SQL tables all classes of SQLModel or declarative bases define together."""
    sqlalchemy = sys.modules.get("sqlalchemy")
    if sqlalchemy is None:
        return 0
    import gc

    kind = sqlalchemy.MetaData
    return sum(len(one.tables) for one in gc.get_objects() if isinstance(one, kind))
