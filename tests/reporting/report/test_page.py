"""The page: valid, alone, and deaf to whatever a repository says."""

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from xml.etree import ElementTree

import html5lib
import pytest
from msgspec import structs

from tests.reporting.report.conftest import NAME, PICTURE, SCRIPT
from unify_backend.model.report import Completion, Outcome, Versions
from unify_backend.reporting.json.common import to_json
from unify_backend.reporting.json.report import report_document
from unify_backend.reporting.report.html import SECTIONS, report_page
from unify_backend.reporting.report_files import report_files


@pytest.fixture(scope="module", params=["hostile", "merged"])
def completion(request: pytest.FixtureRequest) -> Completion:
    """Before, and half way."""
    found: Completion = request.getfixturevalue(request.param)
    return found


def test_it_is_valid_html(completion: Completion) -> None:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree = parser.parse(report_page(completion))
    ids = [one.get("id") for one in tree.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    anchors = {one.get("href") for one in tree.iter("a")}
    assert all(one.startswith("#") and one[1:] in ids for one in anchors)
    assert {one.id for one in SECTIONS} <= set(ids)


def test_it_names_nothing_elsewhere(completion: Completion) -> None:
    tree = html5lib.parse(report_page(completion), namespaceHTMLElements=False)
    loading = {"src", "srcset", "data", "action", "formaction", "poster", "background"}
    for one in tree.iter():
        assert str(one.tag) not in {"link", "iframe", "object", "embed", "img", "base", "image"}
        assert not loading & {name.rpartition("}")[2] for name in one.attrib}, one.attrib
        assert not any(name.lower().startswith("on") for name in one.attrib)
        assert "style" not in one.attrib
        if one.tag == "style":
            assert not re.search(r"@import|url\(", one.text or "")


def test_hostile_text_is_only_text(completion: Completion) -> None:
    page = report_page(completion)
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    assert len(list(tree.iter("script"))) == 1
    shown = "".join(tree.itertext())
    for words in (SCRIPT, PICTURE, NAME):
        assert words in shown
    assert SCRIPT not in page
    assert PICTURE not in page


def test_its_policy_allows_its_own_style_and_script_and_nothing_else(
    completion: Completion,
) -> None:
    page = report_page(completion)
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert found
    policy = dict(part.strip().split(" ", 1) for part in found[1].split(";"))
    assert policy.pop("default-src") == "'none'"
    assert policy.pop("base-uri") == policy.pop("form-action") == "'none'"
    for tag in ("style", "script"):
        bodies = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert bodies
        hashes = {b64encode(sha256(one.encode()).digest()).decode() for one in bodies}
        assert set(policy.pop(f"{tag}-src").split()) == {f"'sha256-{one}'" for one in hashes}
    assert not policy


def test_plots_are_pictures_of_their_own(completion: Completion) -> None:
    files = report_files(completion)
    pictures = {name: data for name, data in files.items() if name.endswith(".svg")}
    assert set(pictures) == {"burndown.svg", "divergence.svg", "treemap.svg"}
    for data in pictures.values():
        tree = ElementTree.fromstring(data)
        names = {one.tag.rpartition("}")[2] for one in tree.iter()}
        assert not names & {"script", "image", "foreignObject", "a", "use"}
        assert not any("href" in name for one in tree.iter() for name in one.attrib)
    assert SCRIPT.encode() not in b"".join(pictures.values())


def test_the_same_state_gives_the_same_files(completion: Completion) -> None:
    assert report_files(completion) == report_files(completion)
    assert completion.date not in to_json(
        structs.replace(report_document(completion), references=())
    )


def test_a_large_repository_is_cut_and_says_so(hostile: Completion) -> None:
    package = hostile.packages[0]
    text = "".join(f"line {n} <&>\n" for n in range(3_000))
    large = tuple(
        replace(
            one,
            merged=replace(one.merged, path=f"{n}/{one.merged.path}"),
            outcome=Outcome.EDITED,
            versions=Versions("", text, text, text),
        )
        for n in range(150)
        for one in package.joined
    )
    references = tuple(
        replace(one, reference=replace(one.reference, path=f"{n}/{one.reference.path}"))
        for n in range(2_000)
        for one in hostile.references
    )
    page = report_page(
        replace(hostile, packages=(replace(package, joined=large),), references=references)
    )
    assert len(page.encode()) < 5_000_000
    assert "left out: the page is full" in page
    assert "more are left out here" in page
    assert "lines cut" in page


def test_what_is_half_way_says_so(hostile: Completion, merged: Completion) -> None:
    shown = "".join(html5lib.parse(report_page(hostile)).itertext())
    assert "not merged yet" in shown
    assert "Not verified" not in shown or "report --verify" in shown
    assert "conflict markers" in "".join(html5lib.parse(report_page(merged)).itertext())
