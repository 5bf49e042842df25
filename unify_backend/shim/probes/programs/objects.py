"""Probes: classes, names and state are one, whichever name they are reached by."""

# It runs where pytest is not, and with as few imports as it can.

from __future__ import annotations

import importlib
import pickle
import sys
from types import ModuleType
from typing import Any
from unittest import mock

from unify_backend.shim.probes.programs.kit import (
    Facts,
    Skip,
    ended,
    first,
    load,
    namespace,
    outcome,
    python,
    same,
    steady,
)


def class_identity(facts: Facts) -> None:
    """an object of the one class is an instance of the other"""
    if not facts.classes:
        raise Skip("the canonical package defines no class")
    for name, attribute in facts.classes[:20]:
        old = getattr(load(facts.old(name)), attribute)
        new = getattr(load(facts.new(name)), attribute)
        # Not issubclass: a Protocol raises, and a metaclass answers what it likes.
        same(old, new, f"{name}.{attribute}")


def class_module(facts: Facts) -> None:
    """a class says that it comes from the canonical module"""
    name, attribute = first(facts.classes, "class")
    module = getattr(load(facts.old(name)), attribute).__module__
    assert module == facts.new(name), f"{attribute}.__module__ is {module}"


def private_names(facts: Facts) -> None:
    """names with a leading underscore are there"""
    if not facts.private:
        raise Skip("the canonical package has no private name")
    for name, attribute in facts.private[:20]:
        old = getattr(load(facts.old(name)), attribute, None)
        if steady(load(facts.new(name)), attribute):
            same(old, getattr(load(facts.new(name)), attribute), f"{name}.{attribute}")


def _both(facts: Facts) -> list[tuple[ModuleType, ModuleType]]:
    names = [""] if facts.inside and not facts.modules else ["", facts.module()]
    modules = [(load(facts.old(name)), load(facts.new(name))) for name in dict.fromkeys(names)]
    settable = [pair for pair in modules if not outcome(lambda: _set(pair[1]))]  # noqa: B023
    if not settable:
        raise Skip("the canonical modules do not let their attributes be set")
    return settable


def _set(module: Any) -> None:
    module.probe_value = 1
    del module.probe_value


def attribute_set_through_old(facts: Facts) -> None:
    """an attribute set through the old name is seen through the new one"""
    for old, new in _both(facts):
        old.probe_value = mark = object()  # type: ignore[attr-defined]
        same(getattr(new, "probe_value", None), mark, new.__name__)
        del old.probe_value
        assert "probe_value" not in namespace(new), f"deleted in {old.__name__} only"


def attribute_set_through_new(facts: Facts) -> None:
    """an attribute set through the new name is seen through the old one"""
    for old, new in _both(facts):
        new.probe_value = mark = object()  # type: ignore[attr-defined]
        same(getattr(old, "probe_value", None), mark, old.__name__)


def _patchable(facts: Facts) -> tuple[str, str]:
    return first([*facts.functions, *facts.classes], "function or class")


def mock_patch_through_old(facts: Facts) -> None:
    """`mock.patch("old.x.name")` is seen through the new name, and undone"""
    name, attribute = _patchable(facts)
    _patch(facts.old(name), load(facts.new(name)), attribute)


def mock_patch_through_new(facts: Facts) -> None:
    """`mock.patch("new.x.name")` is seen through the old name, and undone"""
    name, attribute = _patchable(facts)
    _patch(facts.new(name), load(facts.old(name)), attribute)


def mock_patch_package(facts: Facts) -> None:
    """`mock.patch("old.name")` on the package itself is seen through the new name, and undone"""
    new = load(facts.canonical)
    new.probe_value = "before"  # type: ignore[attr-defined]
    _patch(facts.legacy, new, "probe_value")


def _patch(target: str, seen: ModuleType, attribute: str) -> None:
    before = getattr(seen, attribute)
    with mock.patch(f"{target}.{attribute}") as fake:
        same(getattr(seen, attribute), fake, f"{target}.{attribute} patched")
    same(getattr(seen, attribute), before, f"{target}.{attribute} restored")


def old_pickle(facts: Facts) -> None:
    """a pickle that names the old module loads the canonical class"""
    name, attribute = first(facts.classes, "class that pickles")
    text = f"c{facts.old(name)}\n{attribute}\n."
    loaded = pickle.loads(text.encode())
    same(loaded, getattr(load(facts.new(name)), attribute), f"{name}.{attribute}")


def new_pickle(facts: Facts) -> None:
    """what is pickled under the old name loads where only the new one is imported"""
    name, attribute = first(facts.classes, "class that pickles")
    data = pickle.dumps(getattr(load(facts.old(name)), attribute))
    code = (
        f"import pickle, sys; it = pickle.loads({data!r}); "
        f"assert it.__module__ == {facts.new(name)!r}, it.__module__; "
        f"assert {facts.old(name)!r} in [it.__module__] or {facts.old(name)!r} not in sys.modules, "
        "'the old name is needed'"
    )
    ended(python(facts, "-c", code), "loading it")


def tables_once(facts: Facts) -> None:
    """SQL tables are defined once, though every module is imported under both names"""
    if not facts.tables:
        raise Skip("the canonical package defines no SQL table")
    for name in facts.plain():
        importlib.import_module(facts.old(name))
        importlib.import_module(facts.new(name))
    import gc

    kind: Any = sys.modules["sqlalchemy"].MetaData
    count = sum(
        len(metadata.tables) for metadata in gc.get_objects() if issubclass(type(metadata), kind)
    )
    assert count == facts.tables, f"{count} tables instead of {facts.tables}"


PROBES = (
    class_identity,
    class_module,
    private_names,
    attribute_set_through_old,
    attribute_set_through_new,
    mock_patch_through_old,
    mock_patch_through_new,
    mock_patch_package,
    old_pickle,
    new_pickle,
    tables_once,
)
