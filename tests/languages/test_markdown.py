"""The structure of Markdown: headings, inline code, text without code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unify_backend.languages.documents.markdown import headings, inline_code, without_code

HEADINGS: dict[str, list[tuple[int, str]]] = {
    "# One\n\n## Two ##\n": [(1, "One"), (2, "Two")],
    "   ### Three\r\n": [(3, "Three")],
    "    # indented code": [],
    "#hashtag\n####### seven\n": [],
    "#\n": [(1, "")],
    "One\n===\n\nTwo\n---\n": [(1, "One"), (2, "Two")],
    "One\r\n===\r\n": [(1, "One")],
    "a sentence\nof two lines\n---\n": [],  # a rule to most people, whatever the standard says
    "- an entry\n---\n": [],
    "\n---\n": [],
    "| a | b |\n---\n": [],
    "---\ntitle: x\n---\n\n# Real\n": [(1, "Real")],
    "```\n# a comment\n```\n# Real\n": [(1, "Real")],
    "~~~sh\n# a comment\nx\n===\n~~~\n": [],
    "> # Quoted\n": [(1, "Quoted")],
    "# C# and F#\n": [(1, "C# and F#")],
}


@pytest.mark.parametrize("text", HEADINGS)
def test_headings(text: str) -> None:
    found = headings(text)
    assert [(heading.level, heading.title) for heading in found] == HEADINGS[text]
    assert [heading.quoted for heading in found] == [text.startswith(">")] * len(found)
    for heading in found:
        assert text[heading.words.start : heading.words.end] == heading.title


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a `b` c", ["b"]),
        ("``a ` b``", ["a ` b"]),
        ("`a` and ``b``", ["a", "b"]),
        (r"\`not` code`", [" code"]),
        ("`open", []),
        ("`a``", []),
        ("", []),
    ],
)
def test_inline_code(text: str, code: list[str]) -> None:
    assert [text[span.start : span.end] for span in inline_code(text)] == code


@given(st.text(alphabet="`#\n \ta>-=~|\r", max_size=60))
def test_nothing_moves_and_nothing_fails(text: str) -> None:
    blank = without_code(text)
    assert len(blank) == len(text)
    assert blank.count("\n") == text.count("\n")
    ends = [heading.span.end for heading in headings(text)]
    assert ends == sorted(ends)
    assert all(0 <= span.start <= span.end <= len(text) for span in inline_code(text))
