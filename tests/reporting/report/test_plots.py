"""The plots: areas tell sizes, letters can be read, the text keeps to its columns."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unify_backend.model.report import Completion
from unify_backend.reporting.plots.divergence import KINDS, LETTERS, divergence_svg
from unify_backend.reporting.plots.palette import DARK, LIGHT
from unify_backend.reporting.plots.treemap import Box, squarify, treemap_svg
from unify_backend.reporting.report.text import area_bars, divergence_lines

_SIZES = st.lists(st.integers(1, 10_000), min_size=1, max_size=60).map(
    lambda sizes: sorted(sizes, reverse=True)
)
_SIDE = st.floats(10, 2_000)


@given(_SIZES, _SIDE, _SIDE)
def test_boxes_fill_their_box_in_proportion(sizes: list[int], width: float, height: float) -> None:
    boxes = squarify(sizes, Box(3, 5, width, height))
    each = width * height / sum(sizes)
    for size, box in zip(sizes, boxes, strict=True):
        assert box.width * box.height == pytest.approx(size * each, rel=1e-6)
        assert box.x >= 3 - 1e-6
        assert box.y >= 5 - 1e-6
        assert box.x + box.width <= 3 + width + 1e-6 * width
        assert box.y + box.height <= 5 + height + 1e-6 * height


@given(_SIZES)
def test_boxes_do_not_lie_on_each_other(sizes: list[int]) -> None:
    boxes = squarify(sizes, Box(0, 0, 100, 60))
    for n, one in enumerate(boxes):
        for other in boxes[:n]:
            across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
            down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
            assert min(across, down) <= 1e-6


def test_no_room_is_no_error() -> None:
    assert squarify([], Box(0, 0, 1, 1)) == []
    assert squarify([2, 1], Box(0, 0, 0, 5)) == [Box(0, 0, 0, 0)] * 2


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("kind", ["legacy", "canonical", "both", "alike", "unknown"])
def test_a_letter_on_its_square_can_be_read(colours: dict[str, str], kind: str) -> None:
    assert _contrast(colours[kind], colours["ground"]) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("kind", ["open", "keep", "done"])
def test_a_name_on_its_tile_can_be_read(colours: dict[str, str], kind: str) -> None:
    assert _contrast(colours[kind], colours["ink"]) >= 4.5


def test_letters_tell_as_much_as_colours() -> None:
    assert len(set(LETTERS.values())) == len(set(KINDS.values())) == len(LETTERS)


def test_text_charts_keep_to_80_columns(hostile: Completion) -> None:
    lines = [*area_bars(hostile), *divergence_lines(hostile.packages[0].history)]
    assert lines
    assert max(map(len, lines)) <= 80
    assert any("B" in line for line in lines)


def test_a_folder_of_many_files_keeps_its_size(hostile: Completion) -> None:
    one = hostile.references[0]
    many = [replace(one, reference=replace(one.reference, path=f"docs/{n}.md")) for n in range(200)]
    drawn = treemap_svg(many)
    assert "Where 200 references" in drawn
    assert "… 104 more files: 104 " in drawn


def test_pictures_tell_their_numbers(hostile: Completion) -> None:
    number = len(hostile.references)
    assert f"Where {number} references to the old name are" in treemap_svg(hostile.references)
    assert "both, differently 1" in divergence_svg(hostile.packages[0].history)


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance and contrast ratio."""

    def luminance(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        red, green, blue = (
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
