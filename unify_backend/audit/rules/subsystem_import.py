"""A name imported from a package that does not offer it, or of a subsystem that is to be imported
from its own modules."""

from __future__ import annotations

from collections.abc import Iterable

from unify_backend.audit.package import Module, Package
from unify_backend.audit.rule import AuditRule, Finding, Options, at
from unify_backend.languages.python.module_index import BoundName
from unify_backend.languages.python.module_symbols import Import
from unify_backend.model.auditing import Option
from unify_backend.model.diagnostics import Rule, Severity


def _find(package: Package, options: Options) -> Iterable[Finding]:
    extended = tuple(f"{package.name}.{name}" for name in options.texts("subsystems"))
    for module in package:
        for imported in module.symbols.imports:
            if not imported.name or imported.name == "*":
                continue
            target = package.target(module, imported)
            owner = package.modules.get(target)
            if owner is None or not owner.is_package or owner is module:
                continue
            if package.has_module(f"{target}.{imported.name}"):
                continue
            meaning = package.index.meaning(target, imported.name)
            source = meaning.module if isinstance(meaning, BoundName) and meaning.name else ""
            if (subsystem := _subsystem(source, target, extended)) is not None:
                yield _extended(module, imported, target, subsystem, source)
            elif _is_private(owner, imported.name) and not module.name.startswith(f"{target}."):
                yield _unoffered(module, imported, target, source)


def _subsystem(source: str, target: str, extended: tuple[str, ...]) -> str | None:
    """The subsystem that the name comes from, where it was imported from above it."""
    for subsystem in extended:
        if f"{source}.".startswith(f"{subsystem}.") and not f"{target}.".startswith(
            f"{subsystem}."
        ):
            return subsystem
    return None


def _is_private(owner: Module, name: str) -> bool:
    """Whether an `__init__` with an `__all__` has a name only because it uses it itself."""
    exported = owner.symbols.exported
    if exported is None or owner.symbols.dynamic or name in exported or name.startswith("__"):
        return False
    brought = owner.import_of(name)
    explicit = brought is not None and brought.alias.asname == name
    return brought is not None and not explicit


def _extended(
    module: Module, imported: Import, target: str, subsystem: str, source: str
) -> Finding:
    return at(
        module,
        imported.alias,
        f"{target} {imported.name}",
        f"{imported.name} belongs to the subsystem {subsystem} and is imported from {target}: "
        "every module that needs the core then loads the subsystem",
        f"Import it from its own module: from {source} import {imported.name}.",
    )


def _unoffered(module: Module, imported: Import, target: str, source: str) -> Finding:
    return at(
        module,
        imported.alias,
        f"{target} {imported.name}",
        f"{target} does not offer {imported.name} (it is not in its __all__), it only happens to "
        "have it for its own use",
        f"Import it from where it is defined: from {source} import {imported.name}."
        if source
        else "Import it from where it is defined.",
    )


RULE = AuditRule(
    Rule(
        "subsystem-import",
        "a name is imported from a package that does not offer it",
        "A domain package exports its core models. Extended subsystems (game, automation, "
        "narrative) are imported from their own modules: that keeps import circles away and tells "
        "which imports are safe everywhere.\n\n"
        "What a package imports only for itself, beside its `__all__`, is not offered either: it "
        "vanishes with the next tidying-up.",
        Severity.WARNING,
    ),
    _find,
    (
        Option(
            "subsystems",
            (),
            "packages (from the package: `domain.game`) whose names are imported from themselves",
        ),
    ),
)
