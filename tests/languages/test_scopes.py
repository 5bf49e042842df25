"""Lexical scopes, by the word: which variable a name means."""

import sys

import pytest

from unify_backend.languages.python.scopes import Kind, Scopes
from unify_backend.languages.python.source import SyntaxProblem, python_fragment


def scopes_of(text: str) -> Scopes:
    source = python_fragment(text)
    assert not isinstance(source, SyntaxProblem)
    return Scopes(source, {"x"})


def homes(text: str) -> list[str]:
    """Where each `x` that is read or bound belongs, in order: a kind of scope, or nowhere."""
    scopes = scopes_of(text)
    found = []
    for at in (n for n, letter in enumerate(text) if letter == "x" and scopes.knows(n)):
        home = scopes.scope_of(at).find("x")
        found.append(home.kind.value if home else "nowhere")
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", ["nowhere"]),
        ("import x.y\nx.y", ["module", "module"]),
        ("def f(x): x", ["function", "function"]),
        ("def f(a=x): 0", ["nowhere"]),
        ("lambda x: x", ["function", "function"]),
        ("[x for x in x]", ["comprehension", "comprehension", "nowhere"]),
        ("[x for a in b for x in x]", ["comprehension"] * 3),
        ("class A:\n x = 1\n x\n def f(s): x", ["class", "class", "nowhere"]),
        ("class A:\n x = 1\n b = [x for a in x]", ["class", "nowhere", "class"]),
        ("def f():\n x = 1\n def g(): x", ["function", "function"]),
        ("def f():\n global x\n x = 1", ["module"]),
        ("def f():\n x = 1\n def g():\n  nonlocal x\n  x = 2", ["function", "function"]),
        ("def f(): [a for a in b if (x := a)]; x", ["function", "function"]),
        ("x: int\nx", ["module", "module"]),
        ("def f():\n x\n del x", ["function", "function"]),
        ("def f():\n x += 1", ["function"]),
        ("ü = 'é'; x = x", ["module", "module"]),
        ("a.x.y, f(x=1)", []),
    ],
)
def test_where_a_name_belongs(text: str, expected: list[str]) -> None:
    assert homes(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n try: 0\n except E as x: x",
        "def f():\n match a:\n  case [x, *b]: x",
        "def f():\n match a:\n  case {**x}: x",
        "def f():\n match a:\n  case B() as x: x",
        "def f():\n match a:\n  case [*x]: x",
        "def f():\n with a as x: x",
        "def f():\n for x in a: x",
        "def f():\n def x(): 0\n x",
        "def f():\n class x: 0\n x",
        "def f():\n from a import x\n x",
        "def f():\n import a as x\n x",
    ],
)
def test_what_binds(text: str) -> None:
    assert homes(text)[-1] == "function"


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters are new in Python 3.12")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f[x](a: x) -> x: x", ["parameters"] * 4),
        ("class A[x](B[x]): 0", ["parameters"] * 2),
        ("type A[x] = x", ["parameters"] * 2),
        ("type x = int\nx", ["module", "module"]),
        ("def f[T: x](): 0", ["nowhere"]),
    ],
)
def test_type_parameters(text: str, expected: list[str]) -> None:
    assert homes(text) == expected


@pytest.mark.parametrize("text", ["(", "print 'a'", "x = (" * 300, "\0"])
def test_what_does_not_parse_is_said(text: str) -> None:
    source = python_fragment(text)
    assert isinstance(source, SyntaxProblem)
    assert source.reason


def test_deep_nesting_is_followed() -> None:
    text = "a = " + "+".join(["x"] * 900)
    assert len(scopes_of(text).reads) == 900


def test_places_between_names_have_scopes() -> None:
    text = "def f():\n    def g():\n        y\n    z\n"
    scopes = scopes_of(text)
    assert scopes.scope_at(text.index("z")).parent is scopes.module
    assert scopes.scope_at(text.index("y")).kind is Kind.FUNCTION
    assert scopes.scope_at(0) is scopes.module
