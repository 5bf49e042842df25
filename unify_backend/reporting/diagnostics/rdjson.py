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
            "diagnostics": [_diagnostic(one) for one in report.diagnostics],
        }
    )


def _diagnostic(one: Diagnostic) -> JsonObject:
    location: JsonObject = {"path": whole(one.path)}
    exact = _range(one)
    if exact is not None:
        location["range"] = exact
    elif one.start is not None:
        last = (one.end or one.start).line
        location["range"] = {"start": {"line": one.start.line}, "end": {"line": last}}
    made: JsonObject = {
        "message": told(one),
        "location": location,
        "severity": _SEVERITIES[one.severity],
        "code": {"value": one.rule},
    }
    text = one.replacement
    if exact is not None and "end" in exact and text is not None and whole(text) == text:
        made["suggestions"] = [{"range": exact, "text": text}]
    return made


def _range(one: Diagnostic) -> dict[str, JsonObject] | None:
    """The range in bytes; None where the line that it lies in is not known."""
    start, end = one.start, one.end
    if start is None or start.column - 1 > len(one.line):
        return None
    if end is None:
        return {"start": _position(start, one.line)}
    if end.line != start.line or end.column - 1 > len(one.line):
        return None
    return {"start": _position(start, one.line), "end": _position(end, one.line)}


def _position(at: Position, line: str) -> JsonObject:
    before = line[: at.column - 1].encode("utf-8", "surrogateescape")
    return {"line": at.line, "column": len(before) + 1}
