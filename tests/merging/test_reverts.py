"""Reverts, restored and emptied files are edits, in real repositories."""

import re
import shutil
from copy import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.merging.past import MOVE, Past, code, renamed
from unify_backend.commands.merge import MergeOptions, carry_out, plan_merge
from unify_backend.model.merge_plan import MergeAction, MergedFile, MergePlan, Prefer
from unify_backend.model.settings import Settings
from unify_backend.repository.files import Repository
from unify_backend.repository.snapshot import Snapshot

CASES = yaml.safe_load((Path(__file__).parent / "reverts.yml").read_text("utf-8"))


def merged(past: Past) -> MergePlan:
    """Merges the trees, and writes it."""
    contents = Snapshot(Repository.discover(past.root))
    planned = plan_merge(contents, Settings(moves=(MOVE,)), MergeOptions())
    carry_out(contents, planned, allow_dirty=True)
    return planned


def content(name: str, values: Any) -> str | None:
    if values is None:
        return None
    return "" if values == "empty" else code(name, **values)


def edited(past: Past, name: str) -> Any:
    """The edited functions of a canonical module."""
    place = past.root / "acme" / "shop" / f"{name}.py"
    if not place.is_file():
        return "none"
    functions = re.findall(rf"def {name}_(\d+)\(\):\n    return \w+\((\d+)\)", place.read_text())
    return {f"f{n}": int(value) for n, value in functions if int(value) != 100 + int(n)}


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Past:
    """Three modules and their copy."""
    past = Past(tmp_path_factory.mktemp("reverts") / "start")
    past.legacy("Start", {f"{name}.py": code(name) for name in ("cart", "till", "desk")})
    past.copy()
    return past


def run(start: Past, folder: Path, steps: list[dict[str, Any]]) -> tuple[Past, MergePlan]:
    """Takes the steps in a copy of the start; what came of it, and the last merge."""
    past = copy(start)
    past.root = Path(shutil.copytree(start.root, folder / "first"))
    planned: MergePlan | None = None
    for step in steps:
        [(name, what)] = step.items()
        match name:
            case "legacy":
                past.legacy("Legacy", {f"{key}.py": content(key, v) for key, v in what.items()})
            case "canonical":
                files = {f"{key}.py": content(key, value) for key, value in what.items()}
                past.canonical("Canonical", files)
            case "merge":
                planned = merged(past)
            case "commit":
                past.commit("Work")
            case "revert":
                past.git("revert", "--no-edit", "HEAD")
            case "clone":
                past.git("clone", "-q", ".", str(folder / "second"))
                past.root = folder / "second"
            case _:
                raise AssertionError(name)
    assert planned is not None
    return past, planned


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_what_one_side_took_back(case: dict[str, Any], start: Past, tmp_path: Path) -> None:
    past, planned = run(start, tmp_path, case["steps"])
    files = {Path(file.path).stem: file for file in planned.packages[0].files}
    assert {name: files[name].how.value for name in case["how"]} == case["how"]
    for name, part in case.get("noted", {}).items():
        assert part in "; ".join(files[name].notes)
    for name in ("cart", "till"):
        if name in case:
            assert edited(past, name) == case[name]


def test_an_edit_of_a_name_alone_is_an_edit(start: Past, tmp_path: Path) -> None:
    past = copy(start)
    past.root = Path(shutil.copytree(start.root, tmp_path / "first"))
    plain = code("mail") + '\nCACHE = "old_shop"\n'
    past.legacy("Mail", {"mail.py": plain})
    past.commit("Copy", {"acme/shop/mail.py": renamed(code("mail")) + '\nCACHE = "old_shop"\n'})
    past.legacy("Share", {"mail.py": code("mail") + '\nCACHE = "acme.shop"\n'})
    merged(past)
    assert 'CACHE = "acme.shop"' in (past.root / "acme/shop/mail.py").read_text()


def test_a_tree_that_was_copied_back_keeps_canonicals_strings(tmp_path: Path) -> None:
    past = Past(tmp_path / "repo")
    text = code("mail", "acme.shop") + '\nCACHE = "acme.shop"\n'
    past.commit("Start", {"acme/shop/mail.py": text, "acme/shop/cart.py": code("cart")})
    back = {
        f"old_shop/{name}.py": (past.root / f"acme/shop/{name}.py")
        .read_text()
        .replace("acme.shop", "old_shop")
        for name in ("mail", "cart")
    }
    past.commit("Copy back", back)
    past.commit("Fix", {"old_shop/mail.py": back["old_shop/mail.py"].replace("(101)", "(10)")})
    merged(past)
    assert (past.root / "acme/shop/mail.py").read_text() == text.replace("(101)", "(10)")


