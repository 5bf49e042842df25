"""`unify-backend/check/1` and `unify-backend/baselined/1`."""

from unify_backend.model.baseline import Entry
from unify_backend.model.checking import Judged, Unread
from unify_backend.model.diagnostics import Diagnostic, DiagnosticReport
from unify_backend.model.kept import Kept
from unify_backend.reporting.json.common import Document


def check_document(judged: Judged, report: DiagnosticReport) -> Document:
    """What is new, what is stale, what could not be understood, under the keys of the contract."""
    findings = [one.finding for one in judged.offences.values() if isinstance(one, Unread)]
    return {
        "schema": "unify-backend/check/1",
        "scope": judged.scope.name.lower(),
        "new": [diagnostic_entry(one) for one in report.diagnostics if one.rule != "stale-entry"],
        "stale": [_entry(one) for one in judged.verdicts.stale],
        "known": len(judged.verdicts.known),
        "opted_out": judged.opted_out,
        "files": judged.files,
        "started": judged.started,
        "moved": [{"from": old, "to": new} for old, new in judged.verdicts.moved],
        "findings": [{"path": one.path, "problem": one.problem} for one in findings],
    }


def diagnostic_entry(one: Diagnostic) -> Document:
    """A diagnostic under the keys of all contracts; places are null where the file is meant."""
    return {
        "path": one.path,
        "line": one.start.line if one.start else None,
        "column": one.start.column if one.start else None,
        "end_line": one.end.line if one.end else None,
        "end_column": one.end.column if one.end else None,
        "rule": one.rule,
        "severity": one.severity.value,
        "message": one.message,
        "advice": one.advice,
        "replacement": one.replacement,
        "command": one.command,
        "fingerprint": one.fingerprint,
    }


def baselined_document(kept: Kept) -> Document:
    """What a baseline became."""
    return {
        "schema": "unify-backend/baselined/1",
        "path": kept.path,
        "entries": kept.entries,
        "added": [_entry(one) for one in kept.added],
        "removed": [_entry(one) for one in kept.removed],
        "moved": [{"from": old, "to": new} for old, new in kept.moved],
    }


def _entry(one: Entry) -> Document:
    return {
        "path": one.path,
        "form": one.kind,
        "text": one.text,
        "occurrence": one.occurrence,
    }
