"""Why a module cannot be imported, and which variables of the environment would cure it."""

# It runs where pytest is not, and with as few imports as it can.
# ruff: noqa: PTH100, PTH118, PTH120

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from unify_backend.shim.probes.programs.kit import Facts, got, words

_MOST = 600  # characters of a message
_FIELD = re.compile(r"^(\w+)\n +(?:Field required|field required)", re.MULTILINE)


class Causes:
    """Fills `facts.causes`. From now on it is known which variables are looked for in vain."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._asked: list[tuple[str, bool]] = []
        self._listen()

    def _listen(self) -> None:
        kind: Any = type(os.environ)
        plain = kind.__getitem__
        requests, roots = self._asked, tuple(os.path.join(root, "") for root in self._facts.roots)

        def item(environment: object, key: object) -> object:
            try:
                return plain(environment, key)
            except KeyError:
                if isinstance(key, str):
                    requests.append((key, _asker().startswith(roots)))
                raise

        kind.__getitem__ = item

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Notes what the block raises as the cause for the module, and lets it go on."""
        before = len(self._asked)
        try:
            yield
        except BaseException as error:
            requests = list(dict.fromkeys(self._asked[before:]))
            self._facts.causes.append(_cause(self._facts.new(name), error, requests))
            raise

    def because_of_its_package(self, name: str) -> None:
        """The module was not tried, because its package cannot be imported."""
        package = self._facts.new(name.rpartition(".")[0])
        first = next(cause for cause in self._facts.causes if cause["module"] == package)
        self._facts.causes.append({**first, "module": self._facts.new(name)})


def _asker() -> str:
    """The file that asked for a variable: the first that is no part of the standard library's
    way to it."""
    frame = sys._getframe(2)
    while frame.f_back is not None and frame.f_code.co_filename.startswith("<frozen "):
        frame = frame.f_back
    library = os.path.dirname(os.__file__)
    ways = {os.path.join(library, file_name) for file_name in ("os.py", "_collections_abc.py")}
    while frame.f_back is not None and (
        frame.f_code.co_filename in ways or frame.f_code.co_filename.startswith("<frozen ")
    ):
        frame = frame.f_back
    file = frame.f_code.co_filename
    return "" if "site-packages" in file else os.path.abspath(file)


def _cause(module: str, error: BaseException, requests: list[tuple[str, bool]]) -> dict[str, Any]:
    texts: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(texts) < 10:  # an error may lead back to itself
        texts.append(_raw(seen))
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    text = "\n".join(texts)
    named = [name for name, _ in requests if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
    return {
        "module": module,
        "error": type(error).__name__,
        "message": words(error)[:_MOST],
        "missing": str(error.name or "") if isinstance(error, ModuleNotFoundError) else "",
        "variables": named or _fields(error),
        "asked": [name for name, own in requests if own][-3:],
    }


def _raw(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException:
        return ""


def _fields(error: BaseException) -> list[str]:
    """The variables behind a class of settings (pydantic) whose fields have no value."""
    settings: Any = sys.modules.get("pydantic_settings") or sys.modules.get("pydantic")
    base = got(settings, "BaseSettings")
    if type(error).__name__ != "ValidationError" or not isinstance(base, type):
        return []
    title = re.search(r"validation errors? for (\w+)", _raw(error))
    kind = next(
        (subclass for subclass in _below(base) if title and subclass.__name__ == title.group(1)),
        None,
    )
    if kind is None:
        return []
    config: Any = got(kind, "model_config")
    prefix = config.get("env_prefix", "") if isinstance(config, dict) else ""
    return [f"{prefix}{name}".upper() for name in _FIELD.findall(_raw(error))]


def _below(base: type) -> Iterator[type]:
    below: list[type] = type.__subclasses__(base)
    for subclass in below:
        yield subclass
        yield from _below(subclass)
