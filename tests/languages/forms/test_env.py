"""Env files: assignments, and lines that are none."""

from tests.languages.forms.zoning import only, seen
from unify_backend.languages.dotenv.references import EnvForm
from unify_backend.languages.language import Context

FORM = EnvForm()


def test_hash_in_quotes_begins_no_comment() -> None:
    assert only(FORM, "PLUGIN_DIR='a #b shop_backend'").context is Context.PATH_VALUE


def test_prose_in_a_comment_is_no_setting() -> None:
    assert only(FORM, "# The name = shop_backend is old").context is Context.COMMENT


def test_lines_that_are_nothing_have_no_zone() -> None:
    assert seen(FORM, "just shop_backend\n") == [None]
