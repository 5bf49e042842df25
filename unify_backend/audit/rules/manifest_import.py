"""A manifest that imports the package of all route modules instead of the one it needs."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from unify_backend.audit.package import Module, Package
from unify_backend.audit.rule import AuditRule, Finding, Options, at, last_name
from unify_backend.languages.python.module_index import BoundName
from unify_backend.languages.python.module_symbols import Import
from unify_backend.model.auditing import Option
from unify_backend.model.diagnostics import Rule, Severity

_ROUTERS = frozenset({"APIRouter", "Blueprint", "Router"})


def _find(package: Package, options: Options) -> Iterable[Finding]:
    listed = {f"{package.name}.{name}" for name in options.texts("packages")}
    gathering = {
        module.name
        for module in package
        if module.is_package and (module.name in listed or _gathers_routes(package, module))
    }
    for module in package.matching(options.texts("manifests")):
        for imported in module.symbols.imports:
            if imported.typing_only:
                continue
            target = package.target(module, imported)
            whole = target if imported.name is None else f"{target}.{imported.name}"
            if whole in gathering and whole != module.name:
                yield _finding(package, module, imported, whole, "")
            elif target in gathering and imported.name and not package.has_module(whole):
                defined = imported.name in package.modules[target].definitions
                if not defined:
                    yield _finding(package, module, imported, target, imported.name)


def _gathers_routes(package: Package, init: Module) -> bool:
    """Whether an `__init__` imports two or more modules beside it that hold routers."""
    brought = {
        imported.name if (target := package.target(init, imported)) == init.name else target
        for imported in init.symbols.imports
        if imported.name is not None and not imported.inner
    }
    names = {name if name.startswith(init.name) else f"{init.name}.{name}" for name in brought}
    modules = (package.modules.get(name) for name in names - {init.name})
    return sum(1 for module in modules if module is not None and _has_router(module)) > 1


def _has_router(module: Module) -> bool:
    for node in module.definitions.values():
        match node:
            case ast.Assign(value=ast.Call(func=function)):
                if last_name(function) in _ROUTERS:
                    return True
            case _:
                pass
    return False


def _finding(package: Package, module: Module, imported: Import, routes: str, name: str) -> Finding:
    meaning = package.index.meaning(routes, name) if name else None
    source = meaning.module if isinstance(meaning, BoundName) and meaning.name else ""
    advice = (
        f"Import the module that defines it: from {source} import {name}."
        if source
        else f"Import the module that is needed: from {routes}.<module> import router."
    )
    subject = f"{name} from the package {routes}" if name else f"the package {routes}"
    return at(
        module,
        imported.alias,
        f"{routes} {name}".strip(),
        f"this manifest imports {subject}, whose __init__ imports every route module: an error "
        "in any of them takes this one along",
        advice,
    )


RULE = AuditRule(
    Rule(
        "manifest-import",
        "a route or plugin manifest imports a whole package of route modules",
        "Manifests are loaded one by one, so that a broken plugin does not stop the others. One "
        "that imports the package of all route modules (`from app.api import v1`) depends on every "
        "one of them again.\n\n"
        "```python\nfrom app.api.v1.logs import router  # the module that is needed\n```",
        Severity.WARNING,
    ),
    _find,
    (
        Option("manifests", ("**/manifest.py",), "globs of manifests, below the package"),
        Option("packages", (), "more packages that gather siblings, from the package: `api.v1`"),
    ),
)
