"""Three columns: each is the origin's stretch with the side's changes, and nothing is left out."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from unify_backend.model.report import Completion, Outcome, Versions
from unify_backend.reporting.report.side_by_side import LineSign, beside

_TEXTS = st.lists(st.sampled_from("abcdefgh"), max_size=30).map("\n".join)


@given(_TEXTS, _TEXTS, _TEXTS, _TEXTS)
def test_columns_tell_the_origin_and_the_side(
    hostile: Completion, base: str, legacy: str, canonical: str, now: str
) -> None:
    one = replace(
        hostile.joined[0],
        versions=Versions(base, legacy, canonical, now),
        outcome=Outcome.EDITED,
    )
    found = beside(one)
    origin = base.splitlines()
    for number, side in enumerate((legacy, canonical, now)):
        changed = 0
        for region in found.regions:
            column = (region.legacy, region.canonical, region.result)[number]
            old = [it.text for it in column.lines if it.sign is not LineSign.NEW]
            assert old == origin[region.start - 1 : region.start - 1 + len(old)]
            changed += sum(it.sign is LineSign.NEW for it in column.lines)
            changed -= sum(it.sign is LineSign.GONE for it in column.lines)
        if not found.cut:
            assert changed == len(side.splitlines()) - len(origin)
    if base == legacy == canonical == now:
        assert not found.regions
        assert found.note


def test_what_is_not_merged_yet_shows_what_a_merge_makes(hostile: Completion) -> None:
    waiting = [one for one in hostile.joined if one.outcome is Outcome.PENDING]
    assert waiting
    assert all(beside(one).result == "What a merge makes" for one in waiting)


def test_large_and_binary_files_are_named_not_shown(hostile: Completion) -> None:
    large = Versions("", "x\n" * 7_000, "", "")
    one = replace(hostile.joined[0], versions=large, outcome=Outcome.EDITED)
    assert beside(one).note == "more than 4,000 lines"
    assert beside(replace(one, versions=Versions())).note == "no text to compare"
