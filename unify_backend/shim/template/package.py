"""The body of a generated `old/__init__.py`; `writing.py` puts header and constants before it.

Everything below the line of dashes is copied as it is: Python 3.8, standard library, few names
without an underscore, because where one package lies inside the other this module
stays and is looked at like any other.
"""

# pathlib would be most of what a start costs.
# ruff: noqa: PTH120

from __future__ import annotations

import importlib as _importlib
import os as _os
import sys as _sys
import warnings as _warnings
from importlib.machinery import ModuleSpec as _ModuleSpec
from types import FrameType as _FrameType
from types import ModuleType as _ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable as _Callable
    from typing import Any as _Any

_LEGACY = "old"
_CANONICAL = "new"
_ROUTES = (("old", "new"),)
_VISIBLE = False
_SWITCHES = ("OLD_SHIM", "UNIFY_SHIM")

# ----------------------------------------------------------------------------------------------

_mode = next((_os.environ[_name] for _name in _SWITCHES if _os.environ.get(_name)), "").lower()
_this = _sys.modules[__name__]
_own = (_CANONICAL + ".").startswith(_LEGACY + ".") or (_LEGACY + ".").startswith(_CANONICAL + ".")
_told: set[tuple[str, str]] = set()
_ATTRIBUTES = ("__loader__", "__package__", "__path__", "__file__", "__cached__", "__spec__")
_library = _os.path.dirname(_os.__file__) + _os.sep


class LegacyNameWarning(FutureWarning if _VISIBLE or _mode == "warn" else DeprecationWarning):  # type: ignore[misc]
    """A module was imported under its old name."""

    __module__ = _LEGACY + ".__shim__"


class LegacyNameError(RuntimeError):
    """The same where the switch says `error`; no ImportError, so that no fallback hides it."""

    __module__ = _LEGACY + ".__shim__"


