"""Which spelling of the name a line gets before it is merged."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from unify_backend.merging.name_spelling import respelled, spelled_like, with_edited_names
from unify_backend.model.package_move import PackageMove
from unify_backend.names.table import NameTable

FOLDER = Path(__file__).parent
CASES = yaml.safe_load((FOLDER / "name_spelling.yml").read_text("utf-8"))
TABLE = NameTable([PackageMove.of("old_shop", "acme.shop")])
LINES = st.lists(
    st.sampled_from(
        [
            'q = "old_shop"',
            'q = "acme.shop"',
            "x = 1",
            "x = 2",
            "",
            "run old_shop/a acme/shop",
            "\r",
        ]
    ),
    max_size=6,
).map("\n".join)


def text(lines: list[str]) -> str:
    return "\n".join(lines)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_which_spelling_a_line_gets(case: dict[str, Any]) -> None:
    base, legacy, canonical = (text(case[side]) for side in ("base", "legacy", "canonical"))
    then = (base, legacy) if case["then"] == "same" else tuple(map(text, case["then"]))
    assert respelled(base, legacy, canonical, TABLE) == then


OLD, NEW = 'PLACE = "old_shop/data"', 'PLACE = "acme/shop/data"'
NAME_EDITS = [
    (OLD, NEW, OLD, OLD, "the edit is legacy's, for canonical has the old name"),
    (f"a\n{OLD}\nb", f"a\n{NEW}\nc", f"a\n{OLD}\nb", f"a\n{OLD}\nb", "with another edit below"),
    (OLD, OLD, OLD, NEW, "legacy left the name alone"),
    (OLD, NEW, NEW, NEW, "canonical has the new name, too"),
    (OLD, NEW, "", NEW, "canonical deleted the line"),
    (OLD, NEW, f"{OLD}\n{NEW}", NEW, "canonical has both"),
    (OLD, f"{NEW}  # kept", OLD, NEW, "an edit of the rest of the line is one anyway"),
    (f"{OLD}\na", NEW, OLD, f"{NEW}\na", "other lines went with it"),
]


@pytest.mark.parametrize(("base", "legacy", "canonical", "then", "why"), NAME_EDITS)
def test_a_name_that_legacy_wrote_since_is_an_edit(
    base: str, legacy: str, canonical: str, then: str, why: str
) -> None:
    sides = [(side, side.replace("old_shop/", "acme/shop/")) for side in (base, legacy)]
    assert with_edited_names(sides[0], sides[1], canonical) == then, why


def test_line_ends_stay() -> None:
    base, legacy = 'q = "old_shop"\r\nx = 1\r\n', 'q = "old_shop"\r\nx = 2\r\n'
    expected = ('q = "acme.shop"\r\nx = 1\r\n', 'q = "acme.shop"\r\nx = 2\r\n')
    assert respelled(base, legacy, 'q = "acme.shop"\nx = 1\n', TABLE) == expected


def test_a_base_in_the_canonical_tree_gets_legacys_spelling() -> None:
    assert spelled_like('q = "acme.shop"\nx = 1\n', 'q = "old_shop"\nx = 2\n', TABLE) == (
        'q = "old_shop"\nx = 1\n'
    )


@given(LINES, LINES, LINES)
def test_only_spellings_change(base: str, legacy: str, canonical: str) -> None:
    was, now = respelled(base, legacy, canonical, TABLE)
    assert TABLE.neutral(was) == TABLE.neutral(base)
    assert TABLE.neutral(now) == TABLE.neutral(legacy)
    if legacy == base:
        assert now == was
    if canonical == base:
        assert (was, now) == (base, legacy)


@given(LINES, LINES)
def test_what_canonical_says_is_the_base_where_only_spellings_differ(base: str, other: str) -> None:
    canonical = spelled_like(base, other, TABLE)
    was, _ = respelled(base, base, canonical, TABLE)
    assert was == canonical
