"""The application as an object, its framework, and the functions that are replaced in it."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import sys
from importlib.machinery import ModuleSpec
from typing import Any

# Frameworks, each called like the first package of a class in the application's family tree
NATIVE = frozenset({"fastapi", "starlette", "flask", "django", "litestar", "quart", "sanic"})
WSGI = frozenset({"flask", "wsgi"})


def load(name: str) -> Any:
    """The object at `module:attribute`; a function without arguments is called (a factory)."""
    module, _, attribute = name.partition(":")
    target: Any = importlib.import_module(module)
    for part in (attribute or "app").rstrip("()").split("."):
        target = getattr(target, part)
    factory = attribute.endswith("()") or (inspect.isfunction(target) and not takes_any(target))
    return target() if factory else target


def takes_any(function: Any) -> bool:
    """Whether it must be given something (an application is: scope, or environ)."""
    empty = inspect.Parameter.empty
    optional = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return any(
        parameter.default is empty and parameter.kind not in optional
        for parameter in inspect.signature(function).parameters.values()
    )


def framework(app: Any) -> str:
    """Which framework made the application; "asgi" or "wsgi" where none that is known did."""
    for ancestor in type(app).__mro__:
        top = ancestor.__module__.split(".")[0]
        if top == "django":
            return "django" if "asgi" in ancestor.__module__ else "django-wsgi"
        if top in NATIVE:
            return top
    call = app if inspect.isroutine(app) else getattr(app, "__call__", None)  # noqa: B004
    with contextlib.suppress(TypeError, ValueError):
        if call is not None and not inspect.iscoroutinefunction(call):
            count = len(inspect.signature(call).parameters)
            return "wsgi" if count == 2 else "asgi"
    return "asgi"


class Stubs:
    """A finder that replaces functions as soon as their module has been imported. `used` says
    for each what came of it."""

    def __init__(self, names: list[str]) -> None:
        self.wanted: dict[str, list[str]] = {}
        for name in names:
            module, _, attribute = name.partition(":")
            self.wanted.setdefault(module, []).append(attribute)
        self.used: dict[str, str] = {name: "its module was not imported" for name in names}

    def install(self) -> None:
        """First in line, and only for the modules concerned."""
        sys.meta_path.insert(0, self)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """The spec that the others find, with a loader that stubs afterwards."""
        if name not in self.wanted:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec = find(name, path, target) if find and finder is not self else None
            if spec is not None:
                self.wrap(spec)
                assert isinstance(spec, ModuleSpec)
                return spec
        return None

    def wrap(self, spec: ModuleSpec) -> None:
        """Adds to what the loader does."""
        loader: Any = spec.loader
        execute = loader.exec_module

        def exec_module(module: Any) -> None:
            execute(module)
            for attribute in self.wanted[module.__name__]:
                self.used[module.__name__ + ":" + attribute] = replace(module, attribute)

        loader.exec_module = exec_module


def replace(module: Any, attribute: str) -> str:
    """Puts a function that does nothing in its place; says what went wrong, or nothing."""
    holder: Any = module
    *above, last = attribute.split(".")
    try:
        for part in above:
            holder = getattr(holder, part)
        original = getattr(holder, last)
    except AttributeError:
        return f"{module.__name__} has no {attribute}"
    setattr(holder, last, nothing_like(original))
    return ""


def nothing_like(original: Any) -> Any:
    """A function of the same kind that does nothing."""
    inner = inspect.unwrap(original) if callable(original) else original

    async def awaited(*_: object, **__: object) -> None:
        return None

    async def stepped(*_: object, **__: object) -> Any:
        yield None

    def plain(*_: object, **__: object) -> None:
        return None

    def stepped_plainly(*_: object, **__: object) -> Any:
        yield None

    if inspect.iscoroutinefunction(original) or inspect.iscoroutinefunction(inner):
        return awaited
    if inspect.isasyncgenfunction(inner):
        wrapped = inner is not original  # by contextlib.asynccontextmanager
        return contextlib.asynccontextmanager(stepped) if wrapped else stepped
    if inspect.isgeneratorfunction(inner):
        wrapped = inner is not original
        return contextlib.contextmanager(stepped_plainly) if wrapped else stepped_plainly
    return plain
