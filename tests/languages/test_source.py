"""Python source: parsed once, and places in characters."""

import ast

import pytest

from unify_backend.languages.definition import Unparsable
from unify_backend.languages.python.source import (
    PythonSource,
    SyntaxProblem,
    parse,
    parse_block,
    python_fragment,
    python_source,
    syntax_tree,
)


def source_of(text: str) -> PythonSource:
    source = python_fragment(text)
    assert isinstance(source, PythonSource)
    return source


@pytest.mark.parametrize(
    "text",
    [
        "x = here\n",
        "\ufeffx = here\n",
        "ü = 'é𝒳'; here\n",
        "'é'\r\nx = 'ü', here\r\n",
        "a = 1\rb = here\r",
        "    x = 1\n    y = here\n",
        "\n  # note\n    ü = here\n",
    ],
)
def test_a_place_is_one_in_the_text(text: str) -> None:
    source = source_of(text)
    (name,) = (node for node in source.nodes if isinstance(node, ast.Name) and node.id == "here")
    assert source.start(name) == text.index("here")
    assert source.text_of(name) == "here"
    assert source.line(text.index("here")) == name.lineno


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x = (\n", "line 1: '(' was never closed"),
        ("x = 1\n  y = 2\n", "line 2: unexpected indent"),
        ("    x = (\n", "line 1: '(' was never closed"),
    ],
)
def test_what_does_not_parse_says_where(text: str, problem: str) -> None:
    assert str(python_fragment(text)) == problem


def test_no_text_ends_in_anything_else() -> None:
    for text in ("\0", "x = (" * 300, "+".join("x" * 100_000), "é" * 3 + "\ud800"):
        assert isinstance(python_source(text), SyntaxProblem)
        with pytest.raises(Unparsable, match=r"does not parse as Python: ."):
            parse(text)


def test_one_text_is_parsed_once_and_a_tree_of_ones_own_is_another() -> None:
    text = "x = 1\n"
    assert python_source(text) is python_source(text)
    assert parse(text) is not parse(text)


def test_bytes_are_read_by_their_coding_line() -> None:
    line = "# coding: latin-1\nx = 'é'\n"
    assert isinstance(syntax_tree(line.encode("latin-1")), ast.Module)
    assert isinstance(syntax_tree(b"x = '\xe9'\n"), SyntaxProblem)


@pytest.mark.parametrize("text", ["x = 1\n", "  x = 1\nelse:\n  y = 2\n", "", "  x = 1\ny = 2\n"])
def test_what_is_no_block(text: str) -> None:
    assert isinstance(parse_block(text), SyntaxProblem)


def test_names_are_known_by_their_imports() -> None:
    source = source_of(
        "import os.path as p\nfrom os import sep as s\nfrom .a import b\np.join(s, b)"
    )
    names = [source.dotted(node) for node in source.nodes if isinstance(node, ast.expr)]
    assert {"os.path.join", "os.sep", "b"} <= set(names)
