"""`unify-backend/check/1` and `unify-backend/baselined/1`."""

from typing import Annotated, Literal

from msgspec import Meta, field

from unify_backend.model.baseline import BaselineUpdate
from unify_backend.model.checking import CopiesEvaluation, Evaluation, Scope, UnreadFile
from unify_backend.model.diagnostics import Diagnostic, DiagnosticReport, Severity
from unify_backend.model.references import Finding
from unify_backend.reporting.json.common import (
    Count,
    Document,
    Entry,
    Line,
    MovedPath,
    entries,
)


class DiagnosticEntry(Entry, frozen=True):
    """One place that breaks a rule; positions are null where the file as a whole is meant."""

    path: str
    line: Line | None
    column: Line | None
    end_line: Line | None
    end_column: Line | None
    rule: str
    severity: Severity
    message: str
    advice: str
    replacement: str | None  # what the place becomes, where that is certain
    command: str  # what replaces it, or ""
    fingerprint: Annotated[
        str, Meta(pattern="^[0-9a-f]+$")
    ]  # the finding's name across line shifts


class BaselineEntry(Entry, frozen=True):
    """One entry of the baseline."""

    path: str
    kind: str = field(name="form")
    text: str
    occurrence: Line  # which of several that are equal


class CheckDocument(Document, frozen=True, tag="unify-backend/check/1"):
    """The references and uses that the baseline does not know"""

    scope: Literal["whole", "files", "changed"]
    new: tuple[DiagnosticEntry, ...]
    stale: tuple[BaselineEntry, ...]  # in the baseline only
    known: Count
    opted_out: Count  # references that a comment keeps
    files: Count
    started: Count  # entries of the first baseline
    moved: tuple[MovedPath, ...]
    findings: tuple[Finding, ...]


class BaselinedDocument(Document, frozen=True, tag="unify-backend/baselined/1"):
    """What --update-baseline or --prune made of the baseline"""

    path: str
    entries: Count
    added: tuple[BaselineEntry, ...]
    removed: tuple[BaselineEntry, ...]
    moved: tuple[MovedPath, ...]


_SCOPES: dict[Scope, Literal["whole", "files", "changed"]] = {
    Scope.WHOLE: "whole",
    Scope.FILES: "files",
    Scope.CHANGED: "changed",
}


def check_document(judged: Evaluation, report: DiagnosticReport) -> CheckDocument:
    """What is new, what is stale, what could not be understood."""
    new = (diagnostic for diagnostic in report.diagnostics if diagnostic.rule != "stale-entry")
    unread = [
        violation.finding
        for violation in judged.violations.values()
        if isinstance(violation, UnreadFile)
    ]
    return CheckDocument(
        scope=_SCOPES[judged.scope],
        new=tuple(map(diagnostic_entry, new)),
        stale=entries(BaselineEntry, judged.verdicts.stale),
        known=len(judged.verdicts.known),
        opted_out=judged.opted_out,
        files=judged.files,
        started=judged.started,
        moved=tuple(MovedPath(old, new) for old, new in judged.verdicts.moved),
        findings=tuple(unread),
    )


def copies_document(evaluation: CopiesEvaluation, report: DiagnosticReport) -> CheckDocument:
    """What --copies found, under the same keys: `files` are pairs of files that a change touches,
    `opted_out` those with a reason."""
    return CheckDocument(
        scope="changed",
        new=tuple(map(diagnostic_entry, report.diagnostics)),
        stale=(),
        known=0,
        opted_out=evaluation.excused,
        files=evaluation.pairs,
        started=0,
        moved=(),
        findings=(),
    )


def diagnostic_entry(diagnostic: Diagnostic) -> DiagnosticEntry:
    """A diagnostic under the keys of all contracts."""
    return DiagnosticEntry(
        path=diagnostic.path,
        line=diagnostic.start.line if diagnostic.start else None,
        column=diagnostic.start.column if diagnostic.start else None,
        end_line=diagnostic.end.line if diagnostic.end else None,
        end_column=diagnostic.end.column if diagnostic.end else None,
        rule=diagnostic.rule,
        severity=diagnostic.severity,
        message=diagnostic.message,
        advice=diagnostic.advice,
        replacement=diagnostic.replacement,
        command=diagnostic.command,
        fingerprint=diagnostic.fingerprint,
    )


def baselined_document(update: BaselineUpdate) -> BaselinedDocument:
    """What a baseline became."""
    return BaselinedDocument(
        path=update.path,
        entries=update.entries,
        added=entries(BaselineEntry, update.added),
        removed=entries(BaselineEntry, update.removed),
        moved=tuple(MovedPath(old, new) for old, new in update.moved),
    )
