"""systemd: where a command begins and ends, and which variable a value belongs to."""

from tests.languages.forms.zoning import only, seen
from unify_backend.languages.language import ContextKind
from unify_backend.languages.systemd.references import SystemdReferences

FORM = SystemdReferences()


def test_signs_in_front_of_a_unit_command_are_no_part_of_it() -> None:
    zone = only(FORM, "ExecStart=-@/usr/bin/x -m shop_backend\n", "a.service")
    assert (zone.text, zone.language) == ("/usr/bin/x -m shop_backend", "shell")


def test_a_continued_command_is_one_zone() -> None:
    text = "ExecStart=/bin/x \\\n  --y \\\n  shop_backend.main:app\nRestart=no\n"
    zone = only(FORM, text, "a.service")
    assert zone.text.endswith("shop_backend.main:app")
    assert zone.text.startswith("/bin/x")


def test_each_variable_has_its_own_place() -> None:
    text = "Environment=A=x \"DB_NAME=shop_backend y\" 'PYTHONPATH=shop_backend' B=shop_backend\n"
    assert [(one.text, one.context) for one in seen(FORM, text) if one] == [
        ("shop_backend y", ContextKind.LABEL),
        ("shop_backend", ContextKind.PATH_VALUE),
        ("shop_backend", ContextKind.VALUE),
    ]


def test_a_folder_behind_a_specifier_is_the_machines() -> None:
    home, state, inside = seen(
        FORM,
        "WorkingDirectory=%h/shop_backend\nReadWritePaths=%S/shop_backend/x\n"
        "ReadOnlyPaths=%h/shop_backend/x\n",
    )
    assert home is not None
    assert state is not None
    assert inside is not None
    assert (home.context, state.context) == (ContextKind.CONFLICT, ContextKind.LABEL)
    assert inside.context is ContextKind.PATH_VALUE
