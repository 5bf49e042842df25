"""A module that imports, through its own package's `__init__`, what a module beside it defines."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable

from unify_backend.audit.package import Module, Package
from unify_backend.audit.rule import AuditRule, Finding, Options, at
from unify_backend.languages.python.module_symbols import Import
from unify_backend.model.diagnostics import Rule, Severity


def _find(package: Package, options: Options) -> Iterable[Finding]:
    for module in package:
        back: dict[str, list[tuple[Import, str]]] = defaultdict(list)
        for imported in module.symbols.imports:
            if imported.inner or imported.typing_only or imported.guarded or not imported.name:
                continue
            target = package.target(module, imported)
            if module.name.startswith(f"{target}."):
                source = _source(package, target, imported)
                if source not in {"", module.name}:
                    back[target].append((imported, source))
        for target, imports in back.items():
            if _imports(package, package.modules[target], module):
                yield _finding(module, target, imports)


def _source(package: Package, target: str, imported: Import) -> str:
    """The module below that the package's `__init__` has the name from; "" where it defines it."""
    owner = package.modules.get(target)
    brought = owner.import_of(imported.name or "") if owner is not None else None
    if owner is None or brought is None or not owner.is_package:
        return ""
    if package.has_module(f"{target}.{imported.name}"):
        return ""
    source = package.target(owner, brought)
    return source if source.startswith(f"{target}.") else ""


def _finding(module: Module, target: str, imports: list[tuple[Import, str]]) -> Finding:
    first = imports[0][0].alias
    names = [imported.name or "" for imported, _ in imports]
    shown = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
    sources = sorted({source for _, source in imports})
    return at(
        module,
        first,
        target,
        f"{target}/__init__ imports this module, which imports {shown} back from it: that works "
        "only as long as the lines there stay in this order",
        f"Import from where {'it is' if len(names) == 1 else 'they are'} defined: "
        f"{', '.join(sources)}.",
    )


def _imports(package: Package, owner: Module, module: Module) -> bool:
    """Whether importing the package imports the module: in its own text, and in any case."""
    always = {
        id(alias)
        for node in owner.tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    for imported in owner.symbols.imports:
        if id(imported.alias) not in always:
            continue
        target = package.target(owner, imported)
        if target == module.name or (imported.name and f"{target}.{imported.name}" == module.name):
            return True
    return False


RULE = AuditRule(
    Rule(
        "own-package-import",
        "a module imports its siblings' names back through its own package",
        "`pkg/__init__.py` imports `pkg.helpers`, and `pkg.helpers` imports from `pkg` what "
        "another module of `pkg` defines. Which names are bound by then depends on the order of "
        "lines in the `__init__`; a tool that sorts imports breaks the application.\n\n"
        "Import from the module that defines the name.",
        Severity.WARNING,
    ),
    _find,
)
