"""SQL: where strings, comments and bodies of functions begin and end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.languages.forms.zoning import only, seen
from unify_backend.languages.language import ContextKind
from unify_backend.languages.sql.references import SqlReferences

FORM = SqlReferences()


@given(st.text(alphabet="-/*'\"`$ab;eE \n\\", max_size=60))
def test_every_name_has_a_place(text: str) -> None:
    assert None not in seen(FORM, f"{text} shop_backend {text} shop_backend")


@pytest.mark.parametrize(
    ("text", "form", "context"),
    [
        ("SELECT shop_backend", "sql-identifier", ContextKind.LABEL),
        ("'a' shop_backend", "sql-identifier", ContextKind.LABEL),
        ("'a''' shop_backend", "sql-identifier", ContextKind.LABEL),
        ("'a\\' shop_backend", "sql-identifier", ContextKind.LABEL),
        ("E'a\\' shop_backend", "sql-string", ContextKind.CONFLICT),
        ("'-- a' shop_backend", "sql-identifier", ContextKind.LABEL),
        ("-- it's\nshop_backend", "sql-identifier", ContextKind.LABEL),
        ("-- shop_backend", "sql-comment", ContextKind.COMMENT),
        ("/* ' shop_backend", "sql-comment", ContextKind.COMMENT),
        ('"shop_backend"', "sql-identifier", ContextKind.LABEL),
        ("`shop_backend`", "sql-identifier", ContextKind.LABEL),
        ("\\i shop_backend/x.sql", "sql-command", ContextKind.PATH_VALUE),
        ("\\c shop_backend", "sql-command", ContextKind.LABEL),
        ("SOURCE shop_backend/x.sql;", "sql-command", ContextKind.PATH_VALUE),
        ("COPY t FROM 'shop_backend/x'", "sql-path", ContextKind.PATH_VALUE),
        ("INSERT 'shop_backend'", "sql-string", ContextKind.CONFLICT),
        ("AS $$ shop_backend $$ LANGUAGE sql", "sql-identifier", ContextKind.LABEL),
        ("AS $$ shop_backend $$ LANGUAGE plpython3u", "sql-function", ContextKind.CODE_SPAN),
        ("LANGUAGE plpythonu AS $a$ shop_backend $a$", "sql-function", ContextKind.CODE_SPAN),
        (
            "AS $$ 1 $$ LANGUAGE plpythonu; AS $$ shop_backend $$",
            "sql-identifier",
            ContextKind.LABEL,
        ),
        ("AS $$ shop_backend", "sql-identifier", ContextKind.LABEL),
    ],
)
def test_place(text: str, form: str, context: ContextKind) -> None:
    zone = only(FORM, text)
    assert (zone.form, zone.context) == (form, context)
