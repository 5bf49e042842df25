"""Probes: what asks the import system finds the canonical package, whole."""

# It runs where pytest is not, and with as few imports as it can.
# ruff: noqa: PT017, PT018

from __future__ import annotations

import importlib
import importlib.resources
import importlib.util
import inspect
import pkgutil
import re
import sys

from unify_backend.shim.probes.programs.kit import (
    MISSING,
    Facts,
    Skip,
    first,
    got,
    load,
    outcome,
    same,
    simple,
)


def real_spec(facts: Facts) -> None:
    """`__name__`, `__spec__`, `__package__`, `__file__` are the canonical module's own"""
    names = ["", facts.module()] if not facts.inside else [facts.module()]
    names = [name for name in dict.fromkeys(names) if name in facts.ordinary]
    if not names:
        raise Skip("the canonical modules put other objects in their place")
    for name in names:
        importlib.import_module(facts.old(name))
        module = sys.modules[facts.old(name)]
        new = facts.new(name)
        same(module, load(new), name)
        assert module.__name__ == new, f"__name__ is {module.__name__}"
        assert module.__spec__ is not None and module.__spec__.name == new, f"{module.__spec__}"
        locations = module.__spec__.submodule_search_locations
        package = new if locations is not None else new.rpartition(".")[0]
        assert module.__package__ == package, f"__package__ is {module.__package__}"
        assert not getattr(module.__spec__, "_initializing", False), "it is still being imported"


def spec_without_import(facts: Facts) -> None:
    """`find_spec("old.x")` finds it without executing it"""
    facts.below()
    name = facts.module()
    new = importlib.util.find_spec(facts.new(name))
    old = importlib.util.find_spec(facts.old(name))
    assert old is not None and new is not None, f"no spec for {facts.old(name)}"
    if facts.old(name) not in sys.modules:
        assert old is not new, "the real spec was given away: importlib would change it"
        assert old.name == facts.old(name), f"the spec is called {old.name}"
    assert old.origin == new.origin, f"it comes from {old.origin}, not {new.origin}"


def spec_of_nothing(facts: Facts) -> None:
    """`find_spec` of a module that does not exist finds nothing"""
    load(facts.legacy)
    assert importlib.util.find_spec(facts.old("no_such_module")) is None


def reload_module(facts: Facts) -> None:
    """`importlib.reload` works under the old name and keeps the module one"""
    name = simple(facts)
    old, new = load(facts.old(name)), load(facts.new(name))
    new.probe_value = "before"  # type: ignore[attr-defined]
    again = importlib.reload(old)
    same(again, new, name)
    same(load(facts.old(name)), load(facts.new(name)), f"{name} after reload")
    assert again.__name__ == facts.new(name), f"__name__ is {again.__name__}"


def resources(facts: Facts) -> None:
    """`importlib.resources` reads data files under the old name"""
    name, entry = first(facts.resources, "data file in a package")
    if not hasattr(importlib.resources, "files"):
        raise Skip("importlib.resources.files came with Python 3.9")
    old = importlib.resources.files(facts.old(name)).joinpath(entry).read_bytes()
    new = importlib.resources.files(facts.new(name)).joinpath(entry).read_bytes()
    assert old == new, f"{entry} differs"


def package_data(facts: Facts) -> None:
    """`pkgutil.get_data` reads data files under the old name"""
    name, entry = first(facts.resources, "data file in a package")
    if facts.inside and not name:
        name, entry = first(
            [resource for resource in facts.resources if resource[0]], "data file below"
        )
    old = pkgutil.get_data(facts.old(name), entry)
    assert old is not None and old == pkgutil.get_data(facts.new(name), entry), f"{entry} differs"


def walk_packages(facts: Facts) -> None:
    """`pkgutil.walk_packages` lists the same modules"""
    if facts.inside:
        package = next((package for package in facts.packages), None)
        if package is None:
            raise Skip("no package below the canonical one")
    else:
        package = ""

    def found(name: str) -> list[str]:
        module = load(name)
        walk = pkgutil.walk_packages(module.__path__, f"{name}.", onerror=lambda _: None)
        return sorted(module_info.name[len(name) :] for module_info in walk)

    old, new = found(facts.old(package)), found(facts.new(package))
    assert old == new, f"{len(old)} modules instead of {len(new)}"


def missing_module(facts: Facts) -> None:
    """a module that does not exist is a ModuleNotFoundError that names it"""
    wanted = facts.old("no_such_module")
    try:
        importlib.import_module(wanted)
    except ModuleNotFoundError as error:
        assert error.name == wanted, f"it names {error.name}"
        assert wanted in str(error), str(error)
    else:
        raise AssertionError("it was imported")


