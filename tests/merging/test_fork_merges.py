"""Fork points across merges of branches."""

from pathlib import Path

import pytest

from tests.merging.past import Past, ahead, code, file_of, subjects
from unify_backend.model.tree_diff import Side

LEGACY, CANONICAL = Side.LEGACY, Side.CANONICAL
NAMES = ("cart", "price", "stock", "till")
TREE = {f"{name}.py": code(name) for name in NAMES}


@pytest.fixture
def past(tmp_path: Path) -> Past:
    """A legacy tree of four modules."""
    made = Past(tmp_path / "repo")
    made.legacy("Begin", TREE)
    return made


def test_criss_cross_merges(past: Past) -> None:
    past.copy()
    past.switch("other")
    past.legacy("Legacy there", {"cart.py": code("cart", f1=1)})
    past.canonical("Canonical there", {"price.py": code("price", f2=2)})
    past.switch("main")
    past.legacy("Legacy here", {"cart.py": code("cart", f8=8)})
    past.git("branch", "here")
    past.merge("other")
    past.switch("other")
    past.merge("here")
    past.canonical("Both were merged", {"stock.py": code("stock", f1=1)})
    past.switch("main")
    past.legacy("After", {"till.py": code("till", f1=1)})
    past.merge("other")
    found = past.trace()
    assert ahead(found) == {
        "cart.py": "legacy",
        "price.py": "canonical",
        "stock.py": "canonical",
        "till.py": "legacy",
    }
    cart = file_of(found, "cart.py")
    assert sorted(subjects(cart, LEGACY)) == ["Legacy here", "Legacy there"]  # no merge
    assert past.base(cart) == code("cart")
    assert len(found.legacy_commits) == 3


def test_a_merge_that_says_more_than_its_parents_counts(past: Past) -> None:
    past.copy()
    past.switch("other")
    past.legacy("There", {"cart.py": code("cart", f1=1)})
    past.switch("main")
    past.legacy("Here", {"cart.py": code("cart", f8=8)})
    past.git("merge", "-q", "--no-ff", "--no-commit", "other")
    past.legacy("Merge, and more", {"cart.py": code("cart", f1=1, f8=8, f11=110)})
    cart = file_of(past.trace(), "cart.py")
    assert subjects(cart, LEGACY)[0] == "Merge, and more"
    assert len(cart.legacy.commits) == 3


def test_the_side_that_a_merge_dropped_is_not_told(past: Past) -> None:
    past.copy()
    past.switch("other")
    past.legacy("Dropped", {"cart.py": code("cart", f1=1)})
    past.switch("main")
    past.legacy("Kept", {"cart.py": code("cart", f8=8)})
    past.merge("other", "-s", "ours")
    assert subjects(file_of(past.trace(), "cart.py"), LEGACY) == ["Kept"]
