"""Where two copies parted, and what has become of each file since."""

from pathlib import Path

import pytest

from tests.merging.past import Past, ahead, code, file_of, renamed, subjects
from unify_backend.model.history import ChangedSide, Evidence
from unify_backend.model.tree_diff import DefinitionStatus, Side

LEGACY, CANONICAL = Side.LEGACY, Side.CANONICAL
NAMES = ("cart", "price", "stock", "till")
TREE = {f"{name}.py": code(name) for name in NAMES}


@pytest.fixture
def past(tmp_path: Path) -> Past:
    """A legacy tree of four modules."""
    made = Past(tmp_path / "repo")
    made.legacy("Begin", TREE)
    return made


def test_a_plain_copy_and_edits_on_each_side(past: Past) -> None:
    source = past.legacy("Before", {"cart.py": code("cart", f1=11)})
    copied = past.copy()
    past.legacy("Fix the price", {"price.py": code("price", f2=22)})
    past.canonical("Fix the stock", {"stock.py": code("stock", f3=33)})
    past.commit(
        "Fix the till in both",
        {
            "old_shop/till.py": code("till", f4=1),
            "acme/shop/till.py": code("till", "acme.shop", f5=2),
        },
    )
    found = past.trace()
    assert found.split is not None
    assert (found.split.legacy.hash, found.split.canonical.hash) == (source, copied)
    assert (found.split.agreeing, found.split.of) == (4, 4)
    assert found.split.date == past.git("show", "-s", "--format=%aI", copied)
    assert ahead(found) == {"price.py": "legacy", "stock.py": "canonical", "till.py": "both"}
    assert subjects(found, LEGACY) == ["Fix the till in both", "Fix the price"]
    assert subjects(found, CANONICAL) == ["Fix the till in both", "Fix the stock"]
    assert found.living is None
    price = file_of(found, "price.py")
    assert price.fork.evidence is Evidence.EQUAL
    assert price.fork.commit is not None
    assert price.fork.commit.hash == source
    assert past.base(price) == code("price")
    change = price.legacy.change
    assert change is not None
    assert (change.added, change.removed) == (1, 1)
    assert [(one.name, one.change) for one in change.definitions] == [
        ("price_2", DefinitionStatus.BODY)
    ]
    assert price.canonical.change is None
    assert [c.author for c in price.legacy.commits] == ["Mara Lind"]


def test_fixes_made_while_copying_survive_as_changes_from_the_legacy_content(past: Past) -> None:
    edits = {name: code(name[:-3], f1=99) for name in ("cart.py", "price.py")}
    past.copy(edits=edits)
    past.legacy("Later", {"price.py": code("price", f7=77)})
    found = past.trace()
    assert found.split is not None
    assert (found.split.agreeing, found.split.of) == (2, 4)
    price = file_of(found, "price.py")
    assert price.ahead is ChangedSide.BOTH
    assert price.fork.evidence is Evidence.SPLIT
    assert past.base(price) == code("price")  # not the copy's: with that the fix would be lost
    assert subjects(price, CANONICAL) == ["Copy"]
    assert subjects(found, CANONICAL) == []  # the copy is not one of the changes since
    cart = file_of(found, "cart.py")
    assert cart.ahead is ChangedSide.NONE
    assert cart.note == "edited as it was copied, and not since"
    assert cart.canonical.change is not None


def test_where_legacy_is_the_copy_its_edits_are_to_be_brought(tmp_path: Path) -> None:
    past = Past(tmp_path / "repo")
    past.canonical("Begin", TREE)
    past.legacy("Copy", {**TREE, "cart.py": code("cart", f1=99)})
    past.canonical("Fix", {"price.py": code("price", f1=5)})
    found = past.trace()
    assert found.split is not None
    assert found.split.copied is LEGACY
    assert found.split.legacy.subject == "Copy"
    assert ahead(found) == {"cart.py": "legacy", "price.py": "canonical"}
    assert past.base(file_of(found, "cart.py")) == renamed(code("cart"))


def test_a_copy_that_is_renamed_by_the_next_commit(past: Past) -> None:
    copied = past.commit("Copy", {f"acme/shop/{path}": text for path, text in TREE.items()})
    past.canonical("Rename", TREE)
    past.canonical("Fix", {"cart.py": code("cart", f1=8)})
    found = past.trace()
    assert found.split is not None
    assert found.split.canonical.hash == copied
    assert ahead(found) == {"cart.py": "canonical"}
    assert subjects(file_of(found, "cart.py"), CANONICAL) == ["Fix"]


