"""Words that only look like the package."""

from unify_backend.model.spans import Span
from unify_backend.names.also import AlsoTable
from unify_backend.names.variants import LookalikeTable, lookalike_variants


def test_variants_join_the_words_in_every_way() -> None:
    assert set(lookalike_variants("acme.shop_backend")) == {
        "shop_backend",
        "shop-backend",
        "shop backend",
        "shopbackend",
    }
    assert len(lookalike_variants("a_b_c_d_e")) == 4


def test_whole_words_are_found_once() -> None:
    text = "SHOP_BACKEND_URL my-shop-backend ShopBackend"
    spans = [span for span, _ in LookalikeTable(["shop_backend"]).scan(text, [])]
    words = [text[span.start : span.end] for span in spans]
    assert words == ["SHOP_BACKEND_URL", "my-shop-backend", "ShopBackend"]


def test_taken_places_are_left_out() -> None:
    text = "shop_backend-x shop-backend"
    actual = LookalikeTable(["shop_backend"]).scan(text, [Span(0, 12)])
    assert [span for span, _ in actual] == [Span(15, 27)]


def test_a_character_whose_lower_case_is_longer_shifts_nothing() -> None:
    text = "\u0130 shop-backend"
    assert [span for span, _ in LookalikeTable(["shop_backend"]).scan(text, [])] == [Span(2, 14)]


def test_also_words_are_whole_and_beside_exact_names() -> None:
    table = AlsoTable([("Shop-Backend", "Shop"), ("SB", "S")])
    text = "Shop-Backend XSB SB Shop-Backend"
    longer = [(Span(0, 12), "Shop"), (Span(17, 19), "S"), (Span(20, 32), "Shop")]
    assert table.scan(text, [Span(0, 4)]) == longer, "the longer spelling is meant"
    assert table.scan(text, [Span(0, 12)]) == longer[1:], "the exact name keeps its place"
    assert table.scan(text, [Span(8, 16)]) == longer[1:], "it reaches beyond"
    assert table.rename("SB, SBs") == "S, SBs"


def test_one_character_alone_is_longer_in_lower_case() -> None:
    longer = [chr(n) for n in range(0x110000) if len(chr(n).lower()) != 1]
    assert longer == ["\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}"]
    text = f"{longer[0]}{longer[0]} Shop-Backend"
    ((span, _),) = LookalikeTable(["shop_backend"]).scan(text, [])
    assert text[span.start : span.end] == "Shop-Backend"
