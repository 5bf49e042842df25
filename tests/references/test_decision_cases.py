"""Runs fixtures/decisions/*.yml: answers of review, later edits, and what comes of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.case_files import Case, cases_in
from tests.memory import MemoryContents
from unify_backend.model.configuration import settings_from
from unify_backend.model.file_source import scanned_text
from unify_backend.model.package_move import PackageMove
from unify_backend.model.questions import Answer, QuestionKind
from unify_backend.model.references import Action, Inventory, Reference
from unify_backend.model.settings import Settings
from unify_backend.model.spans import Span
from unify_backend.references.decision import is_decided
from unify_backend.references.inventory import take_inventory
from unify_backend.references.questions import decisions_from, questions
from unify_backend.references.rewrite import ArrivingFiles, plan_rewrite
from unify_backend.references.stale import stale_decisions

FOLDER = Path(__file__).parents[2] / "fixtures" / "decisions"
TREE = ("__init__.py", "main.py", "api.py", "util.py")


CASES = cases_in(FOLDER)


def _place(one: Reference) -> str:
    return f"{one.path}:{one.start.line}:{one.start.column}"


def _answers(data: dict[str, Any], inventory: Inventory) -> Iterator[Answer]:
    for given in data.get("answers", []):
        here = [one for one in inventory.references if _place(one) == given["at"]]
        assert len(here) == 1, (given, [_place(one) for one in inventory.references])
        yield Answer((here[0],), Action(given["action"]), "asked", given.get("becomes"))


def _asked(inventory: Inventory, settings: Settings, paths: list[str]) -> list[str]:
    return sorted(
        _place(one)
        for question in questions(inventory, ArrivingFiles(settings, paths))
        for one in question.references
        if question.kind is not QuestionKind.SPELLING
    )


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_case(case: Case) -> None:
    data = case.data
    move = PackageMove.of(*data.get("move", "shop_backend -> shop.backend.main").split(" -> "))
    trees = {
        f"{root}/{name}": "" for root in (move.legacy_path, move.canonical_path) for name in TREE
    }
    contents = MemoryContents({**trees, **data["files"]})
    table = {
        "packages": [{"legacy": move.legacy, "canonical": move.canonical}],
        "decisions": data.get("decisions", []),
    }
    settings = settings_from(table, "the case")
    inventory = take_inventory(contents, settings)
    answers = list(_answers(data, inventory))
    made, lost = decisions_from(answers, settings, lambda path: scanned_text(contents, path))
    assert not lost
    settings = replace(settings, decisions=(*settings.decisions, *made))
    for path, text in data.get("edited", {}).items():
        del contents.files[path]
        if text is not None:
            contents.files[path] = text.encode()
    inventory = take_inventory(contents, settings)
    if data.get("decides_nothing"):
        assert not any(map(is_decided, inventory.references)), data["why"]
        return
    left = [path for path in data["files"] if path in contents.files]
    before = {path: contents.files[path].decode() for path in left}
    plan = plan_rewrite(contents, settings, inventory)
    refused = {one.path: one.reason for one in plan.refused}
    assert refused.keys() == data.get("refused", {}).keys(), refused
    for path, part in data.get("refused", {}).items():
        assert part in refused[path]
    contents.files.update({one.path: one.after for one in plan.rewritten})
    after = {path: contents.files[path].decode() for path in before}
    assert after == {**before, **data.get("after", {})}, data["why"]
    again = take_inventory(contents, settings)
    paths = sorted(contents.files)
    assert not plan_rewrite(contents, settings, again).rewritten, "twice is once"
    if "asked" in data:
        assert _asked(again, settings, paths) == data["asked"], data["why"]
    stale = stale_decisions(
        settings, again.references, paths, lambda path: scanned_text(contents, path)
    )
    assert len(stale) == len(data.get("stale", [])), stale
    for one, part in zip(stale, data.get("stale", []), strict=True):
        assert part in one.problem


def test_edits_that_touch_in_any_way_refuse_their_file_alone() -> None:
    settings = Settings((PackageMove.of("shop_backend", "shop.backend.main"),), history=())
    text = "A = 'shop_backend'\n"
    contents = MemoryContents({"a.py": text, "b.py": "import shop_backend\n"})
    inventory = take_inventory(contents, settings)
    one = next(one for one in inventory.references if one.path == "a.py")
    for other in (Span(0, 7), Span(3, 17), Span(7, 9), Span(16, 18), one.span):
        for replacement in ("x", ""):
            first = replace(one, action=Action.REWRITE, replacement="acme")
            second = replace(first, span=other, replacement=replacement)
            rest = [each for each in inventory.references if each.path != "a.py"]
            both = replace(inventory, references=(first, second, *rest))
            plan = plan_rewrite(contents, settings, both)
            assert [each.path for each in plan.refused] == ["a.py"]
            assert "overlap" in plan.refused[0].reason
            assert [each.path for each in plan.rewritten] == ["b.py"]
