"""A changelog's entry: in the style that is there, in its place, once."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from unify_backend.commands.report.changelog import ChangelogFacts, holds, with_entry

_CASES = yaml.safe_load(
    (Path(__file__).parents[3] / "fixtures" / "changelogs" / "entries.yml").read_text("utf-8")
)
_NEWS = ChangelogFacts("T", "Why it was done.", "`a` is `b`.", ("More.",), ("3 → 0.",))
_DAY = date(2025, 11, 22)


@pytest.mark.parametrize("case", _CASES, ids=lambda case: str(case["name"]))
def test_case(case: dict[str, str]) -> None:
    assert with_entry(case["before"], _NEWS, _DAY) == case.get("after", case["before"]), case["why"]


def test_long_lines_are_wrapped_as_wide_as_the_others() -> None:
    line = "- " + "word " * 14 + "end\n  and goes on here.\n"
    long = ChangelogFacts("T", "why " * 40, "key " * 40 + "end", (), ())
    made = with_entry(f"# L\n\n## 2025-01-01\n\n{line}", long, _DAY)
    width = len(line.split("\n", maxsplit=1)[0])
    assert max(map(len, made.split("\n"))) <= width
    assert holds(made, long)


def test_carriage_returns_stay() -> None:
    made = with_entry("# L\r\n\r\n## 2025-01-01\r\n\r\n- x\r\n", _NEWS, _DAY)
    assert made.count("\n") == made.count("\r\n")
    assert made.endswith("## 2025-01-01\r\n\r\n- x\r\n")


_LINES = st.lists(
    st.sampled_from(
        "# T|## 2025-01-02|## 2025-01-02 - X|## [Unreleased]|### Changed|### Why|||- a|* b"
        "|  goes on|---|words|```|## 22 November 2025".split("|")
    ),
    max_size=14,
)


@given(_LINES, st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_nothing_that_is_there_changes_and_twice_is_once(
    lines: list[str], ended: bool, end: str
) -> None:
    text = end.join(lines) + (end if ended and lines else "")
    made = with_entry(text, _NEWS, _DAY)
    assert holds(made, _NEWS)
    assert with_entry(made, _NEWS, _DAY) == made
    at = next((n for n, (a, b) in enumerate(zip(text, made, strict=False)) if a != b), len(text))
    added = len(made) - len(text)
    assert any(made[:n] + made[n + added :] == text for n in range(at + 1))
