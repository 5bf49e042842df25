"""Packaging settings: cases as data, and laws."""

import tomllib
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.shim.support import CASES
from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import splice
from unify_backend.packaging.addition import Addition
from unify_backend.packaging.additions import ADJUSTMENTS

ALL = yaml.safe_load((CASES / "packaging.yml").read_text("utf-8"))


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("case", ALL, ids=[case["name"] for case in ALL])
def test_case(case: dict[str, Any], newline: str) -> None:
    before = case["before"].replace("\n", newline)
    after = case.get("after", case["before"]).replace("\n", newline)
    wanted = [Addition.of(PackageMove.of("old", "new", case.get("path"), "there"))]
    adjust = ADJUSTMENTS[case["file"]]
    actual = adjust(case["file"], before, wanted)
    facts = " ".join(note.fact for note in actual.advice)
    assert splice(before, actual.edits) == after, facts
    assert case.get("advice", "") in facts
    assert bool(facts) == ("advice" in case), facts
    again = adjust(case["file"], splice(before, actual.edits), wanted)
    assert not again.edits, "twice is not once"


def test_half_of_the_cases_stay() -> None:
    assert sum("after" not in case for case in ALL) * 2 >= len(ALL) - 4
    assert {case["file"] for case in ALL} == set(ADJUSTMENTS)
    assert all(case["why"] for case in ALL)


@given(st.sampled_from(sorted(ADJUSTMENTS)), st.text("[]options.packages=find: \n#'\"old,{}"))
def test_any_text_returns(file: str, text: str) -> None:
    actual = ADJUSTMENTS[file](file, text, [Addition.of(PackageMove.of("old", "new"))])
    splice(text, actual.edits)


@given(st.lists(st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,5})?", fullmatch=True), max_size=4))
def test_a_list_keeps_its_entries(names: list[str]) -> None:
    listed = ", ".join(f'"{name}"' for name in names)
    head = '[build-system]\nbuild-backend = "setuptools.build_meta"\n'
    text = f"{head}[tool.setuptools]\npackages = [{listed}]\n"
    actual = ADJUSTMENTS["pyproject.toml"]("p", text, [Addition.of(PackageMove.of("old", "new"))])
    packages = tomllib.loads(splice(text, actual.edits))["tool"]["setuptools"]["packages"]
    assert packages == [*names, *([] if "old" in names else ["old"])]
