"""GitLab's code quality report: the part of the Code Climate format that GitLab reads."""

import json

from unify_backend.model.diagnostics import Diagnostic, DiagnosticReport, Severity
from unify_backend.reporting.diagnostics.wording import told, whole
from unify_backend.reporting.json.common import JsonObject

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def gitlab_report(report: DiagnosticReport) -> str:
    """A JSON array with one object for each finding, empty where there is none."""
    return json.dumps([_entry(diagnostic) for diagnostic in report.diagnostics], indent=2) + "\n"


def _entry(diagnostic: Diagnostic) -> JsonObject:
    lines = {"begin": diagnostic.start.line if diagnostic.start else 1}
    if diagnostic.end is not None:
        lines["end"] = diagnostic.end.line
    return {
        "description": told(diagnostic),
        "check_name": diagnostic.rule,
        "fingerprint": diagnostic.fingerprint,
        "severity": _SEVERITIES[diagnostic.severity],
        "location": {"path": whole(diagnostic.path), "lines": lines},
    }
