"""Talk of two trees: where it is heard, and where not."""

from hypothesis import given
from hypothesis import strategies as st

from unify_backend.languages.markdown.caveats import caveats
from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import Span

MOVE = PackageMove.of("shop_backend", "shop.backend.main")
PIECES = st.sampled_from(
    ["two trees", "in sync", "`shop_backend`", "shop/backend/main", ". ", "\n\n", "\n- ", "e.g. "]
)


def heard(text: str, blocks: list[Span] | None = None) -> list[str]:
    """The words of every caveat."""
    found = caveats(text, blocks or [], [MOVE])
    return [text[one.span.start : one.span.end] for one in found]


def test_an_abbreviation_ends_no_sentence() -> None:
    assert heard("Two trees (e.g. `shop_backend/x`) exist.") == ["Two trees"]


def test_another_sentence_is_not_near() -> None:
    assert heard("There are two copies. Look at shop_backend.") == []


def test_the_parent_of_the_canonical_package_counts() -> None:
    assert heard("Duplicated backend trees (`shop/backend/...` copies)") == [
        "Duplicated backend trees"
    ]
    assert heard("Two trees in shop/") == []


def test_code_is_not_heard() -> None:
    assert heard("two trees of shop_backend", [Span(0, 25)]) == []


@given(st.lists(PIECES, max_size=40).map("".join))
def test_at_most_one_for_a_paragraph(text: str) -> None:
    found = list(caveats(text, [], [MOVE]))
    paragraphs = [text.count("\n\n", 0, one.span.start) for one in found]
    assert len(set(paragraphs)) == len(paragraphs)
    assert all(one.span.end <= len(text) for one in found)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_nothing_is_heard_without_a_name(text: str) -> None:
    assert heard(text.replace("shop", "game")) == []
