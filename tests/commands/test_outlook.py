"""What `inventory` says of a name that only the legacy tree has is what `merge` does."""

from __future__ import annotations

import shutil
from copy import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.merging.past import MOVE, Past, code
from unify_backend.commands.inventory import full_inventory
from unify_backend.commands.merge import MergeOptions, carry_out, plan_merge
from unify_backend.model.errors import Refused
from unify_backend.model.evidence import Reason
from unify_backend.model.merge_plan import Prefer
from unify_backend.model.references import Names, Reference
from unify_backend.model.settings import Settings
from unify_backend.repository.files import Repository
from unify_backend.repository.snapshot import Snapshot

FOLDER = Path(__file__).parents[2] / "fixtures" / "outlook"
CASES = yaml.safe_load((FOLDER / "names.yml").read_text("utf-8"))
SETTINGS = Settings(moves=(MOVE,))


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Past:
    """Three modules and a template, and a copy without the template."""
    past = Past(tmp_path_factory.mktemp("outlook") / "start")
    modules = {f"{name}.py": code(name) for name in ("cart", "till", "desk", "__init__")}
    past.legacy("Start", {**modules, ".env.example": "PORT=8000\nHOST=localhost\nDEBUG=false\n"})
    past.copy(without=".env.example")
    return past


@pytest.fixture
def past(start: Past, tmp_path: Path) -> Past:
    """A copy of it to write in."""
    made = copy(start)
    made.root = Path(shutil.copytree(start.root, tmp_path / "shop"))
    return made


def do(past: Past, name: str, what: Any) -> None:
    """One step of a case."""
    match name:
        case "legacy" | "canonical":
            files = {
                f"{path}.py": None if values is None else code(path.replace("/", "_"), **values)
                for path, values in what.items()
            }
            (past.legacy if name == "legacy" else past.canonical)(name.capitalize(), files)
        case "add":
            files = {
                path: (past.root / path).read_text("utf-8") + more for path, more in what.items()
            }
            past.commit("Add", files)
        case "cut":
            text = (past.root / what).read_text("utf-8")
            past.commit("Cut", {what: text[: text.index("def cart_11")].rstrip() + "\n"})
        case _:
            assert name == "remove"
            past.write({what: None})


def reference(past: Past, path: str) -> Reference:
    """The one reference of the document."""
    contents = Snapshot(Repository.discover(past.root))
    found = full_inventory(contents, SETTINGS).references
    [one] = [one for one in found if one.path == path and one.names is Names.LEGACY]
    return one


def merge(past: Past, prefer: str | None) -> None:
    """Merges and writes."""
    contents = Snapshot(Repository.discover(past.root))
    wish = MergeOptions(prefer=Prefer(prefer) if prefer else None)
    carry_out(contents, plan_merge(contents, SETTINGS, wish), allow_dirty=True)


def commits(past: Past) -> dict[str, str]:
    """The commits that a case may name."""
    return {
        name.lower(): past.git("log", "-1", "--format=%h", "--abbrev=9", f"--grep=^{name}$")
        for name in ("Copy", "Canonical", "Legacy")
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_inventory_and_merge_agree(case: dict[str, Any], past: Past) -> None:
    path = case.get("file", "docs/guide.md")
    past.commit("Guide", {path: case["line"] + "\n"})
    for step in case["steps"]:
        [(name, what)] = step.items()
        do(past, name, what)
    known = commits(past)

    def agrees(found: Reference, key: str) -> bool:
        detail = case[key].get("detail", "").format(**known)
        return found.rule.value == case[key]["rule"] and found.detail.startswith(detail)

    assert agrees(reference(past, path), "before")
    if case.get("refused"):
        with pytest.raises(Refused):
            merge(past, None)
        return
    merge(past, case.get("prefer"))
    after = reference(past, path)
    assert bool(after.resolves) is case.get("brought", False)
    assert after.resolves or agrees(after, "merged" if "merged" in case else "before")
    if "gone" in case:
        past.commit("Merge")
        past.git("rm", "-rq", "old_shop")
        left = reference(past, path)
        past.commit("No old tree")
        assert left == reference(past, path)
        assert agrees(left, "gone")
        assert left.dead is (left.rule is not Reason.GONE)
