"""Templates: marks, and what is left without them."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.languages.forms.zoning import fragment_of, only, seen
from unify_backend.languages.detect import language_under
from unify_backend.languages.language import ContextKind, FormError
from unify_backend.languages.registry import READERS
from unify_backend.languages.template.syntax import marks, masked

FORM = READERS["template"]
_OTHERS = ["${", "% if\n", "##", "<%", "%>", " shop_backend "]
PIECES = st.sampled_from(
    [
        "{{",
        "}}",
        "{%",
        "%}",
        "{#",
        "#}",
        "{{/*",
        "*/}}",
        '"',
        "'",
        "`",
        "\n",
        "a",
        "{",
        "}",
        "😀",
        *_OTHERS,
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join), st.sampled_from(["a.j2", "a.py.mako", "a.yaml"]))
def test_a_masked_text_has_the_same_lines_and_no_marks(text: str, path: str) -> None:
    found = marks(text, path)
    assert [one.span for one in found] == sorted(one.span for one in found)
    for language in ("yaml", "json"):
        body = masked(text, found, language)
        assert len(body) == len(text)
        assert [n for n, one in enumerate(body) if one == "\n"] == [
            n for n, one in enumerate(text) if one == "\n"
        ]
        at = 0
        for one in found:
            assert body[at : one.span.start] == text[at : one.span.start]
            at = one.span.end
        assert body[at:] == text[at:]


@given(
    st.lists(PIECES, max_size=30).map("".join), st.sampled_from(["a.j2", "a.yaml.j2", "a.sh.j2"])
)
def test_every_name_has_a_place(text: str, path: str) -> None:
    assert None not in seen(FORM, f"{text} shop_backend {text} {{{{ x }}}}", path)


@pytest.mark.parametrize(
    ("text", "form", "context"),
    [
        ("shop_backend", "template-text", ContextKind.PROSE),
        ("{{ shop_backend }}", "template-name", ContextKind.OTHER_NAME),
        ("{{ x.shop_backend }}", "template-name", ContextKind.OTHER_NAME),
        ("{# shop_backend #}", "template-comment", ContextKind.COMMENT),
        ("{{- /* shop_backend */ -}}", "template-comment", ContextKind.COMMENT),
        ("{{ f('shop_backend.x') }}", "template-string", ContextKind.STRING),
        ("{{ '}}' ~ shop_backend }}", "template-name", ContextKind.OTHER_NAME),
        ('{{ include "shop_backend.x" . }}', "template-string", ContextKind.LABEL),
        ('{{ $x := include "shop_backend.x" . }}', "template-string", ContextKind.LABEL),
        ("{% include 'shop_backend/x' %}", "template-path", ContextKind.PATH_STRING),
        ("{%- extends 'shop_backend/x' %}", "template-path", ContextKind.PATH_STRING),
        ('{{ .Files.Get "shop_backend/x" }}', "template-path", ContextKind.PATH_STRING),
        ("{% url 'shop_backend:x' %}", "template-string", ContextKind.LABEL),
        ("{% set x = 'shop_backend.x' %}", "template-string", ContextKind.STRING),
        ("{{ shop_backend", "template-text", ContextKind.PROSE),
        ("{ shop_backend }", "template-text", ContextKind.PROSE),
    ],
)
def test_place(text: str, form: str, context: ContextKind) -> None:
    zone = only(FORM, text, "a.j2")
    assert (zone.form, zone.context) == (form, context)


def test_a_chart_is_yaml_without_its_marks() -> None:
    text = (
        "a: {{ .x }}\n{{- if .y }}\nb: 'x{{ .z }}'\n{{- end }}\n"
        '{{ $k }}: [{{ include "a" . }}, 1]\nc:\n  {{- toYaml .c | nindent 2 }}\n'
    )
    body = masked(text, marks(text, "templates/a.yaml"), "yaml")
    assert sorted(map(len, yaml.safe_load(body))) == [1, 1, 1, 8]


def test_a_number_stands_for_a_value_in_json() -> None:
    text = '{"a": {{ x }}, "b": "{{ y }}"}'
    assert json.loads(masked(text, marks(text, "a.json.j2"), "json"))["a"] == 1111111


def test_without_marks_the_file_is_what_its_name_says() -> None:
    with pytest.raises(FormError, match="not YAML"):
        list(FORM.contexts(fragment_of("a: [shop_backend", "templates/a.yaml")))
    assert only(FORM, "a: [shop_backend {{ x }}", "templates/a.yaml").form == "template-text"


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("Dockerfile.j2", "dockerfile"),
        ("a/x.py.j2", "python"),
        ("a/templates/x.yaml", "yaml"),
        ("templates/_helpers.tpl", "text"),
        ("templates/NOTES.txt", "text"),
        ("prompt.j2", "text"),
        ("x.html", "text"),
        ("a.tpl.j2", "text"),
    ],
)
def test_the_language_below(path: str, language: str) -> None:
    assert language_under(path) == language
