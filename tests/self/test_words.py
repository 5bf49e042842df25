"""What people read (pages, help, messages) uses the field's terms, and none of the words below."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from unify_backend.cli.app import COMMANDS, app_for

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    {*ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md"), ROOT / "action.yml"}
    - {*ROOT.glob("docs/decisions/*.md")}
)
GLOSSARY = ROOT / "docs" / "glossary.md"
# Each with the term to use; `\b` is put around them.
FORBIDDEN = {
    r"heed(?:s|ed)?": "respects, uses",
    "likewise": "also, the same",
    "anew": "again",
    "told apart": "distinguished",
    "attic": "archive",
    "torn": "split, broken",
    "a person's tick": "a tick set by hand",
    r"says? what was(?! \w)": "is about the past",
    "what it comes to": "its value",
    "for a person to look at": "to review",
    "a person decides": "needs review",
    "(?:left|wait|waits|needs?) for a person": "needs review",
    r"(?:is|was|were) dead before|dead before:": "already broken before",
    "(?:the )?living tree": "under active development",
    "who went on": "which side changed",
    "gate by gate": "step by step",
    "mend(?:s|ed|ing)?": "fix",
    "take it away": "remove it",
    "a name of its own here": "a local variable defined on line 16",
    "rehears(?:es|ed|al)(?!-)": "a dry run",
    "a rehearsal on a copy": "a dry run on a temporary copy",
}
# Names of variables that do not say what they hold, and the folders that are free of them.
VAGUE = frozenset({"one", "it", "found", "told", "made", "here", "kept", "given", "asked", "said"})
NAMED = (
    "audit",
    "baseline",
    "cli",
    "commands",
    "integrations",
    "languages",
    "merging",
    "model",
    "names",
    "packaging",
    "references",
    "reporting",
    "repository",
    "shim",
    "verification",
)
_SEARCH = re.compile("|".join(rf"\b(?:{word})\b" for word in FORBIDDEN), re.IGNORECASE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_uses_plain_words(page: Path) -> None:
    assert _hits(page.read_text("utf-8")) == []


@pytest.mark.parametrize("name", COMMANDS)
def test_help_uses_plain_words(name: str) -> None:
    assert _hits(COMMANDS[name].__doc__ or "") == []
    command: Any = get_command(app_for([name]))
    for parameter in command.params:
        assert _hits(getattr(parameter, "help", None) or "") == [], parameter.name


@pytest.mark.parametrize(
    "file",
    sorted(ROOT.glob("unify_backend/**/*.py")),
    ids=lambda file: str(file.relative_to(ROOT)),
)
def test_messages_use_plain_words(file: Path) -> None:
    assert [hit for text in _messages(file) for hit in _hits(text)] == []


@pytest.mark.parametrize("folder", NAMED)
def test_variables_are_named_after_what_they_hold(folder: str) -> None:
    vague = [
        f"{file.name}:{node.lineno}: {name}"
        for file in sorted(ROOT.glob(f"unify_backend/{folder}/**/*.py"))
        for node, name in _variables(ast.parse(file.read_text("utf-8")))
        if name in VAGUE
    ]
    assert vague == []


def test_a_vague_name_is_found() -> None:
    tree = ast.parse("def f(given, path):\n    return [one for one in path.kept]")
    assert {name for _, name in _variables(tree)} & VAGUE == {"given", "one"}


def test_a_published_field_may_have_any_name() -> None:
    tree = ast.parse("class Entry:\n    kept: int\n\n    def f(self):\n        made = 1")
    assert [name for _, name in _variables(tree)] == ["self", "made"]


def test_a_forbidden_word_is_found() -> None:
    assert _hits("The option is\nheeded, and says what was.") == ["heeded", "says what was"]
    assert _hits("It says what was written, and tornado stays.") == []


def test_the_glossary_is_short_and_linked() -> None:
    rows = re.findall(r"(?m)^\| (?!word \||---)(.+?) \| (.+) \|$", GLOSSARY.read_text("utf-8"))
    assert 0 < len(rows) <= 25
    assert all(meaning.count(". ") == 0 and meaning.endswith(".") for _, meaning in rows)
    for page in (ROOT / "README.md", ROOT / "docs" / "architecture.md"):
        assert "glossary.md" in page.read_text("utf-8"), page.name


def _hits(text: str) -> list[str]:
    return [" ".join(match.group().split()) for match in _SEARCH.finditer(" ".join(text.split()))]


def _variables(tree: ast.Module) -> Iterator[tuple[ast.Name | ast.arg, str]]:
    """Parameters and variables; not the fields of a class, which may be keys of a document."""
    fields = {
        id(statement.target)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for statement in node.body
        if isinstance(statement, ast.AnnAssign)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            yield node, node.arg
        elif (
            isinstance(node, ast.Name)
            and isinstance(node.ctx, ast.Store)
            and id(node) not in fields
        ):
            yield node, node.id


@cache
def _messages(file: Path) -> tuple[str, ...]:
    """The texts in a module's strings, which may be shown: all but docstrings and patterns."""
    return tuple(_texts(ast.parse(file.read_text("utf-8"))))


def _texts(tree: ast.Module) -> Iterator[str]:
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in documented:
                yield text
