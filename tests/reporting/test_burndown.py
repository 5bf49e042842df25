"""The burn-down as SVG, as text, and as a document."""

import json
import re
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tests.end_to_end.support import document
from unify_backend.model.history import Burndown, Point
from unify_backend.model.references import Area
from unify_backend.reporting.burndown.chart import ASCII, BLOCKS, burndown_chart
from unify_backend.reporting.burndown.report import history_report
from unify_backend.reporting.burndown.scale import count_ticks, places, time_ticks
from unify_backend.reporting.burndown.svg import burndown_svg, signed
from unify_backend.reporting.json.common import to_json
from unify_backend.reporting.json.history import history_document

SVG = "{http://www.w3.org/2000/svg}"
BEGIN = datetime(2025, 11, 20, tzinfo=UTC)


def point(
    number: int = 0,
    trees: tuple[int, int, int] = (3, 2, 5),
    kept: int = 0,
    seconds: int | None = None,
    subject: str = "Change",
    author: str = "A",
) -> Point:
    """Commit number `number`, an hour after the one before where nothing else is said."""
    when = BEGIN + timedelta(seconds=3600 * number if seconds is None else seconds)
    return Point(
        f"{number:040x}",
        when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        author,
        subject,
        ((Area.BACKEND, sum(trees)),) if sum(trees) else (),
        *trees,
        1 if sum(trees) else 0,
        kept,
    )


def burndown(*points: Point) -> Burndown:
    return Burndown(("shop_backend",), points)


points = st.builds(
    point,
    st.integers(0, 5),
    st.tuples(st.integers(0, 3000), st.integers(0, 30), st.integers(0, 3000)),
    st.just(0),
    st.integers(0, 200_000_000),
    st.text(max_size=30),
    st.text(max_size=10),
)
burndowns = st.lists(points, max_size=12).map(lambda them: burndown(*them))


@given(burndowns)
def test_every_picture_is_xml_that_needs_nothing_else(found: Burndown) -> None:
    text = burndown_svg(found)
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert not {one.tag for one in root.iter()} & {f"{SVG}script", f"{SVG}image", f"{SVG}use"}
    assert "url(" not in text
    assert "nan" not in text
    for number in re.findall(r' (?:x|y|cx|cy)="([^"]+)"', text):
        assert -1 <= float(number) <= 961


@given(burndowns, st.integers(1, 200), st.sampled_from([BLOCKS, ASCII]))
def test_no_line_of_a_chart_is_too_wide(found: Burndown, width: int, marks: object) -> None:
    chart = burndown_chart(found, width, ASCII if marks is ASCII else BLOCKS)
    lines = chart.splitlines()
    *drawn, legend = lines or [""]
    assert all(len(line) <= max(width, 30) for line in drawn)
    assert len(legend) <= 60
    assert not lines or len(lines) == 17
    assert marks is BLOCKS or chart.isascii()


def test_a_picture_is_told_in_words_too() -> None:
    text = burndown_svg(burndown(point(0, (10, 0, 5)), point(1, (0, 2, 4), kept=3)))
    root = ElementTree.fromstring(text)
    title, told = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert title.text == "References to shop_backend, commit by commit"
    assert told is not None
    assert told.text == (
        "2 commits from 2025-11-20 to 2025-11-20: 15 references at first, 6 at last (0 in the "
        "legacy tree, 2 in the canonical tree, 4 elsewhere; 3 without those that stay by "
        "intention)."
    )
    assert root.attrib["aria-labelledby"] == "burndown-title burndown-desc"
    words = " ".join(one.text or "" for one in root.iter(f"{SVG}text"))
    for expected in ("references", "date of the commit (UTC)", "legacy tree 0", "elsewhere 4"):
        assert expected in words


def test_what_a_repository_says_is_escaped() -> None:
    bad = '</style><script>alert("&")</script>\x00\udce9'
    found = Burndown((bad,), (point(0), point(1, (0, 0, 0), subject=bad)))
    text = burndown_svg(found)
    assert "<script" not in text
    assert text.count("</style>") == 1
    assert ElementTree.fromstring(text) is not None


def test_the_largest_changes_carry_their_commits() -> None:
    levels = [(100, 0, 0), (101, 0, 0), (50, 0, 0), (50, 0, 0), (49, 0, 0), (30, 0, 0), (0, 0, 0)]
    found = burndown(*(point(n, one, subject=f"Commit {n}") for n, one in enumerate(levels)))
    root = ElementTree.fromstring(burndown_svg(found))
    told = [one.findtext(f"{SVG}title") or "" for one in root.iter(f"{SVG}circle")]
    assert [re.findall(r"Commit (\d)", one)[0] for one in told] == ["1", "2", "4", "5", "6"]
    assert told[1] == f"2025-11-20 {2:040x}"[:20] + " −51: Commit 2"


def test_layers_are_stacked_and_keep_their_height() -> None:
    root = ElementTree.fromstring(
        burndown_svg(burndown(point(0, (10, 5, 5)), point(1, (10, 5, 5))))
    )
    edges = {}
    for one in root.iter(f"{SVG}path"):
        if one.attrib["class"] in {"legacy", "canonical", "outside"}:
            ys = [float(y) for y in re.findall(r",([\d.]+)", one.attrib["d"])]
            edges[one.attrib["class"]] = (max(ys), min(ys))
    assert edges["legacy"][1] == edges["canonical"][0]
    assert edges["canonical"][1] == edges["outside"][0]
    heights = {kind: low - high for kind, (low, high) in edges.items()}
    assert heights["legacy"] == pytest.approx(2 * heights["outside"], abs=0.2)


