"""The text report on different screens, and laws of the marked line."""

import re
from unicodedata import combining, east_asian_width

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import examples
from tests.reporting.diagnostics.reports import (
    EVERYTHING,
    HUGE,
    LONG_PLACE,
    finding,
    numbered,
    report,
)
from unify_backend.model.diagnostics import Diagnostic
from unify_backend.model.text import printable
from unify_backend.reporting.diagnostics.source_snippet import marked
from unify_backend.reporting.diagnostics.text import FILES, MANY, PER_FILE, Screen, text_report

TERMINAL = Screen(width=80, wraps=True, full=False)
GROUPED = """\
a.py: 9 findings
  error: the old name [legacy-reference]
"""


def columns(text: str) -> int:
    """How wide a terminal shows it."""
    wide = [2 if east_asian_width(char) in "WF" else 1 for char in text if not combining(char)]
    return sum(wide)


def test_nothing_found_and_nothing_to_say() -> None:
    assert text_report(report()) == ""


def test_a_clean_run_says_where_things_stand() -> None:
    assert text_report(report(summary=("All done.", "next: shim"))) == "All done.\nnext: shim\n"


def test_few_stand_alone_and_many_share_what_they_have_in_common() -> None:
    few = text_report(report(*(numbered(n) for n in range(1, MANY + 1))))
    assert few.count("error: the old name") == MANY
    many = text_report(report(*(numbered(n) for n in range(1, MANY + 2))))
    assert many.startswith(GROUPED)
    assert many.count("the old name") == 1
    assert many.count("^^^^^^^^ instead: acme") == MANY + 1


def test_a_file_with_one_finding_is_not_grouped() -> None:
    alone = numbered(3, path="b.py")
    text = text_report(report(*(numbered(n) for n in range(1, MANY + 1)), alone))
    assert "\nb.py:3:8: error: the old name [legacy-reference]\n" in text


def test_different_messages_of_a_file_stand_apart_with_their_place() -> None:
    other = finding({"path": "a.py", "message": "another", "at": [99, 1], "line": "x"})
    text = text_report(report(*(numbered(n) for n in range(1, MANY + 1)), other))
    assert "\n  99:1: error: another [legacy-reference]\n" in text


def test_a_command_is_told_once_for_a_file() -> None:
    one = {"path": "a.py", "message": "m", "command": "unify-backend rewrite a.py"}
    found = [finding({**one, "at": [n, 1], "line": "x"}) for n in range(1, MANY + 2)]
    assert text_report(report(*found)).count("run: unify-backend rewrite a.py") == 1


def test_a_terminal_gets_the_beginning_and_the_number_of_the_rest() -> None:
    found = [numbered(n, path=f"f{file:03}.py") for file in range(FILES + 3) for n in range(1, 13)]
    text = text_report(report(*found), TERMINAL)
    assert text.count(f"  … {12 - PER_FILE} more in this file: --verbose\n") == FILES
    assert "\n… 36 findings in 3 more files: --verbose\n" in text
    full = text_report(report(*found))
    assert full.count("^^^^^^^^") == len(found)
    assert "--verbose" not in full


def test_nothing_is_wider_than_the_terminal_but_words_that_cannot_be_broken() -> None:
    for line in text_report(EVERYTHING, TERMINAL).split("\n"):
        assert columns(line) <= 80 or max(map(columns, line.split())) > 60, line


def test_a_pipe_keeps_a_message_on_one_line() -> None:
    long = finding({"path": "a.py", "message": "word " * 60, "at": [1, 1]})
    assert text_report(report(long)).count("\n") == 2
    assert text_report(report(long), TERMINAL).count("\n") > 4


def test_colour_changes_nothing_else() -> None:
    colored = text_report(EVERYTHING, Screen(color=True))
    assert "\x1b[1;31merror:\x1b[0m" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == text_report(EVERYTHING)


def test_without_colour_no_control_character_gets_through() -> None:
    assert set(text_report(EVERYTHING)) - {"\n"} == {
        char for char in text_report(EVERYTHING) if char.isprintable()
    }


@pytest.mark.parametrize("one", [HUGE, LONG_PLACE])
def test_a_line_of_a_megabyte_is_cut_around_the_place(one: Diagnostic) -> None:
    shown = marked(one, 71)
    assert shown is not None
    assert columns(shown.line) <= 71
    assert shown.line.endswith("…")


def test_the_huge_line_shows_the_place_with_something_before_it() -> None:
    shown = marked(HUGE, 71)
    assert shown is not None
    assert shown.line[shown.start : shown.end] == "old_name"
    assert shown.start > 10


@pytest.mark.parametrize(
    ("at", "begins", "ends"),
    [(1, "old_name", "…"), (60, "…", "…"), (193, "…", "old_name")],
    ids=["at the start", "in the middle", "at the end"],
)
def test_a_cut_line_uses_the_whole_width(at: int, begins: str, ends: str) -> None:
    line = f"{'x' * (at - 1)}old_name{'y' * (193 - at)}"
    one = finding({"path": "a", "message": "m", "at": [1, at], "until": [1, at + 8], "line": line})
    shown = marked(one, 60)
    assert shown is not None
    assert shown.line[shown.start : shown.end] == "old_name"
    assert len(shown.line) == 60
    assert (shown.line.startswith(begins), shown.line.endswith(ends)) == (True, True)


CHARACTERS = st.one_of(
    st.characters(), st.sampled_from("\t\r\x1b\0\u202e\u200d日本🎉é\u0301\ud800\udcff a")
)


@settings(max_examples=examples(300), deadline=None)
@given(
    st.text(CHARACTERS, max_size=300),
    st.integers(1, 310),
    st.integers(0, 310),
    st.integers(20, 120),
)
def test_the_mark_stands_under_the_place(line: str, column: int, size: int, width: int) -> None:
    at = [1, column]
    until = [1, column + size]
    shown = marked(
        finding({"path": "a", "message": "m", "at": at, "until": until, "line": line}), width
    )
    if shown is None:
        assert not line.strip()
        return
    assert columns(shown.line) <= width
    assert shown.line.isprintable()
    assert 0 <= shown.start < shown.end <= width + 1
    first = line[column - 1 : column]
    if size and first and first != "\t" and not combining(first) and not first.isspace():
        seen, text = 0, ""
        for char in shown.line:
            text += char if shown.start <= seen else ""
            seen += columns(char)
        assert text.startswith(printable(first)[: columns(text)])