@pytest.mark.parametrize(
    ("why", "steps", "asked", "executable"),
    [
        ("both had the bit, and legacy took it back", "copy l+ c+ l-", True, True),
        ("legacy set it before a copy came that has it not", "l+ plain", True, False),
        ("only canonical set it", "copy c+", False, True),
        ("only legacy set it", "copy l+", False, True),
        ("the copy had it, and canonical took it back", "l+ copy c-", False, False),
        ("both had it, and canonical took it back", "copy l+ c+ c-", True, False),
        ("canonical took it back before legacy set it", "copy c+ c- l+", False, True),
    ],
)
def test_an_executable_bit_that_both_changed_is_asked_about(
    tmp_path: Path, why: str, steps: str, asked: bool, executable: bool
) -> None:
    past = Past(tmp_path / "repo")
    past.legacy("Begin", {"run.sh": "#!/bin/sh\necho one\n", "a.py": code("a"), "b.py": code("b")})
    script = {side: past.root / side / "run.sh" for side in ("old_shop", "acme/shop")}
    for step in steps.split():
        if step == "plain":
            past.copy()
        elif step == "copy":
            past.copy()
            script["acme/shop"].chmod(script["old_shop"].stat().st_mode)
            past.git("commit", "-q", "-a", "--amend", "--allow-empty", "--no-edit")
        else:
            folder = "old_shop" if step[0] == "l" else "acme/shop"
            script[folder].chmod(0o755 if step[1] == "+" else 0o644)
            past.commit(step)
    run = _script(merged(past))
    assert (run.how is MergeAction.CONFLICT, run.executable) == (asked, executable), (why, run)
    if asked:
        assert any("it stays" in note for note in run.notes)
        assert bool(script["acme/shop"].stat().st_mode & 0o100) is executable
        assert _script(merged(past)).how is MergeAction.CONFLICT, "nobody has answered"
        script["old_shop"].chmod(script["acme/shop"].stat().st_mode)
        past.commit("Answer")
        assert _script(merged(past)).how is not MergeAction.CONFLICT


@pytest.mark.parametrize("side", ["canonical", "legacy"])
def test_a_preference_answers_for_the_executable_bit(tmp_path: Path, side: str) -> None:
    past = Past(tmp_path / "repo")
    past.legacy("Begin", {"run.sh": "#!/bin/sh\necho one\n", "a.py": code("a"), "b.py": code("b")})
    (past.root / "old_shop/run.sh").chmod(0o755)
    past.commit("Bit")
    past.copy()
    contents = Snapshot(Repository.discover(past.root))
    plan = plan_merge(contents, Settings(moves=(MOVE,)), MergeOptions(prefer=Prefer(side)))
    run = _script(plan)
    assert (run.how is MergeAction.CONFLICT, run.executable) == (False, side == "legacy")


def _script(plan: MergePlan) -> MergedFile:
    [run] = (f for package in plan.packages for f in package.files if f.path.endswith("run.sh"))
    return run


def test_what_was_moved_over_and_back_is_asked_about_where_canonical_had_deleted_it(
    tmp_path: Path,
) -> None:
    past = Past(tmp_path / "repo")
    past.legacy("Begin", {f"{name}.py": code(name) for name in ("cart", "price", "stock")})
    past.copy()
    past.canonical("Delete", {"cart.py": None})
    past.legacy("Edit", {"cart.py": code("cart", f1=11)})
    moved = {"old_shop/cart.py": None, "acme/shop/cart.py": renamed(code("cart", f1=11))}
    past.commit("Move over", moved)
    past.git("revert", "--no-edit", "HEAD")
    files = {Path(file.path).stem: file for p in merged(past).packages for file in p.files}
    assert files["cart"].how is MergeAction.CONFLICT
    assert (past.root / "old_shop/cart.py").is_file()


def test_what_came_over_and_was_taken_back_is_no_merge_when_it_is_edited_again(
    tmp_path: Path,
) -> None:
    """Legacy took its revert back as well, and canonical chose a third value."""
    past = Past(tmp_path / "repo")
    past.legacy("Begin", {f"{name}.py": code(name) for name in ("cart", "price", "stock")})
    past.copy()
    two, three = code("cart", f2=2), renamed(code("cart", f2=3))
    past.commit("Both", {"old_shop/cart.py": two, "acme/shop/cart.py": renamed(two)})
    past.legacy("Revert", {"cart.py": code("cart")})
    past.legacy("Revert the revert", {"cart.py": two})
    past.commit("Take back", {"acme/shop/cart.py": renamed(code("cart"))})
    past.commit("Third", {"acme/shop/cart.py": three})
    files = {Path(file.path).stem: file for p in merged(past).packages for file in p.files}
    assert files["cart"].how is MergeAction.CONFLICT
