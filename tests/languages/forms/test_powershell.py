"""PowerShell: where strings and comments begin and end."""

import pytest

from tests.languages.forms.zoning import only, seen
from unify_backend.languages.language import ContextKind
from unify_backend.languages.powershell.references import PowerShellReferences

FORM = PowerShellReferences()


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ('$a = "x`"y shop_backend"', 'x`"y shop_backend'),
        ('$a = "x""y shop_backend"', 'x""y shop_backend'),
        ("$a = 'it''s shop_backend'", "it''s shop_backend"),
        ('Write-Host "# shop_backend"', "# shop_backend"),
        ("cd x # don't: shop_backend", "# don't: shop_backend"),
        ("<# '\n\" shop_backend #> x", "<# '\n\" shop_backend #>"),
        ("$a = @'\n' shop_backend\n'@\n", "@'\n' shop_backend\n'@"),
    ],
)
def test_tokens(text: str, zone: str) -> None:
    assert only(FORM, text).text == zone


def test_a_hash_in_a_word_and_behind_a_backtick_begins_no_comment() -> None:
    for text in ("foo a#shop_backend", "foo `# shop_backend"):
        assert only(FORM, text).context is ContextKind.COMMAND


def test_an_open_string_does_not_eat_the_next_lines_comment() -> None:
    text = "$a = 'x'\n# it's shop_backend\n$b = 'shop_backend'\n"
    assert [one.context for one in seen(FORM, text) if one] == [
        ContextKind.COMMENT,
        ContextKind.VALUE,
    ]


def test_prompt_is_no_part_of_the_command() -> None:
    zone = only(FORM, "PS C:\\work> cd shop_backend")
    assert (zone.text, zone.context) == ("shop_backend", ContextKind.PATH_STRING)


def test_continued_line_is_one_command() -> None:
    zone = only(FORM, "docker logs `\n  -f shop_backend\n")
    assert zone.note == "a container's name"


def test_command_strings_are_handed_on() -> None:
    assert only(FORM, "Invoke-Expression 'cd shop_backend'").language == "powershell"
    assert only(FORM, 'cmd /c "cd shop_backend"').language == "batch"
