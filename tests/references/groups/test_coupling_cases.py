"""Runs fixtures/coupling/*.yml: each case some files, the groups that come out, and why."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.case_files import Case, cases_in
from tests.memory import MemoryContents
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Action, Inventory, Reference
from unify_backend.model.settings import Decision, Settings
from unify_backend.references.groups.group import KINDS, couple
from unify_backend.references.inventory import take_inventory
from unify_backend.references.rewrite import plan_rewrite

FOLDER = Path(__file__).parents[3] / "fixtures" / "coupling"
MOVE = PackageMove.of("shop_backend", "shop.backend.main")
TREE = """__init__.py main.py api/__init__.py api/logs.py plugins/__init__.py
plugins/chat/manifest.py routes/__init__.py tasks/__init__.py tasks/mail.py workers/__init__.py
workers/queue.py""".split()


CASES = cases_in(FOLDER)


def looked_at(data: dict[str, Any]) -> tuple[MemoryContents, Settings, Inventory]:
    """The case's repository with its coupled inventory."""
    move = move_of(data)
    roots = [move.legacy_path, move.canonical_path]
    files = {f"{root}/{name}": "" for root in roots for name in TREE} | data["files"]
    decisions = tuple(
        Decision(one["path"], one.get("text"), Action(one["action"]), one.get("reason", ""))
        for one in data.get("decisions", [])
    )
    also = tuple(data.get("also", {}).items())
    settings = Settings((move,), decisions=decisions, also=also)
    contents = MemoryContents(files)
    inventory = take_inventory(contents, settings)
    references, groups = couple(inventory.references, files.get, settings.moves)
    return contents, settings, replace(inventory, references=references, groups=groups)


def move_of(data: dict[str, Any]) -> PackageMove:
    return PackageMove.of(*data["move"]) if "move" in data else MOVE


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_case(case: Case) -> None:
    data = case.data
    assert data["why"]
    inventory = looked_at(data)[2]
    references, groups = inventory.references, inventory.groups
    shown = "\n".join(
        f"{_place(one)} {one.action.value} '{one.text}' -> {one.replacement} {one.reason}"
        for one in references
        if one.path in data["files"]
    )
    found = {
        group.name: [_place(one) for one in references if one.group == group.name]
        for group in groups
    }
    wanted = {one["name"]: one["members"] for one in data["groups"]}
    assert found == wanted, shown
    by_name = {one["name"]: Action(one["action"]) for one in data["groups"]}
    for one in references:
        if one.group:
            assert one.action is by_name[one.group], shown
    for place, action in data.get("actions", {}).items():
        assert {one.action.value for one in references if _place(one) == place} == {action}, shown
    for place, text in data.get("becomes", {}).items():
        assert text in {one.replacement for one in references if _place(one) == place}, shown
    for place, reason in data.get("reasons", {}).items():
        assert any(reason in one.reason for one in references if _place(one) == place), shown


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_second_look_changes_nothing(case: Case) -> None:
    inventory = looked_at(case.data)[2]
    again = couple(inventory.references, case.data["files"].get, (move_of(case.data),))
    assert again == (inventory.references, inventory.groups)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_settled_can_be_written(case: Case) -> None:
    contents, settings, inventory = looked_at(case.data)
    plan = plan_rewrite(contents, settings, inventory)
    assert plan.refused == ()
    written = {one.path: one.after.decode() for one in plan.rewritten}
    for one in inventory.references:
        if one.group and one.action is Action.REWRITE:
            assert one.replacement is not None
            assert one.replacement in written[one.path]


def test_every_kind_has_cases_that_couple_and_cases_that_do_not() -> None:
    for kind in KINDS:
        named = [case.data for case in CASES if case.data["kind"] == kind.name]
        assert any(case["groups"] for case in named), kind.name
        assert any(not case["groups"] for case in named), kind.name


def _place(reference: Reference) -> str:
    return f"{reference.path}:{reference.start.line}"
