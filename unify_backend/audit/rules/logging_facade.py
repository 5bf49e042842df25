"""Loggers fetched from the logging package itself where the repository has a facade for it."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator

from unify_backend.audit.package import Module, Package
from unify_backend.audit.rule import AuditRule, Finding, Options, at
from unify_backend.model.auditing import Option
from unify_backend.model.diagnostics import Rule, Severity
from unify_backend.model.globs import Globs

_FACADE = re.compile(r"(.*\.)?(logging|log|logger|loggers|logging_facade)")
_GETS = re.compile(r"(get|make|create)_(\w+_)?logger")


def _find(package: Package, options: Options) -> Iterable[Finding]:
    facades = _told(package, options) or [
        module for module in package if _is_facade(package, module)
    ]
    spared = Globs(options.texts("setup"))
    for facade in facades:
        wrapped = _wrapped(package, facade, options.texts("raw"))
        gives = sorted(name for name in facade.definitions if _GETS.fullmatch(name))
        for module in package:
            if module is facade or spared.match(package.below(module)):
                continue
            for imported in module.symbols.imports:
                name = f"{imported.module}.{imported.name}" if imported.name else imported.module
                if imported.level or imported.typing_only or name not in wrapped:
                    continue
                yield at(
                    module,
                    imported.alias,
                    name,
                    f"{name} is used past the facade {facade.name}: a change of the logging "
                    "package then has to be made here as well",
                    f"Write: from {facade.name} import {gives[0] if gives else '…'}.",
                )


def _told(package: Package, options: Options) -> list[Module]:
    names = [f"{package.name}.{facade}" for facade in options.texts("facade")]
    return [package.modules[name] for name in names if name in package.modules]


def _is_facade(package: Package, module: Module) -> bool:
    """A module named after logging that gives loggers and wraps a package that is not Python's."""
    below = module.name[len(package.name) + 1 :]
    gives = any(
        isinstance(node, ast.FunctionDef) and _GETS.fullmatch(name)
        for name, node in module.definitions.items()
    )
    return bool(_FACADE.fullmatch(below)) and gives and bool(_wrapped(package, module, ()))


def _wrapped(package: Package, facade: Module, raw: tuple[str, ...]) -> set[str]:
    """The names that the facade wraps: those that it imports and its functions that return loggers
    call. With `raw` also all that the facade imports from those packages, and the packages
    themselves."""
    called = set(_called(facade))
    wrapped: set[str] = set()
    for imported in facade.symbols.imports:
        root = imported.module.partition(".")[0]
        if imported.level or package.index.owns(imported.module):
            continue
        if root in raw or (not raw and root not in sys.stdlib_module_names):
            bound = imported.alias.asname or imported.name or root
            if bound in called or root in raw:
                wrapped.add(
                    f"{imported.module}.{imported.name}" if imported.name else imported.module
                )
    return wrapped | {name for name in raw if name not in sys.stdlib_module_names}


def _called(facade: Module) -> Iterator[str]:
    for name, node in facade.definitions.items():
        if not isinstance(node, ast.FunctionDef) or not _GETS.fullmatch(name):
            continue
        for inner in ast.walk(node):
            match inner:
                case ast.Call(func=ast.Name(id=called)):
                    yield called
                case ast.Call(func=ast.Attribute(value=ast.Name(id=called))):
                    yield called
                case _:
                    pass


RULE = AuditRule(
    Rule(
        "logging-facade",
        "a logger is fetched past the package's logging facade",
        "Backend code, event handlers and plugins get their loggers from one facade module, so "
        "that a change of the logging package is one change. The facade is found by its name "
        "and by what it wraps, or told by `facade`; where a repository has none the rule is "
        "silent.",
        Severity.WARNING,
    ),
    _find,
    (
        Option("facade", (), "the facade's module, from the package: `shared.logging`"),
        Option("raw", (), "the logging packages that it wraps; default: what it calls"),
        Option(
            "setup",
            ("main.py", "__main__.py"),
            "globs (below the package) of modules that set logging up",
        ),
    ),
)
