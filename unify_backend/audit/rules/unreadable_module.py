"""A module that cannot be read, so that no rule says anything about it."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from unify_backend.audit.package import Package
from unify_backend.audit.rule import AuditRule, Finding, Options
from unify_backend.model.diagnostics import Rule, Severity
from unify_backend.model.spans import Position

_VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


def _find(package: Package, options: Options) -> Iterable[Finding]:
    for unread in package.unread:
        yield Finding(
            unread.path,
            unread.problem,
            f"{unread.problem} (with Python {_VERSION}, which runs this tool): no other rule has "
            "looked at this file",
            "Repair it; where it is written for a newer Python, run this tool with that one.",
            start=Position(unread.line, 1) if unread.line else None,
        )


RULE = AuditRule(
    Rule(
        "unreadable-module",
        "a module cannot be read or does not parse",
        "A file of the package is no text, or not Python as the interpreter that runs this tool "
        "knows it. It is reported, because a file that is passed over in silence passes every "
        "check.",
        Severity.ERROR,
    ),
    _find,
)
