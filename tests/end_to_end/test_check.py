"""`check` as CI, an editor and a commit hook run it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tests.end_to_end.support import NAMES, Command, Git, Shop, document

BASELINE = "unify-backend-baseline.json"
NEW = {"app.py": "from shop_backend.main import app\n\nNAME = 'shop_backend'\n"}


@pytest.fixture
def guarded(shop: Shop, command: Command, git: Git) -> Path:
    """A repository with a baseline, and something new in it."""
    root = shop()
    assert command(root, "check", "--update-baseline", *NAMES).code == 0
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "baseline")
    (root / "app.py").write_text(NEW["app.py"], "utf-8")
    git(root, "add", "-A")
    return root


def test_what_is_new_fails_and_says_what_to_do(guarded: Path, command: Command) -> None:
    done = command(guarded, "check", *NAMES)
    assert done.code == 1
    assert "app.py:1:6" in done.out
    assert "write: shop.backend.core.main" in done.out
    assert "run: unify-backend rewrite app.py" in done.out
    assert "needs review" in done.out
    assert "2 new, 4 known" in done.out
    assert "the migration: 2 more than when it began with 4" in done.out


def test_json_keeps_its_contract(guarded: Path, command: Command) -> None:
    done = command(guarded, "check", "--format", "json", *NAMES)
    found = document(done.out)
    assert [(one["path"], one["line"], one["replacement"]) for one in found["new"]] == [
        ("app.py", 1, "shop.backend.core.main"),
        ("app.py", 3, None),
    ]
    assert (found["known"], found["stale"], done.code) == (4, [], 1)


@pytest.mark.parametrize("where", ["", "shop"])
def test_a_clean_change_passes_from_any_folder(where: str, guarded: Path, command: Command) -> None:
    (guarded / "app.py").write_text("x = 1\n", "utf-8")
    done = command(guarded / where, "check", *NAMES)
    assert (done.code, "0 new" in done.out) == (0, True)


def test_only_the_named_file_counts(guarded: Path, command: Command) -> None:
    assert command(guarded, "check", "shop/backend/core/api.py", *NAMES).code == 0
    assert command(guarded, "check", "app.py", *NAMES).code == 1
    assert command(guarded / "shop", "check", "../app.py", *NAMES).code == 1


def test_a_file_that_is_not_tracked_is_passed_over(guarded: Path, command: Command) -> None:
    """As with pre-commit's --files: a name that is not added must not fail the others."""
    (guarded / "new.py").write_text("import shop_backend\n", "utf-8")
    (guarded / "empty").mkdir()
    said = "new.py is not tracked, and not looked at"
    for paths, code in (("new.py", "empty"), 0), (("new.py", "app.py"), 1):
        done = command(guarded, "check", *paths, *NAMES)
        assert (done.code, said in done.err) == (code, True), done.err
        assert ("new.py" in done.out, "app.py:1:6" in done.out) == (False, bool(code))


@pytest.mark.parametrize(
    ("words", "fact"),
    [
        (("check", "app.py", "nowhere.py"), "nowhere.py is no tracked file"),
        (("check", ".."), ".. is no tracked file"),
        (("rewrite", "--dry-run", "new.py"), "new.py is no tracked file"),
        (("review", "--list", "new.py"), "new.py is no tracked file"),
    ],
)
def test_a_path_that_cannot_be_looked_at_is_an_error(
    words: tuple[str, ...], fact: str, guarded: Path, command: Command
) -> None:
    """Nobody names a file to `rewrite` in passing; and what does not exist is a slip anywhere."""
    (guarded / "new.py").write_text("import shop_backend\n", "utf-8")
    done = command(guarded, *words, *NAMES)
    assert (done.code, done.out, fact in done.err) == (2, "", True), done.err


def test_fix_rewrites_what_is_certain_and_undo_takes_it_back(
    guarded: Path, command: Command
) -> None:
    refused = command(guarded, "check", "--fix", *NAMES)
    assert (refused.code, "uncommitted" in refused.err) == (4, True)
    done = command(guarded, "check", "--fix", "--allow-dirty", *NAMES)
    assert (done.code, "1 new" in done.out) == (1, True)
    fixed = "from shop.backend.core.main import app\n\nNAME = 'shop_backend'\n"
    assert (guarded / "app.py").read_text("utf-8") == fixed
    command(guarded, "undo")
    assert (guarded / "app.py").read_text("utf-8") == NEW["app.py"]


def test_several_outputs_at_once(guarded: Path, command: Command) -> None:
    outputs = ("--output", "a.sarif", "--output", "b.xml", "--output", "gitlab=c.json")
    done = command(guarded, "check", *outputs, *NAMES)
    assert (done.code, "app.py:1:6" in done.out) == (1, True)
    assert len(json.loads((guarded / "a.sarif").read_text("utf-8"))["runs"][0]["results"]) == 2
    assert ElementTree.parse(guarded / "b.xml").getroot().tag in {"testsuite", "testsuites"}
    assert len(json.loads((guarded / "c.json").read_text("utf-8"))) == 2


