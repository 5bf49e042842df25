"""A file that a copy got at another place, and whose source was deleted or edited since."""

from pathlib import Path

import pytest

from tests.merging.past import MOVE, Past, code, renamed
from unify_backend.commands.merge import MergeOptions, plan_merge
from unify_backend.model.merge_plan import MergeAction, MergedFile
from unify_backend.model.settings import Settings
from unify_backend.repository.files import Repository
from unify_backend.repository.snapshot import Snapshot

NAMES = ("cart", "till", "desk")


def planned(past: Past) -> dict[str, MergedFile]:
    contents = Snapshot(Repository.discover(past.root))
    plan = plan_merge(contents, Settings(moves=(MOVE,)), MergeOptions())
    return {Path(file.path).stem: file for file in plan.packages[0].files}


def copied(past: Past, bag: str | None, source: str = "old_shop") -> None:
    """The tree at `source` and its copy, in which cart.py became bag.py with that text (None: it is
    not there)."""
    texts = {f"{name}.py": code(name) for name in NAMES}
    canonical = source != "old_shop"
    folder, copy = ("acme/shop", "old_shop") if canonical else ("old_shop", "acme/shop")

    def written(path: str, text: str) -> str:
        return renamed(text) if path.startswith("acme") else text

    past.commit("Start", {f"{folder}/{name}": written(folder, t) for name, t in texts.items()})
    del texts["cart.py"]
    if bag is not None:
        texts["bag.py"] = bag
    past.commit("Copy", {f"{copy}/{name}": written(copy, text) for name, text in texts.items()})


@pytest.mark.parametrize(
    ("why", "bag", "how"),
    [
        ("nobody edited what legacy deleted", code("cart"), MergeAction.STAYS_DELETED),
        ("the copy edited it", code("cart", f3=3), MergeAction.CONFLICT),
        ("it is another file", code("bag"), MergeAction.KEPT_CANONICAL),
    ],
)
def test_a_source_that_legacy_deleted(tmp_path: Path, why: str, bag: str, how: MergeAction) -> None:
    past = Past(tmp_path / "repo")
    copied(past, bag)
    past.legacy("Delete", {"cart.py": None})
    assert planned(past)["bag"].how is how, why


@pytest.mark.parametrize(
    ("why", "bag", "how"),
    [
        ("nobody edited what canonical deleted", code("cart"), MergeAction.STAYS_DELETED),
        ("the copy edited it", code("cart", f3=3), MergeAction.CONFLICT),
        ("it is another file", code("bag"), MergeAction.MOVED),
    ],
)
def test_a_source_that_canonical_deleted(
    tmp_path: Path, why: str, bag: str, how: MergeAction
) -> None:
    past = Past(tmp_path / "repo")
    copied(past, bag, source="acme/shop")
    past.commit("Delete", {"acme/shop/cart.py": None})
    assert planned(past)["bag"].how is how, why


def test_one_of_two_that_are_alike_is_not_chosen(tmp_path: Path) -> None:
    """Nothing tells which of them was made of the deleted file: both stay."""
    past = Past(tmp_path / "repo")
    copied(past, code("cart", f3=3))
    past.git("reset", "-q", "--soft", "HEAD~")
    past.commit("Copy", {"acme/shop/pack.py": renamed(code("cart", f4=4))})
    past.legacy("Delete", {"cart.py": None})
    files = planned(past)
    assert [files[name].how for name in ("bag", "pack")] == [MergeAction.KEPT_CANONICAL] * 2
