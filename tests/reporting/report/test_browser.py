"""The page as a person meets it, in a headless Chromium: skipped where there is none."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.reporting.report.chromium import Page, browser
from tests.reporting.report.conftest import SCRIPT, verification
from unify_backend.model.report import Completion
from unify_backend.reporting.report.html import SECTIONS, report_page

_TAB, _ENTER = ("Tab", 9), ("Enter", 13)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One browser for all of these."""
    with browser(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture(scope="module")
def file(hostile: Completion, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the hostile repository, whose application was started too."""
    routes = tuple(f"GET /{SCRIPT}/{n}/{'a' * 80}" for n in range(40))
    seen = verification(routes, f"Makefile {SCRIPT}", SCRIPT)
    place = tmp_path_factory.mktemp("page") / "report.html"
    place.write_text(report_page(replace(hostile, verification=seen)), "utf-8")
    return place


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_loads_nothing_runs_nothing_foreign_and_fits(
    page: Page, file: Path, width: int, dark: bool
) -> None:
    page.open(file, width, dark)
    assert page.problems == []
    assert "owned" not in page.value("document.title")
    assert page.value("document.documentElement.scrollWidth") <= width
    light = page.value("getComputedStyle(document.body).backgroundColor")
    assert (light == "rgb(255, 255, 255)") is not dark


def test_everything_can_be_read_without_scripts(page: Page, file: Path) -> None:
    page.open(file, script=False)
    assert page.problems == []
    text = page.value("document.body.textContent")
    assert SCRIPT in text
    for one in SECTIONS:
        height = page.value(f"document.getElementById('{one.id}').getBoundingClientRect().height")
        assert height > 60, one
    assert page.value("document.querySelectorAll('.js:not([hidden])').length") == 0
    rows = page.value("document.querySelectorAll('#references-table tbody tr').length")
    assert rows > 3
    page.value("document.querySelector('details.pair summary').click()")
    assert page.value("document.querySelector('details.pair').open")


def test_routes_are_told_before_and_now(page: Page, file: Path) -> None:
    page.open(file)
    text = page.value("document.getElementById('routes').textContent")
    assert "40 routes in any state, 1 changed" in text
    assert "39 routes as before" in text
    assert "1 loss" in text
    assert "1 entry point, 1 of them wrong" in text


def test_the_references_can_be_searched_filtered_and_sorted(page: Page, file: Path) -> None:
    page.open(file)
    shown = "[...document.querySelectorAll('#references-table tbody tr:not([hidden])')]"
    everything = page.value(f"{shown}.length")
    page.value("document.getElementById('search').focus()")
    page.type("README.md")
    assert 0 < page.value(f"{shown}.length") < everything
    assert page.value(f"{shown}.every(row => row.textContent.includes('README.md'))")
    assert page.value("document.getElementById('found').value").endswith(f"of {everything}")
    page.value(
        "document.getElementById('search').value = '';"
        " const area = document.getElementById('by-area'); area.value = 'Configuration';"
        " area.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    assert page.value(f"{shown}.every(row => row.dataset.a === 'Configuration')")
    page.value("document.querySelectorAll('#references-table thead button')[1].click()")
    assert page.value("document.querySelector('[aria-sort]').getAttribute('aria-sort')")


def test_the_keyboard_reaches_what_a_mouse_does(page: Page, file: Path) -> None:
    page.open(file)
    page.press(*_TAB)
    assert page.value("document.activeElement.className") == "skip"
    assert page.value("document.activeElement.getBoundingClientRect().top") >= 0
    page.press(*_ENTER)
    assert page.value("location.hash") == "#main"
    order = []
    for _ in range(60):
        page.press(*_TAB)
        order.append(page.value("document.activeElement.closest('section')?.id || ''"))
        outline = page.value("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", page.value("document.activeElement.outerHTML.slice(0, 200)")
        if order[-1] == "references":
            break
    met = [one for n, one in enumerate(order) if one and one not in order[:n]]
    assert met == [one.id for one in SECTIONS if one.id in met]
    assert {"divergence", "merged", "references"} <= set(met)


def test_a_cell_shows_its_commits_on_focus_and_leads_to_the_file(page: Page, file: Path) -> None:
    page.open(file, 390)
    cell = "document.querySelector('#divergence dd a.cell')"
    hidden = f"getComputedStyle({cell}.querySelector('.pop')).visibility"
    assert page.value(hidden) == "hidden"
    page.value(f"{cell}.focus()")
    assert page.value(hidden) == "visible"
    box = page.value(
        f"(() => {{ const b = {cell}.querySelector('.pop').getBoundingClientRect();"
        " return [b.left, b.right, b.top, b.bottom]; })()"
    )
    assert 0 <= box[0] <= box[1] <= 390
    assert 0 <= box[2] <= box[3] <= 900
    target = page.value(f"{cell}.getAttribute('href').slice(1)")
    page.press(*_ENTER)
    assert page.value(
        f"new Promise(done => {{ const one = document.getElementById('{target}');"
        " const told = () => done(one.open);"
        " if (one.open) told(); else one.addEventListener('toggle', told); })"
    )


def test_print_leaves_nothing_folded(page: Page, file: Path) -> None:
    page.open(file)
    page.value("dispatchEvent(new Event('beforeprint'))")
    assert page.value("[...document.querySelectorAll('details')].every(one => one.open)")
