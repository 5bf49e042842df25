"""Workflow commands: a fake runner reads what a pull request would show."""

from itertools import pairwise
from unicodedata import category

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.effort import examples
from tests.reporting.diagnostics.github_runner import obeyed
from tests.reporting.diagnostics.reports import EVERYTHING, finding, numbered, report
from unify_backend.model.diagnostics import DiagnosticReport
from unify_backend.reporting.diagnostics.github import github_report
from unify_backend.reporting.diagnostics.step_summary import MOST_BYTES, step_summary
from unify_backend.reporting.diagnostics.wording import whole

PIECES = [
    "::error::x",
    "\n::add-mask::x",
    "##[warning]y",
    "%0A",
    "\r\n",
    "|",
    "`",
    "<b>",
    "![a](b)",
]
TEXTS = st.lists(st.one_of(st.text(max_size=6), st.sampled_from(PIECES)), max_size=4).map("".join)


def printed(text: str) -> str:
    """`text` without what a terminal would obey."""
    return "".join(
        "�" if category(char) == "Cc" and char not in "\t\r\n" else char for char in whole(text)
    )


def test_nothing_found_is_no_command() -> None:
    assert github_report(report()) == ""


def test_ten_of_each_are_shown_and_the_rest_is_announced() -> None:
    found = [numbered(n, kind) for n in range(1, 16) for kind in ("error", "warning", "note")]
    log = github_report(report(*found))
    commands = list(obeyed(log))
    names = [one.name for one in commands]
    assert (names.count("error"), names.count("warning"), names.count("notice")) == (10, 10, 10)
    assert commands[-1].data == "16 more: see this step's log"
    for number in range(1, 16):
        assert f"import old_name.part{number}\n" in log


def test_ten_are_all_there_is() -> None:
    commands = list(obeyed(github_report(report(*(numbered(n) for n in range(1, 11))))))
    assert [one.name for one in commands] == ["error"] * 10


@settings(max_examples=examples(200), deadline=None)
@given(path=TEXTS.filter(bool), message=TEXTS, line=TEXTS, advice=TEXTS, summary=TEXTS)
def test_no_text_becomes_a_command(
    path: str, message: str, line: str, advice: str, summary: str
) -> None:
    entry = {"path": path, "message": message, "line": line, "advice": advice}
    one = finding({**entry, "at": [1, 1], "until": [1, 2]})
    (only,) = obeyed(github_report(report(one, summary=(summary,))))
    assert only.name == "error"
    assert only.properties == {
        "file": printed(path),
        "line": "1",
        "endLine": "1",
        "col": "1",
        "endColumn": "1",
        "title": "legacy-reference",
    }
    assert only.data == printed(message + (f"\nInstead: {advice}" if advice else ""))


def cells(one: DiagnosticReport) -> list[str]:
    """The texts of the summary's table, as Markdown shows them."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(step_summary(one))
    found = []
    for before, token in pairwise(tokens):
        if before.type == "td_open":
            kinds = {child.type for child in token.children or ()}
            assert kinds <= {"text", "text_special", "html_inline"}
            tags = [child.content for child in token.children or () if child.type == "html_inline"]
            assert tags in ([], ["<code>", "</code>"])
            shown = [child for child in token.children or () if child.type != "html_inline"]
            found.append("".join(child.content for child in shown))
    return found


@settings(max_examples=examples(200), deadline=None)
@given(path=TEXTS.filter(bool), message=TEXTS, advice=TEXTS)
def test_the_summary_takes_text_as_text(path: str, message: str, advice: str) -> None:
    shown = cells(report(finding({"path": path, "message": message, "advice": advice})))
    assert len(shown) == 3
    assert len(shown[0]) >= 1


def test_the_summary_shows_what_it_was_given() -> None:
    entry = {"path": "a|b`c`<d>.md", "message": "**x** <b> [y](z)", "advice": "`a` | www.b.c"}
    assert cells(report(finding({**entry, "at": [3, 4]}))) == [
        "a|b`c`<d>.md:3:4",
        "error: **x** <b> [y](z)",
        "`a` | www.b.c",
    ]


def test_the_summary_of_a_clean_run_has_no_table() -> None:
    assert (
        step_summary(report(summary=("All done.",)))
        == "### unify-backend check\n\nAll done&#46;\n\n"
    )


def test_the_summary_keeps_within_its_room_and_counts_the_rest() -> None:
    many = report(*(numbered(n) for n in range(1, 10_000)), summary=("Much is left.",))
    text = step_summary(many)
    assert MOST_BYTES - 1000 < len(text.encode()) <= MOST_BYTES
    rows = text.count("<code>")
    assert f"… and {9_999 - rows:,} more: see the step's log.\n" in text
    assert text.endswith("Much is left&#46;\n\n")


def test_a_long_line_is_cut_in_the_summary() -> None:
    shown = cells(report(finding({"path": "a", "message": "x" * 5_000})))
    assert len(shown[1]) == 160


def test_everything_at_once() -> None:
    names = [one.name for one in obeyed(github_report(EVERYTHING))]
    assert names == ["error"] * 10 + ["warning", "notice"]
