"""`unify-backend/audit/1` and `unify-backend/auditrules/1`."""

from collections.abc import Iterable

from msgspec import field

from unify_backend.model.auditing import Audit, AuditedPackage, ListedRule, Option, RuleCount
from unify_backend.model.diagnostics import Severity
from unify_backend.reporting.json.check import DiagnosticEntry, diagnostic_entry
from unify_backend.reporting.json.common import Count, Document, Entry, Line, MovedPath, entries


class StaleFinding(Entry, frozen=True):
    """An entry of the baseline that is not there any more."""

    path: str
    kind: str = field(name="rule")
    text: str
    occurrence: Line


class AuditDocument(Document, frozen=True, tag="unify-backend/audit/1"):
    """What breaks the conventions of the canonical package"""

    packages: tuple[AuditedPackage, ...]
    rules: tuple[RuleCount, ...]
    new: tuple[DiagnosticEntry, ...]
    known: Count
    stale: tuple[StaleFinding, ...]
    moved: tuple[MovedPath, ...]


class RuleEntry(Entry, frozen=True):
    """A rule with its options."""

    rule: str
    severity: Severity
    summary: str
    help: str
    options: tuple[Option, ...]


class AuditRulesDocument(Document, frozen=True, tag="unify-backend/auditrules/1"):
    """The rules of audit and their options"""

    rules: tuple[RuleEntry, ...]


def audit_document(done: Audit) -> AuditDocument:
    """What is new, what the baseline knows and what of it is gone."""
    looked_for = {counted.rule for counted in done.rules}
    return AuditDocument(
        packages=done.packages,
        rules=done.rules,
        new=tuple(
            diagnostic_entry(diagnostic)
            for diagnostic in done.report.diagnostics
            if diagnostic.rule in looked_for
        ),
        known=len(done.verdicts.known),
        stale=entries(StaleFinding, done.verdicts.stale),
        moved=tuple(MovedPath(old, new) for old, new in done.verdicts.moved),
    )


def rules_document(listed: Iterable[ListedRule]) -> AuditRulesDocument:
    """Every rule with its options."""
    return AuditRulesDocument(
        tuple(
            RuleEntry(
                each.rule.id,
                each.rule.severity,
                each.rule.summary,
                each.rule.help,
                each.options,
            )
            for each in listed
        )
    )
