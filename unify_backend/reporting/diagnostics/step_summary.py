"""The summary page of a GitHub Actions step, in Markdown."""

import re

from unify_backend.model.diagnostics import Diagnostic, DiagnosticReport
from unify_backend.model.text import printable
from unify_backend.reporting.diagnostics.text import place

MOST_BYTES = 256 * 1024  # GitHub takes 1 MiB for a step, which others may write to as well
_LONGEST = 160


def step_summary(report: DiagnosticReport, room: int = MOST_BYTES) -> str:
    """Heading, table of findings and closing sentences, in at most `room` bytes of UTF-8 where
    the heading and the sentences leave any; a last line says how many findings did not fit."""
    head = f"### unify-backend {report.command}\n\n"
    tail = "".join(f"{_escaped(line)}\n\n" for line in report.summary)
    if not report.diagnostics:
        return head + tail
    head += "| where | what | instead |\n| --- | --- | --- |\n"
    left = room - len((head + tail).encode()) - 100  # for the line that counts the rest
    rows: list[str] = []
    for diagnostic in report.diagnostics:
        row = _row(diagnostic)
        left -= len(row.encode())
        if left < 0:
            break
        rows.append(row)
    missing = len(report.diagnostics) - len(rows)
    more = f"… and {missing:,} more: see the step's log.\n\n" if missing else ""
    return f"{head}{''.join(rows)}\n{more}{tail}"


def _row(diagnostic: Diagnostic) -> str:
    finding = f"{diagnostic.severity.value}: {diagnostic.message}"
    instead = diagnostic.advice or diagnostic.replacement or ""
    cells = (f"<code>{_escaped(place(diagnostic))}</code>", _escaped(finding), _escaped(instead))
    return f"| {' | '.join(cells)} |\n"


def _escaped(text: str) -> str:
    """The text escaped, so that Markdown and HTML read no markup in it: everything but letters,
    digits, spaces and harmless signs as a numeric reference, which never begins a construct
    (CommonMark 2.5)."""
    text = printable(text)
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST - 1]}…"
    return re.sub(r"[^\w ,;/-]|_", lambda match: f"&#{ord(match[0])};", text)
