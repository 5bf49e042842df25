"""Old columns of tables, and hosts in front of paths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unify_backend.languages.markdown.tables import former_names
from unify_backend.languages.webs import web_addresses
from unify_backend.model.spans import Span


def hits_of(text: str) -> list[Span]:
    """Every `old_pkg`."""
    return [Span(n, n + 7) for n in range(len(text)) if text.startswith("old_pkg", n)]


def former(text: str) -> list[str]:
    """What the tables of a text call former."""
    return [text[one.start : one.end] for one in former_names(text, hits_of(text))]


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ("| Old | New |\n|--|--|\n| `old_pkg/x` | old_pkg/y |\n", ["old_pkg/x"]),
        ("New | Old\n--|--\nold_pkg | old_pkg\n", ["old_pkg"]),
        ("| **Before** | After |\n|:-:|-:|\n| a \\| old_pkg | b |", ["old_pkg"]),
        ("| a | b |\n|--|--|\n| old_pkg | x |", []),
        ("| Old | New |\n| old_pkg | x |", []),
        ("| Old | New |\n|--|--|\n\n| old_pkg | x |", []),
        ("|--|--|\n| old_pkg | x |", []),
        ("> | Old | New |\n> |--|--|\n> | old_pkg | x |", ["old_pkg"]),
    ],
)
def test_old_columns(table: str, names: list[str]) -> None:
    assert former(table) == names


@given(st.text(alphabet="|-: \nold_pkg`\\>New", max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    assert all(span.end <= len(text) for span in former_names(text, hits_of(text)))


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("see www.example.org/a/old_pkg/x.py.", ["www.example.org/a/old_pkg/x.py."]),
        ("`localhost:80/old_pkg`", ["localhost:80/old_pkg"]),
        ("docs.example.com/old_pkg)", ["docs.example.com/old_pkg"]),
        ("main.py/old_pkg", []),
        ("a.b/old_pkg", []),
        ("www.example.org and old_pkg", []),
    ],
)
def test_hosts(text: str, covered: list[str]) -> None:
    zones = web_addresses(text, hits_of(text), "x")
    assert [text[one.span.start : one.span.end] for one in zones] == covered
