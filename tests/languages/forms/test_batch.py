"""Batch: which quotes belong to whom."""

from tests.languages.forms.zoning import only, seen
from unify_backend.languages.batch.references import BatchReferences
from unify_backend.languages.language import ContextKind

FORM = BatchReferences()


def test_cmd_takes_everything_up_to_the_last_quote() -> None:
    zone = only(FORM, 'start "T" cmd /k "call "a b.bat" && python shop_backend\\main.py"')
    assert zone.language == "batch"
    assert zone.text == 'call "a b.bat" && python shop_backend\\main.py'


def test_powershell_ends_at_its_own_quote() -> None:
    zone = only(FORM, 'powershell -Command "cd shop_backend" & echo "x"')
    assert (zone.text, zone.language) == ("cd shop_backend", "powershell")


def test_escaped_quotes_stay_inside() -> None:
    zone = only(FORM, 'python -c "print(\\"shop_backend\\")" "x"')
    assert (zone.text, zone.language) == ('print(\\"shop_backend\\")', "python")


def test_title_is_the_first_quoted_argument_alone() -> None:
    title, command = seen(FORM, 'start "shop_backend" /d shop_backend\\api python main.py')
    assert title is not None
    assert command is not None
    assert (title.text, title.form) == ("shop_backend", "batch-title")
    assert command.context is ContextKind.PATH_STRING


def test_set_in_the_middle_of_a_line_ends_at_the_ampersand() -> None:
    value, command = seen(FORM, "set DB_NAME=shop_backend&& python -m shop_backend")
    assert value is not None
    assert command is not None
    assert (value.text, value.note) == ("shop_backend", "a database's name")
    assert command.context is ContextKind.MODULE_STRING


def test_a_remark_at_the_end_of_a_prompt_line() -> None:
    assert only(FORM, "C:\\work> rem shop_backend").context is ContextKind.COMMENT


def test_double_colon_is_a_remark_and_one_colon_a_label() -> None:
    assert [one.context for one in seen(FORM, ":: shop_backend\n:shop_backend\n") if one] == [
        ContextKind.COMMENT,
        ContextKind.OTHER_NAME,
    ]
