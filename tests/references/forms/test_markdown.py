"""Markdown: what comes as a split, and documents made to be slow."""

from time import perf_counter

import pytest

from tests.references.forms.zoning import fragment_of, zones_of
from unify_backend.codemods.documents.history import history_reason
from unify_backend.model.moves import PackageMove
from unify_backend.model.references import Names
from unify_backend.model.zones import Fragment, Split
from unify_backend.references.forms.markdown import MarkdownForm
from unify_backend.references.forms.text import TextForm

FORM = MarkdownForm()
MOVE = PackageMove.of("shop_backend", "shop.backend.main")
SECONDS = 10  # generous: what goes wrong here takes minutes


def splits(text: str, path: str = "docs/a.md") -> list[Split]:
    """The splits of a document that moves the shop."""
    fragment = Fragment(path, text, fragment_of(text).hits, [MOVE])
    return [one for one in FORM.zones(fragment) if isinstance(one, Split)]


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
    "text",
    [
        "> " * 30_000 + "shop_backend",
        "*" * 30_000 + " shop_backend",
        "shop_backend" + " " * 30_000 + "x",
        "```\n" + "├── shop_backend/   # a\n" * 3_000 + "```\n",
        "| Old | New |\n|--|--|\n" + "| shop_backend | x |\n" * 3_000,
        "[a](#shop_backend) " * 3_000 + "\n# shop_backend\n",
        "---\r\n" + "a: b\r\n" * 400 + "shop_backend\r\n",
        "{#" * 30_000 + "shop_backend",
        "two trees of shop_backend\n\n" * 2_000,
    ],
    ids=["quotes", "stars", "blanks", "tree", "table", "links", "front matter", "braces", "talk"],
)
def test_no_document_is_slow(text: str) -> None:
    start = perf_counter()
    splits(text)
    zones_of(TextForm(), text)
    history_reason("tasks/a.md", text)
    assert perf_counter() - start < SECONDS
