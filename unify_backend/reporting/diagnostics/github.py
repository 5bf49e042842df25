"""Workflow commands of GitHub Actions: annotations on the lines of a pull request.

GitHub shows ten errors, ten warnings and ten notices of a step and drops the rest without a message
(limits in the documentation of annotations). So no more are written, the text report follows with
all of them, and a notice says how many it has beyond the annotations.
"""

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256

from unify_backend.model.diagnostics import Diagnostic, DiagnosticReport, Severity
from unify_backend.reporting.diagnostics.text import text_report
from unify_backend.reporting.diagnostics.wording import told, whole

_SHOWN = 10  # of each kind in a step

_KINDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}
_CONTROLS = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")  # a terminal would obey them


def github_report(report: DiagnosticReport) -> str:
    """Annotations, the text report with commands switched off in it, and what was left out."""
    shown = [diagnostic for severity in Severity for diagnostic in _first(report, severity)]
    left_out = len(report.diagnostics) - len(shown)
    lines = [_annotation(diagnostic) for diagnostic in shown]
    lines.extend(_inert(whole(text_report(report))))
    if left_out:
        lines.append(
            f"::notice title=unify-backend {report.command}::{left_out:,} more: see this step's log"
        )
    return "".join(f"{line}\n" for line in lines)


def _first(report: DiagnosticReport, severity: Severity) -> list[Diagnostic]:
    diagnostics = [
        diagnostic for diagnostic in report.diagnostics if diagnostic.severity is severity
    ]
    # the closing notice takes a place of its own
    return diagnostics[: _SHOWN - 1 if severity is Severity.NOTE else _SHOWN]


def _annotation(diagnostic: Diagnostic) -> str:
    properties = {"file": diagnostic.path}
    if diagnostic.start is not None:
        end = diagnostic.end or diagnostic.start
        properties |= {"line": str(diagnostic.start.line), "endLine": str(end.line)}
        if end.line == diagnostic.start.line:  # columns are refused on several lines
            last = max(end.column - 1, diagnostic.start.column)
            properties |= {"col": str(diagnostic.start.column), "endColumn": str(last)}
    properties["title"] = diagnostic.rule
    listed = ",".join(f"{name}={_escaped(text, _PROPERTY)}" for name, text in properties.items())
    return f"::{_KINDS[diagnostic.severity]} {listed}::{_escaped(told(diagnostic), _DATA)}"


def _escaped(text: str, table: Mapping[str, str]) -> str:
    return "".join(table.get(char, char) for char in _CONTROLS.sub("�", whole(text)))


def _inert(text: str) -> Iterator[str]:
    """`text` between stop-commands, so that nothing a file says is obeyed. The word that ends it
    is the hash of the text, which the text itself cannot hold."""
    if not text:
        return
    word = sha256(text.encode()).hexdigest()
    yield f"::stop-commands::{word}"
    yield from text.removesuffix("\n").split("\n")
    yield f"::{word}::"