def test_a_layer_without_any_is_not_drawn() -> None:
    text = burndown_svg(burndown(point(0, (4, 0, 0)), point(1, (2, 0, 0))))
    assert '<path class="legacy"' in text
    assert '<path class="outside"' not in text


def test_no_commits_are_a_picture_and_no_chart() -> None:
    assert "no commits" in burndown_svg(burndown())
    assert burndown_chart(burndown(), 80) == ""


def test_a_chart_shows_the_trees_over_time() -> None:
    found = burndown(point(0, (14, 0, 14)), point(10, (0, 0, 14)), point(20, (0, 0, 1)))
    rows = burndown_chart(found, 60).splitlines()
    body = [line.partition("┤")[2] for line in rows[:14]]
    first, middle, last = ([line[n : n + 1] for line in body] for n in (0, 40, 55))
    assert (first.count("█"), first.count("░")) == (7, 6)
    assert (middle.count("█"), middle.count("░")) == (0, 7)
    assert "".join(last) == "▁"
    assert rows[-1].split() == "█ legacy tree ▓ canonical tree ░ elsewhere".split()


def test_what_is_too_little_for_a_row_leaves_a_trace() -> None:
    found = burndown(point(0, (1000, 0, 0)), point(1, (1, 0, 0)))
    assert "▁" in burndown_chart(found, 60)
    assert "▁" not in burndown_chart(burndown(point(0, (1000, 0, 0)), point(1, (0, 0, 0))), 60)


@pytest.mark.parametrize(
    ("largest", "ticks"),
    [(0, [0, 1]), (1, [0, 1]), (7, [0, 2, 4, 6, 8]), (1759, [0, 500, 1000, 1500, 2000])],
)
def test_counts_are_labelled_by_round_numbers(largest: int, ticks: list[int]) -> None:
    assert count_ticks(largest) == ticks


@given(st.integers(0, 10**9), st.integers(1, 9))
def test_labels_reach_the_largest_count(largest: int, most: int) -> None:
    ticks = count_ticks(largest, most)
    assert ticks[-1] >= largest
    assert len(ticks) <= most + 1


@given(burndowns)
def test_time_never_goes_back(found: Burndown) -> None:
    at = places(found.points)
    assert at == sorted(at)
    assert all(0 <= one <= 1 for one in at)
    ticks = time_ticks(found.points, 5)
    assert len(ticks) <= 5
    assert all(0 <= one.at <= 1 for one in ticks)


def test_commits_of_one_second_are_spread() -> None:
    same = [point(n, seconds=0) for n in range(3)]
    assert places(same) == [0, 0.5, 1]
    assert [one.label for one in time_ticks(same, 5)] == ["2025-11-20"]


def test_hours_are_told_where_days_would_say_nothing() -> None:
    labels = [one.label for one in time_ticks([point(0), point(10)], 7)]
    assert labels == [f"11-20 {n:02}:00" for n in range(0, 11, 2)]


def test_signs() -> None:
    assert [signed(one) for one in (12, -1054, 0)] == ["+12", "−1,054", ""]


def _shown(found: Burndown, verbose: bool) -> str:
    console = Console(width=80, record=True, color_system=None)
    with console.capture() as capture:
        for part in history_report(found, verbose, 80):
            console.print(part)
    return capture.get()


def test_the_table_has_the_commits_that_changed_the_count() -> None:
    long = "A subject that is longer than the line has room for it, by some words"
    found = burndown(
        point(0, (9, 0, 0), subject="begin"),
        point(1, (9, 0, 0), subject="still"),
        point(2, (1, 0, 3), subject=long),
    )
    text = _shown(found, verbose=False)
    assert "shop_backend: 4 references" in text
    assert "3 commits, 2025-11-20 to 2025-11-20: 9 → 4 (−5)" in text
    assert "still" not in text
    assert "1 commit left it as it was: --verbose" in text
    row = next(line for line in text.splitlines() if "−5" in line and "…" in line)
    assert len(row.rstrip()) <= 80
    assert "A subject that is longer" in row
    whole = _shown(found, verbose=True)
    assert "still" in whole
    assert "some words" in whole


def test_only_a_screenful_of_changes_is_listed() -> None:
    found = burndown(*(point(n, (n + 1, 0, 0), subject=f"Commit {n}.") for n in range(40)))
    text = _shown(found, verbose=False)
    assert "10 earlier changes: --verbose" in text
    assert "Commit 9." not in text
    assert "Commit 10." in text
    assert "Commit 0." in _shown(found, verbose=True)


def test_an_empty_range_says_so() -> None:
    assert "no commits in HEAD" in _shown(burndown(), verbose=False)


@given(burndowns)
def test_the_document_keeps_its_contract(found: Burndown) -> None:
    parsed = document(to_json(history_document(found)))
    assert [one["total"] for one in parsed["points"]] == [one.total for one in found.points]
    for one in parsed["points"]:
        assert one["total"] == sum(one["tree"].values()) == sum(one["area"].values())


def test_the_document_tells_what_stays() -> None:
    (one,) = json.loads(to_json(history_document(burndown(point(0, kept=4)))))["points"]
    assert (one["total"], one["active"]) == (10, 6)
