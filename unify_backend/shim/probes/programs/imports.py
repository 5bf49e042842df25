"""Probes: every way to import, in every order, leads to one module that is executed once."""

# It runs where pytest is not, and with as few imports as it can.

from __future__ import annotations

import importlib
import sys

from unify_backend.shim.probes.programs.kit import (
    Facts,
    Skip,
    executions,
    load,
    namespace,
    outcome,
    same,
    simple,
    steady,
)

_SCOPE = {"__builtins__", "__warningregistry__"}  # what exec and warnings leave in a scope


def import_package(facts: Facts) -> None:
    """`import old` is the canonical package"""
    old, new = load(facts.legacy), load(facts.canonical)
    if not facts.inside:
        same(old, new, f"import {facts.legacy}")
        return
    for name in namespace(new):
        if not name.startswith("__") and steady(new, name):
            same(getattr(old, name), getattr(new, name), f"{facts.legacy}.{name}")


def import_submodule_old_first(facts: Facts) -> None:
    """`import old.x`, then `import new.x`: one module"""
    name = facts.module()
    same(load(facts.old(name)), load(facts.new(name)), name)


def import_submodule_new_first(facts: Facts) -> None:
    """`import new.x`, then `import old.x`: one module"""
    name = facts.module()
    new = load(facts.new(name))
    same(load(facts.old(name)), new, name)


def from_import(facts: Facts) -> None:
    """`from old.x import name` is the same object"""
    tried = 0
    for name, attribute in [*facts.classes[:5], *facts.functions[:5]]:
        statement = f"from {{}} import {attribute} as it"
        scope: dict[str, object] = {}
        ours = outcome(lambda: exec(statement.format(facts.old(name)), scope))  # noqa: B023
        if outcome(lambda: exec(statement.format(facts.new(name)), {})):  # noqa: B023
            continue  # a lazy module may raise whatever it likes
        assert not ours, f"{name}.{attribute}: {ours}"
        same(scope["it"], getattr(load(facts.new(name)), attribute), f"{name}.{attribute}")
        tried += 1
    if not tried:
        raise Skip("the canonical package defines no class or function that can be imported")


def from_package_import_module(facts: Facts) -> None:
    """`from old import x` is the same module"""
    for name in facts.below()[:20]:
        package, _, last = name.rpartition(".")
        statement = "from {} import {} as it"
        scope: dict[str, object] = {}
        exec(statement.format(facts.old(package), last), scope)
        wanted: dict[str, object] = {}
        exec(statement.format(facts.new(package), last), wanted)  # what the package calls so
        same(scope["it"], wanted["it"], name)


def import_as(facts: Facts) -> None:
    """`import old.x as y` is the same module"""
    name = facts.module()
    scope: dict[str, object] = {}
    wanted: dict[str, object] = {}
    exec(f"import {facts.old(name)} as it", scope)
    exec(f"import {facts.new(name)} as it", wanted)  # its package may call something else so
    same(scope["it"], wanted["it"], name)


def import_by_function(facts: Facts) -> None:
    """`import_module` and `__import__` give the same module"""
    name = facts.module()
    new = load(facts.new(name))
    same(importlib.import_module(facts.old(name)), new, "import_module")
    same(__import__(facts.old(name), fromlist=["x"]), new, "__import__")
    package, _, last = facts.old(name).rpartition(".")
    if package:
        load(package)
        same(importlib.import_module(f".{last}", package), new, "import_module, relative")


def attribute_chain(facts: Facts) -> None:
    """after `import old.a.b` the name `old.a.b` leads there"""
    name = facts.module()
    scope: dict[str, object] = {}
    wanted: dict[str, object] = {}
    exec(f"import {facts.old(name)}\nit = {facts.old(name)}", scope)
    exec(f"import {facts.new(name)}\nit = {facts.new(name)}", wanted)
    same(scope["it"], wanted["it"], name)


def star_import(facts: Facts) -> None:
    """`from old.x import *` gives the same names as from `new.x`"""
    for name in dict.fromkeys(["", *facts.modules[:20]]):
        old: dict[str, object] = {}
        new: dict[str, object] = {}
        ours = outcome(lambda: exec(f"from {facts.old(name)} import *", old))  # noqa: B023
        theirs = outcome(lambda: exec(f"from {facts.new(name)} import *", new))  # noqa: B023
        assert bool(ours) == bool(theirs), f"{name}: {ours or theirs}"  # __all__ may be wrong
        differ = (set(old) ^ set(new)) - _SCOPE
        assert not differ, f"{name}: {sorted(differ)[:5]} differ"
        for key in set(new) - _SCOPE:
            if steady(load(facts.new(name)), key):
                same(old[key], new[key], f"{name}.{key}")


