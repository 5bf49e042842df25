"""Runs as `sitecustomize` in every interpreter that an entry point starts: replaces the stubbed
functions and makes servers listen where they are probed.

Self-contained: it is copied into a temporary folder that PYTHONPATH names first. Whatever
`sitecustomize` the person has runs after it, as if this one were not there.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

VARIABLE = "UNIFY_BACKEND_PROBE"


def settings() -> dict[str, Any]:
    """The request: `stubs` ("module:function"), and the `port` to listen on (0: leave it)."""
    request: dict[str, Any] = json.loads(os.environ.get(VARIABLE) or "{}")
    return request


def make_way() -> None:
    """Takes this folder off the import path and runs the person's own `sitecustomize`."""
    folder = Path(__file__).resolve().parent
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != folder]
    if __name__ != "sitecustomize":
        return
    own = sys.modules.pop(__name__, None)
    importlib.invalidate_caches()
    try:
        importlib.import_module("sitecustomize")
    except ImportError as error:
        if error.name != "sitecustomize":
            raise
    finally:
        if own is not None:
            sys.modules.setdefault("sitecustomize", own)


class Stubs:
    """Functions that do nothing in place of some of the application's.

    A module counts by its name or by its file: `main` in the package's folder is the package's
    `main` too.
    """

    def __init__(self, stubs: list[str]) -> None:
        self.by_module: dict[str, list[str]] = {}
        for stub in stubs:
            module, _, path = stub.partition(":")
            self.by_module.setdefault(module, []).append(path)

    def watches(self, name: str, origin: str | None) -> list[str]:
        """The functions of the module that are replaced."""
        functions = list(self.by_module.get(name, ()))
        file = (origin or "").replace("\\", "/")
        for module, paths in self.by_module.items():
            path = "/" + module.replace(".", "/")
            if module != name and file.endswith((path + ".py", path + "/__init__.py")):
                functions += paths
        return functions

    def apply(self, module: ModuleType, paths: list[str]) -> None:
        """Replaces the functions; one that does not exist is skipped."""
        for path in paths:
            owner: Any = module
            *above, last = path.split(".")
            for attribute in above:
                owner = getattr(owner, attribute, None)
            function = getattr(owner, last, None) if owner is not None else None
            if function is not None:
                setattr(owner, last, nothing(function))


def nothing(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that does nothing, a coroutine function where the other is one."""

    def done(*_args: object, **_kwargs: object) -> None:
        return None

    async def done_later(*_args: object, **_kwargs: object) -> None:
        return None

    replacement = done_later if inspect.iscoroutinefunction(function) else done
    replacement.__name__ = getattr(function, "__name__", "done")
    return replacement


def listen(module: Any, port: int, stubs: Stubs) -> None:
    """uvicorn on the probed port, without reloading and in one process."""
    original = module.Config.__init__

    def changed(self: object, *args: Any, **kwargs: Any) -> None:
        bound = inspect.signature(original).bind(self, *args, **kwargs)
        arguments = bound.arguments
        arguments.update(host="127.0.0.1", port=port, reload=False, workers=1)
        arguments.pop("uds", None)
        arguments.pop("fd", None)
        main = sys.modules.get("__main__")
        if main is not None:  # run as a program, it was never imported
            stubs.apply(main, stubs.watches("__main__", getattr(main, "__file__", None)))
        more = arguments.pop("kwargs", {})
        arguments.pop("self", None)
        original(self, **arguments, **more)

    module.Config.__init__ = changed


def listen_simply(module: Any, port: int) -> None:
    """Flask's development server on the probed port."""
    original = module.run_simple

    def changed(_hostname: str, _port: int, application: object, **options: Any) -> Any:
        options["use_reloader"] = False
        return original("127.0.0.1", port, application, **options)

    module.run_simple = changed


class Loader:
    """A loader that does something more once the module is there."""

    def __init__(self, inner: Any, after: Callable[[ModuleType], None]) -> None:
        self._inner = inner
        self._after = after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def create_module(self, spec: Any) -> Any:
        return self._inner.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._inner.exec_module(module)
        self._after(module)


class Finder:
    """Asks the other finders, and wraps the loaders of the modules that are changed."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.stubs = Stubs(request.get("stubs", ()))
        self.port: int = request.get("port", 0)
        self.last = {module.rpartition(".")[2] for module in self.stubs.by_module}

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """The module's spec, where something is to be done with it."""
        serves = name in ("uvicorn.config", "werkzeug.serving") and self.port
        if not serves and name.rpartition(".")[2] not in self.last:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            if finder is self or find is None:
                continue
            spec = find(name, path, target)
            if spec is not None:
                break
        else:
            return None
        watched = self.stubs.watches(name, spec.origin)
        if spec.loader is None or not hasattr(spec.loader, "exec_module"):
            return spec
        if name == "uvicorn.config" and serves:
            spec.loader = Loader(spec.loader, lambda module: listen(module, self.port, self.stubs))
        elif name == "werkzeug.serving" and serves:
            spec.loader = Loader(spec.loader, lambda module: listen_simply(module, self.port))
        elif watched:
            spec.loader = Loader(spec.loader, lambda module: self.stubs.apply(module, watched))
        return spec


if os.environ.get(VARIABLE):
    make_way()
    sys.meta_path.insert(0, Finder(settings()))
