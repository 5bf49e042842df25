"""Reports to try the formats on: the cases, and larger ones."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from unify_backend.model.diagnostics import Diagnostic, DiagnosticReport, Rule, Severity
from unify_backend.model.spans import Position

CASES: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("cases.yml").read_text("utf-8")
)
NAMES = [case["case"] for case in CASES]
RULES = (
    Rule("legacy-reference", "New text names the new package.", "Why: **it moved**.\n\n    x\n"),
    Rule("unreadable", "Every file can be read.", "Convert it.", Severity.WARNING),
)


def finding(entry: dict[str, Any]) -> Diagnostic:
    """A diagnostic as a case describes it."""
    return Diagnostic(
        rule="legacy-reference",
        path=entry["path"],
        message=entry["message"],
        fingerprint=sha256(repr(sorted(entry.items())).encode()).hexdigest(),
        severity=Severity(entry.get("severity", "error")),
        start=Position(*entry["at"]) if "at" in entry else None,
        end=Position(*entry["until"]) if "until" in entry else None,
        line=entry.get("line", ""),
        advice=entry.get("advice", ""),
        replacement=entry.get("replacement"),
        command=entry.get("command", ""),
    )


def report(*found: Diagnostic, summary: tuple[str, ...] = ()) -> DiagnosticReport:
    """A report of `check` with these findings."""
    return DiagnosticReport("check", RULES, found, summary)


def numbered(number: int, severity: str = "error", path: str = "a.py") -> Diagnostic:
    """One of many findings in a file."""
    line = f"import old_name.part{number}"
    entry = {"path": path, "severity": severity, "message": "the old name", "line": line}
    return finding({**entry, "at": [number, 8], "until": [number, 16], "advice": "acme"})


EVERYTHING = report(
    *sorted(
        (finding(case["finding"]) for case in CASES),
        key=lambda one: (one.path, one.start.line if one.start else 0),
    ),
    summary=("18 findings \x1b[31m; 3 of 4 done.", "next: unify-backend rewrite"),
)
"""Every case at once."""
HUGE = finding(
    {
        "path": "bundle.js",
        "at": [1, 500_001],
        "until": [1, 500_009],
        "line": f"{'é' * 500_000}old_name{'y' * 500_000}",
        "message": "a line of a megabyte",
        "replacement": "acme",
    }
)
LONG_PLACE = finding(
    {"path": "b.js", "at": [1, 3], "until": [1, 900_000], "line": "x" * 1_000_000, "message": "m"}
)
REPORTS = {
    "nothing": report(),
    "a clean run": report(summary=("Nothing is left.",)),
    "everything": EVERYTHING,
    "a huge line": report(HUGE, LONG_PLACE),
    "many": report(*(numbered(n, s) for n in range(1, 41) for s in ("error", "warning", "note"))),
    **{case["case"]: report(finding(case["finding"])) for case in CASES},
}
