"""Style sheets: what is a path, a comment or a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.languages.forms.zoning import only, seen
from unify_backend.languages.css.references import CssReferences
from unify_backend.languages.language import ContextKind

FORM = CssReferences()


@given(st.text(alphabet="/*\"'(){};:@url \n\\", max_size=60))
def test_every_name_has_a_place(text: str) -> None:
    assert None not in seen(FORM, f"{text} shop_backend {text} shop_backend")


@pytest.mark.parametrize(
    ("text", "form", "context"),
    [
        (".shop_backend {}", "css-name", ContextKind.LABEL),
        ("a { b: url(shop_backend/x) }", "css-url", ContextKind.PATH_STRING),
        ("a { b: url( 'shop_backend/x' ) }", "css-url", ContextKind.PATH_STRING),
        ("a { b: url(/shop_backend/x) }", "css-url", ContextKind.STRING),
        ("@import 'shop_backend/x';", "css-import", ContextKind.PATH_STRING),
        ("@import (reference) 'shop_backend/x';", "css-import", ContextKind.PATH_STRING),
        ("@use 'shop_backend/x' as y;", "css-import", ContextKind.PATH_STRING),
        ("a { composes: b from './shop_backend/x' }", "css-import", ContextKind.PATH_STRING),
        ("@import 'a'; a { b: 'shop_backend' }", "css-string", ContextKind.STRING),
        ("a[b='shop_backend'] {}", "css-selector", ContextKind.LABEL),
        ("/* ' */ .shop_backend {}", "css-name", ContextKind.LABEL),
        ("'/*' shop_backend", "css-name", ContextKind.LABEL),
        ("/* shop_backend", "css-comment", ContextKind.COMMENT),
        ("a: b; // shop_backend", "css-comment", ContextKind.COMMENT),
        ("@import 'http://x'; .shop_backend", "css-name", ContextKind.LABEL),
    ],
)
def test_place(text: str, form: str, context: ContextKind) -> None:
    zone = only(FORM, text)
    assert (zone.form, zone.context) == (form, context)
