"""Runs the chosen rules over packages, and makes diagnostics of what they find."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from hashlib import sha256

from unify_backend.audit.audited import Audited
from unify_backend.audit.choosing import Chosen
from unify_backend.audit.rule import Finding
from unify_backend.model.baseline import Entry, numbered
from unify_backend.model.diagnostics import Diagnostic
from unify_backend.model.globs import Globs


def run(
    packages: Iterable[Audited],
    rules: Iterable[Chosen],
    wanted: Callable[[str], bool],
) -> dict[Entry, Diagnostic]:
    """Every finding in the files that are `wanted`, sorted by place, under its entry in a
    baseline: path, rule and subject."""
    chosen = list(rules)
    found: dict[tuple[object, ...], tuple[Chosen, Finding]] = {}
    for package in packages:
        for one in chosen:
            for finding in _of(package, one, wanted):
                # Two packages may share a place, like a Dockerfile: it counts once.
                key = (one.rule.rule.id, finding.path, finding.subject, finding.start)
                found.setdefault(key, (one, finding))
    ordered = sorted(found.values(), key=lambda pair: _place(pair[1], pair[0].rule.rule.id))
    entries = numbered(ordered, lambda pair: _key(*pair))
    return {entry: _diagnostic(entry, *pair) for entry, pair in entries.items()}


def _of(package: Audited, one: Chosen, wanted: Callable[[str], bool]) -> Iterator[Finding]:
    allowed = Globs(one.allow)
    for finding in one.rule.find(package, one.options):
        if wanted(finding.path) and not allowed.match(finding.path):
            severity = one.severity or finding.severity or one.rule.rule.severity
            yield replace(finding, severity=severity)


def _place(finding: Finding, rule: str) -> tuple[str, int, int, str, str]:
    line, column = (finding.start.line, finding.start.column) if finding.start else (0, 0)
    return finding.path, line, column, rule, finding.subject


def _key(one: Chosen, finding: Finding) -> tuple[str, str, str]:
    return finding.path, one.rule.rule.id, finding.subject


def fingerprint(entry: Entry) -> str:
    """A finding's name beyond line shifts, hexadecimal."""
    text = "\0".join((entry.path, entry.kind, entry.text, str(entry.occurrence)))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _diagnostic(entry: Entry, one: Chosen, finding: Finding) -> Diagnostic:
    return Diagnostic(
        one.rule.rule.id,
        finding.path,
        finding.message,
        fingerprint(entry),
        finding.severity or one.rule.rule.severity,
        finding.start,
        finding.end,
        finding.line,
        finding.advice,
    )
