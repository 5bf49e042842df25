"""A tree that was removed is told from one that lost some files."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.merging.past import Past, code
from unify_backend.model.history import ChangedSide
from unify_backend.model.tree_diff import Side

NAMES = ("__init__", "cart", "price", "stock", "till", "desk")
TREE = {f"{name}.py": code(name) for name in NAMES}
FOLDERS = {"legacy": ["old_shop"], "canonical": ["acme/shop"], "both": ["old_shop", "acme/shop"]}
CASES = yaml.safe_load((Path(__file__).parent / "taken_away.yml").read_text("utf-8"))


@pytest.fixture
def past(tmp_path: Path) -> Past:
    """Two trees of six modules, equal but for their names."""
    made = Past(tmp_path / "repo")
    made.legacy("Begin", TREE)
    made.copy()
    return made


def act(past: Past, case: dict[str, Any]) -> None:
    """Does to the trees what the case tells."""
    for folder in FOLDERS[case["side"]]:
        files: list[dict[str, str | None]] = [{f"{folder}/{one}": None} for one in case["gone"]]
        files += [{f"{folder}/{one}": text for one, text in case.get("written", {}).items()}]
        for number, each in enumerate(files):
            past.write(each)
            if case.get("one_by_one"):
                past.commit(f"Move {number}")
    if not case.get("uncommitted"):
        past.commit("Remove")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_cases(case: dict[str, Any], past: Past) -> None:
    act(past, case)
    taken = past.trace().taken_away
    found = None if taken is None else [taken.side.value, taken.gone, taken.left]
    assert found == case["taken"], case["why"]
    if taken is not None:
        assert (taken.commit is None) is bool(case.get("uncommitted"))
        assert taken.overwriting is None, "no edit was overwritten"


def test_what_a_copy_left_out_is_not_removed(tmp_path: Path) -> None:
    past = Past(tmp_path / "repo")
    past.legacy("Begin", TREE)
    past.canonical("Copy a part", {name: TREE[name] for name in ("cart.py", "till.py")})
    assert past.trace().taken_away is None


def test_what_moved_over_is_not_removed(tmp_path: Path) -> None:
    past = Past(tmp_path / "repo")
    past.legacy("Begin", TREE)
    past.git("mv", "old_shop", "shop")
    (past.root / "acme").mkdir()
    past.git("mv", "shop", "acme/shop")
    past.legacy("A new file", {"bell.py": code("bell")})
    assert past.trace().taken_away is None


def test_the_commit_that_overwrote_edits_is_named(past: Past) -> None:
    past.canonical("Fix", {"cart.py": code("cart", f1=1), "till.py": code("till", f1=1)})
    past.legacy("Fix", {"price.py": code("price", f1=1)})
    past.canonical("Port", {"price.py": code("price", f1=1)})
    past.copy("Unify")
    past.commit("Remove", {f"old_shop/{name}": None for name in TREE})
    past.legacy("Forward", {"__init__.py": "from acme.shop import *\n"})
    taken = past.trace().taken_away
    assert taken is not None
    assert taken.commit is not None
    assert taken.commit.subject == "Remove"
    assert taken.overwriting is not None
    assert taken.overwriting.commit.subject == "Unify"
    assert taken.overwriting.files == 2, "price.py had nothing that the legacy tree had not"


def test_a_fix_made_on_both_sides_overwrites_nothing(past: Past) -> None:
    past.canonical("Own", {"cart.py": code("cart", f1=1)})
    fixed = {
        "old_shop/cart.py": code("cart", f1=2),
        "acme/shop/cart.py": code("cart", "acme.shop", f1=2),
    }
    past.commit("The same in both", fixed)
    past.commit("Remove", {f"old_shop/{name}": None for name in TREE if name != "desk.py"})
    taken = past.trace().taken_away
    assert taken is not None
    assert taken.side is Side.LEGACY
    assert taken.overwriting is None


def test_it_changes_nothing_else_of_the_history(past: Past) -> None:
    past.commit("Remove", {f"old_shop/{name}": None for name in TREE if name != "desk.py"})
    found = past.trace()
    assert found.taken_away is not None
    assert found.totals()[ChangedSide.LEGACY] == 5
