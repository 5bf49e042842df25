"""Sections, keys and values in lines, as INI and Supervisor share them."""

from hypothesis import given
from hypothesis import strategies as st

from tests.languages.forms.zoning import fragment_of
from unify_backend.languages.data.sections import Kind, stretches, whole_command

PIECES = st.sampled_from(
    [
        "[a]",
        "[b:c] # shop_backend",
        "key",
        "=",
        ":",
        "shop_backend",
        " ; x",
        "\n",
        "\r\n",
        "  ",
        "#",
    ]
)


def read(text: str) -> list[tuple[Kind, str, str, str]]:
    """Kind, text, section and key of each stretch."""
    return [
        (one.kind, text[one.span.start : one.span.end], one.section, one.key)
        for one in stretches(text, fragment_of(text).hits)
    ]


def test_a_line_in_its_parts() -> None:
    text = "[a]\nshop_backend = x/shop_backend ; shop_backend\n  shop_backend\n"
    assert read(text) == [
        (Kind.KEY, "shop_backend = ", "a", "shop_backend"),
        (Kind.VALUE, "x/shop_backend ", "a", "shop_backend"),
        (Kind.COMMENT, "; shop_backend", "a", "shop_backend"),
        (Kind.VALUE, "  shop_backend", "a", "shop_backend"),
    ]


def test_a_section_forgets_the_key_above_it() -> None:
    assert read("x = 1\n[a]\n  shop_backend\n") == [
        (Kind.KEY, "  shop_backend", "a", "shop_backend")
    ]


def test_backslashes_join_a_command() -> None:
    text = "[t]\ncommands = a \\\n  shop_backend\nx = 1\n"
    (one,) = stretches(text, fragment_of(text).hits)
    span = whole_command(text, one)
    assert text[span.start : span.end] == "a \\\n  shop_backend"


@given(st.lists(PIECES, max_size=16).map("".join))
def test_every_name_is_in_one_stretch(text: str) -> None:
    hits = fragment_of(text).hits
    assert [hit for one in stretches(text, hits) for hit in one.hits] == list(hits)
