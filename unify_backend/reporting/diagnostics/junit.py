"""JUnit's XML, in the shape that Jenkins, GitLab and Azure read: one test for each file."""

import re
from collections.abc import Sequence
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from unify_backend.model.diagnostics import Diagnostic, DiagnosticReport, Severity
from unify_backend.model.text import printable
from unify_backend.reporting.diagnostics.text import place
from unify_backend.reporting.diagnostics.wording import told

# what XML 1.0 cannot hold, not even escaped (section 2.2, Char)
_NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_report(report: DiagnosticReport) -> str:
    """A suite with a failed test for each file that has errors, a passed one for each that has
    less, and one passed test where nothing was found."""
    files = [
        list(group)
        for _, group in groupby(report.diagnostics, key=lambda diagnostic: diagnostic.path)
    ]
    failures = sum(any(map(_fails, group)) for group in files)
    counts = {"tests": str(len(files) or 1), "failures": str(failures), "errors": "0"}
    root = Element("testsuites", counts)
    name = f"unify-backend {report.command}"
    suite = SubElement(root, "testsuite", {"name": name, **counts, "skipped": "0"})
    if not files:
        SubElement(suite, "testcase", {"classname": name, "name": "nothing found"})
    for group in files:
        _case(suite, name, group)
    if report.summary:
        SubElement(suite, "system-out").text = _clean("\n".join(report.summary))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _case(suite: Element, name: str, group: Sequence[Diagnostic]) -> None:
    case = SubElement(suite, "testcase", {"classname": name, "name": printable(group[0].path)})
    failed = [diagnostic for diagnostic in group if _fails(diagnostic)]
    if failed:
        more = f" (and {len(failed) - 1:,} more)" if len(failed) > 1 else ""
        message = _clean(failed[0].message) + more
        failure = SubElement(case, "failure", {"type": failed[0].rule, "message": message})
        failure.text = _listed(failed)
    if other := [diagnostic for diagnostic in group if not _fails(diagnostic)]:
        SubElement(case, "system-out").text = _listed(other)


def _fails(diagnostic: Diagnostic) -> bool:
    return diagnostic.severity is Severity.ERROR


def _listed(group: Sequence[Diagnostic]) -> str:
    return _clean(
        "\n\n".join(
            f"{place(diagnostic)}: {diagnostic.severity.value}: {told(diagnostic)}"
            for diagnostic in group
        )
    )


def _clean(text: str) -> str:
    return _NO_CHARACTER.sub("�", text)
