"""Every format that diagnostics can be written in. JSON is not here: each command has its own
document under its own schema."""

from collections.abc import Callable

from unify_backend.model.diagnostics import DiagnosticReport
from unify_backend.reporting.diagnostics.formats import ReportFormat
from unify_backend.reporting.diagnostics.github import github_report
from unify_backend.reporting.diagnostics.gitlab import gitlab_report
from unify_backend.reporting.diagnostics.junit import junit_report
from unify_backend.reporting.diagnostics.rdjson import rdjson_report
from unify_backend.reporting.diagnostics.sarif import sarif_report
from unify_backend.reporting.diagnostics.text import text_report

RENDERERS: dict[ReportFormat, Callable[[DiagnosticReport], str]] = {
    ReportFormat.TEXT: text_report,
    ReportFormat.GITHUB: github_report,
    ReportFormat.SARIF: sarif_report,
    ReportFormat.GITLAB: gitlab_report,
    ReportFormat.RDJSON: rdjson_report,
    ReportFormat.JUNIT: junit_report,
}
