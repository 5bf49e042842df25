"""Reviewdog's diagnostic format, as one JSON document (`DiagnosticResult` of its protocol)."""

from unify_backend.model.diagnostics import Diagnostic, DiagnosticReport, Severity
from unify_backend.model.spans import Position
from unify_backend.reporting.diagnostics.wording import told, whole
from unify_backend.reporting.json.common import JsonObject, to_json

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.NOTE: "INFO"}


def rdjson_report(report: DiagnosticReport) -> str:
    """The document. Its columns count bytes of UTF-8, so a range is exact only where the line is
    known; else it names whole lines, and nothing is suggested for it."""
    return to_json(
        {
            "source": {"name": f"unify-backend {report.command}"},
            "diagnostics": [_diagnostic(diagnostic) for diagnostic in report.diagnostics],
        }
    )


def _diagnostic(diagnostic: Diagnostic) -> JsonObject:
    location: JsonObject = {"path": whole(diagnostic.path)}
    exact = _range(diagnostic)
    if exact is not None:
        location["range"] = exact
    elif diagnostic.start is not None:
        last = (diagnostic.end or diagnostic.start).line
        location["range"] = {"start": {"line": diagnostic.start.line}, "end": {"line": last}}
    entry: JsonObject = {
        "message": told(diagnostic),
        "location": location,
        "severity": _SEVERITIES[diagnostic.severity],
        "code": {"value": diagnostic.rule},
    }
    text = diagnostic.replacement
    if exact is not None and "end" in exact and text is not None and whole(text) == text:
        entry["suggestions"] = [{"range": exact, "text": text}]
    return entry


def _range(diagnostic: Diagnostic) -> dict[str, JsonObject] | None:
    """The range in bytes; None where the line that it lies in is not known."""
    start, end = diagnostic.start, diagnostic.end
    if start is None or start.column - 1 > len(diagnostic.line):
        return None
    if end is None:
        return {"start": _position(start, diagnostic.line)}
    if end.line != start.line or end.column - 1 > len(diagnostic.line):
        return None
    return {"start": _position(start, diagnostic.line), "end": _position(end, diagnostic.line)}


def _position(at: Position, line: str) -> JsonObject:
    before = line[: at.column - 1].encode("utf-8", "surrogateescape")
    return {"line": at.line, "column": len(before) + 1}
