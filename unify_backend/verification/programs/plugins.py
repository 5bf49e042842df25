"""Plugins, tables and workers of a started application, found by their shape."""

from __future__ import annotations

import gc
import importlib
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from unify_backend.verification.programs import causes

_STEP = re.compile(r"\s*\.?\s*([A-Za-z_]\w*)\s*(\(\s*\))?")


def configured(expression: str) -> list[dict[str, Any]]:
    """The plugins that `module:attribute.method()` gives: a mapping, or names, or objects."""
    module, _, rest = expression.partition(":")
    value: Any = importlib.import_module(module.strip())
    at = 0
    while at < len(rest.rstrip()):
        step = _STEP.match(rest, at)
        if step is None:
            raise ValueError(f"cannot be read from {rest[at:]!r} on")
        value = getattr(value, step[1])
        value = value() if step[2] else value
        at = step.end()
    pairs = value.items() if isinstance(value, Mapping) else [(None, plugin) for plugin in value]
    return [told(key, plugin, expression) for key, plugin in pairs]


def found(package: str) -> list[dict[str, Any]]:
    """The plugins that objects of the package hold: in a mapping whose values have a manifest."""
    plugins: list[dict[str, Any]] = []
    for holder in holders(package):
        name = where(holder, package)
        failed = failures(holder)
        running = listed(holder, "loaded")
        for key, candidate in held(holder):
            plugin = told(key, candidate, name)
            if plugin["name"] in failed:
                continue
            if running is None or plugin["name"] in running or key in running:
                plugins.append(plugin)
        plugins += [
            {"name": key, "state": "failed", "registry": name, "reason": reason}
            for key, reason in failed.items()
        ]
    return plugins


def holders(package: str) -> Iterator[Any]:
    """Objects of the package's own classes that hold plugins, or tell of failed ones."""
    for holder in gc.get_objects():
        kind = type(holder)
        if not belongs(getattr(kind, "__module__", ""), package) or isinstance(holder, type):
            continue
        try:
            if held(holder) or (failures(holder) and hasattr(holder, "loaded")):
                yield holder
        except Exception:  # a proxy or a descriptor that does not like to be looked at
            continue


def belongs(module: object, package: str) -> bool:
    """Whether a module is the package or in it."""
    return isinstance(module, str) and (module + ".").startswith(package + ".")


def held(holder: Any) -> list[tuple[str, Any]]:
    """The entries of its first mapping whose values all have a manifest."""
    for value in vars(holder).values() if hasattr(holder, "__dict__") else ():
        if isinstance(value, Mapping) and value:
            pairs = list(value.items())
            if all(isinstance(key, str) and manifest(plugin) is not None for key, plugin in pairs):
                return pairs
    return []


def manifest(plugin: Any) -> Any:
    """Its manifest, or None."""
    if isinstance(plugin, Mapping):
        return plugin.get("manifest")
    return getattr(plugin, "manifest", None)


def failures(holder: Any) -> dict[str, str]:
    """What an attribute like `failed` or `errors` says, by name."""
    for name, value in vars(holder).items() if hasattr(holder, "__dict__") else ():
        if "fail" in name or name in ("errors", "broken"):
            if isinstance(value, Mapping):
                return {str(key): str(reason) for key, reason in value.items()}
            if isinstance(value, (list, set, tuple, frozenset)):
                return {str(plugin_name): "" for plugin_name in value}
    return {}


def listed(holder: Any, name: str) -> set[str] | None:
    """The names in a collection of the holder, or None where it has none."""
    value = vars(holder).get(name)
    if isinstance(value, (list, set, tuple, frozenset, Mapping)):
        return {plugin_name for plugin_name in value if isinstance(plugin_name, str)}
    return None


def where(holder: Any, package: str) -> str:
    """The first `module:attribute` of the package that leads to it, else its class."""
    for name in sorted(sys.modules):
        if belongs(name, package):
            for attribute, value in list(vars(sys.modules[name]).items()):
                if value is holder:
                    return name + ":" + attribute
    return type(holder).__module__ + ":" + type(holder).__qualname__


def told(key: Any, plugin: Any, registry: str) -> dict[str, Any]:
    """A plugin as plain values, from whatever stands for it."""
    about = manifest(plugin) or plugin
    name = key if isinstance(plugin, str) or key is not None else None
    for attribute in ("id", "plugin_id", "name"):
        if name is None:
            value = about.get(attribute) if isinstance(about, Mapping) else None
            name = value if value is not None else getattr(about, attribute, None)
    failed = isinstance(plugin, Mapping) and plugin.get("loaded", True) is False
    reason = plugin.get("error", "") if isinstance(plugin, Mapping) else ""
    return {
        "name": str(plugin if name is None else name),
        "state": "failed" if failed else "loaded",
        "registry": registry,
        "reason": str(reason or ""),
    }


def tables() -> list[dict[str, Any]]:
    """The tables of every declarative metadata that is alive, with their columns; not those with
    which SQLAlchemy describes a database's own catalogue."""
    if "sqlalchemy" not in sys.modules:
        return []
    from sqlalchemy import MetaData

    own = {
        id(value)
        for name, module in list(sys.modules.items())
        if belongs(name, "sqlalchemy")
        for value in list(vars(module).values())
        if isinstance(value, MetaData)
    }
    columns: dict[str, set[str]] = {}
    for metadata in gc.get_objects():
        if isinstance(metadata, MetaData) and id(metadata) not in own:
            for name, table in metadata.tables.items():
                columns.setdefault(name, set()).update(column.name for column in table.columns)
    return [{"name": name, "columns": sorted(names)} for name, names in columns.items()]


def workers(request: dict[str, Any]) -> list[dict[str, Any]]:
    """The workers that the sources name, imported, and the names of their tasks."""
    answers = []
    for name, kind in request["workers"]:
        answer: dict[str, Any] = {"name": name, "kind": kind, "tasks": [], "cause": None}
        module, _, attribute = name.partition(":")
        try:
            worker = getattr(importlib.import_module(module), attribute)
            answer["tasks"] = sorted(tasks(worker, kind))
        except BaseException as error:
            answer["cause"] = causes.cause(error, request["root"], request["folder"])
        answers.append(answer)
    return answers


def tasks(worker: Any, kind: str) -> Iterator[str]:
    """The names that stand in the queue."""
    if kind == "celery":
        worker.loader.import_default_modules()
        yield from (str(name) for name in worker.tasks if not str(name).startswith("celery."))
        return
    for task in [*getattr(worker, "functions", ()), *(getattr(worker, "cron_jobs", None) or ())]:
        function = task.get("function", task) if isinstance(task, Mapping) else task
        name = getattr(function, "name", None) or getattr(function, "__qualname__", None)
        yield str(name or (function if isinstance(function, str) else type(function).__name__))