def test_a_copy_that_comes_with_a_merge(past: Past) -> None:
    past.switch("package")
    copied = past.copy(edits={"till.py": code("till", f9=1)})
    past.switch("main")
    past.legacy("Meanwhile", {"cart.py": code("cart", f2=7), "till.py": code("till", f2=7)})
    past.merge("package")
    found = past.trace()
    assert found.split is not None
    assert found.split.canonical.hash == copied
    assert found.split.agreeing == 3
    assert ahead(found) == {"cart.py": "legacy", "till.py": "both"}
    assert past.base(file_of(found, "till.py")) == code("till")
    assert subjects(file_of(found, "cart.py"), LEGACY) == ["Meanwhile"]
    assert subjects(found, CANONICAL) == []


def test_a_copy_made_from_an_older_state(past: Past) -> None:
    older = past.git("rev-parse", "HEAD")
    past.legacy("Not copied", {"cart.py": code("cart", f1=7), "till.py": code("till", f1=7)})
    past.canonical("Copy", {**TREE, "till.py": code("till", f9=1)})
    found = past.trace()
    assert found.split is not None
    assert found.split.legacy.hash == older
    assert ahead(found) == {"cart.py": "legacy", "till.py": "both"}
    assert past.base(file_of(found, "till.py")) == code("till")
    assert subjects(file_of(found, "till.py"), LEGACY) == ["Not copied"]


def test_files_moved_inside_a_tree_are_followed(past: Past) -> None:
    past.copy()
    past.git("mv", "acme/shop/cart.py", "acme/shop/basket.py")
    past.commit("Move")
    past.canonical("Fix", {"basket.py": code("cart", f1=5)})
    past.legacy("Move", {"price.py": None, "money/price.py": code("price", f3=1)})
    past.legacy("Fix the cart", {"cart.py": code("cart", f8=5)})
    found = past.trace()
    assert ahead(found) == {"basket.py": "both", "price.py": "legacy"}
    cart = file_of(found, "basket.py")
    assert (cart.fork.legacy_path, cart.fork.canonical_path) == (
        "old_shop/cart.py",
        "acme/shop/cart.py",
    )
    assert cart.legacy.path == "old_shop/cart.py"
    assert cart.note == "moved in the canonical tree from acme/shop/cart.py"
    assert subjects(cart, CANONICAL) == ["Fix", "Move"]
    assert cart.deleted_in is None
    price = file_of(found, "price.py")
    assert price.legacy.path == "old_shop/money/price.py"
    assert subjects(price, LEGACY) == ["Move"]


def test_a_file_that_only_moved(past: Past) -> None:
    past.copy()
    past.legacy("Sort", {"price.py": None, "money/price.py": code("price")})
    past.canonical("Sort", {"stock.py": None, "goods/stock.py": code("stock")})
    for side in (past.legacy, past.canonical):
        side("Sort both", {"till.py": None, "money/till.py": code("till")})
    found = past.trace()
    assert ahead(found) == {
        "price.py": "legacy",
        "goods/stock.py": "canonical",
        "money/till.py": "both-same",
    }
    price = file_of(found, "price.py")
    assert price.legacy.change is None
    assert price.note == "moved in the legacy tree from old_shop/price.py"


def test_a_file_edited_by_the_copy_and_moved_since(past: Past) -> None:
    past.copy(edits={"till.py": code("till", f4=4)})
    past.canonical("Move", {"till.py": None, "money/till.py": code("till", f4=4)})
    past.legacy("Fix", {"till.py": code("till", f1=1)})
    found = past.trace()
    assert ahead(found) == {"money/till.py": "both"}
    assert past.base(file_of(found, "money/till.py")) == code("till")


def test_a_package_that_was_moved_and_put_back(past: Past) -> None:
    past.write({"acme/__init__.py": ""})
    past.git("mv", "old_shop", "acme/shop")
    past.commit("Move")
    past.canonical("Fix", {"cart.py": code("cart", f1=1)})
    past.git("checkout", "HEAD~2", "--", "old_shop")
    past.commit("Put it back beside")
    past.legacy("Fix", {"price.py": code("price", f1=1)})
    found = past.trace()
    assert ahead(found) == {"cart.py": "canonical", "price.py": "legacy"}
    assert found.split is not None
    assert found.split.canonical.subject == "Move"
    assert found.split.legacy.subject == "Begin"
    assert subjects(file_of(found, "price.py"), LEGACY) == ["Fix"]


