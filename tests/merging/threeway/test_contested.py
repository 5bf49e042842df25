"""What one side deleted and the other moved, and changes that are conflicts although they merge."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from unify_backend.languages.merge_hunk import Resolved, settled
from unify_backend.merging.threeway.contested import Contested, contest, moved_back
from unify_backend.merging.threeway.merge import merge3
from unify_backend.model.merge_plan import MergeAction, Prefer
from unify_backend.model.tree_diff import Side

CASES = yaml.safe_load((Path(__file__).parent / "contested.yml").read_text("utf-8"))
TEXTS = st.lists(
    st.sampled_from(["one two\n", "three four\n", "}\n", "\n", "five six\n"]), max_size=6
).map("".join)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_what_was_deleted_does_not_come_back(case: dict[str, Any]) -> None:
    sides = (case["base"], case["legacy"], case["canonical"])
    merged = merge3(*sides, language=case["language"])
    if "how" in case:
        assert merged.how.value in case["how"].split("-or-") or merged.how.value == case["how"]
    lines = merged.text.split("\n")
    assert [line for line in case.get("has", []) if line not in lines] == []
    outside = lines if not merged.hunks else []
    assert [line for line in case.get("lacks", []) if line in outside] == []
    assert case.get("noted", "") in "; ".join(merged.notes)


def test_a_contested_change_is_a_conflict_where_it_is() -> None:
    base, canonical = "a b\nc d\ne f\n", "a b\nC D\ne f\n"
    change = Contested(Side.CANONICAL, 1, 2, "c d\n", "legacy took it back")
    merged = merge3(base, base, canonical, language="text", contested=[change])
    assert merged.how is MergeAction.CONFLICT
    [hunk] = merged.hunks
    assert (hunk.ours, hunk.base, hunk.theirs) == ("C D\n", "c d\n", "c d\n")
    assert (hunk.start_line, hunk.why) == (2, "legacy took it back")
    for prefer, text in ((Prefer.CANONICAL, canonical), (Prefer.LEGACY, base)):
        chosen = merge3(base, base, canonical, language="text", contested=[change], prefer=prefer)
        assert chosen.text == text


def test_one_that_is_only_noted_changes_nothing() -> None:
    change = Contested(Side.LEGACY, 0, 1, "a\n", "it is done again", open=False)
    merged = merge3("a\n", "b\r\n", "a\n", language="text", contested=[change])
    assert (merged.text, merged.how) == ("b\r\n", MergeAction.TOOK_LEGACY)
    assert merged.notes == ("it is done again",)


def test_a_contested_deletion_is_a_conflict_between_its_neighbours() -> None:
    change = Contested(Side.LEGACY, 1, 1, "c d\n", "canonical took it back")
    merged = merge3(
        "a b\nc d\ne f\n", "a b\ne f\n", "a b\nc d\ne f\n", language="text", contested=[change]
    )
    [hunk] = merged.hunks
    assert (hunk.start_line, hunk.ours, hunk.theirs) == (2, "c d\n", "")


def test_one_without_a_place_is_noted() -> None:
    change = Contested(Side.LEGACY, 0, 1, "", "it is nowhere")
    parts, notes = contest([Resolved("b\n")], [change], "b\n", "a\n")
    assert (parts, notes) == ([Resolved("b\n")], ["it is nowhere"])


@given(TEXTS, TEXTS, TEXTS)
def test_what_comes_back_is_in_the_moving_side(base: str, canonical: str, legacy: str) -> None:
    for change in moved_back(base, canonical, legacy, legacy):
        lines = {Side.CANONICAL: canonical, Side.LEGACY: legacy}[change.side].splitlines(True)
        text = "".join(lines[change.start : change.end])
        assert text
        assert text in base
    for side in (canonical, legacy):
        assert list(moved_back(base, side, base, base)) == []


@given(TEXTS, TEXTS, TEXTS)
def test_a_conflict_can_be_settled_for_either_side(base: str, canonical: str, legacy: str) -> None:
    merged = merge3(base, legacy, canonical, language="text")
    changes = list(moved_back(base, canonical, legacy, merged.text)) if not merged.hunks else []
    parts, _ = contest([Resolved(merged.text)], changes, canonical, legacy)
    both = [settled(parts, prefer) for prefer in Prefer]
    assert not changes or merged.text in both
