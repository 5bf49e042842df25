"""JavaScript: where strings, comments, templates and regular expressions begin and end."""

import pytest

from tests.languages.forms.zoning import only, seen
from unify_backend.languages.javascript.references import JavaScriptForm
from unify_backend.languages.language import Context

FORM = JavaScriptForm()


@pytest.mark.parametrize(
    ("text", "zone", "context"),
    [
        ("a = 'it\\'s shop_backend'", "it\\'s shop_backend", Context.STRING),
        ("a = b / 2; c = 'shop_backend' / 3", "shop_backend", Context.STRING),
        ("x.replace(/['`]/g, '') // shop_backend", "// shop_backend", Context.COMMENT),
        ("return /shop_backend\\/api/.test(x)", "/shop_backend\\/api/", Context.STRING),
        ("`a ${b ? `c` : {d: 1}} shop_backend`", " shop_backend", Context.STRING),
        ("`a ${x /* shop_backend */} b`", "/* shop_backend */", Context.COMMENT),
        ("import('./shop_backend/x')", "./shop_backend/x", Context.PATH_STRING),
        ("<p>It's shop_backend</p>", "shop_backend", Context.PROSE),
        ("<p>{n} in shop_backend today</p>", "shop_backend today", Context.PROSE),
        ("a = () => shop_backend", "shop_backend", Context.OTHER_NAME),
        ("if (a > shop_backend) { b() }", "shop_backend", Context.OTHER_NAME),
    ],
)
def test_places(text: str, zone: str, context: Context) -> None:
    found = only(FORM, text)
    assert (found.text, found.context) == (zone, context)


def test_an_apostrophe_in_text_does_not_run_over_the_line() -> None:
    text = "<p>Don't</p>\nconst a = 'shop_backend'; // it's shop_backend\n"
    assert [one.context for one in seen(FORM, text) if one] == [Context.STRING, Context.COMMENT]


def test_an_open_template_ends_with_the_text() -> None:
    assert only(FORM, "a = `x shop_backend").context is Context.STRING
