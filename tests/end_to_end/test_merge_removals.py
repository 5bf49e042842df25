"""`merge`, `migrate`, `status` and `check` where somebody removed one of the trees by hand."""

from pathlib import Path

import pytest

from tests.end_to_end.support import NAMES, Command, Git, Shop
from tests.end_to_end.test_bundled import snapshot

LEGACY, CANONICAL = "shop_backend", "shop/backend/core"
FORWARD = "import sys\n\nimport shop.backend.core\n\nsys.modules[__name__] = shop.backend.core\n"
MODULES = ("cart", "price", "stock", "till")


def module(name: str, package: str) -> str:
    """A module like no other."""
    return f"from {package}.api import app\n\n\ndef {name}():\n    return app, '{name}'\n"


@pytest.fixture
def split(shop: Shop, git: Git) -> Path:
    """Two trees with a past: the canonical one came as a copy, and was fixed."""
    root = shop({f"{LEGACY}/{name}.py": module(name, LEGACY) for name in MODULES})
    for name in MODULES:
        text = module(name, "shop.backend.core")
        (root / CANONICAL / f"{name}.py").write_text(text, "utf-8", newline="\n")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Copy")
    with (root / CANONICAL / "cart.py").open("a", encoding="utf-8", newline="\n") as file:
        file.write("\n\ndef fixed():\n    return 1\n")
    git(root, "commit", "-qam", "Fix")
    return root


def remove(root: Path, folder: str, git: Git, forward: str = "") -> None:
    """Takes a tree away, but for a module that hands on."""
    git(root, "rm", "-rq", folder)
    if forward:
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / folder / "__init__.py").write_text(forward, "utf-8", newline="\n")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Remove the duplicate")


@pytest.mark.parametrize("options", [(), ("--dry-run",), ("--prefer", "legacy"), ("--diff",)])
def test_a_removed_duplicate_is_no_edit(
    options: tuple[str, ...], split: Path, command: Command, git: Git
) -> None:
    remove(split, LEGACY, git, FORWARD)
    before = snapshot(split)
    done = command(split, "merge", *NAMES, *options)
    assert (done.code, done.out) == (4, "")
    assert "shop_backend/ was taken away" in done.err
    assert "(Remove the duplicate)" in done.err
    assert "git rm -r shop_backend" in done.err
    assert snapshot(split) == before


def test_what_it_says_to_do_works(split: Path, command: Command, git: Git) -> None:
    remove(split, LEGACY, git, FORWARD)
    git(split, "rm", "-rq", LEGACY)
    git(split, "commit", "-q", "-m", "The rest")
    before = snapshot(split)
    done = command(split, "merge", *NAMES)
    assert (done.code, "no legacy tree is left" in done.out) == (0, True)
    assert snapshot(split) == before
    assert command(split, "shim", *NAMES).code == 0
    assert (split / LEGACY / "__init__.py").is_file()


def test_edits_that_were_overwritten_can_be_brought_back(
    split: Path, command: Command, git: Git
) -> None:
    fixed = (split / CANONICAL / "cart.py").read_bytes()
    for name in MODULES:
        text = module(name, "shop.backend.core")
        (split / CANONICAL / f"{name}.py").write_text(text, "utf-8", newline="\n")
    git(split, "commit", "-qam", "Unify")
    over = git(split, "rev-parse", "--short=9", "HEAD").strip()
    remove(split, LEGACY, git, FORWARD)
    told = command(split, "merge", *NAMES).err
    assert "1 file of shop/backend/core/ had edits" in told
    step = f"git worktree add ../before {over}^"
    assert step in told
    git(split, *step.split()[1:])
    there = split.parent / "before"
    assert command(there, "merge", *NAMES).code == 0
    assert (there / CANONICAL / "cart.py").read_bytes() == fixed


def test_what_is_left_can_be_merged_by_name(split: Path, command: Command, git: Git) -> None:
    remove(split, LEGACY, git, FORWARD)
    git(split, "checkout", "HEAD^", "--", f"{LEGACY}/till.py")
    text = (split / LEGACY / "till.py").read_text("utf-8") + "\n\ndef late():\n    return 2\n"
    (split / LEGACY / "till.py").write_text(text, "utf-8", newline="\n")
    git(split, "add", "-A")
    git(split, "commit", "-q", "-m", "Late")
    assert command(split, "merge", *NAMES).code == 4
    done = command(split, "merge", *NAMES, "--only", f"{LEGACY}/till.py")
    assert done.code == 0, done.err
    assert "def late()" in (split / CANONICAL / "till.py").read_text("utf-8")


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_a_migration_stops_there(
    options: tuple[str, ...], split: Path, command: Command, git: Git
) -> None:
    remove(split, LEGACY, git, FORWARD)
    before = snapshot(split)
    done = command(split, "migrate", *NAMES, "--no-verify", *options)
    assert done.code == 1, done.err
    assert "was taken away" in " ".join(done.out.split())
    assert snapshot(split) == before


def test_status_tells_of_leftovers(split: Path, command: Command, git: Git) -> None:
    remove(split, LEGACY, git, FORWARD)
    done = command(split, "status", *NAMES)
    assert "only leftovers in the old folder" in " ".join(done.out.split())


def test_a_copy_that_was_thrown_away(split: Path, command: Command, git: Git) -> None:
    remove(split, CANONICAL, git)
    done = command(split, "merge", *NAMES)
    assert (done.code, done.out) == (4, "")
    assert "shop/backend/core/ was taken away" in done.err
    commit = git(split, "rev-parse", "--short=9", "HEAD").strip()
    back = f"git checkout {commit}^ -- shop/backend/core"
    assert back in done.err
    git(split, *back.split()[1:])
    git(split, "commit", "-q", "-m", "Back")
    assert command(split, "merge", *NAMES).code == 0
    assert "def fixed()" in (split / CANONICAL / "cart.py").read_text("utf-8")


def test_a_few_deleted_files_are_an_edit(split: Path, command: Command, git: Git) -> None:
    git(split, "rm", "-q", f"{LEGACY}/till.py")
    git(split, "commit", "-q", "-m", "No till")
    assert command(split, "merge", *NAMES).code == 0
    assert not (split / CANONICAL / "till.py").exists()


@pytest.mark.parametrize(("left", "code"), [("x = 1\n", 0), ("import pixsim7_backend.main\n", 1)])
def test_after_a_migration_the_gate_needs_no_configuration(
    left: str, code: int, shop: Shop, command: Command
) -> None:
    """The legacy folder is in no file and in no history, as in the shallow clone of a pipeline."""
    root = shop({"pixsim7/backend/main/__init__.py": "", "use.py": left})
    done = command(root, "check", "--max", "0")
    assert (done.code, done.err) == (code, ""), done.out
    merged = command(root, "merge")
    assert (merged.code, "no legacy tree is left" in merged.out) == (0, True)
