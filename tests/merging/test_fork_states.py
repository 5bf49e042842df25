"""What is compared: a revision, the work tree, a part of the history, or none at all."""

from pathlib import Path

import pytest

from tests.merging.past import Past, ahead, code, file_of, renamed, subjects
from unify_backend.merging.fork_points import trace
from unify_backend.merging.pairing import pair_up
from unify_backend.model.errors import RepositoryError
from unify_backend.model.history import ChangedSide, Evidence
from unify_backend.model.package_move import PackageMove
from unify_backend.model.tree_diff import Side
from unify_backend.names.table import NameTable
from unify_backend.repository.bundled_history import build_history
from unify_backend.repository.files import Repository
from unify_backend.repository.history import History, read_history
from unify_backend.repository.snapshot import Snapshot

CASE = Path(__file__).parents[2] / "fixtures" / "repositories" / "pixsim7"
LEGACY, CANONICAL = Side.LEGACY, Side.CANONICAL
NAMES = ("cart", "price", "stock", "till")
TREE = {f"{name}.py": code(name) for name in NAMES}


@pytest.fixture
def past(tmp_path: Path) -> Past:
    """A legacy tree of four modules."""
    made = Past(tmp_path / "repo")
    made.legacy("Begin", TREE)
    return made


def test_names_that_are_no_utf8(past: Past) -> None:
    name = b"caf\xe9.py".decode("utf-8", "surrogateescape")
    try:
        past.legacy("A name", {name: code("coffee")})
    except OSError:
        pytest.skip("the file system takes UTF-8 names only")
    past.canonical("Copy", {**TREE, name: code("coffee")})
    past.canonical("Fix", {name: code("coffee", f1=1)})
    found = past.trace()
    assert ahead(found) == {name: "canonical"}
    assert found.split is not None
    assert found.split.of == 5


def test_a_given_base(past: Past) -> None:
    past.copy()
    past.legacy("First", {"cart.py": code("cart", f1=1)})
    past.git("tag", "reviewed")
    past.legacy("Second", {"price.py": code("price", f1=1)})
    found = past.trace(base="reviewed")
    assert ahead(found) == {"cart.py": "canonical", "price.py": "legacy"}  # cart: not taken over
    assert found.base is not None
    assert found.base.subject == "First"
    assert found.split is None
    assert file_of(found, "price.py").fork.evidence is Evidence.GIVEN
    assert subjects(found, LEGACY) == ["Second"]


@pytest.mark.parametrize("name", ["nowhere", "aside"])
def test_a_base_that_is_none(past: Past, name: str) -> None:
    past.copy()
    past.switch("aside")
    past.legacy("Aside", {"cart.py": code("cart", f1=1)})
    past.switch("main")
    with pytest.raises(RepositoryError, match=name) as told:
        past.trace(base=name)
    assert told.value.reason
    assert told.value.step


def test_what_is_not_committed_counts(past: Past) -> None:
    past.copy()
    past.write(
        {
            "old_shop/cart.py": code("cart", f1=1),
            "acme/shop/price.py": None,
            "acme/shop/till.py": None,
            "acme/shop/cash.py": renamed(code("till")),
            "acme/shop/untracked.py": "x = 1\n",
        }
    )
    past.git("add", "acme/shop/cash.py")
    found = past.trace()
    assert ahead(found) == {"cart.py": "legacy", "cash.py": "canonical", "price.py": "canonical"}
    cart = file_of(found, "cart.py")
    assert (cart.legacy.uncommitted, cart.legacy.commits) == (True, ())
    assert file_of(found, "cash.py").note == "moved in the canonical tree from acme/shop/till.py"


def test_a_copy_that_is_not_committed(past: Past) -> None:
    tree = {**TREE, "cart.py": code("cart", f1=1)}
    past.write({f"acme/shop/{path}": renamed(text) for path, text in tree.items()})
    past.git("add", "-A")
    found = past.trace()
    assert found.split is not None
    assert (found.split.agreeing, found.split.of, found.split.canonical.hash) == (3, 4, "")
    assert ahead(found) == {}
    assert past.base(file_of(found, "cart.py")) == code("cart")


def test_a_checkout_with_other_line_ends_has_no_edits(past: Past) -> None:
    past.copy()
    past.git("config", "core.autocrlf", "true")
    past.write({"old_shop/cart.py": code("cart", f1=1).replace("\n", "\r\n")})
    found = past.trace()
    assert ahead(found) == {"cart.py": "legacy"}
    change = file_of(found, "cart.py").legacy.change
    assert change is not None
    assert change.note == ""
    assert (change.added, change.removed) == (1, 1)


def test_other_line_ends_in_a_commit_are_a_change(past: Past) -> None:
    past.copy()
    past.legacy("For Windows", {"cart.py": code("cart").replace("\n", "\r\n")})
    found = past.trace()
    assert ahead(found) == {"cart.py": "legacy"}
    assert file_of(found, "cart.py").fork.evidence is Evidence.EQUAL