def test_files_put_elsewhere_by_the_copy_are_recognised(past: Past) -> None:
    past.copy(without="cart.py", edits={"sales/cart.py": code("cart")})
    past.legacy("Fix", {"cart.py": code("cart", f1=1)})
    found = past.trace()
    assert ahead(found) == {"sales/cart.py": "legacy"}
    assert file_of(found, "sales/cart.py").legacy.path == "old_shop/cart.py"


def test_a_tree_that_was_moved_as_a_whole_since(past: Past) -> None:
    past.commit("Stage", {f"new/{path}": renamed(text) for path, text in TREE.items()})
    past.legacy("Between", {"price.py": code("price", f1=6)})
    past.write({"acme/__init__.py": ""})
    past.git("mv", "new", "acme/shop")
    past.commit("Move the copy to its place")
    past.canonical("Fix", {"cart.py": code("cart", f1=5)})
    found = past.trace()
    assert found.split is not None
    assert found.split.canonical.subject == "Stage"
    assert ahead(found) == {"cart.py": "canonical", "price.py": "legacy"}
    assert file_of(found, "price.py").fork.canonical_path == "new/price.py"
    assert past.base(file_of(found, "price.py")) == code("price")


def test_deletions_on_each_side(past: Past) -> None:
    past.copy()
    past.legacy("Clean", {"cart.py": None, "price.py": None})
    past.canonical("Clean", {"stock.py": None, "till.py": None})
    past.canonical("Fix the cart", {"cart.py": code("cart", f1=5)})
    past.legacy("Fix the stock", {"stock.py": code("stock", f1=5)})
    found = past.trace()
    assert ahead(found) == {
        "cart.py": "both",
        "price.py": "legacy",
        "stock.py": "both",
        "till.py": "canonical",
    }
    gone = {file.path: file.deleted_in for file in found.files}
    assert gone == {
        "cart.py": LEGACY,
        "price.py": LEGACY,
        "stock.py": CANONICAL,
        "till.py": CANONICAL,
    }
    stock = file_of(found, "stock.py")
    assert (stock.canonical.path, subjects(stock, CANONICAL)) == (None, ["Clean"])
    assert stock.canonical.change is not None
    assert stock.canonical.change.removed > 0


def test_what_the_copy_left_out_and_what_came_later(past: Past) -> None:
    past.copy(without="till.py")
    past.legacy("Rates", {"rates.py": code("rates"), "tax.py": code("tax")})
    past.canonical("Tax", {"tax.py": code("other_tax")})
    found = past.trace()
    assert ahead(found) == {"rates.py": "legacy", "tax.py": "both", "till.py": "canonical"}
    till = file_of(found, "till.py")
    assert (till.note, till.deleted_in) == ("left out of the copy", CANONICAL)
    assert subjects(till, CANONICAL) == ["Copy"]
    tax = file_of(found, "tax.py")
    assert (tax.fork.evidence, tax.fork.base) == (Evidence.BOTH_ADDED, None)
    assert file_of(found, "rates.py").fork.evidence is Evidence.ONE_ADDED


def test_what_the_copy_left_out_and_somebody_wrote_anew(past: Past) -> None:
    past.copy(without="till.py")
    past.canonical("A till of our own", {"till.py": code("desk")})
    till = file_of(past.trace(), "till.py")
    assert till.ahead is ChangedSide.BOTH
    assert till.fork.base is None


def test_a_second_part_of_the_copy_with_edits(past: Past) -> None:
    more = {f"{name}.py": code(name) for name in ("bill", "coin", "desk")}
    past.legacy("More", more)
    past.canonical("Copy a part", {**TREE, "till.py": code("till", f5=5)})
    past.legacy("Between", {"till.py": code("till", f1=1)})
    past.canonical("Copy the rest", {**more, "desk.py": code("desk", f5=5)})
    past.legacy("Fix", {"desk.py": code("desk", f1=1)})
    found = past.trace()
    assert found.split is not None
    assert found.split.canonical.subject == "Copy a part"
    assert ahead(found) == {"desk.py": "both", "till.py": "both"}
    assert past.base(file_of(found, "desk.py")) == code("desk")
    assert past.base(file_of(found, "till.py")) == code("till")


