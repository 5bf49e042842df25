"""The report formats of `check` and `audit`: their options, and the writing of reports."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unify_backend.cli.options import Color
from unify_backend.cli.output import Output
from unify_backend.model.errors import ConfigurationError
from unify_backend.reporting.diagnostics.formats import ReportFormat, format_of

if TYPE_CHECKING:
    from unify_backend.model.diagnostics import DiagnosticReport
    from unify_backend.reporting.json.common import Document

Formats = Annotated[
    ReportFormat,
    typer.Option("--format", rich_help_panel="Output", help="How the findings are written."),
]
Outputs = Annotated[
    list[str] | None,
    typer.Option(
        "--output",
        metavar="[FORMAT=]FILE",
        rich_help_panel="Output",
        help="Write the findings to a file; repeat for several formats. Without FORMAT=, it is "
        "--format, or what the name says (.sarif, .json, .xml).",
    ),
]


@dataclass(frozen=True, slots=True)
class _Target:
    """A file to write; `format` is None where the argument names none."""

    file: Path
    format: ReportFormat | None


def write_report(
    output: Output,
    report: DiagnosticReport,
    document: Callable[[], Document],
    format: ReportFormat,
    outputs: Sequence[str] | None = None,
) -> None:
    """Writes a report wherever it was asked for; `document` makes its JSON.

    `--format` is for a file that names no format of its own, else for standard output. Where a
    file has taken it, standard output shows text, so that a log says why a check failed; --quiet
    leaves that out where files hold the result. Raises ConfigurationError for an --output that
    cannot be meant (before anything is written) and for a file that cannot be written.
    """
    targets = _targets([output for output in outputs or () if output != "-"])
    files = {
        target.file: target.format or format_of(target.file.name, format) for target in targets
    }
    taken = any(target.format is None and files[target.file] is format for target in targets)
    shown = ReportFormat.TEXT if taken else format
    for file, wanted in files.items():
        _write(file, _rendered(report, document, wanted))
    if not (files and output.quiet and shown is ReportFormat.TEXT):
        output.write(
            _on_screen(output, report)
            if shown is ReportFormat.TEXT
            else _rendered(report, document, shown)
        )
    if ReportFormat.GITHUB in (shown, *files.values()):
        _add_step_summary(output, report)


def _targets(outputs: Sequence[str]) -> list[_Target]:
    targets: list[_Target] = []
    for argument in outputs:
        word, equals, name = argument.partition("=")
        if not equals or not word.isalpha():  # no word: a path with an equals sign in it
            word, name = "", argument
        elif word not in list(ReportFormat):
            raise ConfigurationError(
                f"--output {argument}: {word!r} is no format",
                f"formats: {', '.join(ReportFormat)}",
                f"Correct it; for a file of that name write --output ./{argument}.",
            )
        if name in ("", "-"):
            raise ConfigurationError(
                f"--output {argument!r} names no file",
                "it is for files; --format writes to standard output",
                "Give FILE or FORMAT=FILE.",
            )
        target = _Target(Path(name), ReportFormat(word) if word else None)
        if any(other.file == target.file for other in targets):
            raise ConfigurationError(
                f"--output names {name} twice", "one would overwrite the other", "Leave one out."
            )
        targets.append(target)
    return targets


def _rendered(
    report: DiagnosticReport, document: Callable[[], Document], format: ReportFormat
) -> str:
    if format is ReportFormat.JSON:
        from unify_backend.reporting.json.common import to_json

        return to_json(document())
    if format is ReportFormat.TEXT:  # no other format is loaded for it
        from unify_backend.reporting.diagnostics.text import text_report

        return text_report(report)
    from unify_backend.reporting.diagnostics.registry import RENDERERS

    return RENDERERS[format](report)


def _on_screen(output: Output, report: DiagnosticReport) -> str:
    from unify_backend.reporting.diagnostics.text import Screen, text_report

    terminal = sys.stdout.isatty()
    screen = Screen(
        width=max(40, shutil.get_terminal_size((80, 24)).columns) if terminal else 80,
        wraps=terminal,
        color=_colored(output.color, terminal),
        full=output.verbose or not terminal,
    )
    return text_report(report, screen)


def _colored(color: Color, terminal: bool) -> bool:
    """Whether to write colours; `auto` respects NO_COLOR and a dumb terminal (no-color.org)."""
    wanted = color is Color.ALWAYS or (
        color is Color.AUTO
        and terminal
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM") != "dumb"
    )
    if wanted and terminal and os.name == "nt":
        os.system("")  # has the side effect that the console obeys ANSI sequences
    return wanted


def _write(file: Path, text: str) -> None:
    try:
        file.write_bytes(text.encode("utf-8", "backslashreplace"))
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigurationError(
            f"{file} cannot be written", reason, "Give another --output."
        ) from error


def _add_step_summary(output: Output, report: DiagnosticReport) -> None:
    """Adds the report to the step summary of GitHub Actions, where there is one. A summary that
    cannot be written is a message only."""
    name = os.environ.get("GITHUB_STEP_SUMMARY")
    if not name:
        return
    from unify_backend.reporting.diagnostics.step_summary import step_summary

    try:
        with Path(name).open("ab") as file:
            file.write(step_summary(report).encode("utf-8", "backslashreplace"))
    except (OSError, ValueError) as error:
        output.message(f"the step summary {name} cannot be written: {error}")
