"""A rule of `audit`: its description, its options and its findings."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from unify_backend.audit.package import Module, Package
from unify_backend.model.auditing import ListedRule, Option
from unify_backend.model.diagnostics import Rule, Severity
from unify_backend.model.spans import Position

COMMON = (
    Option("allow", (), "globs of files (from the repository's top) that the rule leaves alone"),
    Option("severity", (), 'what a finding counts as: ["error"], ["warning"] or ["note"]'),
)


class Options:
    """The values of a rule's options: the configured ones, else the defaults."""

    def __init__(self, values: Mapping[str, tuple[str, ...] | int]) -> None:
        self._values = values

    def texts(self, name: str) -> tuple[str, ...]:
        """The value of an option that is a list of strings."""
        value = self._values[name]
        assert isinstance(value, tuple)
        return value

    def number(self, name: str) -> int:
        """The value of an option that is a number."""
        value = self._values[name]
        assert isinstance(value, int)
        return value


@dataclass(frozen=True, slots=True)
class Finding:
    """A place that breaks a rule. `subject` identifies it in the baseline, in few words that do not
    change when code is reformatted or moved. `severity` overrides the rule's."""

    path: str
    subject: str
    message: str
    advice: str
    start: Position | None = None
    end: Position | None = None
    line: str = ""
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class AuditRule:
    """A rule with what finds it. `find` gets the package and the rule's options."""

    rule: Rule
    find: Callable[[Package, Options], Iterable[Finding]]
    options: tuple[Option, ...] = ()

    @property
    def listed(self) -> ListedRule:
        """The rule as a list of rules shows it."""
        return ListedRule(self.rule, self.options)


def last_name(expression: ast.expr) -> str:
    """The last word of `a.b.c`; "" for anything else."""
    return str(getattr(expression, "attr", getattr(expression, "id", "")))


def at(
    module: Module,
    node: ast.AST,
    subject: str,
    message: str,
    advice: str,
    severity: Severity | None = None,
) -> Finding:
    """A finding at a node of a module."""
    span = module.shown(node)
    return Finding(
        module.path,
        subject,
        message,
        advice,
        module.lines.position(span.start),
        module.lines.position(span.end),
        module.lines.line_of(span.start),
        severity,
    )
