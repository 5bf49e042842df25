"""`check --copies`, on real repositories."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.merging.past import MOVE, Past, renamed
from unify_backend.commands.check.copies import copies_report, evaluate_copies
from unify_backend.commands.check.evaluate import Request
from unify_backend.model.checking import CopiesEvaluation
from unify_backend.model.settings import CopyException, Settings
from unify_backend.repository.files import Repository
from unify_backend.repository.snapshot import Snapshot

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "one_sided.yml").read_text("utf-8")
)
PRICE = (
    "from old_shop.ship import ship\n\n\ndef price(items):\n    return sum(items)\n\n\n"
    "def order(items):\n    return ship(items)\n"
)
FIXED = PRICE.replace("    return sum", "    if not items:\n        return 0\n    return sum")
SHIP = "def ship(items):\n    return [item.ship() for item in items]\n"
TILL = 'NAME = "old_shop.till"\n'


@pytest.fixture
def past(tmp_path: Path) -> Past:
    """Two copies that are equal after renaming."""
    made = Past(tmp_path / "repo")
    made.legacy("Begin", {"price.py": PRICE, "ship.py": SHIP, "till.py": TILL})
    made.copy()
    return made


def judged(past: Past, message: str = "", copies: str = "", **asked: Any) -> CopiesEvaluation:
    contents = Snapshot(Repository.discover(past.root))
    exceptions = (CopyException(copies, "they serve other shops"),) if copies else ()
    settings = Settings((MOVE,), copies=exceptions)
    return evaluate_copies(contents, settings, Request(None, **asked), message)


def filled(files: dict[str, str | None]) -> dict[str, str | bytes | None]:
    texts: dict[str, str | bytes | None] = {}
    for path, text in files.items():
        if text in ("{fixed}", "{price}"):
            text = FIXED if text == "{fixed}" else PRICE
            text = renamed(text) if path.startswith("acme") else text
        texts[path] = text
    return texts


def paths(evaluation: CopiesEvaluation) -> list[str]:
    return [change.path for change in evaluation.one_sided]


@pytest.mark.parametrize("way", ["work tree", "staged", "since"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_case(past: Past, case: dict[str, Any], way: str) -> None:
    if "earlier" in case:
        past.commit("Earlier", filled(case["earlier"]))
    before = past.git("rev-parse", "HEAD")
    past.write(filled(case["change"]))
    asked: dict[str, Any] = {}
    if way != "work tree":
        past.git("add", "-A")
        asked = {"staged": True}
    if way == "since":
        past.commit("Change")
        asked = {"since": before}
    evaluation = judged(past, copies=case.get("copies", ""), **asked)
    assert paths(evaluation) == case["found"]
    assert evaluation.excused == case.get("excused", 0)
    assert case.get("note", "") in " ".join(evaluation.notes)


@pytest.mark.parametrize(
    ("message", "passes"),
    [
        ("Fix the price\n\nOne-copy: the other shop has no empty orders\n", True),
        ("Fix the price\n\none-copy: they differ here\nSigned-off-by: A <a@example.org>\n", True),
        ("Fix the price\n", False),
        ("Fix the price\n\nOne-copy:\n", False),  # no reason
        ("Fix the price\n\nIt is One-copy: no line of its own\n", False),
        ("Fix\n\n# One-copy: a comment of the editor\n", False),
        ("Fix\n# ------------------------ >8 ------------------------\nOne-copy: a diff\n", False),
    ],
)
def test_a_message_says_why(past: Past, message: str, passes: bool) -> None:
    past.write({"old_shop/price.py": FIXED})
    past.git("add", "-A")
    evaluation = judged(past, message, staged=True)
    assert paths(evaluation) == ([] if passes else ["old_shop/price.py"])
    assert evaluation.excused == passes


def test_every_commit_of_a_branch_that_changed_the_file_has_to_say_why(past: Past) -> None:
    before = past.git("rev-parse", "HEAD")
    past.commit("Fix\n\nOne-copy: only there", {"old_shop/price.py": FIXED})
    past.commit("Other", {"docs/a.md": "A\n"})
    assert paths(judged(past, since=before)) == []
    past.commit("And more", {"old_shop/price.py": FIXED + "\nLIMIT_OF_ITEMS = 3\n"})
    assert paths(judged(past, since=before)) == ["old_shop/price.py"]


def test_what_is_not_committed_has_no_message(past: Past) -> None:
    before = past.git("rev-parse", "HEAD")
    past.commit("Fix\n\nOne-copy: only there", {"old_shop/price.py": FIXED})
    past.write({"old_shop/price.py": FIXED + "\nLIMIT_OF_ITEMS = 3\n"})
    assert paths(judged(past, since=before)) == ["old_shop/price.py"]


def test_a_later_commit_may_bring_the_change(past: Past) -> None:
    before = past.git("rev-parse", "HEAD")
    past.commit("Fix", {"old_shop/price.py": FIXED})
    past.commit("Port", {"acme/shop/price.py": renamed(FIXED)})
    assert paths(judged(past, since=before)) == []


def test_a_branch_answers_for_its_own_commits_only(past: Past) -> None:
    past.switch("topic")
    past.commit("Topic", {"docs/a.md": "A\n"})
    past.switch("main")
    past.commit("Fix", {"old_shop/price.py": FIXED})
    past.switch("topic")
    assert paths(judged(past, since="main")) == []


def test_only_named_files_count(past: Past) -> None:
    past.write({"old_shop/price.py": FIXED, "old_shop/till.py": "NAME = 'another till'\n"})
    contents = Snapshot(Repository.discover(past.root))
    request = Request(frozenset({"old_shop/till.py"}))
    assert paths(evaluate_copies(contents, Settings((MOVE,)), request)) == ["old_shop/till.py"]


def test_nothing_to_judge_says_what_to_give(past: Past) -> None:
    evaluation = judged(past)
    assert "--since REV" in " ".join(copies_report(evaluation).summary)
    assert not copies_report(evaluation).failed


def test_a_repository_without_a_commit(tmp_path: Path) -> None:
    made = Past(tmp_path / "repo")
    made.write({"old_shop/price.py": PRICE, "acme/shop/price.py": renamed(PRICE)})
    made.git("add", "-A")
    evaluation = judged(made, staged=True)
    assert (paths(evaluation), len(evaluation.notes)) == ([], 1)


def test_the_finding_names_the_place_and_the_copy(past: Past) -> None:
    past.write({"old_shop/price.py": FIXED})
    [diagnostic] = copies_report(judged(past)).diagnostics
    assert diagnostic.start is not None
    assert (diagnostic.start.line, diagnostic.line.strip()) == (5, "if not items:")
    assert "acme/shop/price.py" in diagnostic.message
    assert "One-copy:" in diagnostic.advice
