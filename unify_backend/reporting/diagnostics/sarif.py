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
        "results": [_result(one, index) for one in results],
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
    made: JsonObject = {"executionSuccessful": True}
    if left_out:
        text = f"{left_out:,} more results were left out: at most {MOST:,} are taken."
        made["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": text}}]
    return made


def _result(one: Diagnostic, index: dict[str, int]) -> JsonObject:
    artifact = {"uri": address(one.path), "uriBaseId": "%SRCROOT%"}
    physical: JsonObject = {"artifactLocation": artifact, "region": _region(one)}
    if one.start is not None and one.line and len(one.line) <= _LONGEST:
        context = {"startLine": one.start.line, "snippet": {"text": whole(one.line)}}
        physical["contextRegion"] = context
    made: JsonObject = {
        "ruleId": one.rule,
        "ruleIndex": index.get(one.rule, -1),
        "level": one.severity.value,
        "message": {"text": told(one)},
        "locations": [{"physicalLocation": physical}],
        "partialFingerprints": {"primaryLocationLineHash": one.fingerprint},
    }
    if fix := _fix(one, artifact):
        made["fixes"] = [fix]
    return made


def _fix(one: Diagnostic, artifact: Mapping[str, str]) -> JsonObject | None:
    """The replacement, where it is certain and every program can carry it."""
    text = one.replacement
    if one.end is None or text is None or whole(text) != text:
        return None
    replaced = {"deletedRegion": _place(one), "insertedContent": {"text": text}}
    return {
        "description": {"text": f"Write {text}" if text else "Delete it"},
        "artifactChanges": [{"artifactLocation": artifact, "replacements": [replaced]}],
    }


def _place(one: Diagnostic) -> JsonObject:
    if one.start is None:
        return {"startLine": 1}  # GitHub takes no result without a line
    made: JsonObject = {"startLine": one.start.line, "startColumn": one.start.column}
    if one.end is not None:
        made |= {"endLine": one.end.line, "endColumn": one.end.column}
    return made


def _region(one: Diagnostic) -> JsonObject:
    """The place with what stands there, where the line tells it."""
    made = _place(one)
    if one.start is not None and one.end is not None and one.end.line == one.start.line:
        text = one.line[one.start.column - 1 : one.end.column - 1]
        if text and len(text) <= _LONGEST:
            made["snippet"] = {"text": whole(text)}
    return made
