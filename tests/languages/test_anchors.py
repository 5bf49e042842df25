"""Anchors and labels within a document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unify_backend.languages.markdown.anchors import (
    labels,
    named_anchors,
    own_anchors,
    renamed_anchors,
    slug,
)
from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import Span
from unify_backend.names.table import NameTable

MOVE = PackageMove.of("shop_backend", "shop.backend.main")
PIECES = st.sampled_from(
    [
        "# ",
        "\n",
        "shop_backend",
        "](#",
        "shop_backendmain",
        ")",
        "[",
        "]: #",
        "/main",
        "{#",
        "}",
        " ",
    ]
)


def hits_of(text: str) -> list[Span]:
    """Every name in the text."""
    return [hit.span for hit in NameTable([MOVE]).scan(text)]


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Getting started", "getting-started"),
        ("The `shop_backend` folder", "the-shop_backend-folder"),
        ("shop/backend.main", "shopbackendmain"),
        ("[Words](target.md) & more", "words--more"),
        ("✅ Done", "-done"),
        ("Über uns", "über-uns"),
    ],
)
def test_slug(heading: str, anchor: str) -> None:
    assert slug(heading) == anchor


def test_link_to_a_renamed_heading() -> None:
    text = "# In shop_backend/main\n[a](#in-shop_backendmain) [b](x.md#in-shop_backendmain)\n"
    (anchor,) = renamed_anchors(text, hits_of(text), [MOVE])
    assert text[anchor.span.start : anchor.span.end] == "in-shop_backendmain"
    assert anchor.span.start < text.index("[b]")
    assert anchor.renamed == "in-shopbackendmainmain"


def test_an_anchor_set_by_hand_is_nobodys_slug() -> None:
    text = "# shop_backend {#shop_backend}\n[a](#shop_backend)\n"
    assert list(renamed_anchors(text, hits_of(text), [MOVE])) == []
    assert len(list(own_anchors(text))) == 2


def test_labels_need_a_definition() -> None:
    assert list(labels("[shop_backend]", hits_of("[shop_backend]"))) == []
    text = "[shop_backend]\n\n[shop_backend]: x\n"
    assert len(list(labels(text, hits_of(text)))) == 2


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text_has_an_answer(text: str) -> None:
    hits = hits_of(text)
    found = [anchor.span for anchor in renamed_anchors(text, hits, [MOVE])]
    found += [*own_anchors(text), *named_anchors(text, hits), *labels(text, hits)]
    assert all("\n" not in text[span.start : span.end] for span in found)
