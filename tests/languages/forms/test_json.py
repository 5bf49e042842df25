"""JSON: dialects, paths of keys, refusals."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.languages.forms.zoning import NAME, fragment_of, only, seen
from unify_backend.languages.json.references import JsonReferences
from unify_backend.languages.language import ContextKind, FormError

FORM = JsonReferences()
KEYS = st.sampled_from(["a", "args", "shop_backend", "//", "cwd"])
DATA = st.recursive(
    st.sampled_from(["shop_backend", 'a"shop_backend\\', "\nshop_backend", "é😀", 1, None, 1.5]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(DATA, st.sampled_from([None, 2]), st.booleans())
def test_every_name_is_inside_its_string(
    data: object, indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_only)
    for one in seen(FORM, text):
        assert one is not None
        assert NAME.search(one.text)
        assert one.escapes


def test_key_path_comes_back_after_an_inner_object() -> None:
    text = '{"cwd": {"x": [1, {"name": "shop_backend"}]}, "cwd": "shop_backend"}'
    first, second = seen(FORM, text)
    assert first is not None
    assert second is not None
    assert first.context is ContextKind.LABEL
    assert second.context is ContextKind.PATH_VALUE


@pytest.mark.parametrize("text", ['{"a": "shop_backend"]', '"shop_backend', "[1]] shop_backend"])
def test_what_is_no_json_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(FormError, match="line 1: "):
        list(FORM.contexts(fragment_of(text)))


def test_comment_marks_in_strings_begin_no_comment() -> None:
    assert only(FORM, '{"a": "http://x/*", "b": "// shop_backend"}').context is ContextKind.STRING


def test_arguments_know_the_word_before() -> None:
    text = '{"args": [\n  "--cov",\n  "shop_backend",\n  "x"]}'
    assert only(FORM, text).context is ContextKind.MODULE_STRING
