"""A name imported from a package that does not offer it, or of a subsystem that is to be imported
from its own modules."""

from __future__ import annotations

from collections.abc import Iterable

from unify_backend.audit.package import Module, Package
from unify_backend.audit.rule import AuditRule, Finding, Options, at
from unify_backend.languages.python.module_index import Defined
from unify_backend.languages.python.module_symbols import Import
from unify_backend.model.auditing import Option
from unify_backend.model.diagnostics import Rule, Severity


def _find(package: Package, options: Options) -> Iterable[Finding]:
    extended = tuple(f"{package.name}.{one}" for one in options.texts("subsystems"))
    for module in package:
        for one in module.symbols.imports:
            if not one.name or one.name == "*":
                continue
            target = package.target(module, one)
            owner = package.modules.get(target)
            if owner is None or not owner.is_package or owner is module:
                continue
            if package.has_module(f"{target}.{one.name}"):
                continue
            meaning = package.index.meaning(target, one.name)
            source = meaning.module if isinstance(meaning, Defined) and meaning.name else ""
            if (subsystem := _subsystem(source, target, extended)) is not None:
                yield _extended(module, one, target, subsystem, source)
            elif _is_private(owner, one.name) and not module.name.startswith(f"{target}."):
                yield _unoffered(module, one, target, source)


def _subsystem(source: str, target: str, extended: tuple[str, ...]) -> str | None:
    """The subsystem that the name comes from, where it was imported from above it."""
    for one in extended:
        if f"{source}.".startswith(f"{one}.") and not f"{target}.".startswith(f"{one}."):
            return one
    return None


def _is_private(owner: Module, name: str) -> bool:
    """Whether an `__init__` with an `__all__` has a name only because it uses it itself."""
    exported = owner.symbols.exported
    if exported is None or owner.symbols.dynamic or name in exported or name.startswith("__"):
        return False
    brought = owner.import_of(name)
    explicit = brought is not None and brought.alias.asname == name
    return brought is not None and not explicit


def _extended(module: Module, one: Import, target: str, subsystem: str, source: str) -> Finding:
    return at(
        module,
        one.alias,
        f"{target} {one.name}",
        f"{one.name} belongs to the subsystem {subsystem} and is imported from {target}: every "
        "module that needs the core then loads the subsystem",
        f"Import it from its own module: from {source} import {one.name}.",
    )


def _unoffered(module: Module, one: Import, target: str, source: str) -> Finding:
    return at(
        module,
        one.alias,
        f"{target} {one.name}",
        f"{target} does not offer {one.name} (it is not in its __all__), it only happens to have "
        "it for its own use",
        f"Import it from where it is defined: from {source} import {one.name}."
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
