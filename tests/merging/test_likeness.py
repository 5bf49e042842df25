"""The base of a copy that was edited as it was made, and packages that are no copies."""

import re
from pathlib import Path

import pytest

from tests.merging.past import Past, ahead, code, file_of, renamed
from unify_backend.model.history import Evidence
from unify_backend.model.tree_diff import Side

NAMES = ("cart", "price", "stock", "till")
TREE = {f"{name}.py": code(name) for name in NAMES}
VENDORED = "\n".join(f"def vendored_{number}(): return {number}" for number in range(40)) + "\n"


def ported(text: str) -> str:
    """A module as a conversion leaves it: a fifth of its lines is written differently."""
    return re.sub(r"_base\((10[0-4])\)", r"_base(0 + \1)", text)


@pytest.fixture
def past(tmp_path: Path) -> Past:
    built = Past(tmp_path / "repo")
    built.legacy("Begin", {path: text.replace("(100)", "(1)") for path, text in TREE.items()})
    built.legacy("Go on", TREE)
    return built


def test_a_copy_that_was_edited_as_it_was_made(past: Past) -> None:
    source = past.git("rev-parse", "HEAD")
    past.canonical("Port", {path: ported(text) for path, text in TREE.items()})
    past.legacy("Fix", {"cart.py": TREE["cart.py"].replace("(111)", "(7)")})
    past.canonical("Change", {"price.py": ported(TREE["price.py"]).replace("(111)", "(8)")})
    traced = past.trace()
    assert traced.split is not None
    assert (traced.split.source.hash, traced.split.copied) == (source, Side.CANONICAL)
    assert (traced.split.agreeing, traced.split.alike, traced.split.of) == (0, 4, 4)
    assert 0.5 < (traced.split.likeness or 0) < 0.8
    assert ahead(traced) == {"cart.py": "both", "price.py": "canonical"}
    cart = file_of(traced, "cart.py")
    assert (cart.fork.evidence, past.base(cart)) == (Evidence.LIKENESS, TREE["cart.py"])
    assert cart.fork.likeness is not None
    assert f"{cart.fork.likeness:.0%} of the lines" in cart.note


def test_a_copy_of_an_older_state(past: Past) -> None:
    older = past.git("rev-parse", "HEAD~1")
    first = {path: text.replace("(100)", "(1)") for path, text in TREE.items()}
    past.legacy("Much more", {path: text.replace("(10", "(99") for path, text in TREE.items()})
    past.canonical("Port", {path: ported(text) for path, text in first.items()})
    traced = past.trace()
    assert traced.split is not None
    assert traced.split.source.hash == older


def test_the_copy_may_be_the_legacy_tree(tmp_path: Path) -> None:
    past = Past(tmp_path / "repo")
    past.canonical("Begin", TREE)
    past.legacy("Port back", {path: ported(text) for path, text in TREE.items()})
    traced = past.trace()
    assert traced.split is not None
    assert traced.split.copied is Side.LEGACY
    assert ahead(traced) == dict.fromkeys(TREE, "legacy")


def test_a_file_that_the_copy_left_out_and_that_came_later(past: Past) -> None:
    past.copy(without="till.py")
    past.canonical("The till, too", {"till.py": ported(TREE["till.py"])})
    till = file_of(past.trace(), "till.py")
    assert (till.fork.evidence, past.base(till)) == (Evidence.LIKENESS, TREE["till.py"])


def test_a_beginning_without_a_past_continues_what_it_is_merged_with(past: Past) -> None:
    past.canonical("Port", {path: ported(text) for path, text in TREE.items()})
    tree = past.git("rev-parse", "HEAD^{tree}")
    alone = past.git("commit-tree", tree, "-m", "A patch without its past")
    past.git("branch", "side", "HEAD")
    past.git("reset", "-q", "--hard", alone)
    past.git("merge", "-q", "--allow-unrelated-histories", "-m", "Join", "side")
    traced = past.trace()
    assert traced.split is not None
    assert traced.split.copy.subject == "Port"


def test_two_files_of_one_name_that_both_trees_added(past: Past) -> None:
    past.copy()
    past.canonical("One", {"web.py": code("web")})
    past.legacy("Another", {"web.py": ported(code("web"))})
    assert file_of(past.trace(), "web.py").fork.evidence is Evidence.BOTH_ADDED


@pytest.mark.parametrize("shared", ["none", "vendored", "skeleton", "one alike"])
def test_packages_of_different_people_have_no_base(shared: str, tmp_path: Path) -> None:
    past = Past(tmp_path / "repo")
    first = {f"{name}.py": code(name) for name in ("core", "models", "views", "urls", "a", "b")}
    second = {f"{name}.py": code(f"{name}_x") for name in ("core", "models", "views", "c", "d")}
    match shared:
        case "vendored":
            first["six.py"] = second["six.py"] = VENDORED
        case "skeleton":
            for name in ("__init__.py", "__main__.py", "py.typed"):
                first[name] = second[name] = '"""A package."""\n' if name != "py.typed" else ""
        case "one alike":
            first["core.py"] = second["core.py"] = VENDORED
            second["core.py"] += "\n\nMORE = 1\n"
        case _:
            pass
    past.legacy("One package", first)
    past.commit("Another", {f"acme/shop/{path}": renamed(text) for path, text in second.items()})
    traced = past.trace()
    assert traced.split is None
    bases = {file.path for file in traced.files if file.fork.base is not None}
    assert bases <= {"six.py", "__init__.py", "__main__.py"}  # equal, whoever wrote them


def test_an_edit_that_people_made_in_both_is_asked_about_once(past: Past) -> None:
    from tests.commands.test_merge_files import planned

    past.canonical("Port", {path: ported(text) for path, text in TREE.items()})
    text = TREE["cart.py"]
    past.legacy("Fix", {"cart.py": text.replace("(111)", "(7)")})
    past.canonical("Fix it there, too", {"cart.py": ported(text).replace("(111)", "(7)")})
    past.legacy("Fix again", {"cart.py": text.replace("(111)", "(77)")})
    plan = planned(past)
    assert plan.conflicts == ()
    merged = {file.path: file.after or b"" for package in plan.packages for file in package.files}
    assert b"(77)" in merged["acme/shop/cart.py"]
