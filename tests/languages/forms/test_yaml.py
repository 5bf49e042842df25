"""YAML: marks, keys, and what does not parse."""

import contextlib

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.languages.forms.zoning import NAME, contexts_of, fragment_of, only, seen
from unify_backend.languages.language import ContextKind, FormError
from unify_backend.languages.yaml.references import YamlReferences

FORM = YamlReferences()
DATA = st.recursive(
    st.sampled_from(
        [
            "shop_backend",
            "a shop_backend\nb",
            "x",
            "é😀 shop_backend",
            "#shop_backend",
            " shop_backend ",
            "",
            "1",
            "'shop_backend'",
            "\tshop_backend",
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "path", "shop_backend", "é"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(DATA, st.sampled_from([None, "'", '"', "|"]), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_every_name_is_inside_its_scalar(
    data: object, style: str | None, flow: bool, line_end: str
) -> None:
    text = yaml.safe_dump(data, default_style=style, default_flow_style=flow, allow_unicode=True)
    text = text.replace("\n", line_end)
    for one in seen(FORM, text):
        assert one is not None
        assert NAME.search(one.text)


def test_positions_count_characters() -> None:
    assert only(FORM, "a: 😀é\nb: 'é shop_backend'\r\nc: 1\n").text == "'é shop_backend'"


def test_a_block_begins_behind_its_header() -> None:
    zone = only(FORM, "run: |2-  # comment\n    cd shop_backend\nx: 1\n")
    assert (zone.text.strip(), zone.language) == ("cd shop_backend", "shell")


def test_an_alias_is_not_read_twice() -> None:
    assert len(contexts_of(FORM, "a: &x [shop_backend]\nb: *x\nc: *x\n")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "{{ if x }}\na: shop_backend",
        "a: [shop_backend",
        "a: b: shop_backend",
        "a: shop_backend\n\tb",
        "a: shop_backend\udc80",
        "a: shop_backend\0",
    ],
)
def test_what_does_not_parse_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(FormError, match=r"not YAML: ."):
        list(FORM.contexts(fragment_of(text)))


def test_very_deep_nesting_does_not_end_the_process() -> None:
    text = "[" * 5000 + "shop_backend" + "]" * 5000
    with contextlib.suppress(FormError):
        list(FORM.contexts(fragment_of(text)))


def test_several_documents() -> None:
    assert [
        one.context for one in seen(FORM, "path: shop_backend\n---\nname: shop_backend\n") if one
    ] == [ContextKind.PATH_VALUE, ContextKind.LABEL]


def test_default_shell_of_a_workflow() -> None:
    text = (
        "defaults: {run: {shell: pwsh}}\njobs:\n  a:\n    steps:\n"
        "      - run: cd shop_backend\n      - run: cd shop_backend\n        shell: bash\n"
    )
    assert [one.language for one in seen(FORM, text) if one] == ["powershell", "shell"]


def test_only_the_source_of_a_named_volume_is_a_name() -> None:
    name, inside = seen(FORM, "volumes: ['shop_backend:/app/shop_backend']")
    assert name is not None
    assert inside is not None
    assert (name.text, name.context) == ("shop_backend", ContextKind.LABEL)
    assert inside.context is ContextKind.PATH_VALUE
