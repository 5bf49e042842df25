"""A name that is read and bound nowhere."""

from __future__ import annotations

import typing
from collections import defaultdict
from collections.abc import Iterable, Sequence

from unify_backend.audit.package import Module, Package
from unify_backend.audit.rule import AuditRule, Finding, Options
from unify_backend.languages.python.module_index import Missing
from unify_backend.languages.python.undefined_names import UndefinedName, undefined_names
from unify_backend.model.auditing import Option
from unify_backend.model.diagnostics import Rule, Severity


def _find(package: Package, options: Options) -> Iterable[Finding]:
    extra_builtins = frozenset(options.texts("builtins"))
    for module in package:
        if module.symbols.dynamic:
            continue
        uses: dict[str, list[UndefinedName]] = defaultdict(list)
        for place in undefined_names(module, module.path, extra_builtins):
            brought = place.starred and not isinstance(
                package.index.meaning(module.name, place.name), Missing
            )
            if not brought:
                uses[place.name].append(place)
        for name, places in uses.items():
            yield _finding(package, module, name, places)


def _finding(
    package: Package, module: Module, name: str, places: Sequence[UndefinedName]
) -> Finding:
    first = places[0]
    more = {place.line for place in places} - {first.line}
    also = f" (also in {len(more)} more line{'s'[: len(more) != 1]})" if more else ""
    return Finding(
        module.path,
        name,
        f"{name!r} is not defined: nothing in this module binds or imports it{also}",
        _advice(package, name),
        module.lines.position(first.offset),
        module.lines.position(first.offset + len(name)),
        module.lines.line_of(first.offset),
    )


def _advice(package: Package, name: str) -> str:
    """Where the name could come from."""
    homes = package.homes(name)
    if name in typing.__all__:
        return f"Add `from typing import {name}`; evaluating it is a NameError."
    if homes:
        return f"Import it (defined in {', '.join(homes)}): evaluating it is a NameError."
    return f"Import or define {name}; evaluating it is a NameError."


RULE = AuditRule(
    Rule(
        "undefined-name",
        "a name is read that nothing binds or imports",
        "A module reads a name that it neither defines nor imports. Importing the module works as "
        "long as the line does not run, so tests that do not reach it stay green.\n\n"
        "Typical causes: a function was moved to another file without the names it uses; "
        "`Optional` or `Dict` in an annotation without `from typing import …`.",
        Severity.ERROR,
    ),
    _find,
    (Option("builtins", (), "names that something outside puts into builtins, like `_`"),),
)
