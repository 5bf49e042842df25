"""Concrete syntax trees: places in characters, whatever stands in the text."""

import pytest

from unify_backend.languages.syntax_tree import SyntaxTree
from unify_backend.model.spans import Span


@pytest.mark.parametrize("wide", ["é", "\U0001f600", "\U000e0001", "\U0010ffff", "\ud800", "\x85"])
@pytest.mark.parametrize("around", ["fi{'<'{%sa", "/{%sd|o", "{%s", "a{%s}", "echo %s old"])
def test_no_character_ends_the_process(around: str, wide: str) -> None:
    """A crash here would end the whole run of the tests."""
    text = around % wide
    tree = SyntaxTree("bash", text)
    assert tree.text == text


def test_places_are_counted_in_characters() -> None:
    tree = SyntaxTree("bash", "é='\U0001f600' old run")
    assert tree.text_of(tree.node_at(Span(6, 9))) == "old"
