"""justfile: what is a recipe's line, and what belongs to just itself."""

from tests.languages.forms.zoning import only, seen
from unify_backend.languages.justfile.references import JustfileReferences
from unify_backend.languages.language import ContextKind

FORM = JustfileReferences()


def test_a_recipe_goes_on_behind_an_empty_line() -> None:
    zones = seen(FORM, "a:\n    x shop_backend\n\n    y shop_backend\nb := 'shop_backend'\n")
    assert [one.text for one in zones if one] == [
        "x shop_backend",
        "y shop_backend",
        "shop_backend",
    ]


def test_a_script_is_one_zone_with_its_language() -> None:
    zone = only(FORM, "a:\n\t#!/usr/bin/env -S uv run\n\timport shop_backend\n\nb:\n\tls\n")
    assert (zone.language, zone.text.count("import")) == ("python", 1)


def test_an_assignment_opens_no_recipe() -> None:
    assert only(FORM, "a := 'x'\n    shop_backend\n").form == "justfile-name"


def test_hash_in_a_string_begins_no_comment() -> None:
    assert only(FORM, "path := '#shop_backend'\n").context is ContextKind.PATH_VALUE


def test_a_parameter_is_a_name() -> None:
    assert only(FORM, "run shop_backend:\n    true\n").context is ContextKind.LABEL
