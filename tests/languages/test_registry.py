"""Every language answers every question of the contract, or says that it has no answer."""

import re
from collections import Counter
from dataclasses import fields
from pathlib import Path

import pytest

from unify_backend.languages.definition import Comparison, Language
from unify_backend.languages.detect import comparison_of, language_called, language_of
from unify_backend.languages.registry import FOLDERS, answer, is_valid, languages, merge_units

ROOT = Path(__file__).parents[2]
LANGUAGES = languages()
QUESTIONS = [field.name for field in fields(Language) if field.type == str | None]


def test_every_folder_is_registered_or_shared() -> None:
    shared = {"scripts", "data", "documents", "compose", "code"}
    folders = {file.parent.name for file in ROOT.glob("unify_backend/languages/*/__init__.py")}
    assert folders - shared == set(FOLDERS)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda language: language.name)
def test_an_answer_is_there_or_none(language: Language, question: str) -> None:
    assert callable(answer(language.name, question)) is (getattr(language, question) is not None)


def test_the_page_says_which_language_answers_what() -> None:
    page = (ROOT / "docs" / "languages.md").read_text("utf-8")
    for question in QUESTIONS:
        row = next(line for line in page.splitlines() if line.startswith(f"| `{question}` |"))
        answering = [name for name, known in LANGUAGES.items() if getattr(known, question)]
        written = re.findall(r"`(\w+)`", row.split("|")[3]) or list(LANGUAGES)
        assert sorted(written) == sorted(answering), question


def test_an_unknown_language_has_no_answer() -> None:
    assert answer("klingon", "references") is None
    assert merge_units("klingon") is None
    assert is_valid("klingon", "") is None


def test_no_two_languages_claim_the_same() -> None:
    for claims in (
        [name for language in LANGUAGES.values() for name in language.files.names],
        [suffix for language in LANGUAGES.values() for suffix in language.files.suffixes],
        [label for language in LANGUAGES.values() for label in language.fences],
    ):
        assert [claim for claim, number in Counter(claims).items() if number > 1] == []


def test_what_a_language_claims_is_in_lower_case() -> None:
    for language in LANGUAGES.values():
        for claim in (*language.files.names, *language.files.suffixes, *language.fences):
            assert claim == claim.lower(), language.name


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda language: language.name)
def test_a_claimed_name_is_detected(language: Language) -> None:
    for name in language.files.names:
        assert language_of(f"a/{name}", "") == language.name
    for suffix in language.files.suffixes:
        found = language_of(f"a/b.{suffix}", "")
        # where a template's suffix hides another language, the template is first
        assert found in {language.name, "template"}, suffix
    for label in language.fences:
        assert language_called(label) == language.name


@pytest.mark.parametrize(
    ("path", "comparison"),
    {
        "a/main.py": Comparison.PYTHON,
        "a/main.pyi": Comparison.PYTHON,
        "a.json": Comparison.JSON,
        "a.ipynb": Comparison.JSON,
        "a.yml.example": Comparison.YAML,  # a copy is compared as what it is a copy of
        ".env.local": Comparison.ENV,
        "setup.cfg": Comparison.INI,
        "README.rst": Comparison.PROSE,
        "notes.txt": Comparison.LINES,
        "requirements.in": Comparison.LINES,
        ".gitignore": Comparison.LINES,
        "run.sh": Comparison.OTHER,  # in a script, a blank may be everything
        "Makefile": Comparison.OTHER,
        "LICENSE": Comparison.OTHER,
        "a.csv": Comparison.OTHER,
    }.items(),
)
def test_a_name_says_how_two_files_are_compared(path: str, comparison: Comparison) -> None:
    assert comparison_of(path) is comparison


@pytest.mark.parametrize(
    ("language", "good", "bad"),
    [
        ("json", '{"a": [1, 2,], // x\n}', '{"a": '),
        ("yaml", "a: 1\n---\nb: 2\n", "a: [1\n"),
        ("toml", "a = 1\n", "a = \n"),
        ("ini", "[a]\nb\n", "b = 1\n"),
    ],
)
def test_what_is_written_can_be_tried(language: str, good: str, bad: str) -> None:
    assert is_valid(language, good) is True
    assert is_valid(language, bad) is False
