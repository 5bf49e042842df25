"""TOML: the light reader against the standard library's."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.languages.forms.zoning import fragment_of, only, seen
from unify_backend.languages.data.toml_parser import parse_toml
from unify_backend.languages.data.tree import Role
from unify_backend.languages.language import ContextKind, FormError
from unify_backend.languages.toml.references import TomlReferences

FORM = TomlReferences()
STRING = st.sampled_from(
    [
        '"shop_backend"',
        "'shop_backend'",
        '"""\nshop_backend"""',
        "'''a\n'''",
        '"a\\"#shop_backend"',
        "'#'",
        '"[x]"',
    ]
)
VALUE = st.recursive(
    STRING | st.sampled_from(["1", "1.5", "true", "1979-05-27T07:32:00Z"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[ {', '.join(items)} ]")
        | st.lists(inner, max_size=3).map(
            lambda items: "[\n" + "".join(f"  {one}, # ] shop_backend\n" for one in items) + "]"
        )
        | inner.filter(lambda one: "\n" not in one).map(lambda one: f"{{ k = {one}, 'x.y' = 1 }}")
    ),
    max_leaves=5,
)
ENTRIES = st.lists(VALUE, max_size=4)


def strings_of(data: object, path: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Every string value with the keys that lead to it."""
    match data:
        case dict():
            return [one for key, value in data.items() for one in strings_of(value, (*path, key))]
        case list():
            return [one for value in data for one in strings_of(value, path)]
        case str():
            return [(".".join(path), data)]
        case _:
            return []


@given(ENTRIES, ENTRIES, ENTRIES)
def test_the_reader_sees_what_the_parser_sees(
    top: list[str], table: list[str], many: list[str]
) -> None:
    text = "".join(f"a{n} = {one}\n" for n, one in enumerate(top))
    text += '[t . "u.v"] # c\n' + "".join(f"b{n}.c = {one} # x\n" for n, one in enumerate(table))
    text += "[[w]]\r\n" + "".join(f"'d {n}' = {one}\n" for n, one in enumerate(many))
    expected = strings_of(tomllib.loads(text))
    document = parse_toml(text)
    found = [part for part in document.parts if part.role is Role.VALUE and part.node.style]
    assert [".".join(part.names) for part in found] == [path for path, _ in expected]
    for part, (_, value) in zip(found, expected, strict=True):
        raw = document.source(part.node.content).removeprefix("\n").replace('\\"', '"')
        assert raw == part.node.value == value


@pytest.mark.parametrize(
    "text",
    [
        "a = shop_backend",
        "[x\na = 1 # shop_backend",
        "a = 1\na = 'shop_backend'",
    ],
)
def test_what_is_no_toml_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(FormError, match=r"not TOML: .*\(at "):
        list(FORM.contexts(fragment_of(text)))


def test_multi_line_string_ends_with_a_quote_of_its_own() -> None:
    assert only(FORM, 'a = """x shop_backend"""""\nb = 1\n').text == 'x shop_backend""'


def test_key_of_an_inline_table() -> None:
    text = "[tool.poetry]\npackages = [{ include = 'shop_backend', from = 'x' }]\n"
    assert only(FORM, text).context is ContextKind.PATH_VALUE


def test_headers_and_bare_keys_say_that_they_need_quotes() -> None:
    header, key = seen(FORM, "[tool.x.shop_backend]\nshop_backend.y = 1\n")
    assert header is not None
    assert key is not None
    assert (header.form, key.form) == ("toml-header", "toml-key")
    assert header.note == key.note == "a bare key: a dotted name needs quotes here"


@pytest.mark.parametrize(
    "text",
    [
        f"{'.'.join(['a'] * 101)} = 1\n",
        "x = 1\n[[ " + "a . \"b.c\" . 'd' . " * 40 + "e ]]\n",
        f"x = {{y = 1, {'.'.join(['a'] * 101)} = 1}}\n",
        f"\ufeff{'.'.join(['a'] * 101)} = 1\n",
        "a." * 200_000,
    ],
)
def test_a_key_without_end_is_refused_before_it_is_read(text: str) -> None:
    with pytest.raises(FormError, match="a key of more than 100 parts in line"):
        parse_toml(text)


@pytest.mark.parametrize(
    "text",
    [
        f"{'.'.join(['a'] * 100)} = 1\n",
        f"[{'.'.join(['a'] * 50)}]\n{'.'.join(['b'] * 50)} = 1\n",
        f"x = '{'.'.join(['a'] * 500)}'\n",
        f"# {'.'.join(['a'] * 500)}\nx = 1\n",
        f"x = [\n  '{'.'.join(['a'] * 500)}',\n]\n",
        "".join(f"[a.b{n}]\nc.d = {n}.5\n" for n in range(500)),
    ],
)
def test_long_texts_that_are_no_key_are_read(text: str) -> None:
    assert parse_toml(text).text == text
