"""INI: which section and key a line belongs to."""

import pytest

from tests.languages.forms.zoning import only
from unify_backend.languages.ini.references import IniReferences
from unify_backend.languages.language import ContextKind

FORM = IniReferences()


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("[a]\nfiles =\n  x\n\n  # no\n  shop_backend\n", ContextKind.PATH_VALUE),
        ("[a]\nfiles = x\nother = shop_backend\n", ContextKind.VALUE),
        ("[a]\npackages: shop_backend\n", ContextKind.MODULE_VALUE),
        ("[options.packages.find]\nwhere = shop_backend\n", ContextKind.PATH_VALUE),
        ("[options.packages.find]\nexclude =\n  shop_backend.tests\n", ContextKind.MODULE_VALUE),
        ("files = shop_backend\n", ContextKind.PATH_VALUE),
        ("shop_backend\n", ContextKind.KEY),
        ("[a]\n\tshop_backend\n", ContextKind.KEY),
        ("[a]\nb =\n\tshop_backend\n", ContextKind.VALUE),
    ],
)
def test_context(text: str, context: ContextKind) -> None:
    assert only(FORM, text).context is context


def test_a_value_ends_at_its_line() -> None:
    assert only(FORM, "[a]\r\nfiles = shop_backend, x\r\ny = 1\r\n").text == "shop_backend, x"


def test_a_comment_behind_a_value() -> None:
    zone = only(FORM, "[a]\nfiles = x ; see shop_backend\n")
    assert (zone.text, zone.context) == ("; see shop_backend", ContextKind.COMMENT)


def test_commands_are_handed_to_the_shell() -> None:
    zone = only(FORM, "[testenv]\ncommands =\n  ls\n  pytest --cov=shop_backend\n")
    assert zone.language == "shell"
