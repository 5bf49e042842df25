"""Runs fixtures/forms/*.yml: each case a text before, the text after, and why."""

from pathlib import Path
from typing import Any

import pytest

from tests.case_files import Case, cases_in
from tests.memory import MemoryContents
from unify_backend.languages.registry import READERS
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Action, Names, Reference
from unify_backend.model.settings import Decision, Settings
from unify_backend.references.inventory import take_inventory
from unify_backend.references.rewrite import plan_rewrite

FOLDER = Path(__file__).parents[2] / "fixtures" / "forms"
TREE = """__init__.py main.py Dockerfile requirements.txt README.md api/__init__.py
api/v1/__init__.py api/v1/assets.py api/v1/logs.py domain/__init__.py domain/user.py
domain_models/core/manifest.py
infrastructure/__init__.py infrastructure/database/alembic.ini infrastructure/database/session.py
plugins/chat/manifest.py routes/logs/manifest.py scenarios/__init__.py scenarios/__main__.py
services/__init__.py services/user_service.py workers/__init__.py workers/arq_worker.py""".split()
SOURCES = {
    "main.py": "app = object()\n",
    "domain/user.py": "class User:\n    pass\n",
    "workers/arq_worker.py": "class WorkerSettings:\n    pass\n",
    "services/user_service.py": "def hash_password(text):\n    return text\n",
    "domain/__init__.py": "from shop.backend.main.domain.user import User\n",
}


CASES = cases_in(FOLDER)


def contents_of(case: dict[str, Any], moves: tuple[PackageMove, ...]) -> MemoryContents:
    """The default trees (or those the case names) with the case's file laid over them."""
    files = {
        f"{root}/{name}": SOURCES.get(name, "").encode()
        for move in moves
        for root in (move.legacy_path, move.canonical_path)
        for name in case.get("tree", TREE)
    }
    for name in case.get("only_legacy", []):
        files[f"{moves[0].legacy_path}/{name}"] = b""
    files.update({path: text.encode() for path, text in case.get("files", {}).items()})
    files[case["file"]] = case["before"].encode()
    return MemoryContents(files)


def moves_of(case: dict[str, Any]) -> tuple[PackageMove, ...]:
    """`legacy -> canonical` pairs, or mappings with the folders too; one default move."""
    moves = case.get("moves", ["shop_backend -> shop.backend.main"])
    return tuple(
        PackageMove.of(*(part.strip() for part in one.split("->")))
        if isinstance(one, str)
        else PackageMove.of(
            one["legacy"], one["canonical"], one.get("legacy-path"), one.get("canonical-path")
        )
        for one in moves
    )


def leads(one: Reference) -> str:
    """Where a reference leads, in one word."""
    if one.resolves is None:
        return "unknown"
    return "there" if one.resolves else "nowhere" if one.dead else "legacy"


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_case(case: Case) -> None:
    data = case.data
    moves = moves_of(data)
    decisions = tuple(
        Decision(one["path"], one.get("text"), Action(one["action"]), "", one.get("replacement"))
        for one in data.get("decisions", [])
    )
    settings = Settings(moves, also=tuple(data.get("also", {}).items()), decisions=decisions)
    contents = contents_of(data, moves)
    inventory = take_inventory(contents, settings)
    here = [
        one
        for one in inventory.references
        if one.path == data["file"] and one.names is Names.LEGACY
    ]
    if "actions" in data:
        assert [one.action.value for one in here] == data["actions"], data["why"]
    implied = [
        one
        for one in inventory.references
        if one.path == data["file"] and one.names is Names.IMPLIED
    ]
    assert [one.action.value for one in implied] == data.get("implied", []), data["why"]
    if "kinds" in data:
        assert [one.kind.value for one in here] == data["kinds"], data["why"]
    if "leads" in data:
        assert [leads(one) for one in here] == data["leads"], data["why"]
    if "forms" in data:
        assert [one.form for one in here] == data["forms"], data["why"]
    plan = plan_rewrite(contents, settings, inventory)
    assert [one.reason for one in plan.refused] == data.get("refused", []), data["why"]
    after = {one.path: one.after for one in plan.rewritten}.get(data["file"])
    text = data["before"] if after is None else after.decode()
    assert text == data.get("after", data["before"]), data["why"]
    rewritten = [one for one in (*here, *implied) if one.action is Action.REWRITE]
    assert ("after" in data) == bool(rewritten) or data.get("refused"), "after says what changes"


def test_every_form_has_cases_and_half_leave_it_alone() -> None:
    for name in READERS:
        cases = [one.data for one in CASES if one.name.startswith(f"{name}: ")]
        assert len(cases) >= 8, f"fixtures/forms/{name}.yml: {len(cases)} cases"
        alone = [
            one
            for one in cases
            if "after" not in one
            or "keep" in one.get("actions", [])
            or "review" in one.get("actions", [])
        ]
        assert len(alone) * 5 >= len(cases) * 2, f"{name}: too few cases that say leave it alone"
        assert all(one.get("why") for one in cases), f"{name}: each case says why"
