"""What holds for every form and any text."""

import re
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.effort import examples
from tests.growth import MOST, growth
from tests.languages.forms.zoning import fragment_of
from unify_backend.languages.language import ContextKind, FormError, SyntaxContext
from unify_backend.languages.registry import READERS

PIECES = [
    "shop_backend",
    "shop_backend/main.py",
    "shop_backend.main:app",
    "shop_backend\\main.py",
    "\n",
    "\r\n",
    " ",
    "\t",
    '"',
    "'",
    "`",
    '"""',
    "'''",
    "\\",
    "\\\n",
    "^\n",
    "`\n",
    "$",
    "${",
    "}",
    "{",
    "[",
    "]",
    "[[",
    "]]",
    "(",
    ")",
    "<",
    ">",
    "#",
    "//",
    "/*",
    "*/",
    "<#",
    "#>",
    "<!--",
    "-->",
    "=",
    ":",
    ": ",
    "- ",
    ",",
    ";",
    "&",
    "|",
    "&&",
    "!",
    "@",
    "%",
    "<<EOF",
    "\nEOF\n",
    "<<-'PY'\n",
    "RUN ",
    "CMD [",
    "COPY ",
    "ENV ",
    "FROM ",
    "# escape=`\n",
    "HEALTHCHECK CMD ",
    "ONBUILD ",
    "set ",
    'set "',
    "rem ",
    'start "',
    "if exist ",
    "goto ",
    'cmd /c "',
    'powershell -c "',
    "docker ",
    "exec ",
    "run ",
    "-v ",
    "-c ",
    "-m ",
    "python ",
    "sudo ",
    "sudo -u ",
    "compose ",
    "services:\n",
    "  run: |\n",
    "name",
    "command: ",
    "volumes:\n",
    "[section]\n",
    "[table.key]\n",
    "key = ",
    "commands =\n",
    "include ",
    "x:\n\t",
    "@'\n",
    "\n'@",
    "postgresql://",
    "http://",
    "git@host:",
    ".git",
    "é",
    "\u2028",
    "\ufeff",
    "\udc80",
    "😀",
    "\x00",
    "\x85",
    "1",
    "a",
]
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=14).map("".join)
OURS = sorted(set(READERS) - {"python", "markdown", "text"})


def zones_or_reason(language: str, text: str, path: str = "file") -> list[SyntaxContext] | str:
    """What a form says: its zones, or why it refuses."""
    try:
        found = list(READERS[language].contexts(fragment_of(text, path)))
    except FormError as error:
        return str(error)
    zones = [one for one in found if isinstance(one, SyntaxContext)]
    assert zones == found
    return zones


@pytest.mark.parametrize("language", OURS)
@settings(max_examples=examples(150), deadline=None)
@example(text="shop_backend")
@example(text="shop_backend\n" * 3)
@example(text='"""shop_backend\\')
@given(text=TEXTS)
def test_any_text_is_read_or_refused(language: str, text: str) -> None:
    zones = zones_or_reason(language, text)
    if isinstance(zones, str):
        assert zones, "a refusal says why"
        return
    for zone in zones:
        assert zone.span.end <= len(text)
        assert re.fullmatch(r"[a-z]+(-[a-z]+)+", zone.form)
        if zone.context is ContextKind.LABEL:
            assert zone.note, "a label says of what"
        if zone.language:
            assert zone.language in READERS


@pytest.mark.parametrize("language", OURS)
def test_without_a_name_nothing_is_read(language: str) -> None:
    assert zones_or_reason(language, "{{ broken [\n\"'`<<EOF") == []


WHOLE = {
    "json": '{"a": "shop_backend"}\n',
    "yaml": "a: shop_backend\n",
    "toml": 'a = "shop_backend"\n',
    "env": "A=shop_backend\n",
}


@pytest.mark.parametrize("language", OURS)
@pytest.mark.parametrize("path", ["x", ".gitattributes", "CODEOWNERS", "MANIFEST.in"])
def test_what_comes_behind_a_finished_line_moves_nothing(language: str, path: str) -> None:
    text = WHOLE.get(language, "run shop_backend\n")
    short = zones_or_reason(language, text, path)
    assert short
    assert zones_or_reason(language, text + "\n" * 5, path) == short


FILLERS = (*"A/['`<{-$@(#", "a.", '"', "\\")
REASON = "the pattern of a rule looks for the closing parenthesis again from each opening one"
SQUARE = {("makefile", "("): pytest.mark.xfail(reason=REASON)}


@pytest.mark.parametrize(
    ("language", "filler"),
    [pytest.param(*case, marks=SQUARE.get(case, ())) for case in product(OURS, FILLERS)],
)
def test_long_lines_take_no_long_time(language: str, filler: str) -> None:
    """A packed file is one line of a megabyte; whatever grows with its square would hang."""

    def text(length: int) -> str:
        return filler * (length // len(filler)) + " https://x shop_backend " + filler * length

    assert growth(lambda made: zones_or_reason(language, made), text, 20_000) < MOST
