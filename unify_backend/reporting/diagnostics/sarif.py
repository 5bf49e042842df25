"""SARIF 2.1.0 (OASIS standard, errata 01), as code hosts and editors read it."""

from collections.abc import Mapping
from itertools import chain

from unify_backend import __version__
from unify_backend.model.diagnostics import Diagnostic, DiagnosticReport, Rule, Severity
from unify_backend.reporting.diagnostics.wording import address, told, whole
from unify_backend.reporting.json.common import JsonObject, to_json

MOST = 25_000  # results that GitHub takes for a run
_LONGEST = 1_000  # characters of a line worth quoting


def sarif_report(report: DiagnosticReport) -> str:
    """One log with one run. Beyond 25,000 results errors come first, and a notification counts
    what was left out."""
    return to_json(
        {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [_run(report)],
        }
    )


def _run(report: DiagnosticReport) -> JsonObject:
    results = report.diagnostics
    if len(results) > MOST:
        by_severity = ((o for o in results if o.severity is severity) for severity in Severity)
        results = tuple(chain.from_iterable(by_severity))[:MOST]
    index = {rule.id: number for number, rule in enumerate(report.rules)}
    return {
        "tool": {
            "driver": {
                "name": "unify-backend",
                "semanticVersion": __version__,
                "rules": [_rule(rule) for rule in report.rules],
            }
        },
        # what GitHub calls the category: a run of `audit` does not replace one of `check`
        "automationDetails": {"id": f"unify-backend-{report.command}/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The repository."}}},
        "invocations": [_invocation(len(report.diagnostics) - len(results))],
        "results": [_result(diagnostic, index) for diagnostic in results],
    }


def _rule(rule: Rule) -> JsonObject:
    return {
        "id": rule.id,
        "shortDescription": {"text": whole(rule.summary)},
        "fullDescription": {"text": whole(rule.summary)},
        "help": {"text": whole(rule.help), "markdown": whole(rule.help)},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _invocation(left_out: int) -> JsonObject:
    invocation: JsonObject = {"executionSuccessful": True}
    if left_out:
        text = f"{left_out:,} more results were left out: at most {MOST:,} are taken."
        invocation["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": text}}]
    return invocation


def _result(diagnostic: Diagnostic, index: dict[str, int]) -> JsonObject:
    artifact = {"uri": address(diagnostic.path), "uriBaseId": "%SRCROOT%"}
    physical: JsonObject = {"artifactLocation": artifact, "region": _region(diagnostic)}
    if diagnostic.start is not None and diagnostic.line and len(diagnostic.line) <= _LONGEST:
        context = {"startLine": diagnostic.start.line, "snippet": {"text": whole(diagnostic.line)}}
        physical["contextRegion"] = context
    result: JsonObject = {
        "ruleId": diagnostic.rule,
        "ruleIndex": index.get(diagnostic.rule, -1),
        "level": diagnostic.severity.value,
        "message": {"text": told(diagnostic)},
        "locations": [{"physicalLocation": physical}],
        "partialFingerprints": {"primaryLocationLineHash": diagnostic.fingerprint},
    }
    if fix := _fix(diagnostic, artifact):
        result["fixes"] = [fix]
    return result


def _fix(diagnostic: Diagnostic, artifact: Mapping[str, str]) -> JsonObject | None:
    """The replacement, where it is certain and every program can carry it."""
    text = diagnostic.replacement
    if diagnostic.end is None or text is None or whole(text) != text:
        return None
    replaced = {"deletedRegion": _place(diagnostic), "insertedContent": {"text": text}}
    return {
        "description": {"text": f"Write {text}" if text else "Delete it"},
        "artifactChanges": [{"artifactLocation": artifact, "replacements": [replaced]}],
    }


def _place(diagnostic: Diagnostic) -> JsonObject:
    if diagnostic.start is None:
        return {"startLine": 1}  # GitHub takes no result without a line
    region: JsonObject = {
        "startLine": diagnostic.start.line,
        "startColumn": diagnostic.start.column,
    }
    if diagnostic.end is not None:
        region |= {"endLine": diagnostic.end.line, "endColumn": diagnostic.end.column}
    return region


def _region(diagnostic: Diagnostic) -> JsonObject:
    """The place with what stands there, where the line tells it."""
    region = _place(diagnostic)
    if (
        diagnostic.start is not None
        and diagnostic.end is not None
        and diagnostic.end.line == diagnostic.start.line
    ):
        text = diagnostic.line[diagnostic.start.column - 1 : diagnostic.end.column - 1]
        if text and len(text) <= _LONGEST:
            region["snippet"] = {"text": whole(text)}
    return region
