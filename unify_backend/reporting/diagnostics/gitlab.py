"""GitLab's code quality report: the part of the Code Climate format that GitLab reads."""

import json

from unify_backend.model.diagnostics import Diagnostic, DiagnosticReport, Severity
from unify_backend.reporting.diagnostics.wording import told, whole
from unify_backend.reporting.json.common import JsonObject

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def gitlab_report(report: DiagnosticReport) -> str:
    """A JSON array with one object for each finding, empty where there is none."""
    return json.dumps([_entry(one) for one in report.diagnostics], indent=2) + "\n"


def _entry(one: Diagnostic) -> JsonObject:
    lines = {"begin": one.start.line if one.start else 1}
    if one.end is not None:
        lines["end"] = one.end.line
    return {
        "description": told(one),
        "check_name": one.rule,
        "fingerprint": one.fingerprint,
        "severity": _SEVERITIES[one.severity],
        "location": {"path": whole(one.path), "lines": lines},
    }
