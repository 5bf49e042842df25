"""Names that one scope binds twice: cases as data, and the comparison with the sides."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from unify_backend.languages.python.definitions import defined_twice, newly_twice

CASES = yaml.safe_load(
    (Path(__file__).parents[2] / "fixtures" / "checks" / "twice.yml").read_text("utf-8")
)
ONE = "def f(): ...\n"


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    found = [f"{one.name}: {' '.join(map(str, one.lines))}" for one in defined_twice(case["text"])]
    assert found == case.get("twice", []), case["why"]


def test_only_what_no_side_did_is_new() -> None:
    assert [one.name for one in newly_twice(ONE * 2, ONE, ONE)] == ["f"]
    assert [one.name for one in newly_twice(ONE * 2, ONE, "")] == ["f"]
    assert newly_twice(ONE * 2, ONE, ONE * 2) == ()
    assert [one.lines for one in newly_twice(ONE * 3, ONE, ONE * 2)] == [(1, 2, 3)]
    assert newly_twice(ONE, "", "") == ()


PIECES = st.lists(
    st.sampled_from(
        [
            "def f(): ...\n",
            "class A:\n",
            "  ",
            "@f.x\n",
            "@overload\n",
            "import a\n",
            "from b import a\n",
            "x: int\n",
            "if 1:\n",
            "del f\n",
            "\0",
            "try:\n",
            "except:\n",
            "else:\n",
        ]
    )
).map("".join)


@given(st.text() | PIECES)
def test_any_text_is_read(text: str) -> None:
    found = defined_twice(text)
    assert all(list(one.lines) == sorted(one.lines) and len(one.lines) > 1 for one in found)
    assert newly_twice(text, text) == ()


@given(PIECES)
def test_a_text_twice_in_a_row_repeats_what_it_defines(text: str) -> None:
    names = {one.name for one in defined_twice(text)}
    assert names <= {one.name for one in defined_twice(text + "\n" + text)}
