"""A reference to modules that were archived."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from unify_backend.audit.package import Module, Package
from unify_backend.audit.rule import AuditRule, Finding, Options, at, last_name
from unify_backend.languages.known_calls import PYTHON, Takes, functions
from unify_backend.model.auditing import Option
from unify_backend.model.diagnostics import Rule, Severity
from unify_backend.model.text import SOURCE


def _find(package: Package, options: Options) -> Iterable[Finding]:
    for archived in options.texts("modules"):
        folder = archived.replace(".", "/")
        if package.index.owns(archived) and package.has_module(archived):
            continue
        for module in package:
            if _reachable(package.paths, module.path, folder):
                continue
            for name, node in _references(module):
                if f"{name}.".startswith(f"{archived}."):
                    yield at(
                        module,
                        node,
                        name,
                        f"{name} belongs to {archived}, which was archived: no folder that this "
                        "module is run from has it",
                        "Port what is needed into the package, or archive this module too "
                        "(unify-backend archive).",
                    )


def _reachable(paths: Iterable[str], path: str, folder: str) -> bool:
    """Whether the archived name still lies beside the file or above it, where it would be found."""
    above = path.split("/")[:-1]
    roots = ("/".join([*above[:n], folder]) for n in range(len(above) + 1))
    wanted = tuple(f"{root}/" for root in roots) + tuple(
        f"{'/'.join([*above[:n], folder])}{SOURCE}" for n in range(len(above) + 1)
    )
    return any(file.startswith(wanted) for file in paths if file.endswith(SOURCE))


def _references(module: Module) -> Iterator[tuple[str, ast.AST]]:
    for imported in module.symbols.imports:
        if not imported.level:
            yield imported.module, imported.alias
    for node in module.nodes:
        match node:
            case ast.Call(func=function, args=[ast.Constant(value=str(name)), *_]):
                if last_name(function) in functions(Takes.IMPORT, PYTHON):
                    yield name, node.args[0]
            case _:
                pass


RULE = AuditRule(
    Rule(
        "archived-import",
        "modules that were archived are still referenced",
        "Code that moved into an archive (`research/legacy_src/`) cannot be imported under its old "
        "name. What still names it fails when it runs, often in a script that nobody has run "
        "since.\n\n"
        "Port what is needed, or archive the referring module too.",
        Severity.ERROR,
    ),
    _find,
    (Option("modules", ("src",), "dotted names of modules that were archived"),),
)
