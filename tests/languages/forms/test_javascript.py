"""JavaScript: where strings, comments, templates and regular expressions begin and end."""

import pytest

from tests.languages.forms.zoning import only, seen
from unify_backend.languages.javascript.references import JavaScriptReferences
from unify_backend.languages.language import ContextKind

FORM = JavaScriptReferences()


@pytest.mark.parametrize(
    ("text", "zone", "context"),
    [
        ("a = 'it\\'s shop_backend'", "it\\'s shop_backend", ContextKind.STRING),
        ("a = b / 2; c = 'shop_backend' / 3", "shop_backend", ContextKind.STRING),
        ("x.replace(/['`]/g, '') // shop_backend", "// shop_backend", ContextKind.COMMENT),
        ("return /shop_backend\\/api/.test(x)", "/shop_backend\\/api/", ContextKind.STRING),
        ("`a ${b ? `c` : {d: 1}} shop_backend`", " shop_backend", ContextKind.STRING),
        ("`a ${x /* shop_backend */} b`", "/* shop_backend */", ContextKind.COMMENT),
        ("import('./shop_backend/x')", "./shop_backend/x", ContextKind.PATH_STRING),
        ("<p>It's shop_backend</p>", "shop_backend", ContextKind.PROSE),
        ("<p>{n} in shop_backend today</p>", "shop_backend today", ContextKind.PROSE),
        ("a = () => shop_backend", "shop_backend", ContextKind.OTHER_NAME),
        ("if (a > shop_backend) { b() }", "shop_backend", ContextKind.OTHER_NAME),
    ],
)
def test_places(text: str, zone: str, context: ContextKind) -> None:
    found = only(FORM, text)
    assert (found.text, found.context) == (zone, context)


def test_an_apostrophe_in_text_does_not_run_over_the_line() -> None:
    text = "<p>Don't</p>\nconst a = 'shop_backend'; // it's shop_backend\n"
    assert [one.context for one in seen(FORM, text) if one] == [
        ContextKind.STRING,
        ContextKind.COMMENT,
    ]


def test_an_open_template_ends_with_the_text() -> None:
    assert only(FORM, "a = `x shop_backend").context is ContextKind.STRING
