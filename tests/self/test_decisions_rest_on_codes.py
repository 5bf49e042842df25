"""No decision rests on an English sentence: notes and reasons are for people."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = sorted(ROOT.glob("unify_backend/**/*.py"))
SENTENCES = frozenset({"note", "notes", "reason", "detail", "why", "sentence"})
TESTS = frozenset({"startswith", "endswith", "find", "index", "count"})


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        return _name(node.value)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def compared_sentences(tree: ast.AST) -> Iterator[int]:
    """The lines that compare a note or a reason with words."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            words = any(
                isinstance(side, ast.Constant) and isinstance(side.value, str) and side.value
                for side in sides
            )
            if words and any(_name(side) in SENTENCES for side in sides):
                yield node.lineno
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in TESTS
            and _name(node.func.value) in SENTENCES
        ):
            yield node.lineno


@pytest.mark.parametrize("file", CODE, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_decision_rests_on_a_sentence(file: Path) -> None:
    assert list(compared_sentences(ast.parse(file.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("place.note == 'a PID file'", [1]),
        ("any('taken' in note for note in command.notes)", [1]),
        ("reference.reason.startswith('already')", [1]),
        ("place.notes[0].endswith('x')", [1]),
        ("place.label is Label.PID_FILE", []),
        ("reference.note == ''", []),
        ("text = f'{place.note}: {name}'", []),
        ("line.startswith('note')", []),
    ],
)
def test_what_counts_as_resting_on_a_sentence(code: str, lines: list[int]) -> None:
    assert list(compared_sentences(ast.parse(code))) == lines
