"""An import of something that is not in the package (any more)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from unify_backend.audit.package import Module, Package
from unify_backend.audit.rule import AuditRule, Finding, Options, at
from unify_backend.languages.python.module_symbols import Import
from unify_backend.model.auditing import Option
from unify_backend.model.diagnostics import Rule, Severity
from unify_backend.model.globs import Globs


def _find(package: Package, options: Options) -> Iterable[Finding]:
    generated = Globs(options.texts("generated"))
    for module in package:
        gone: dict[str, list[Import]] = defaultdict(list)
        for imported in module.symbols.imports:
            target = package.target(module, imported)
            beyond = target.startswith(".")
            if imported.guarded or not (beyond or package.index.owns(target)):
                continue
            if beyond:
                gone[target].append(imported)
            elif not package.has_module(target):
                if not _is_made(package, target, generated) and not _is_shared(package, target):
                    gone[target].append(imported)
            elif imported.name not in {None, "*"}:
                there = package.index.has(target, imported.name or "", imported.typing_only)
                is_generated = _is_made(package, f"{target}.{imported.name}", generated)
                if there is False and not is_generated:
                    yield _no_name(package, module, imported, target)
        for target, imports in gone.items():
            yield _no_module(package, module, target, imports)


def _is_shared(package: Package, name: str) -> bool:
    """Whether other distributions may add modules where this one should be: a namespace package,
    or one that extends its `__path__`."""
    nearest = package.index.nearest(name)
    while nearest is not None:
        if nearest.path is not None:
            return nearest.symbols is None or nearest.symbols.elsewhere
        nearest = package.index.nearest(nearest.name.rpartition(".")[0])
    return True


def _is_made(package: Package, name: str, generated: Globs) -> bool:
    """Whether the module is there without being tracked: new, made by a build (told so), or in
    another language."""
    below = name[len(package.name) + 1 :].replace(".", "/")
    stem = f"{package.folder}/{below}"
    untracked = package.exists(f"{stem}.py") or package.exists(f"{stem}/__init__.py")
    return untracked or generated.match(f"{below}.py") or stem in package.stems


def _no_module(package: Package, module: Module, target: str, imports: Sequence[Import]) -> Finding:
    first = imports[0]
    names = [imported.name for imported in imports if imported.name]
    homes = {name: homes for name in names if (homes := package.homes(name))}
    return at(
        module,
        first.alias,
        target,
        f"{_what(target)}{_when(first)}",
        " ".join(f"{name} is defined in {', '.join(modules)}." for name, modules in homes.items())
        or "Correct the name, or remove the import.",
    )


def _no_name(package: Package, module: Module, imported: Import, target: str) -> Finding:
    elsewhere = ", ".join(package.homes(imported.name or ""))
    return at(
        module,
        imported.alias,
        f"{target} {imported.name}",
        f"{target} has no {imported.name!r}{_when(imported)}",
        f"It is defined in {elsewhere}."
        if elsewhere
        else "Nothing in the package defines it: correct the name, or remove the import.",
    )


def _what(target: str) -> str:
    if target.startswith("."):
        return f"the dots of {target} lead above the top-level package"
    return f"there is no module {target}"


def _when(imported: Import) -> str:
    if imported.typing_only:
        return ": type checkers cannot follow it"
    return ": the line fails when it runs" if imported.inner else ": importing this module fails"


RULE = AuditRule(
    Rule(
        "missing-import",
        "an import names a module or a name that the package does not have",
        "A module imports from the package what is not there: moved, renamed, or never merged. "
        "Where modules are loaded with exceptions swallowed (plugins, routes) the only sign is "
        "that something is missing.",
        Severity.ERROR,
    ),
    _find,
    (
        Option(
            "generated",
            ("**/_version.py", "**/*_pb2.py", "**/*_pb2_grpc.py", "**/_*.py"),
            "globs (below the package) of modules that a build makes",
        ),
    ),
)
