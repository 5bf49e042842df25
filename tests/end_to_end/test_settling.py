"""What a person made of a conflict stays, and later edits are merged against it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from copy import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.merging.past import MOVE, Past, code, renamed
from unify_backend.commands.merge import MergeOptions, carry_out, plan_merge
from unify_backend.commands.undo import take_back
from unify_backend.model.merge_plan import Prefer
from unify_backend.model.settings import Settings
from unify_backend.repository.files import Repository
from unify_backend.repository.snapshot import Snapshot

FOLDER = Path(__file__).parents[2] / "fixtures" / "settling"
CASES = yaml.safe_load((FOLDER / "conflicts.yml").read_text("utf-8"))
CART = "acme/shop/cart.py"
LOGO = "logo.png"
SAMPLE = "<<<<<<< canonical\nx = 1\n||||||| base\n=======\nx = 2\n>>>>>>> legacy\n"


def module(name: str, values: dict[str, int]) -> str:
    """A legacy module with some of its functions edited."""
    return code(name, "old_shop", **values)


class Story:
    """A repository and what happens in it."""

    def __init__(self, past: Past, folder: Path) -> None:
        self.past = past
        self.folder = folder

    def do(self, name: str, what: Any) -> None:
        """One step."""
        step: Callable[[Any], None] = getattr(self, f"do_{name}")
        step(what)

    def do_legacy(self, files: dict[str, Any]) -> None:
        self.past.legacy("Legacy", {_file(n): _content(n, v) for n, v in files.items()})

    def do_canonical(self, files: dict[str, Any]) -> None:
        self.past.canonical("Canonical", {_file(n): _content(n, v) for n, v in files.items()})

    def do_merge(self, conflicts: list[str]) -> None:
        planned = self._merge(MergeOptions())
        assert [Path(one.path).stem for one in planned] == conflicts

    def do_prefer(self, what: str) -> None:
        side, *names = what.split()
        only = tuple(f"acme/shop/{_file(name)}" for name in names)
        assert not self._merge(MergeOptions(None, Prefer(side), only))

    def _merge(self, wish: MergeOptions) -> tuple[Any, ...]:
        contents = Snapshot(Repository.discover(self.past.root))
        planned = plan_merge(contents, Settings(moves=(MOVE,)), wish)
        carry_out(contents, planned, allow_dirty=True)
        return planned.conflicts

    def do_settle(self, values: dict[str, int]) -> None:
        self.past.write({CART: renamed(module("cart", values))})
        self.past.git("add", CART)

    def do_sample(self, _: None) -> None:
        text = (self.past.root / CART).read_text("utf-8")
        self.past.commit("How conflicts look", {CART: text + SAMPLE})

    def do_restore(self, _: None) -> None:
        self.past.git("checkout", "HEAD", "--", CART)

    def do_commit(self, _: None) -> None:
        self.past.commit("Work")

    def do_revert(self, _: None) -> None:
        self.past.git("revert", "--no-edit", "HEAD")

    def do_reset(self, _: None) -> None:
        self.past.git("reset", "-q", "--hard")
        self.past.git("clean", "-fdq")

    def do_stash(self, _: None) -> None:
        self.past.git("stash", "-q", "--include-untracked")

    def do_branch(self, name: str) -> None:
        self.past.switch(name)

    def do_undo(self, _: None) -> None:
        take_back(Repository.discover(self.past.root), dry_run=False, force=False)

    def do_clone(self, _: None) -> None:
        target = self.folder / "second"
        self.past.git("clone", "-q", ".", str(target))
        self.past.root = target


def _file(name: str) -> str:
    return LOGO if name == "logo" else f"{name}.py"


def _content(name: str, values: Any) -> str | bytes | None:
    if values is None:
        return None
    return b"\0" + values.encode() if name == "logo" else module(name, values)


def _values(text: str) -> dict[str, int]:
    found = re.findall(r"def cart_(\d+)\(\):\n    return cart_base\((\d+)\)", text)
    return {f"f{n}": int(value) for n, value in found if int(value) != 100 + int(n)}


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Past:
    """Three modules and a picture, and their copy."""
    past = Past(tmp_path_factory.mktemp("settling") / "start")
    modules = {f"{name}.py": code(name) for name in ("cart", "till", "desk")}
    past.legacy("Start", {**modules, LOGO: b"\0first"})
    past.copy(without=LOGO)
    past.canonical("Picture", {LOGO: b"\0first"})
    return past


@pytest.fixture
def story(start: Past, tmp_path: Path) -> Story:
    """A copy of the start to write in."""
    past = copy(start)
    past.root = Path(shutil.copytree(start.root, tmp_path / "first"))
    return Story(past, tmp_path)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_settled_stays(case: dict[str, Any], story: Story) -> None:
    for step in case["steps"]:
        [(name, what)] = step.items()
        story.do(name, what)
    if "cart" in case:
        place = story.past.root / CART
        found = _values(place.read_text("utf-8")) if place.is_file() else None
        assert found == case["cart"]
        assert not place.is_file() or "<<<<<<<" not in place.read_text("utf-8")
