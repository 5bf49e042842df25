"""Fences, stray ones, and what a block holds."""

import pytest

from unify_backend.languages.documents.code_blocks import code_blocks, guess_language


def contents(text: str) -> list[tuple[str, str | None]]:
    """Content and language of every block."""
    return [(text[one.span.start : one.span.end], one.language) for one in code_blocks(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```py\nx\n```\n", [("x\n", "python")]),
        ("```\n# a\n\n```sh\nx\n```\n\n## b\n", [("x\n", "shell")]),
        ("```# Words\n\n```sh\nx\n```\n\n## b\n", [("x\n", "shell")]),
        ("> ```\n> x\n\nafter\n", [("> x\n", None)]),
        ("````md\n```py\nx\n```\n````\n", [("```py\nx\n```\n", "markdown")]),
        ("~~~ py `x`\ny\n~~~\n", [("y\n", "python")]),
        ("---\na: 1\n---\n```\n---\n```\n", [("a: 1", "yaml"), ("---\n", None)]),
        ("```py\nx", [("x", "python")]),
        ("```", [("", None)]),
    ],
)
def test_blocks(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert contents(text) == expected


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("cd old && ls", "shell"),
        ("PYTHONPATH=. python -m old", "shell"),
        ("sudo docker logs old", "shell"),
        ("from old import x", "python"),
        ("def f(x):\n    pass", "python"),
        ("├── old/\ncd old", None),
        ("make sure that old runs", None),
        ("find the old\nfolder and read\nit", None),
        ("old/main.py", None),
        ("from old to new", None),
        ("import taxes are high", None),
    ],
)
def test_guesses(code: str, language: str | None) -> None:
    assert guess_language(code) == language
