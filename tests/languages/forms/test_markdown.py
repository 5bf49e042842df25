"""Markdown: what comes as a split, and documents made to be slow."""

from collections.abc import Callable

import pytest

from tests.growth import MOST, growth
from tests.languages.forms.zoning import contexts_of, fragment_of
from unify_backend.languages.documents.changelog_detection import history_reason
from unify_backend.languages.language import Fragment, SplitReference
from unify_backend.languages.markdown.references import MarkdownReferences
from unify_backend.languages.text.references import TextReferences
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Names

FORM = MarkdownReferences()
MOVE = PackageMove.of("shop_backend", "shop.backend.main")


def splits(text: str, path: str = "docs/a.md") -> list[SplitReference]:
    """The splits of a document that moves the shop."""
    fragment = Fragment(path, text, fragment_of(text).hits, [MOVE])
    return [one for one in FORM.contexts(fragment) if isinstance(one, SplitReference)]


def test_a_caveat_is_for_a_person() -> None:
    (caveat,) = splits("Two trees of `shop_backend`.\n")
    assert (caveat.form, caveat.names, caveat.review) == ("document-caveat", Names.IMPLIED, True)
    assert (caveat.replacement, caveat.move) == (None, MOVE)
    assert "“Two trees”" in caveat.note


def test_history_has_no_caveats() -> None:
    assert splits("Two trees of `shop_backend`.\n", "docs/archive/a.md") == []


def test_the_blanks_of_a_note_are_no_persons_business() -> None:
    (padding,) = splits("```\n├── shop_backend/         # a\n└── docs/                 # b\n```\n")
    assert (padding.replacement, padding.review) == (" " * 4, False)


@pytest.mark.parametrize(
    ("make", "count"),
    [
        (lambda n: "> " * n + "shop_backend", 30_000),
        (lambda n: "*" * n + " shop_backend", 30_000),
        (lambda n: "shop_backend" + " " * n + "x", 30_000),
        (lambda n: "```\n" + "├── shop_backend/   # a\n" * n + "```\n", 3_000),
        (lambda n: "| Old | New |\n|--|--|\n" + "| shop_backend | x |\n" * n, 3_000),
        (lambda n: "[a](#shop_backend) " * n + "\n# shop_backend\n", 3_000),
        (lambda n: "---\r\n" + "a: b\r\n" * n + "shop_backend\r\n", 400),
        (lambda n: "{#" * n + "shop_backend", 30_000),
        (lambda n: "two trees of shop_backend\n\n" * n, 2_000),
    ],
    ids=["quotes", "stars", "blanks", "tree", "table", "links", "front matter", "braces", "talk"],
)
def test_no_document_is_slow(make: Callable[[int], str], count: int) -> None:
    def work(text: str) -> None:
        splits(text)
        contexts_of(TextReferences(), text)
        history_reason("tasks/a.md", text)

    assert growth(work, make, count) < MOST