def _under(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def _forward(name: str) -> str | None:
    """The canonical name of a legacy module; None for every other name, canonical ones too."""
    if any(_under(new, name) for _, new in _ROUTES):  # a real parent of a canonical package
        return None
    owned = max((len(new) for _, new in _ROUTES if _under(name, new)), default=0)
    for old, new in _ROUTES:  # the longest first
        if _under(name, old) and len(old) > owned:
            return new + name[len(old) :]
    return None


def _backward(name: str) -> str | None:
    for old, new in sorted(_ROUTES, key=lambda route: -len(route[1])):
        if _under(name, new):
            return old + name[len(new) :]
    return None


def _importer() -> _FrameType | None:
    """The frame that asked: neither this file nor the standard library's machinery."""
    frame: _FrameType | None = _sys._getframe()
    own_file = _sys._getframe().f_code.co_filename
    while frame is not None:
        name = frame.f_code.co_filename
        library = name.startswith(_library) and "-packages" + _os.sep not in name
        forwarded = frame.f_globals.get("forwarded") is True  # a file of ours beside a stub
        if name != own_file and not library and not forwarded and not name.startswith("<frozen "):
            return frame
        frame = frame.f_back
    return None


def _tell(old: str, new: str) -> None:
    """One warning for each importing file, at the line that imports; or an error, or nothing."""
    if _mode == "ignore":
        return
    frame = _importer()
    if frame is None:  # python -m old.x
        file, line = "<command line>", 1
        scope: dict[str, _Any] = {"__name__": "__main__"}
    else:
        file, line, scope = frame.f_code.co_filename, frame.f_lineno, frame.f_globals
    text = f"{old} is now {new}: change the import, the old name will go"
    if _mode == "error":
        raise LegacyNameError(f"{text} ({file}:{line})")
    package = next(outer for outer, _ in _ROUTES if _under(old, outer))
    if (file, package) in _told:
        return
    registry: dict[_Any, int] = scope.setdefault("__warningregistry__", {})
    module = scope.get("__name__") or "<unknown>"
    _warnings.warn_explicit(text, LegacyNameWarning, file, line, module, registry)
    _told.add((file, package))  # only now: a filter may have made an exception of it


class _Spec(_ModuleSpec):
    """A spec of its own under the old name; the real module's own stays as it is."""

    package = ""

    @property
    def parent(self) -> str:
        """Where relative imports start: run by `python -m old.x`, they reach canonical names."""
        return self.package


class _Loader:
    """Imports under the canonical name; what runs or reads code by name asks the real loader.

    Only here is anything imported or told: a finder is asked under the lock of all imports, and
    whatever it imports there can wait for a thread that waits for that lock.
    """

    def __init__(self, real: _ModuleSpec, old: str, name: str) -> None:
        self._real = real
        self._old = old
        self._name = name
        self._kept: dict[str, object] | None = None

    def create_module(self, spec: _ModuleSpec) -> _ModuleType | None:
        """The canonical module itself, so that no other is ever seen under the old name."""
        _mark()
        _tell(self._old, self._name)
        module = _importlib.import_module(self._name)
        if not _plain(module):
            return None
        self._kept = {attribute: module.__dict__.get(attribute, self) for attribute in _ATTRIBUTES}
        return module

    def exec_module(self, module: _ModuleType) -> None:
        if self._kept is None:  # importlib looks it up again in sys.modules after this
            _sys.modules[self._old] = _importlib.import_module(self._name)
            return
        for attribute, value in self._kept.items():  # what importlib has set for the old name
            if value is not self:
                setattr(module, attribute, value)
            elif attribute in module.__dict__:
                delattr(module, attribute)

    def is_package(self, _: object = None) -> bool:
        return self._real.submodule_search_locations is not None

    def __getattr__(self, attribute: str) -> object:
        if attribute.startswith("_"):
            raise AttributeError(attribute)
        value = getattr(self._real.loader, attribute)
        if attribute in ("get_source", "get_filename", "get_resource_reader"):
            return lambda *_: value(self._name)
        if attribute == "get_code":
            return lambda *_: self._start(value)
        return value

    def _start(self, get_code: _Callable[[str], object]) -> object:
        _tell(self._old, self._name)
        code = get_code(self._name)
        folder = _os.path.dirname(self._real.origin or "")
        if folder and folder not in _sys.path:  # a script may name its neighbours without package
            _sys.path.append(folder)
        return code


class _This:
    """Makes this very file reachable as `old.__shim__`, for filters and for inspection."""

    def create_module(self, spec: _ModuleSpec) -> None:
        return None

    def exec_module(self, module: _ModuleType) -> None:
        _sys.modules[module.__name__] = _this


class _Finder:
    """Stands first in sys.meta_path and answers for names below the legacy package."""

    forwards = _LEGACY
    _prefixes = tuple(sorted({name for route in _ROUTES for name in route}))

    def find_spec(
        self, name: str, path: object = None, target: object = None
    ) -> _ModuleSpec | None:
        if not name.startswith(self._prefixes) or name == _LEGACY:
            return None
        if name == _LEGACY + ".__shim__":
            return _ModuleSpec(name, _This())  # type: ignore[arg-type]
        new = _forward(name)
        if new is None:
            self._forget(name)
            return None
        real = None if _forward(new) else _found(new)
        if real is None:
            return None
        places = real.submodule_search_locations
        loader: _Any = _Loader(real, name, new)
        spec = _Spec(name, loader, origin=real.origin, is_package=places is not None)
        spec.package = real.parent or ""
        if places is not None:
            spec.submodule_search_locations = list(places)
        if real.has_location:
            spec.has_location = True
            spec.cached = real.cached
        return spec

    def _forget(self, name: str) -> None:
        """A canonical module is imported again: its alias would be the module that was before."""
        old = _backward(name)
        if old is None or _forward(old) != name:
            return
        alias = _sys.modules.get(old)
        if alias is None or alias is _this or alias is _sys.modules.get(name):
            return
        spec = _spec_of(alias)
        if spec is None or spec.name != old:  # else it is only just being imported
            _sys.modules.pop(old, None)


def _found(name: str) -> _ModuleSpec | None:
    """What `importlib.util.find_spec` answers, but that it imports nothing, no parent either."""
    there = _sys.modules.get(name)
    if there is not None:  # a module that somebody made by hand has no spec
        return _spec_of(there) or _ModuleSpec(name, None)
    parent, path = name.rpartition(".")[0], None
    if parent in _sys.modules:
        path = getattr(_sys.modules[parent], "__path__", None)
    elif parent:
        above = _found(parent)
        path = above.submodule_search_locations if above is not None else None
    if parent and path is None:
        return None
    finders = [finder for finder in _sys.meta_path if hasattr(finder, "find_spec")]
    return next(filter(None, (finder.find_spec(name, path) for finder in finders)), None)


def _plain(module: object) -> bool:
    """Whether importlib can read and set its attributes: what a module puts in its own place, and
    a `__getattr__` of its own, may raise anything."""
    kind = type(module)
    for method in ("__getattribute__", "__setattr__"):
        if getattr(kind, method, None) is not getattr(_ModuleType, method):
            return False
    try:
        for attribute in _ATTRIBUTES:
            getattr(module, attribute, None)
    except Exception:
        return False
    return issubclass(kind, _ModuleType)


def _spec_of(module: object) -> _ModuleSpec | None:
    try:
        spec = getattr(module, "__spec__", None)
    except Exception:  # what a module puts in its own place may raise anything
        return None
    return spec if isinstance(spec, _ModuleSpec) else None


def _mark() -> None:
    """Hands on to pytest in which modules, told by their old names, it rewrites assertions."""
    for finder in _sys.meta_path:
        marked = getattr(finder, "_must_rewrite", ())
        for new in filter(None, map(_forward, list(marked))):
            if new not in marked and new not in _sys.modules:
                finder.mark_rewrite(new)  # type: ignore[attr-defined]


def _canonical() -> _ModuleType:
    try:
        return _importlib.import_module(_CANONICAL)
    except ModuleNotFoundError as error:
        if error.name is None or not _under(_CANONICAL, error.name):
            raise
        text = f"{_LEGACY} is now {_CANONICAL}, and no module named {error.name!r} is on sys.path"
        raise ModuleNotFoundError(text, name=error.name) from error


def _leads(name: str) -> bool:
    """Whether the canonical package is `name` in this one, or lies inside it."""
    return any(_under(new, f"{_LEGACY}.{name}") for _, new in _ROUTES)


class _Package(_ModuleType):
    """This module: while it loads, and for good where one package lies inside the other, because
    an alias would then be found below itself."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__") and name not in ("__all__", "__version__", "__author__"):
            raise AttributeError(f"module {_LEGACY!r} has no attribute {name!r}")
        if _own:
            if _leads(name):
                raise AttributeError(f"module {_LEGACY!r} has no attribute {name!r}")
            _tell(f"{_LEGACY}.{name}", f"{_CANONICAL}.{name}")
        module = _canonical()
        if name == "__all__" and not hasattr(module, name):
            return [key for key in vars(module) if not key.startswith("_")]
        try:
            return getattr(module, name)
        except AttributeError:
            raise AttributeError(f"module {_LEGACY!r} has no attribute {name!r}") from None

    def __setattr__(self, name: str, value: object) -> None:
        if self._keeps(name):
            super().__setattr__(name, value)
        else:
            setattr(_canonical(), name, value)

    def __delattr__(self, name: str) -> None:
        if self._keeps(name):
            super().__delattr__(name)
        else:
            delattr(_canonical(), name)

    def __dir__(self) -> list[str]:
        names = [
            name for name in self.__dict__ if not _own or name.startswith("__") or _leads(name)
        ]
        return sorted({*names, *(dir(_canonical()) if _own else ())})

    def _keeps(self, name: str) -> bool:
        return not _own or name.startswith("__") or name in self.__dict__ or _leads(name)


if __name__ == "__main__":
    _sys.exit(f"{__file__} only forwards imports: run python -m {_CANONICAL}")
if not any(getattr(_finder, "forwards", None) == _LEGACY for _finder in _sys.meta_path):
    _sys.meta_path.insert(0, _Finder())
_this.__class__ = _Package
_mark()
if not _own:
    _tell(_LEGACY, _CANONICAL)
    _sys.modules[__name__] = _canonical()
