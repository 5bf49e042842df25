"""`__all__` in a package's `__init__`: it exists, is complete and has no unknown names."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from unify_backend.audit.package import Module, Package
from unify_backend.audit.rule import AuditRule, Finding, Options, at
from unify_backend.languages.python.module_symbols import Import
from unify_backend.model.auditing import Option
from unify_backend.model.diagnostics import Rule, Severity


def _find(package: Package, options: Options) -> Iterable[Finding]:
    for module in package:
        if not module.is_package:
            continue
        offered = list(_reexports(package, module))
        symbols = module.symbols
        if symbols.exported is None:
            if len(offered) >= options.number("least") and not symbols.dynamic:
                yield _absent(module, offered)
            continue
        entries = list(_entries(module))
        if len(entries) != len(symbols.exported):
            continue  # parts of it are known only at run time
        yield from _dishonest(package, module, entries)
        if not symbols.dynamic:
            listed = set(symbols.exported)
            for imported, name in offered:
                if name not in listed:
                    yield _left_out(module, imported, name)


def _entries(module: Module) -> Iterator[ast.Constant]:
    """The strings of `__all__`, as written."""
    for node in module.tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
                pass
            case ast.AnnAssign(target=ast.Name(id="__all__"), value=value):
                pass
            case ast.AugAssign(target=ast.Name(id="__all__"), value=value):
                pass
            case _:
                continue
        if isinstance(value, ast.List | ast.Tuple):
            yield from (element for element in value.elts if isinstance(element, ast.Constant))


def _reexports(package: Package, module: Module) -> Iterator[tuple[Import, str]]:
    """The public names that an `__init__` imports from its own package and does not use itself.

    A submodule is imported to be loaded, and `import x as x` says by itself that it is offered.
    """
    for imported in module.symbols.imports:
        if imported.inner or imported.typing_only or imported.guarded:
            continue
        if not imported.name or imported.name == "*":
            continue
        target = package.target(module, imported)
        name = imported.alias.asname or imported.name
        if not f"{target}.".startswith(f"{module.name}.") or name.startswith("_"):
            continue
        if imported.alias.asname == imported.name or name in module.read_names:
            continue
        if not package.has_module(f"{target}.{imported.name}"):
            yield imported, name


def _dishonest(package: Package, module: Module, entries: list[ast.Constant]) -> Iterator[Finding]:
    seen: set[object] = set()
    for node in entries:
        name = str(node.value)
        if name in seen:
            yield at(
                module,
                node,
                f"{name} twice",
                f"{name!r} stands twice in __all__",
                "Remove one of the two.",
                Severity.WARNING,
            )
        elif package.index.has(module.name, name, typing=True) is False:
            yield at(
                module,
                node,
                f"{name} unbound",
                f"__all__ names {name!r}, which {module.name} does not have: "
                "`from … import *` fails with an AttributeError",
                "Import or define it here, or take it out of the list.",
                Severity.ERROR,
            )
        seen.add(name)


def _absent(module: Module, offered: list[tuple[Import, str]]) -> Finding:
    first = offered[0][0].alias
    names = [name for _, name in offered]
    some = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
    return at(
        module,
        first,
        "no __all__",
        f"this package re-exports {len(names)} name{'s'[: len(names) != 1]} ({some}) and has no "
        "__all__: nothing tells what is offered from what is only used",
        "Add an __all__ that lists what is meant to be imported from here.",
    )


def _left_out(module: Module, imported: Import, name: str) -> Finding:
    return at(
        module,
        imported.alias,
        f"{name} left out",
        f"{name} is imported here to be re-exported and is not in __all__",
        f'Add "{name}" to __all__, or import it where it is used.',
    )


RULE = AuditRule(
    Rule(
        "export-list",
        "a package's `__all__` is missing, incomplete or wrong",
        "`__all__` in an `__init__.py` is the package's contract: which names others may import "
        "from it. Every name in it must be there, every re-exported name must be in it, none "
        "twice.",
        Severity.WARNING,
    ),
    _find,
    (Option("least", 2, "how many re-exported names make an `__all__` necessary"),),
)
