"""HTML and XML: tags, attributes and what stands between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.languages.forms.zoning import only, seen
from unify_backend.languages.html.references import HtmlReferences
from unify_backend.languages.html.syntax import Tag, pieces
from unify_backend.languages.language import ContextKind

FORM = HtmlReferences()


@given(st.text(alphabet="<>/!-='\"{}%#ab \n\\", max_size=60))
def test_pieces_are_in_order_and_every_name_has_a_place(text: str) -> None:
    at = 0
    whole = f"{text} shop_backend {text}"
    for piece in pieces(whole):
        if not isinstance(piece, Tag) or piece.span.start >= at:
            assert piece.span.start <= piece.span.end <= len(whole)
            at = max(at, piece.span.start)
    seen(FORM, whole)


@pytest.mark.parametrize(
    ("text", "form", "context"),
    [
        ("a shop_backend b", "html-text", ContextKind.PROSE),
        ("<p class='shop_backend'>", "html-attribute", ContextKind.LABEL),
        ("<p CLASS=shop_backend>", "html-attribute", ContextKind.LABEL),
        ("<a href = 'shop_backend/x'>", "html-address", ContextKind.STRING),
        ('<p a=">" title="shop_backend">', "html-text", ContextKind.PROSE),
        ("<p data-x='shop_backend'>", "html-attribute", ContextKind.STRING),
        ("<p style='a: shop_backend'>", "html-style", ContextKind.CODE_SPAN),
        ("<p onload='shop_backend'>", "html-script", ContextKind.STRING),
        ("<shop_backend a='b'>", "html-tag", ContextKind.LABEL),
        ("<p shop_backend>", "html-tag", ContextKind.LABEL),
        ("</shop_backend>", "html-tag", ContextKind.LABEL),
        ("<!-- <p> shop_backend", "html-comment", ContextKind.COMMENT),
        ("<code>shop_backend</code>", "html-code", ContextKind.CODE_SPAN),
        ("<code>x</code> shop_backend", "html-text", ContextKind.PROSE),
        ("<code><b>x</b></code> shop_backend", "html-text", ContextKind.PROSE),
        ("<code>x<br>shop_backend", "html-code", ContextKind.CODE_SPAN),
        ("<script>a</script> shop_backend", "html-text", ContextKind.PROSE),
        ("<script>'</p>' + shop_backend", "html-script", ContextKind.STRING),
        ("<title>shop_backend</title>", "html-text", ContextKind.PROSE),
        ("<p {% if shop_backend %}a{% endif %}>", "html-template", ContextKind.CODE_SPAN),
        ("{{ shop_backend }}", "html-template", ContextKind.CODE_SPAN),
        ("<? shop_backend ?> x", None, None),
    ],
)
def test_place(text: str, form: str | None, context: ContextKind | None) -> None:
    (zone,) = seen(FORM, text)
    assert (zone and zone.form, zone and zone.context) == (form, context)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("<script>shop_backend", "javascript"),
        ("<script type='text/javascript'>shop_backend", "javascript"),
        ("<script type='application/ld+json'>shop_backend", "json"),
        ("<script type='text/x-python'>shop_backend", "python"),
        ("<script type='text/x-unheard'>shop_backend", None),
        ("<py-script>shop_backend", "python"),
        ("<style>shop_backend", "css"),
        ("<pre class='highlight-bash'>shop_backend", "shell"),
        ("<div class='language-yaml'><pre>shop_backend", "yaml"),
        ("<pre>python -m shop_backend", "shell"),
    ],
)
def test_language(text: str, language: str | None) -> None:
    assert only(FORM, text).language == language


def test_settings_in_xml_go_by_their_keys() -> None:
    text = (
        '<?xml version="1.0"?>\n<a><module>shop_backend</module><title>shop_backend</title>'
        '<option name="cwd" value="shop_backend"/><x y="shop_backend"/></a>'
    )
    assert [one.context for one in seen(FORM, text) if one] == [
        ContextKind.MODULE_VALUE,
        ContextKind.LABEL,
        ContextKind.PATH_VALUE,
        ContextKind.STRING,
    ]
