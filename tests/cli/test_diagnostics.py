"""Where a report goes: standard output, files, the step summary; and in which format."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from tests.reporting.diagnostics.reports import EVERYTHING, numbered, report
from unify_backend.cli import diagnostics
from unify_backend.cli.diagnostics import Formats, Outputs
from unify_backend.cli.options import Color, CommonOptions, Format, with_common
from unify_backend.cli.output import Output
from unify_backend.model.diagnostics import DiagnosticReport
from unify_backend.model.errors import ConfigurationError
from unify_backend.reporting.diagnostics.formats import ReportFormat, format_of
from unify_backend.reporting.json.common import to_json
from unify_backend.reporting.json.undo import UndoDocument

ONE = report(numbered(3), summary=("1 finding.",))
TEXT = "a.py:3:8: error: the old name [legacy-reference]"
DOCUMENT = UndoDocument("rename", (), dry_run=True)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)


def write(
    format: ReportFormat = ReportFormat.TEXT,
    outputs: Sequence[str] = (),
    quiet: bool = False,
    shown: DiagnosticReport = ONE,
    color: Color = Color.AUTO,
) -> None:
    """Reports as a command would."""
    output = Output(CommonOptions(quiet=quiet, color=color))
    diagnostics.write_report(output, shown, lambda: DOCUMENT, format, outputs)


Capture = pytest.CaptureFixture[str]


def test_text_goes_to_standard_output(capfd: Capture) -> None:
    write()
    assert capfd.readouterr().out.startswith(f"{TEXT}\n     3 | import old_name.part3\n")


@pytest.mark.parametrize(
    ("format", "begins"),
    [
        (ReportFormat.JSON, '{\n  "schema": "unify-backend/undo/1"'),
        (ReportFormat.GITHUB, "::error file=a.py,"),
        (ReportFormat.SARIF, '{\n  "$schema": '),
        (ReportFormat.GITLAB, '[\n  {\n    "description"'),
        (ReportFormat.RDJSON, '{\n  "source"'),
        (ReportFormat.JUNIT, "<?xml"),
    ],
)
def test_every_format_goes_to_standard_output(
    format: ReportFormat, begins: str, capfd: Capture
) -> None:
    write(format)
    assert capfd.readouterr().out.startswith(begins)


def test_a_file_takes_the_format_and_the_log_still_says_why(capfd: Capture) -> None:
    write(ReportFormat.SARIF, ["found.json"])
    assert json.loads(Path("found.json").read_text("utf-8"))["version"] == "2.1.0"
    assert capfd.readouterr().out.startswith(TEXT)


def test_several_files_at_once_beside_the_annotations(capfd: Capture) -> None:
    write(
        ReportFormat.GITHUB,
        ["found.sarif", "junit=tests.out", "json=a.json", "gl-code-quality-report.json"],
    )
    assert json.loads(Path("found.sarif").read_text("utf-8"))["version"] == "2.1.0"
    assert Path("tests.out").read_text("utf-8").startswith("<?xml")
    assert json.loads(Path("a.json").read_text("utf-8")) == json.loads(to_json(DOCUMENT))
    assert isinstance(json.loads(Path("gl-code-quality-report.json").read_text("utf-8")), list)
    assert capfd.readouterr().out.startswith("::error file=a.py,")


def test_quiet_and_files_leave_standard_output_empty(capfd: Capture) -> None:
    write(outputs=["found.sarif"], quiet=True)
    assert capfd.readouterr().out == ""


def test_quiet_without_files_is_still_a_result(capfd: Capture) -> None:
    write(quiet=True)
    assert capfd.readouterr().out.startswith(TEXT)


def test_quiet_does_not_take_back_a_format_that_was_asked_for(capfd: Capture) -> None:
    write(ReportFormat.GITHUB, ["found.sarif"], quiet=True)
    assert capfd.readouterr().out.startswith("::error ")


@pytest.mark.parametrize(
    ("name", "asked", "format"),
    [
        ("a.sarif", "text", "sarif"),
        ("A.SARIF", "text", "sarif"),
        ("a.sarif.json", "text", "sarif"),
        ("a.json", "text", "json"),
        ("a.json", "gitlab", "gitlab"),
        ("a.json", "github", "json"),  # commands are no JSON
        ("a.sarif", "github", "sarif"),
        ("a.xml", "text", "junit"),
        ("a.rdjson", "sarif", "rdjson"),
        ("a.txt", "text", "text"),
        ("a.txt", "sarif", "sarif"),
        ("sarif", "text", "text"),
        ("no-suffix", "junit", "junit"),
    ],
)
def test_what_a_name_asks_for(name: str, asked: str, format: str) -> None:
    assert format_of(name, ReportFormat(asked)) == format


def test_an_equals_sign_in_a_path_is_no_format() -> None:
    write(outputs=["./a=b.sarif", "text=c=d"])
    assert Path("a=b.sarif").read_text("utf-8").startswith("{")
    assert Path("c=d").read_text("utf-8").startswith(TEXT)


@pytest.mark.parametrize(
    ("outputs", "fact"),
    [
        (["srif=a.sarif"], "'srif' is no format"),
        (["sarif="], "names no file"),
        ([""], "names no file"),
        (["json=-"], "names no file"),
        (["ok.sarif", "junit=a", "text=a"], "names a twice"),
    ],
)
def test_an_output_that_cannot_be_meant(
    outputs: list[str], fact: str, tmp_path: Path, capfd: Capture
) -> None:
    with pytest.raises(ConfigurationError, match=fact) as caught:
        write(outputs=outputs)
    assert caught.value.step
    assert not list(tmp_path.iterdir())
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("name", ["missing/a.sarif", ".", "nul\0.xml"])
def test_a_file_that_cannot_be_written_is_named(name: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        write(outputs=[name])
    assert caught.value.fact == f"{name} cannot be written"
    assert caught.value.reason


def test_odd_text_can_be_written_everywhere() -> None:
    write(
        ReportFormat.GITHUB,
        [f"{format_}=out.{format_}" for format_ in ReportFormat],
        shown=EVERYTHING,
    )
    for format_ in ReportFormat:
        assert Path(f"out.{format_}").read_text("utf-8")


def test_a_step_summary_is_added_to_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("summary.md").write_text("before\n", "utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    write(ReportFormat.SARIF)
    assert Path("summary.md").read_text("utf-8") == "before\n"
    write(ReportFormat.GITHUB)
    text = Path("summary.md").read_text("utf-8")
    assert text.startswith("before\n### unify-backend check\n")
    assert "| <code>a&#46;py&#58;3&#58;8</code> | error&#58; the old name | acme |" in text


def test_a_step_summary_that_cannot_be_written_hides_nothing(
    monkeypatch: pytest.MonkeyPatch, capfd: Capture
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "missing/summary.md")
    write(ReportFormat.GITHUB)
    captured = capfd.readouterr()
    assert captured.out.startswith("::error ")
    assert "the step summary missing/summary.md cannot be written" in captured.err


def test_colour_only_where_it_is_wanted(capfd: Capture) -> None:
    write()
    assert "\x1b" not in capfd.readouterr().out
    write(color=Color.ALWAYS)
    assert "\x1b[1;31merror:\x1b[0m" in capfd.readouterr().out


@pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals are POSIX")
@pytest.mark.parametrize(
    ("variables", "colored"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_a_terminal_gets_colours_and_its_own_width(
    variables: dict[str, str], colored: bool
) -> None:
    if sys.platform == "win32":
        return
    import fcntl
    import pty
    import struct
    import termios

    main, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    code = (
        "from tests.reporting.diagnostics.reports import finding, report\n"
        "from unify_backend.cli import output, options, diagnostics\n"
        "long = report(finding({'path': 'a.py', 'message': 'word ' * 30}))\n"
        "text = diagnostics.ReportFormat.TEXT\n"
        "diagnostics.write_report(output.Output(options.CommonOptions()), long, dict, text)"
    )
    root = str(Path(__file__).parents[2])
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "LINES")}
    environment = {**kept, "TERM": "xterm", "PYTHONPATH": root, **variables}
    subprocess.run([sys.executable, "-c", code], stdout=child, env=environment, check=True)
    os.close(child)
    shown = b""
    try:
        while part := os.read(main, 65536):
            shown += part
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(main)
    assert (b"\x1b[1;31merror:" in shown) == colored
    lines = re.sub(r"\x1b\[[0-9;]+m", "", shown.decode()).splitlines()
    assert len(lines) > 2
    assert max(map(len, lines)) <= 60


def test_text_loads_neither_rich_nor_another_format(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from unify_backend.cli.options import CommonOptions\n"
        "from unify_backend.cli.output import Output\n"
        "from unify_backend.cli.diagnostics import ReportFormat, write_report\n"
        "from unify_backend.model.diagnostics import Diagnostic, DiagnosticReport\n"
        "before = set(sys.modules)\n"
        "found = DiagnosticReport('check', (), (Diagnostic('r', 'p', 'm', 'f'),))\n"
        "write_report(Output(CommonOptions()), found, dict, ReportFormat.TEXT)\n"
        "print(sorted(set(sys.modules) - before))"
    )
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": root},
    )
    loaded = done.stdout.splitlines()[-1]
    assert "unify_backend.reporting.diagnostics.text" in loaded
    for module in ("rich", "json", "xml", "unify_backend.reporting.json.common", "sarif"):
        assert f"'{module}" not in loaded


def test_a_commands_own_option_replaces_the_shared_one() -> None:
    seen: list[object] = []

    def audit(
        common: CommonOptions,
        format: Formats = ReportFormat.TEXT,
        output: Outputs = None,
        deep: Annotated[bool, typer.Option("--deep")] = False,
    ) -> None:
        seen.extend((common.format, common.output, common.quiet, format, output, deep))

    app = typer.Typer()
    app.command()(with_common(audit))
    words = ["--format", "sarif", "--output", "a=b", "--output", "c", "-q"]
    assert CliRunner().invoke(app, words).exit_code == 0
    assert seen == [Format.TEXT, None, True, ReportFormat.SARIF, ["a=b", "c"], False]
