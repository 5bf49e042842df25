"""nginx: where a directive ends, and what its words are."""

from tests.languages.forms.zoning import only, seen
from unify_backend.languages.language import ContextKind
from unify_backend.languages.nginx.references import NginxReferences

FORM = NginxReferences()


def test_a_directive_may_go_over_lines() -> None:
    text = "root\n  # shop_backend\n  /app/shop_backend;\n"
    assert [one.context for one in seen(FORM, text) if one] == [
        ContextKind.COMMENT,
        ContextKind.PATH_VALUE,
    ]


def test_a_block_ends_the_directive_in_front_of_it() -> None:
    text = "location /x{root shop_backend;}upstream shop_backend{}"
    assert [one.context for one in seen(FORM, text) if one] == [
        ContextKind.PATH_VALUE,
        ContextKind.LABEL,
    ]


def test_braces_of_a_variable_open_no_block() -> None:
    assert only(FORM, "root ${A}/shop_backend;").context is ContextKind.PATH_VALUE


def test_a_socket_is_the_part_behind_unix() -> None:
    zone = only(FORM, "proxy_pass http://unix:/run/shop_backend/x.sock:/api;")
    assert (zone.text, zone.context) == ("/run/shop_backend/x.sock", ContextKind.PATH_VALUE)
