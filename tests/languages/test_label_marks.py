"""A file without the marks of a label has no place with that label."""

import pytest

from tests.case_files import Case
from tests.references.groups.test_coupling_cases import CASES, looked_at
from unify_backend.languages import key_values
from unify_backend.languages.label_marks import MARKS, may_have
from unify_backend.languages.python import callees
from unify_backend.model.evidence import Label
from unify_backend.references.groups import links

LOGGERS = (
    *callees._LOGGER_CALLS,
    *(f"{name}(" for name in callees._WATCHING_CALLS),
    *callees._LOGGER_WORDS,
    *key_values._LOGGERS,
    "getChild",
    "loggers",
)
TASKS = (
    *callees._TASKS,
    *callees._TASKS_OF,
    *callees._TASK_WORDS,
    *callees._QUEUED_CALLS,
    *callees._QUEUED_TABLES,
    "task",
)


@pytest.mark.parametrize(("label", "words"), [(Label.LOGGER_SETTING, LOGGERS), (Label.TASK, TASKS)])
def test_what_gives_a_label_holds_a_mark(label: Label, words: tuple[str, ...]) -> None:
    assert [word for word in words if not may_have(word.lower(), [label])] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_groups_are_those_without_it(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = looked_at(case.data)[2]
    monkeypatch.setattr(links, "may_have", lambda *_: True)
    assert looked_at(case.data)[2] == quick


def test_marks_are_in_lower_case() -> None:
    marks = [mark for words in MARKS.values() for mark in words]
    assert marks == [mark.lower() for mark in marks]
