"""Env files: assignments, and lines that are none."""

from tests.languages.forms.zoning import only, seen
from unify_backend.languages.dotenv.references import EnvReferences
from unify_backend.languages.language import ContextKind

FORM = EnvReferences()


def test_hash_in_quotes_begins_no_comment() -> None:
    assert only(FORM, "PLUGIN_DIR='a #b shop_backend'").context is ContextKind.PATH_VALUE


def test_prose_in_a_comment_is_no_setting() -> None:
    assert only(FORM, "# The name = shop_backend is old").context is ContextKind.COMMENT


def test_lines_that_are_nothing_have_no_zone() -> None:
    assert seen(FORM, "just shop_backend\n") == [None]
