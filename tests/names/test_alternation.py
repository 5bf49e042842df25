"""One pattern for many words finds what the plain alternation finds, the longest first."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.growth import MOST, growth
from unify_backend.model.package_move import PackageMove
from unify_backend.names.alternation import alternation
from unify_backend.names.table import NameTable

WORDS = st.lists(st.text(alphabet="abc.+\\", min_size=1, max_size=5), max_size=8)


@given(WORDS, st.text(alphabet="abc.+\\", max_size=40))
def test_it_finds_what_the_words_one_beside_the_other_find(words: list[str], text: str) -> None:
    plain = "|".join(map(re.escape, sorted(words, key=len, reverse=True))) if words else "(?!)"
    assert re.findall(alternation(words), text) == re.findall(plain, text)


@pytest.mark.parametrize(
    ("words", "pattern"),
    [
        ([], "(?!)"),
        (["old"], "old"),
        (["old", "older", "oldish"], "old(?:er|ish)?"),
        (["a.b", "a.c"], r"a\.(?:b|c)"),
    ],
)
def test_common_beginnings_stand_once(words: list[str], pattern: str) -> None:
    assert alternation(words) == pattern


def moves(number: int) -> NameTable:
    """That many modules of one package, each moved to another one."""
    names = [(f"app.old.module_{n}", f"app.new.module_{n}") for n in range(number)]
    table = NameTable([PackageMove.of(old, new) for old, new in names])
    table.scan("app.old.module_1")
    return table


def test_a_search_for_many_names_costs_what_one_for_few_does() -> None:
    text = "from app.other import module\napp.elsewhere.module_1(app.old)\n" * 3000
    assert growth(lambda table: table.neutral(text), moves, 400) < MOST / 10
