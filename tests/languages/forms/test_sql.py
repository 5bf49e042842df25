"""SQL: where strings, comments and bodies of functions begin and end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.languages.forms.zoning import only, seen
from unify_backend.languages.language import Context
from unify_backend.languages.sql.references import SqlForm

FORM = SqlForm()


@given(st.text(alphabet="-/*'\"`$ab;eE \n\\", max_size=60))
def test_every_name_has_a_place(text: str) -> None:
    assert None not in seen(FORM, f"{text} shop_backend {text} shop_backend")


@pytest.mark.parametrize(
    ("text", "form", "context"),
    [
        ("SELECT shop_backend", "sql-identifier", Context.LABEL),
        ("'a' shop_backend", "sql-identifier", Context.LABEL),
        ("'a''' shop_backend", "sql-identifier", Context.LABEL),
        ("'a\\' shop_backend", "sql-identifier", Context.LABEL),
        ("E'a\\' shop_backend", "sql-string", Context.CONFLICT),
        ("'-- a' shop_backend", "sql-identifier", Context.LABEL),
        ("-- it's\nshop_backend", "sql-identifier", Context.LABEL),
        ("-- shop_backend", "sql-comment", Context.COMMENT),
        ("/* ' shop_backend", "sql-comment", Context.COMMENT),
        ('"shop_backend"', "sql-identifier", Context.LABEL),
        ("`shop_backend`", "sql-identifier", Context.LABEL),
        ("\\i shop_backend/x.sql", "sql-command", Context.PATH_VALUE),
        ("\\c shop_backend", "sql-command", Context.LABEL),
        ("SOURCE shop_backend/x.sql;", "sql-command", Context.PATH_VALUE),
        ("COPY t FROM 'shop_backend/x'", "sql-path", Context.PATH_VALUE),
        ("INSERT 'shop_backend'", "sql-string", Context.CONFLICT),
        ("AS $$ shop_backend $$ LANGUAGE sql", "sql-identifier", Context.LABEL),
        ("AS $$ shop_backend $$ LANGUAGE plpython3u", "sql-function", Context.CODE_SPAN),
        ("LANGUAGE plpythonu AS $a$ shop_backend $a$", "sql-function", Context.CODE_SPAN),
        ("AS $$ 1 $$ LANGUAGE plpythonu; AS $$ shop_backend $$", "sql-identifier", Context.LABEL),
        ("AS $$ shop_backend", "sql-identifier", Context.LABEL),
    ],
)
def test_place(text: str, form: str, context: Context) -> None:
    zone = only(FORM, text)
    assert (zone.form, zone.context) == (form, context)
