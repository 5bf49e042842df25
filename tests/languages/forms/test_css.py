"""Style sheets: what is a path, a comment or a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.languages.forms.zoning import only, seen
from unify_backend.languages.css.references import CssForm
from unify_backend.languages.language import Context

FORM = CssForm()


@given(st.text(alphabet="/*\"'(){};:@url \n\\", max_size=60))
def test_every_name_has_a_place(text: str) -> None:
    assert None not in seen(FORM, f"{text} shop_backend {text} shop_backend")


@pytest.mark.parametrize(
    ("text", "form", "context"),
    [
        (".shop_backend {}", "css-name", Context.LABEL),
        ("a { b: url(shop_backend/x) }", "css-url", Context.PATH_STRING),
        ("a { b: url( 'shop_backend/x' ) }", "css-url", Context.PATH_STRING),
        ("a { b: url(/shop_backend/x) }", "css-url", Context.STRING),
        ("@import 'shop_backend/x';", "css-import", Context.PATH_STRING),
        ("@import (reference) 'shop_backend/x';", "css-import", Context.PATH_STRING),
        ("@use 'shop_backend/x' as y;", "css-import", Context.PATH_STRING),
        ("a { composes: b from './shop_backend/x' }", "css-import", Context.PATH_STRING),
        ("@import 'a'; a { b: 'shop_backend' }", "css-string", Context.STRING),
        ("a[b='shop_backend'] {}", "css-selector", Context.LABEL),
        ("/* ' */ .shop_backend {}", "css-name", Context.LABEL),
        ("'/*' shop_backend", "css-name", Context.LABEL),
        ("/* shop_backend", "css-comment", Context.COMMENT),
        ("a: b; // shop_backend", "css-comment", Context.COMMENT),
        ("@import 'http://x'; .shop_backend", "css-name", Context.LABEL),
    ],
)
def test_place(text: str, form: str, context: Context) -> None:
    zone = only(FORM, text)
    assert (zone.form, zone.context) == (form, context)
