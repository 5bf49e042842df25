"""What is said of one place: the rules up to the one that decided, and what would change it."""

from typing import Any

import pytest

from tests.references.test_form_cases import contents_of, moves_of
from unify_backend.model.evidence import Reason
from unify_backend.model.explanation import Explanation
from unify_backend.model.references import Action
from unify_backend.model.settings import Decision, Settings
from unify_backend.references.explain import explain
from unify_backend.references.inventory import take_inventory


def explained(
    file: str, text: str, line: int | None = None, decisions: tuple[Decision, ...] = ()
) -> tuple[Explanation, ...]:
    """The references of a file that holds `text`."""
    data: dict[str, Any] = {"file": file, "before": text}
    settings = Settings(moves_of(data), decisions=decisions)
    contents = contents_of(data, settings.moves)
    return explain(contents, settings, take_inventory(contents, settings), file, line)


@pytest.mark.parametrize(
    ("file", "text", "rules", "changes"),
    [
        ("a.py", "import shop_backend.main\n", [Reason.MODULE_PATH], "decisions"),
        ("a.md", "`shop_backend/gone.md`\n", [Reason.PATH, Reason.DEAD], "shop/backend/main/gone"),
        ("a.md", "`docker logs shop_backend`\n", [Reason.OTHER_THING], 'action = "rewrite"'),
        ("a.md", "Formerly `shop_backend`.\n", [Reason.FORMER_NAME], "decisions"),
        (
            "a.md",
            "`shop_backend/main.py` and `shop/backend/main/main.py`\n",
            [Reason.PATH, Reason.STATES_RENAME],
            "without the new name",
        ),
        ("CHANGELOG.md", "`shop_backend/main.py`\n", [Reason.PATH], "`history`"),
    ],
)
def test_the_rules_that_applied_and_what_would_change_it(
    file: str, text: str, rules: list[Reason], changes: str
) -> None:
    found = explained(file, text)[0]
    assert [asked.rule for asked in found.asked if asked.applies] == rules
    assert any(changes in change for change in found.changes), found.changes


def test_the_rules_are_asked_in_the_order_of_the_table_and_end_with_the_one_that_decides() -> None:
    (found,) = explained("a.md", "`shop_backend/gone.md`\n")
    assert found.asked[-1].rule is found.reference.rule is Reason.DEAD
    assert found.asked[-1].applies
    assert found.asked[0].rule is Reason.FORMER_NAME


def test_what_overrules_the_classifier_is_told_in_order() -> None:
    keep = Decision("run.sh", "shop_backend", Action.KEEP, "as it was")
    (found,) = explained("run.sh", "cd shop_backend\n", decisions=(keep,))
    assert [outcome.rule for outcome in found.outcomes] == [Reason.PACKAGE_FOLDER, Reason.DECIDED]
    assert found.outcomes[-1].reason == "decided: as it was"
    assert [one for one in found.changes] == ["the entry in `decisions` that is about it"]


def test_a_place_that_waits_says_for_what() -> None:
    name, step = explained("run.sh", "if x; then\n  cd shop_backend\nfi\ncat ../VERSION\n")
    assert name.outcomes[-1].rule is name.reference.rule is Reason.DEPENDED_ON
    assert "line 4 ('..')" in name.reference.reason
    assert step.asked == ()


def test_only_the_lines_that_are_asked_for() -> None:
    text = "import shop_backend.main\n\nimport shop_backend.api\n"
    assert [one.reference.start.line for one in explained("a.py", text)] == [1, 3]
    assert [one.reference.start.line for one in explained("a.py", text, 3)] == [3]
    assert explained("a.py", text, 2) == ()


def test_what_leads_nowhere_without_its_replacement_needs_one() -> None:
    (found,) = explained("a.md", "`docker logs shop_backend`\n")
    assert any(change.endswith('replacement = "…"') for change in found.changes)