def test_a_baseline_is_needed_and_must_be_one(guarded: Path, command: Command) -> None:
    (guarded / BASELINE).write_text("<<<<<<< ours\n{}\n", "utf-8")
    broken = command(guarded, "check", *NAMES)
    assert (broken.code, "--prune" in broken.err, broken.out) == (2, True, "")
    (guarded / BASELINE).unlink()
    missing = command(guarded, "check", *NAMES)
    assert (missing.code, "there is no baseline" in missing.err) == (2, True)
    assert command(guarded, "check", "--since", "HEAD", *NAMES).code == 1


def test_the_baseline_turns_one_way(guarded: Path, command: Command) -> None:
    grown = command(guarded, "check", "--update-baseline", *NAMES)
    assert (grown.code, "would grow by 2" in grown.err) == (4, True)
    allowed = command(guarded, "check", "--update-baseline", "--allow-growth", *NAMES)
    assert (allowed.code, "+2/-0" in allowed.out) == (0, True)
    (guarded / "app.py").write_text("x = 1\n", "utf-8")
    assert command(guarded, "check", *NAMES).code == 0
    strict = command(guarded, "check", "--strict", *NAMES)
    assert (strict.code, strict.out.count("stale-entry")) == (1, 2)
    pruned = command(guarded, "check", "--prune", "--format", "json", *NAMES)
    assert [one["text"] for one in document(pruned.out)["removed"]] == [
        "shop_backend.main",
        "shop_backend",
    ]
    assert command(guarded, "check", "--strict", *NAMES).code == 0


def test_max_needs_no_baseline(guarded: Path, command: Command) -> None:
    (guarded / BASELINE).unlink()
    few = command(guarded, "check", "--max", "5", *NAMES)
    assert (few.code, "6 left, 5 allowed" in few.out) == (1, True)
    enough = command(guarded, "check", "--max", "6", *NAMES)
    assert (enough.code, "app.py" in enough.out) == (0, False)


@pytest.mark.parametrize(
    "options",
    [
        ("--max", "0", "--strict"),
        ("--max", "0", "--since", "HEAD"),
        ("--update-baseline", "--prune"),
        ("--update-baseline", "app.py"),
        ("--prune", "--staged"),
        ("--fix", "--staged"),
        ("--allow-growth",),
        ("--strict", "--since", "HEAD"),
        ("--since", "nowhere"),
        ("--max", "-1"),
        ("--format", "yaml"),
        ("nowhere.py",),
        ("--baseline", "../outside.json"),
    ],
)
def test_what_cannot_be_meant_is_said(
    options: tuple[str, ...], guarded: Path, command: Command
) -> None:
    done = command(guarded, "check", *options, *NAMES)
    assert (done.code, done.out) == (2, "")
    assert len(done.err.splitlines()) >= 2


def test_only_what_is_staged(guarded: Path, command: Command, git: Git) -> None:
    assert command(guarded, "check", "--staged", *NAMES).code == 1
    git(guarded, "reset", "-q", "app.py")
    assert command(guarded, "check", "--staged", *NAMES).code == 0


def test_the_first_commit_can_be_checked(shop: Shop, command: Command, git: Git) -> None:
    root = shop(commit=False)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    assert command(root, "check", "--update-baseline", *NAMES).code == 0
    git(root, "add", "-A")
    done = command(root, "check", "--staged", *NAMES)
    assert (done.code, "0 new" in done.out) == (0, True)


def test_a_file_that_cannot_be_read_is_a_finding(guarded: Path, command: Command) -> None:
    (guarded / "app.py").write_bytes(b"# caf\xe9 shop_backend\n")
    done = command(guarded, "check", *NAMES)
    assert (done.code, "unread-file" in done.out) == (1, True)


def test_two_branches_take_out_different_things(shop: Shop, command: Command, git: Git) -> None:
    files = {f"m{n}.py": "import shop_backend.api\n" for n in range(9)}
    root = shop(files)
    command(root, "check", "--update-baseline", *NAMES)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "baseline")
    for branch, name in (("one", "m1.py"), ("two", "m6.py")):
        git(root, "checkout", "-q", "-b", branch, "main")
        (root / name).write_text("x = 1\n", "utf-8")
        assert command(root, "check", "--update-baseline", *NAMES).code == 0
        git(root, "commit", "-q", "-a", "-m", branch)
    git(root, "merge", "-q", "--no-edit", "one")
    done = command(root, "check", "--strict", *NAMES)
    assert (done.code, "0 new, 11 known" in done.out) == (0, True)
