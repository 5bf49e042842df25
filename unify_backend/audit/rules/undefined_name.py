"""A name that is read and bound nowhere."""

from __future__ import annotations

import ast
import typing
from collections import defaultdict
from collections.abc import Iterable, Iterator

from unify_backend.audit.audited import Audited
from unify_backend.audit.rule import AuditRule, Finding, Options
from unify_backend.languages.python.names import Missing, Names
from unify_backend.languages.python.package import GIVEN, Module
from unify_backend.languages.python.scopes import Kind, Read
from unify_backend.model.auditing import Option
from unify_backend.model.diagnostics import Rule, Severity

_IN_CLASS = frozenset({"__module__", "__qualname__"})


def _find(audited: Audited, options: Options) -> Iterable[Finding]:
    given = GIVEN | set(options.texts("builtins"))
    for module in audited.package:
        scopes = None if module.facts.dynamic else module.unbound
        if scopes is None:
            continue
        unbound: dict[str, list[Read]] = defaultdict(list)
        caught = _caught(module)
        for read in scopes.reads.values():
            if read.name in given or read.scope.find(read.name) is not None:
                continue
            if read.name in _special(read) or any(read.line in lines for lines in caught):
                continue
            if _brought(audited.names, module, read.name):
                continue
            unbound[read.name].append(read)
        for name, reads in unbound.items():
            yield _finding(audited, module, name, sorted(reads, key=lambda one: one.start))


def _special(read: Read) -> frozenset[str]:
    """Names that the interpreter gives in classes and methods."""
    return _IN_CLASS if read.scope.kind is Kind.CLASS else frozenset({"__class__"})


def _brought(names: Names, module: Module, name: str) -> bool:
    """Whether a star import brings the name, or may."""
    if not module.facts.stars:
        return False
    return not isinstance(names.meaning(module.name, name), Missing)


def _caught(module: Module) -> list[range]:
    """The lines under a `try` that expects a NameError."""
    return [
        range(node.body[0].lineno, (node.body[-1].end_lineno or 0) + 1)
        for node in module.nodes
        if isinstance(node, ast.Try)
        and any("NameError" in _caught_names(one) for one in node.handlers)
    ]


def _caught_names(handler: ast.ExceptHandler) -> Iterator[str]:
    for node in ast.walk(handler.type) if handler.type else ():
        if isinstance(node, ast.Name):
            yield node.id


def _finding(audited: Audited, module: Module, name: str, reads: list[Read]) -> Finding:
    first = reads[0]
    more = sorted({one.line for one in reads[1:]} - {first.line})
    also = f" (also in {len(more)} more line{'s'[: len(more) != 1]})" if more else ""
    return Finding(
        module.path,
        name,
        f"{name!r} is not defined: nothing in this module binds or imports it{also}",
        _advice(audited, name),
        module.position(first.start),
        module.position(first.start + len(name)),
        module.lines.line_of(first.start),
    )


def _advice(audited: Audited, name: str) -> str:
    """Where the name could come from."""
    homes = audited.names.homes(name)
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
