"""Merging by lines, held against git; and the shape in which conflicts are written."""

import subprocess
from itertools import pairwise
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.effort import examples
from unify_backend.languages.merge_hunk import (
    Conflict,
    Resolved,
    clashes,
    lines_of,
    marker_size,
    render,
    settled,
    tidy,
)
from unify_backend.merging.threeway.diff import changes
from unify_backend.merging.threeway.diff3 import is_clean, merge_lines, merge_loosely, merge_two
from unify_backend.model.merge_plan import Prefer

_LINES = st.sampled_from([f"line {number}\n" for number in range(6)])
texts = st.lists(_LINES, max_size=25)


@st.composite
def versions(draw: st.DrawFn) -> tuple[str, str, str]:
    """A text and two that were made from it."""
    base = draw(texts)
    sides = []
    for _ in range(2):
        side = list(base)
        for _ in range(draw(st.integers(0, 4))):
            at = draw(st.integers(0, len(side)))
            side[at : at + draw(st.integers(0, 2))] = draw(st.lists(_LINES, max_size=2))
        sides.append(side)
    return "".join(base), "".join(sides[0]), "".join(sides[1])


def git(folder: Path, base: str, canonical: str, legacy: str, *options: str) -> tuple[bool, str]:
    """Whether `git merge-file` is clean, and what it writes."""
    for name, text in (("base", base), ("canonical", canonical), ("legacy", legacy)):
        (folder / name).write_bytes(text.encode())
    done = subprocess.run(
        ["git", "merge-file", "-p", *options, "canonical", "base", "legacy"],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    return done.returncode == 0, done.stdout.decode()


@settings(
    max_examples=examples(150),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(versions())
def test_it_is_clean_where_git_is_and_says_the_same(
    tmp_path: Path, three: tuple[str, str, str]
) -> None:
    clean, text = git(tmp_path, *three)
    parts = merge_lines(*three)
    assert is_clean(parts) == clean
    if clean:
        assert settled(parts, Prefer.CANONICAL) == text


@given(texts, texts)
def test_changes_turn_one_into_the_other(one: list[str], other: list[str]) -> None:
    found = changes(one, other)
    result = list(one)
    for change in reversed(found):
        result[change.a_start : change.a_end] = other[change.b_start : change.b_end]
    assert result == other
    assert all(a.a_end < b.a_start for a, b in pairwise(found))


def test_a_long_edit_ends() -> None:
    one = [str(number * 7 % 997) for number in range(997)]
    other = [str(number * 11 % 997) for number in range(997)]
    result = list(one)
    for change in reversed(changes(one, other)):
        result[change.a_start : change.a_end] = other[change.b_start : change.b_end]
    assert result == other


def test_markers_are_gits(tmp_path: Path) -> None:
    three = "a\nb\nc\n", "a\nB\nc\n", "a\nX\nc\n"
    _, expected = git(tmp_path, *three, "--diff3", "-L", "canonical", "-L", "base", "-L", "legacy")
    text, hunks = render(merge_lines(*three), ("canonical", "base", "legacy"), 7)
    assert text == expected
    assert [(one.start_line, one.end_line) for one in hunks] == [(2, 8)]


def test_markers_are_longer_than_those_in_the_text() -> None:
    assert marker_size("a\n", "b\n") == 7
    assert marker_size("<<<<<<< x\n", "========== \n") == 11
    assert marker_size("x <<<<<<< y\n", "=======x\n") == 7


def test_touching_changes_clash() -> None:
    assert not is_clean(merge_lines("a\nb\n", "A\nb\n", "a\nB\n"))
    assert is_clean(merge_lines("a\nx\nb\n", "A\nx\nb\n", "a\nx\nB\n"))


def test_what_both_sides_share_is_no_part_of_a_clash() -> None:
    parts = merge_lines("a\n", "x\n1\ny\n", "x\n2\ny\n")
    assert [(one.canonical, one.base, one.legacy) for one in clashes(parts)] == [
        ("1\n", "a\n", "2\n")
    ]
    assert parts[0] == Resolved("x\n")


def test_blanks_at_line_ends_say_nothing_where_asked() -> None:
    three = "a  \nb  \n", "a\nb\n", "a  \nB  \n"
    assert not is_clean(merge_lines(*three))
    assert settled(merge_loosely(*three), Prefer.LEGACY) == "a\nB  \n"


def test_two_texts_without_an_ancestor_clash_only_where_they_differ() -> None:
    parts = merge_two("a\n1\n\n2\nz\n", "a\n3\n\n4\nz\n")
    assert [(one.canonical, one.base, one.legacy) for one in clashes(parts)] == [
        ("1\n\n2\n", "", "3\n\n4\n")
    ]


def test_a_clash_inside_a_line_takes_the_line() -> None:
    parts = tidy([Resolved("x\nport = "), Conflict("2", "1", "3", "why"), Resolved(",\ny\n")])
    assert parts == [
        Resolved("x\n"),
        Conflict("port = 2,\n", "port = 1,\n", "port = 3,\n", "why"),
        Resolved("y\n"),
    ]


def test_only_a_line_feed_ends_a_line() -> None:
    assert lines_of("a\rb\x0c\u2028\n\nc") == ["a\rb\x0c\u2028\n", "\n", "c"]
