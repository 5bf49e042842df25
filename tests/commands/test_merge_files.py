"""`merge` where files exchanged their paths, became links or submodules, or changed their encoding:
cases as data, in real repositories."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.merging.past import MOVE, Past, code
from unify_backend.commands.merge import MergeOptions, carry_out, plan_merge
from unify_backend.model.errors import Refused
from unify_backend.model.merge_plan import MergeAction, MergePlan, Prefer
from unify_backend.model.settings import Settings
from unify_backend.repository.files import Repository
from unify_backend.repository.snapshot import Snapshot

CASES = yaml.safe_load((Path(__file__).parent / "merge_files.yml").read_text("utf-8"))
SETTINGS = Settings((MOVE,))
FOLDERS = {"legacy": "old_shop", "canonical": "acme/shop"}
EDIT, ALTER = ("(103)", "(7)"), ("(108)", "(8)")


def contents(past: Past) -> Snapshot:
    return Snapshot(Repository.discover(past.root))


def planned(past: Past, prefer: Prefer | None = None) -> MergePlan:
    return plan_merge(contents(past), SETTINGS, MergeOptions(prefer=prefer))


def change(past: Past, folder: str, step: str) -> None:
    """Carries out one step of a case inside a tree."""
    name, *rest = step.split()
    place = past.root / folder / rest[0]
    place.parent.mkdir(parents=True, exist_ok=True)
    match name:
        case "mv":
            place.rename(past.root / folder / rest[1])
        case "rm":
            place.unlink()
            if not any(place.parent.iterdir()):
                place.parent.rmdir()
        case "write":
            place.write_bytes(code(rest[1], folder.replace("/", ".")).encode())
        case "edit" | "alter":
            old, new = EDIT if name == "edit" else ALTER
            data = place.read_bytes()
            wide = data.startswith(b"\xff\xfe")
            encoding = "utf-16-le" if wide else "latin-1"
            assert old.encode(encoding) in data
            place.write_bytes(data.replace(old.encode(encoding), new.encode(encoding), 1))
        case "link":
            place.symlink_to(rest[1])
        case "submodule":
            commit = past.git("rev-parse", "HEAD")
            past.git("update-index", "--add", "--cacheinfo", f"160000,{commit},{folder}/{rest[0]}")
        case "as":
            place.write_bytes(place.read_bytes().decode().encode(rest[1]))
        case "coded":
            text = place.read_bytes().decode(rest[1]).removeprefix("# coding: latin-1\n")
            name_line = "" if "NAME =" in text else 'NAME = "M\u00fcller"\n'
            place.write_bytes(f"# coding: {rest[1]}\n{name_line}{text}".encode(rest[1]))
        case "uncoded":
            text = place.read_bytes().decode(rest[1])
            place.write_bytes(text.partition("\n")[2].encode())
        case "letter":
            text = place.read_bytes().decode()
            place.write_bytes(f'{text}\n\nPRICE = "\u20ac"\n'.encode())
        case _:
            raise AssertionError(step)


def built(tmp_path: Path, case: dict[str, Any]) -> Past:
    past = Past(tmp_path / "repo")
    past.write({f"old_shop/{path}": code(name) for path, name in case["files"].items()})
    for step in case.get("before", ()):
        change(past, "old_shop", step)
    past.commit("Begin")
    past.write({"acme/__init__.py": ""})
    for place in sorted((past.root / "old_shop").rglob("*")):
        inner = place.relative_to(past.root / "old_shop").as_posix()
        target = past.root / "acme/shop" / inner
        target.parent.mkdir(parents=True, exist_ok=True)
        if place.is_symlink():
            target.symlink_to(place.readlink())
        elif place.is_file():
            target.write_bytes(place.read_bytes().replace(b"old_shop", b"acme.shop"))
    past.commit("Copy")
    for number, commit in enumerate(case["steps"]):
        for side, steps in commit.items():
            if any(step.startswith("submodule") for step in steps):
                for step in steps[:-1]:
                    change(past, FOLDERS[side], step)
                past.git("add", "-A")
                change(past, FOLDERS[side], steps[-1])
                past.git("commit", "-q", "-m", f"Step {number}")
                continue
            for step in steps:
                change(past, FOLDERS[side], step)
            past.commit(f"Step {number}")
    return past


def holding(past: Past, needle: str) -> list[str]:
    """The canonical files that hold a text, in whatever encoding."""
    tree = past.root / "acme/shop"
    return sorted(
        place.relative_to(tree).as_posix()
        for place in tree.rglob("*")
        if place.is_file()
        and not place.is_symlink()
        and any(needle.encode(name) in place.read_bytes() for name in ("latin-1", "utf-16-le"))
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_cases(case: dict[str, Any], tmp_path: Path) -> None:
    past = built(tmp_path, case)
    plan = planned(past)
    conflicts = [file.path.removeprefix("acme/shop/") for file in plan.conflicts]
    assert conflicts == case.get("conflicts", []), case["why"]
    carry_out(contents(past), plan, allow_dirty=False)
    if not conflicts:
        assert holding(past, EDIT[1]) == case.get("edited", []), case["why"]
        assert holding(past, ALTER[1]) == case.get("altered", []), case["why"]
    for inner in case.get("unedited", ()):
        assert inner not in holding(past, EDIT[1]), case["why"]
    for inner in case.get("there", ()):
        assert (past.root / "acme/shop" / inner).is_file(), case["why"]
    for inner in case.get("absent", ()):
        assert not (past.root / "acme/shop" / inner).exists(), case["why"]
    for inner, encoding in case.get("encodings", {}).items():
        data = (past.root / "acme/shop" / inner).read_bytes()
        assert data.decode(encoding).encode(encoding) == data, case["why"]
        compile(data, inner, "exec") if inner.endswith(".py") else None
    for package in plan.packages:
        assert (package.checks.lost_definitions, package.checks.unparsable) == ((), ())


LINK = next(case for case in CASES if case["name"] == "legacy made a link of a file")


def test_a_link_is_settled_by_a_preference(tmp_path: Path) -> None:
    past = built(tmp_path, LINK)
    carry_out(contents(past), planned(past, Prefer.CANONICAL), allow_dirty=False)
    assert planned(past).conflicts == ()
    (past.root / "old_shop/beta.py").unlink()
    (past.root / "old_shop/beta.py").symlink_to("gamma.py")
    past.commit("Another target")
    assert [file.path for file in planned(past).conflicts] == ["acme/shop/beta.py"]


def deleted_and_edited(tmp_path: Path) -> Past:
    """Canonical deletes a file, and legacy edits it."""
    steps = [{"canonical": ["rm alpha.py"]}, {"legacy": ["edit alpha.py"]}]
    return built(tmp_path, {"files": {"alpha.py": "alpha", "beta.py": "beta"}, "steps": steps})


@pytest.mark.parametrize("commit", [True, False])
def test_a_file_that_a_preference_brought_over_stays(commit: bool, tmp_path: Path) -> None:
    past = deleted_and_edited(tmp_path)
    carry_out(contents(past), planned(past, Prefer.LEGACY), allow_dirty=False)
    assert holding(past, EDIT[1]) == ["alpha.py"]
    past.commit("Merge") if commit else past.git("add", "-A")
    plan = planned(past)
    assert (plan.conflicts, plan.changes.changes) == ((), ())


def test_a_file_that_somebody_moved_over_stays(tmp_path: Path) -> None:
    past = deleted_and_edited(tmp_path)
    text = (past.root / "old_shop/alpha.py").read_text("utf-8")
    past.write({"old_shop/alpha.py": None, "acme/shop/alpha.py": text.replace("old_", "acme.")})
    past.commit("Keep it, as legacy has it")
    plan = planned(past)
    assert (plan.conflicts, plan.changes.changes) == ((), ())


def test_a_file_that_both_deleted_and_one_brought_back_is_a_question(tmp_path: Path) -> None:
    past = deleted_and_edited(tmp_path)
    text = (past.root / "old_shop/alpha.py").read_text("utf-8")
    past.write({"old_shop/alpha.py": None})
    past.commit("Legacy lets it go")
    past.write({"acme/shop/alpha.py": text.replace("old_", "acme.")})
    past.commit("Canonical brings it back")
    (conflict,) = planned(past).conflicts
    assert "brought back" in conflict.notes[0]


def test_a_file_that_one_deleted_after_it_came_over_is_gone(tmp_path: Path) -> None:
    past = built(tmp_path, {"files": {"alpha.py": "alpha", "beta.py": "beta"}, "steps": []})
    past.write({"old_shop/alpha.py": None})
    past.commit("Legacy lets it go")
    plan = planned(past)
    assert (plan.conflicts, [change.path for change in plan.changes.changes]) == (
        (),
        ["acme/shop/alpha.py"],
    )


def test_imports_of_a_new_module_are_looked_up_where_legacy_has_them(tmp_path: Path) -> None:
    files = {"alpha.py": "alpha", "beta.py": "beta"}
    past = built(tmp_path, {"files": files, "steps": [{"canonical": ["mv alpha.py first.py"]}]})
    past.legacy("A user", {"user.py": "from old_shop.alpha import alpha_1\n"})
    (package,) = planned(past).packages
    assert [(problem.path, problem.module) for problem in package.checks.worse_imports] == [
        ("user.py", "acme.shop.alpha")
    ]


@pytest.mark.parametrize("place", ['PLACE = "{}/data"', "# see {}/core.py"])
def test_a_name_that_only_legacy_wrote_anew_comes_over(place: str, tmp_path: Path) -> None:
    files = {"alpha.py": "alpha", "beta.py": "beta"}
    past = built(tmp_path, {"files": files, "steps": []})
    old, new = place.format("old_shop"), place.format("acme/shop")
    for folder, package in (("old_shop", "old_shop"), ("acme/shop", "acme.shop")):
        past.write({f"{folder}/desk.py": f"{old}\n{code('desk', package)}"})
    past.commit("A desk in both")
    past.legacy("The place of the new package", {"desk.py": f"{new}\n{code('desk')}"})
    plan = planned(past)
    carry_out(contents(past), plan, allow_dirty=False)
    assert (past.root / "acme/shop/desk.py").read_text("utf-8").startswith(f"{new}\n")
    past.commit("Merge")
    assert planned(past).changes.changes == ()


def test_a_link_that_is_not_committed(tmp_path: Path) -> None:
    past = built(tmp_path, {**LINK, "steps": []})
    change(past, "old_shop", "rm beta.py")
    change(past, "old_shop", "link beta.py alpha.py")
    (conflict,) = planned(past).conflicts
    assert "a symbolic link to alpha.py" in conflict.notes[0]


@pytest.mark.parametrize("side", list(FOLDERS))
def test_what_is_not_checked_out_is_not_absent(side: str, tmp_path: Path) -> None:
    past = built(tmp_path, {"files": {"alpha.py": "alpha", "beta.py": "beta"}, "steps": []})
    place = f"{FOLDERS[side]}/beta.py"
    past.git("update-index", "--skip-worktree", place)
    (past.root / place).unlink()
    with pytest.raises(Refused, match="not checked out") as refused:
        planned(past)
    assert place in refused.value.fact
    past.git("update-index", "--no-skip-worktree", place)
    past.git("restore", place)
    assert planned(past).changes.changes == ()


def test_a_whole_tree_that_is_not_checked_out(tmp_path: Path) -> None:
    past = built(tmp_path, {"files": {"alpha.py": "alpha"}, "steps": []})
    past.git("sparse-checkout", "set", "old_shop")
    assert not (past.root / "acme/shop").exists()
    with pytest.raises(Refused, match="not checked out"):
        planned(past)


def test_a_plain_move_needs_no_history(tmp_path: Path) -> None:
    past = Past(tmp_path / "repo")
    past.legacy("Begin", {"cart.py": code("cart"), "till.py": code("till")})
    blob = past.git("rev-parse", "HEAD:old_shop/cart.py")
    past.legacy("Go on", {"cart.py": code("cart", f1=1)})
    (past.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    plan = planned(past)
    assert plan.conflicts == ()
    (package,) = plan.packages
    assert [file.how for file in package.files] == [MergeAction.MOVED] * 2
    assert (package.history.note, package.history.legacy_commits) == ("", ())
    carry_out(contents(past), plan, allow_dirty=False)
    assert "acme.shop.core" in (past.root / "acme/shop/cart.py").read_text("utf-8")


def test_the_place_of_a_plain_move_may_be_known_to_history(tmp_path: Path) -> None:
    past = Past(tmp_path / "repo")
    past.legacy(
        "Begin", {"cart.py": code("cart"), "till.py": code("till"), "desk.py": code("desk")}
    )
    past.copy()
    for name in ("cart", "till", "desk"):
        past.write({f"acme/shop/{name}.py": None})
    past.commit("Throw the copy away")
    taken = planned(past).packages[0].history.taken_away
    assert taken is not None
    assert taken.gone == 3


def test_a_submodule_of_a_plain_move_is_left_and_named(tmp_path: Path) -> None:
    past = Past(tmp_path / "repo")
    past.legacy("Begin", {"cart.py": code("cart")})
    change(past, "old_shop", "submodule vendor")
    past.git("commit", "-q", "-m", "Vendor")
    (refused,) = planned(past).left.refused
    assert (refused.path, "git mv old_shop/vendor" in refused.reason) == ("old_shop/vendor", True)
