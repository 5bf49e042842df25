"""`unify-backend/check/1` and `unify-backend/baselined/1`."""

from typing import Annotated, Literal

from msgspec import Meta, field

from unify_backend.model.baseline import Kept
from unify_backend.model.checking import Judged, Scope, Unread
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


def check_document(judged: Judged, report: DiagnosticReport) -> CheckDocument:
    """What is new, what is stale, what could not be understood."""
    new = (found for found in report.diagnostics if found.rule != "stale-entry")
    unread = [found.finding for found in judged.offences.values() if isinstance(found, Unread)]
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


def diagnostic_entry(found: Diagnostic) -> DiagnosticEntry:
    """A diagnostic under the keys of all contracts."""
    return DiagnosticEntry(
        path=found.path,
        line=found.start.line if found.start else None,
        column=found.start.column if found.start else None,
        end_line=found.end.line if found.end else None,
        end_column=found.end.column if found.end else None,
        rule=found.rule,
        severity=found.severity,
        message=found.message,
        advice=found.advice,
        replacement=found.replacement,
        command=found.command,
        fingerprint=found.fingerprint,
    )


def baselined_document(kept: Kept) -> BaselinedDocument:
    """What a baseline became."""
    return BaselinedDocument(
        path=kept.path,
        entries=kept.entries,
        added=entries(BaselineEntry, kept.added),
        removed=entries(BaselineEntry, kept.removed),
        moved=tuple(MovedPath(old, new) for old, new in kept.moved),
    )