def every_module_old_first(facts: Facts) -> None:
    """every module is the same under both names, all old names first"""
    _all(facts, [facts.old(name) for name in facts.plain()])


def every_module_new_first(facts: Facts) -> None:
    """every module is the same under both names, all new names first"""
    _all(facts, [facts.new(name) for name in facts.plain()])


def every_module_alternating(facts: Facts) -> None:
    """every module is the same under both names, old and new by turns, deepest first"""
    names = sorted(facts.plain(), key=lambda name: (-name.count("."), name))
    by_turns = [facts.old(name) if n % 2 else facts.new(name) for n, name in enumerate(names)]
    _all(facts, by_turns)


def _all(facts: Facts, before: list[str]) -> None:
    for name in before:
        importlib.import_module(name)
    for name in facts.plain():
        same(load(facts.old(name)), load(facts.new(name)), name)
    for name, module in list(sys.modules.items()):
        rest = name[len(facts.legacy) :]
        below = name.startswith(facts.legacy + ".") and rest != ".__shim__"
        if below and not _real(facts, name):
            same(module, sys.modules.get(facts.canonical + rest), f"{name} in sys.modules")


def _real(facts: Facts, name: str) -> bool:
    """Whether a name below the legacy one is canonical, or leads to the canonical package."""
    new = facts.canonical
    return name == new or name.startswith(new + ".") or new.startswith(name + ".")


def executed_once_old_first(facts: Facts) -> None:
    """a module's code runs once, whichever name is imported first: the old one"""
    _once(facts, facts.old, facts.new)


def executed_once_new_first(facts: Facts) -> None:
    """a module's code runs once, whichever name is imported first: the new one"""
    _once(facts, facts.new, facts.old)


def _once(facts: Facts, leading, following) -> None:  # type: ignore[no-untyped-def]
    watch = executions(facts.canonical_folder)
    next(watch)
    for make in (leading, following):
        for name in facts.plain()[:40]:
            importlib.import_module(make(name))
    ran = [file for file in next(watch).split("\n") if file]
    twice = sorted({file for file in ran if ran.count(file) > 1})
    assert ran, "nothing of the canonical package was executed"
    assert not twice, f"executed more than once: {', '.join(twice[:3])}"


def namespace_package(facts: Facts) -> None:
    """a folder without `__init__.py` is a package under the old name too"""
    if not facts.namespaces:
        raise Skip("every folder of the canonical package has an __init__.py")
    for name in facts.namespaces[:5]:
        same(load(facts.old(name)), load(facts.new(name)), name)


def imported_anew(facts: Facts) -> None:
    """a canonical module that is imported again is the new one under the old name too"""
    name = simple(facts)
    load(facts.old(name))
    load(facts.new(name))
    del sys.modules[facts.new(name)]
    new = load(facts.new(name))
    same(load(facts.old(name)), new, name)


def installed_once(facts: Facts) -> None:
    """importing the old package a second time installs nothing twice"""
    load(facts.legacy)
    finders = len(sys.meta_path)
    del sys.modules[facts.legacy]
    name = facts.module()
    same(load(facts.old(name)), load(facts.new(name)), name)
    assert len(sys.meta_path) == finders, f"{len(sys.meta_path) - finders} finders more"


def relative_imports(facts: Facts) -> None:
    """a canonical module's relative imports reach canonical modules"""
    if not facts.relative:
        raise Skip("the canonical package imports nothing relatively")
    for name, target in facts.relative[:10]:
        load(facts.old(name))
        module = sys.modules.get(facts.new(target))
        assert module is not None, f"{facts.new(target)} was not imported by {name}"
        assert module.__name__ == facts.new(target), f"it is called {module.__name__}"


PROBES = (
    import_package,
    import_submodule_old_first,
    import_submodule_new_first,
    from_import,
    from_package_import_module,
    import_as,
    import_by_function,
    attribute_chain,
    star_import,
    every_module_old_first,
    every_module_new_first,
    every_module_alternating,
    executed_once_old_first,
    executed_once_new_first,
    namespace_package,
    imported_anew,
    installed_once,
    relative_imports,
)
