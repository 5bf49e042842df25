"""Which documents say what was: cases as data, and laws."""

import string
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from unify_backend.languages.documents.changelog_detection import history_reason

FILE = Path(__file__).parents[2] / "fixtures" / "checks" / "history.yml"
CASES: list[dict[str, Any]] = yaml.safe_load(FILE.read_text("utf-8"))
WORDS = st.sampled_from(
    "archive docs tasks adr CHANGELOG README status: done archived [x] [ ] - # Task 1 --- \n".split(
        " "
    )
)


@pytest.mark.parametrize("case", CASES, ids=[f"{one['path']}: {one['why']}" for one in CASES])
def test_case(case: dict[str, Any]) -> None:
    assert history_reason(case["path"], case.get("text", "# Title\n")) == case["reason"]


def test_about_half_of_the_cases_are_living_documents() -> None:
    living = [one for one in CASES if not one["reason"]]
    assert len(CASES) * 2 <= len(living) * 5
    assert all(one["why"] for one in CASES)


@given(st.text(string.printable, max_size=60), st.lists(WORDS, max_size=40).map(" ".join))
def test_any_path_and_text_has_an_answer(path: str, text: str) -> None:
    assert "\n" not in history_reason(path, text)


@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_code_is_never_history(text: str) -> None:
    assert history_reason("docs/archive/CHANGELOG.py", text) == ""


@given(st.integers(2, 30), st.integers(0, 30))
def test_one_open_box_keeps_a_task_alive(ticked: int, place: int) -> None:
    lines = ["- [x] a"] * ticked
    assert history_reason("tasks/1.md", "\n".join(lines)) != ""
    lines.insert(min(place, ticked), "- [ ] b")
    assert history_reason("tasks/1.md", "\n".join(lines)) == ""