def missing_name(facts: Facts) -> None:
    """a name that does not exist is an ImportError that names it"""
    name = next((candidate for candidate in _by_depth(facts) if _lacks(facts.new(candidate))), None)
    if name is None:
        raise Skip("the canonical modules compute whatever name they are asked for")
    try:
        exec(f"from {facts.old(name)} import no_such_name", {})
    except ImportError as error:
        assert "no_such_name" in str(error), str(error)
    else:
        raise AssertionError("it was imported")


def _by_depth(facts: Facts) -> list[str]:
    return list(dict.fromkeys([facts.module(), *facts.plain()]))[:20]


def _lacks(module: str) -> bool:
    message = outcome(lambda: exec(f"from {module} import no_such_name", {}))
    return message.startswith("ImportError") and "no_such_name" in message


def inner_error(facts: Facts) -> None:
    """an error inside a module is the same under both names, text and all"""
    name, needed = _breakable(facts)
    texts = [_error(make(name), needed) for make in (facts.new, facts.old)]
    assert texts[1], f"{facts.old(name)} was imported without {needed}"
    ours, theirs = (re.sub(r"0x[0-9a-fA-F]+", "0x", text) for text in texts)
    assert ours == theirs, f"{texts[1]} instead of {texts[0]}"


def inner_error_leaves_nothing(facts: Facts) -> None:
    """after an error inside a module it can be imported once the cause is gone"""
    name, needed = _breakable(facts)
    assert _error(facts.old(name), needed), f"{facts.old(name)} was imported without {needed}"
    for module in (facts.old(name), facts.new(name)):
        assert module not in sys.modules, f"{module} stayed in sys.modules"
    same(load(facts.old(name)), load(facts.new(name)), name)


def _breakable(facts: Facts) -> tuple[str, str]:
    """A module that is not imported yet by its package, and what it needs: without that it cannot
    be imported, and leaves nothing behind."""
    load(facts.canonical)
    for name, needed in facts.dependencies[:40]:
        new = facts.new(name)
        if outcome(lambda: load(facts.new(name.rpartition(".")[0]))):  # noqa: B023
            continue
        if name and name not in facts.packages and new not in sys.modules:
            if _error(new, needed) and new not in sys.modules and not outcome(lambda: load(new)):  # noqa: B023
                del sys.modules[new]
                return name, needed
            sys.modules.pop(new, None)
    raise Skip("no module needs a dependency that could be taken away")


def _error(module: str, needed: str) -> str:
    """What importing the module without the one that it needs raises; "" for nothing."""
    removed = sys.modules.pop(needed, None)
    sys.modules[needed] = None  # type: ignore[assignment]
    try:
        importlib.import_module(module)
    except Exception as error:
        return f"{type(error).__name__} {getattr(error, 'name', '')}: {error}"
    finally:
        sys.modules.pop(needed, None)
        if removed is not None:
            sys.modules[needed] = removed
    return ""


def source_text(facts: Facts) -> None:
    """`inspect` finds source, file and module"""
    name, attribute = first(_written(facts), "function or class whose source is there")
    module = load(facts.old(name))
    value = getattr(module, attribute)
    assert inspect.getsource(value) == inspect.getsource(getattr(load(facts.new(name)), attribute))
    assert inspect.getsourcefile(module) == inspect.getsourcefile(load(facts.new(name))), "another"
    same(inspect.getmodule(value), load(facts.new(name)), f"the module of {attribute}")


def _written(facts: Facts) -> list[list[str]]:
    """The first function or class that a file of the canonical package has the text of."""
    for name, attribute in [*facts.functions, *facts.classes][:20]:
        value = got(load(facts.new(name)), attribute)
        if value is not MISSING and not outcome(lambda: inspect.getsource(value)):  # type: ignore[arg-type] # noqa: B023
            return [[name, attribute]]
    return []


def resolve_name(facts: Facts) -> None:
    """`pkgutil.resolve_name` finds objects by their old dotted names"""
    name, attribute = first([*facts.classes, *facts.functions], "class or function")
    if not hasattr(pkgutil, "resolve_name"):
        raise Skip("pkgutil.resolve_name came with Python 3.9")
    wanted = getattr(load(facts.new(name)), attribute)
    for text in (f"{facts.old(name)}:{attribute}", f"{facts.old(name)}.{attribute}"):
        same(pkgutil.resolve_name(text), wanted, text)


PROBES = (
    real_spec,
    spec_without_import,
    spec_of_nothing,
    reload_module,
    resources,
    package_data,
    walk_packages,
    missing_module,
    missing_name,
    inner_error,
    inner_error_leaves_nothing,
    source_text,
    resolve_name,
)
