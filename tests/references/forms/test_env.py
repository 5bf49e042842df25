"""Env files, systemd units, process lines."""

from tests.references.forms.zoning import only, seen
from unify_backend.model.zones import Context
from unify_backend.references.forms.env import EnvForm

FORM = EnvForm()


def test_signs_in_front_of_a_unit_command_are_no_part_of_it() -> None:
    zone = only(FORM, "ExecStart=-@/usr/bin/x -m shop_backend\n", "a.service")
    assert (zone.text, zone.language) == ("/usr/bin/x -m shop_backend", "shell")


def test_a_continued_command_is_one_zone() -> None:
    text = "ExecStart=/bin/x \\\n  --y \\\n  shop_backend.main:app\nUser=z\n"
    zone = only(FORM, text, "a.service")
    assert zone.text.endswith("shop_backend.main:app")
    assert zone.text.startswith("/bin/x")


def test_hash_in_quotes_begins_no_comment() -> None:
    assert only(FORM, "PLUGIN_DIR='a #b shop_backend'").context is Context.PATH_VALUE


def test_prose_in_a_comment_is_no_setting() -> None:
    assert only(FORM, "# The name = shop_backend is old").context is Context.COMMENT


def test_lines_that_are_nothing_have_no_zone() -> None:
    assert seen(FORM, "just shop_backend\n") == [None]