def test_empty_and_tiny_files_say_nothing(tmp_path: Path) -> None:
    past = Past(tmp_path / "repo")
    tiny = {f"{name}/__init__.py": "" for name in NAMES} | {"version.py": "VERSION = 1\n"}
    past.legacy("Begin", {**tiny, "cart.py": code("cart")})
    past.canonical("Another package", {**tiny, "cart.py": code("wagon")})
    past.legacy("Next version", {"version.py": "VERSION = 2\n"})
    past.canonical("Own version", {"version.py": "VERSION = 3\n"})
    found = past.trace()
    assert found.split is None
    assert "--base" in found.note
    assert ahead(found) == {"cart.py": "both", "version.py": "both"}
    assert file_of(found, "version.py").fork.base is None


def test_tiny_files_go_with_the_packages_split(past: Past) -> None:
    past.legacy("Version", {"version.py": "VERSION = 1\n", "__init__.py": ""})
    past.copy()
    past.canonical("Next", {"version.py": "VERSION = 2\n"})
    past.legacy("Names", {"__init__.py": "from old_shop.cart import *\n"})
    found = past.trace()
    assert ahead(found) == {"__init__.py": "legacy", "version.py": "canonical"}
    assert found.split is not None
    assert found.split.of == 6


def test_a_later_copy_of_some_files_is_a_newer_fork(past: Past) -> None:
    past.copy()
    past.canonical("Own", {"cart.py": code("cart", f5=5)})
    newer = {name: code(name[:-3], f1=1) for name in ("cart.py", "price.py", "stock.py")}
    source = past.legacy("Newer", newer)
    past.canonical("Copy some again", newer)
    past.canonical("Work", {name: code(name[:-3], f1=1, f2=2) for name in newer})
    past.legacy("Work on the price", {"price.py": code("price", f1=1, f3=3)})
    found = past.trace()
    assert ahead(found) == {"cart.py": "canonical", "price.py": "both", "stock.py": "canonical"}
    for name in newer:
        file = file_of(found, name)
        assert past.base(file) == newer[name]
        assert subjects(file, CANONICAL) == ["Work"]
        assert file.fork.commit is not None
        assert file.fork.commit.hash == source
    assert subjects(file_of(found, "price.py"), LEGACY) == ["Work on the price"]
    assert found.split is not None
    assert found.split.canonical.subject == "Copy"


def test_one_file_copied_over_own_edits_is_a_newer_fork(past: Past) -> None:
    past.copy()
    past.canonical("Own", {"cart.py": code("cart", f5=5)})
    past.legacy("Newer", {"cart.py": code("cart", f1=1)})
    past.canonical("Take theirs", {"cart.py": code("cart", f1=1)})
    past.canonical("Work", {"cart.py": code("cart", f1=1, f2=2)})
    cart = file_of(past.trace(), "cart.py")
    assert cart.ahead is ChangedSide.CANONICAL
    assert subjects(cart, CANONICAL) == ["Work"]


def test_the_same_fix_made_twice_is_no_copy(past: Past) -> None:
    past.copy()
    for side in (past.legacy, past.canonical):
        side("The same fix", {"cart.py": code("cart", f1=1), "till.py": code("till", f1=1)})
    past.legacy("More", {"price.py": code("price", f1=1)})
    past.canonical("The fix of the price", {"price.py": code("price", f1=1)})
    past.legacy("And more", {"price.py": code("price", f1=1, f2=2)})
    found = past.trace()
    assert ahead(found) == {"cart.py": "both-same", "price.py": "both", "till.py": "both-same"}
    assert past.base(file_of(found, "price.py")) == code("price")
    assert subjects(file_of(found, "cart.py"), LEGACY) == ["The same fix"]
    past.canonical("Take it back", {"till.py": code("till")})
    past.legacy("Take it back", {"till.py": code("till")})
    assert file_of(past.trace(), "till.py").ahead is ChangedSide.NONE


def test_a_copy_taken_back_to_older_content_is_ahead(past: Past) -> None:
    past.legacy("Newer", {"cart.py": code("cart", f1=1)})
    past.copy()
    past.canonical("Back to the old cart", {"cart.py": code("cart")})
    found = past.trace()
    assert ahead(found) == {"cart.py": "canonical"}
    assert past.base(file_of(found, "cart.py")) == code("cart", f1=1)
