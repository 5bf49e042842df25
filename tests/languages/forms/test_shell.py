"""Shell: positions, nesting, and what no grammar reads."""

import pytest

from tests.languages.forms.zoning import contexts_of, only, seen
from unify_backend.languages.language import ContextKind
from unify_backend.languages.shell.references import ShellReferences

FORM = ShellReferences()


def test_positions_count_characters_not_bytes() -> None:
    text = "# äöü – 😀 日本\necho 'é' && docker logs shop_backend # 😀\n"
    zone = only(FORM, text)
    assert (zone.text, zone.context, zone.note) == (
        "shop_backend",
        ContextKind.LABEL,
        "a container's name",
    )


def test_double_quotes_around_python_escape_and_single_quotes_do_not() -> None:
    double = only(FORM, 'python -c "import shop_backend"')
    single = only(FORM, "python -c 'import shop_backend'")
    assert (double.text, double.language, double.escapes) == ("import shop_backend", "python", True)
    assert (single.text, single.escapes) == ("import shop_backend", False)


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("python3.12 - <<'X'", "python"),
        ("PYTHONPATH=. python <<X", "python"),
        ("ssh host bash -s <<-X", "shell"),
        ("cat > conf/app.toml <<X", "toml"),
        ("tee -a compose.yml <<X >/dev/null", "yaml"),
        ("cat <<X", None),
        ("python run.py <<X", None),
    ],
)
def test_language_of_a_heredoc(line: str, language: str | None) -> None:
    zone = only(FORM, f"{line}\nuse shop_backend\nX\necho done\n")
    assert (zone.text, zone.language) == ("use shop_backend\n", language)


def test_a_heredoc_without_an_end_is_none() -> None:
    assert only(FORM, "echo $((1 <<shift))\ncd shop_backend\n").context is ContextKind.PATH_STRING


def test_two_heredocs_in_a_row_end_where_they_should() -> None:
    text = "cat <<A\nshop_backend\nA\npython <<B\nshop_backend\nB\ncd shop_backend\n"
    assert [(one.text, one.language) for one in seen(FORM, text) if one] == [
        ("shop_backend\n", None),
        ("shop_backend\n", "python"),
        ("shop_backend", None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "if [ x; then cd shop_backend",
        "cd shop_backend <placeholder> |",
        "PS C:\\work> cd shop_backend",
        "user@host:~/x$ cd shop_backend",
        "(.venv) $ cd shop_backend",
        "```\ncd shop_backend",
    ],
)
def test_what_is_no_shell_is_read_by_words(text: str) -> None:
    zone = only(FORM, text)
    assert (zone.text, zone.context) == ("shop_backend", ContextKind.PATH_STRING)


def test_a_comment_is_a_comment_in_broken_text_too() -> None:
    zone = only(FORM, "fi ) (\n$ run it   # in shop_backend\n")
    assert (zone.text, zone.context) == ("# in shop_backend", ContextKind.COMMENT)


def test_a_hash_inside_a_word_begins_no_comment() -> None:
    assert only(FORM, "pip install a#shop_backend").context is not ContextKind.COMMENT


def test_nested_shell_is_handed_on() -> None:
    zone = only(FORM, "docker exec web bash -c 'cd shop_backend && ls'")
    assert (zone.text, zone.language) == ("cd shop_backend && ls", "shell")


def test_assignment_in_front_of_a_command_is_an_assignment() -> None:
    first, second = seen(FORM, "DB_NAME=shop_backend python -m shop_backend")
    assert first is not None
    assert second is not None
    assert first.note == "a database's name"
    assert second.context is ContextKind.MODULE_STRING


def test_every_zone_holds_a_name() -> None:
    text = "a=1\n# x\nfoo <<E\nbar\nE\ncd shop_backend\n"
    assert [text[zone.span.start : zone.span.end] for zone in contexts_of(FORM, text)] == [
        "cd shop_backend",
        "shop_backend",
    ]