def test_a_revision_instead_of_the_work_tree(past: Past) -> None:
    past.copy()
    fixed = past.canonical("Fix", {"cart.py": code("cart", f1=1)})
    past.legacy("Later", {"cart.py": code("cart", f2=1), "price.py": code("price", f1=1)})
    assert ahead(past.trace(revision=fixed)) == {"cart.py": "canonical"}
    assert ahead(past.trace()) == {"cart.py": "both", "price.py": "legacy"}


def test_a_shallow_clone(past: Past, tmp_path: Path) -> None:
    past.copy()
    past.legacy("Fix", {"cart.py": code("cart", f1=1)})
    past.canonical("Fix", {"price.py": code("price", f1=1), "new.py": code("new")})
    clone = Past(tmp_path / "clone")
    clone.git("fetch", "-q", "--depth=1", past.root.as_uri(), "main")
    clone.git("reset", "-q", "--hard", "FETCH_HEAD")
    found = clone.trace()
    assert found.split is None
    assert "git fetch --unshallow" in found.note
    assert ahead(found) == {"cart.py": "unknown", "price.py": "unknown", "new.py": "unknown"}
    assert file_of(found, "cart.py").fork.evidence is Evidence.NO_HISTORY
    assert file_of(found, "new.py").deleted_in is None
    clone.git("fetch", "-q", "--unshallow", past.root.as_uri(), "main")
    assert ahead(clone.trace()) == {
        "cart.py": "legacy",
        "price.py": "canonical",
        "new.py": "canonical",
    }


def test_a_shallow_clone_that_holds_the_split(past: Past, tmp_path: Path) -> None:
    past.copy(edits={"till.py": code("till", f4=4)})
    past.legacy("Fix", {"cart.py": code("cart", f1=1), "till.py": code("till", f1=1)})
    clone = Past(tmp_path / "clone")
    clone.git("fetch", "-q", "--depth=3", past.root.as_uri(), "main")
    clone.git("reset", "-q", "--hard", "FETCH_HEAD")
    found = clone.trace()
    assert isinstance(clone.history(), History)
    assert found.split is not None
    assert ahead(found) == {"cart.py": "legacy", "till.py": "both"}
    assert "shallow" in found.note


def test_both_trees_came_with_one_commit(tmp_path: Path) -> None:
    past = Past(tmp_path / "repo")
    files: dict[str, str | bytes | None] = {f"old_shop/{path}": text for path, text in TREE.items()}
    files |= {f"acme/shop/{path}": renamed(text) for path, text in TREE.items()}
    past.commit("Import", files | {"acme/shop/till.py": code("till", "acme.shop", f1=1)})
    past.legacy("Fix", {"cart.py": code("cart", f1=1)})
    found = past.trace()
    assert found.split is None
    assert ahead(found) == {"cart.py": "legacy", "till.py": "both"}  # equal there: a base


def test_no_history(tmp_path: Path) -> None:
    past = Past(tmp_path / "repo")
    past.write({f"old_shop/{path}": text for path, text in TREE.items()})
    past.write({f"acme/shop/{path}": renamed(text) for path, text in TREE.items()})
    past.write({"acme/shop/cart.py": code("cart", f1=1), "acme/shop/own.py": "x = 1\n"})
    past.git("add", "-A")
    unborn = past.trace()
    assert ahead(unborn) == {"cart.py": "unknown", "own.py": "unknown"}
    assert unborn.note.startswith("nothing is committed yet")
    (past.root / ".git").rename(tmp_path / "gone")
    plain = past.trace()
    assert plain.files == unborn.files
    assert plain.note.startswith("no git repository")
    assert plain.living is None


def test_the_bundled_repository(tmp_path: Path) -> None:
    """As FACTS.toml has it, by who changed a file since the split: there the three files that
    the copy edited, and the three where it left the old name, count as changed by canonical."""
    build_history(CASE, tmp_path / "repo")
    move = PackageMove.of("pixsim7_backend", "pixsim7.backend.main")
    repository = Repository.discover(tmp_path / "repo")
    contents = Snapshot(repository)
    [pairing] = pair_up(contents.listing(), [move])
    past = read_history(repository, [move.legacy_path, move.canonical_path])
    found = trace(past, contents, pairing, NameTable([move]))
    assert found.split is not None
    assert found.split.canonical.subject == "Package the backend as pixsim7.backend.main"
    assert found.split.legacy.subject == "Logs: cut messages that are too long"
    assert (found.split.agreeing, found.split.of) == (132, 135)
    assert found.totals() == {
        ChangedSide.NONE: 103 + 6,
        ChangedSide.CANONICAL: 26 - 6,
        ChangedSide.LEGACY: 7,
        ChangedSide.BOTH_SAME: 2,
        ChangedSide.BOTH: 3,
        ChangedSide.UNKNOWN: 0,
    }
    assert [file.path for file in found.files if file.note.startswith("edited")] == [
        "api/v1/dev_architecture.py",
        "infrastructure/cache/memory.py",
        "middleware/timing/manifest.py",
    ]
    assert (len(found.legacy_commits), len(found.canonical_commits)) == (3, 9)
    assert found.living is Side.CANONICAL
    assert file_of(found, "routes/websocket/manifest.py").fork.base is None
