"""Symbolic links into a package, and in it, from the inventory to the last check."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.end_to_end.support import Command, Git, document

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="symbolic links")

NAMES = ("--legacy", "lamp", "--canonical", "acme.light")
FILES = ("lamp/__init__.py", "lamp/on.py", "lamp/conf/base.yaml", "lampshade/a.py", "use.py")
LINKS = {
    "bin/on": "../lamp/on.py",
    "current": "lamp",
    "etc/conf": "../lamp/conf",
    "lamp/conf/inner": "../on.py",
    "lamp/use.py": "../use.py",
    "lamps": "lampshade",
    "out": "/nowhere/lamp",
}
INTO = {"bin/on": "../acme/light/on.py", "current": "acme/light", "etc/conf": "../acme/light/conf"}


@pytest.fixture
def linked(tmp_path: Path, git: Git) -> Path:
    root = tmp_path / "there"
    for path in FILES:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("", "utf-8")
    for path, target in LINKS.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).symlink_to(target)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "All")
    return root


def found(done_out: str) -> dict[str, str | None]:
    references = document(done_out)["references"]
    return {place["path"]: place["replacement"] for place in references if place["form"] == "link"}


def test_inventory_and_explain_tell_of_links(linked: Path, command: Command) -> None:
    listed = command(linked, "inventory", *NAMES, "--format", "json")
    assert found(listed.out) == {**INTO, "lamp/use.py": "../../use.py"}
    explained = command(linked, "inventory", *NAMES, "--explain", "bin/on")
    assert "[link-target]" in explained.out
    assert "let it lead to ../acme/light/on.py" in explained.out
    assert 'action = "keep"' in explained.out


def test_check_fails_as_long_as_a_link_leads_to_the_old_place(
    linked: Path, command: Command, git: Git
) -> None:
    done = command(linked, "check", "--max", "0", *NAMES)
    assert (done.code, "3 left" in done.out) == (1, True)
    merged = command(linked, "merge", *NAMES)
    assert merged.code == 3
    assert "lamp/conf/inner: a symbolic link to ../on.py in the package, not moved" in merged.out
    git(linked, "add", "-A")
    git(linked, "commit", "-q", "-m", "Merged")
    done = command(linked, "check", "--max", "0", *NAMES)
    assert (done.code, "5 left" in done.out) == (1, True), done.out  # and the two in the old folder
    for path, target in INTO.items():
        (linked / path).unlink()
        (linked / path).symlink_to(target)
    for path, target in (("conf/inner", "../on.py"), ("use.py", "../../use.py")):
        (linked / "lamp" / path).unlink()
        (linked / "acme/light" / path).symlink_to(target)
    git(linked, "add", "-A")
    assert command(linked, "check", "--max", "0", *NAMES).code == 0
    assert all((linked / path).exists() for path in INTO)


def test_a_change_that_adds_a_link_is_found_in_every_scope(
    linked: Path, command: Command, git: Git
) -> None:
    assert command(linked, "check", "--update-baseline", *NAMES).code == 0
    git(linked, "add", "-A")
    git(linked, "commit", "-q", "-m", "Baseline")
    assert command(linked, "check", *NAMES).code == 0
    (linked / "new").symlink_to("lamp/on.py")
    git(linked, "add", "-A")
    for scope in ((), ("--staged",), ("--since", "HEAD"), ("new",)):
        done = command(linked, "check", *scope, *NAMES)
        assert (done.code, "new:1:1" in done.out) == (1, True), scope
    assert command(linked, "check", "bin/on", *NAMES).code == 0
    git(linked, "rm", "-q", "-f", "new", "current")
    assert "1 entries of the baseline are gone" in command(linked, "check", *NAMES).out


def test_a_decision_keeps_a_link_and_none_is_written(
    linked: Path, command: Command, git: Git
) -> None:
    (linked / "unify-backend.toml").write_text(
        '[[packages]]\nlegacy = "lamp"\ncanonical = "acme.light"\n\n'
        '[[decisions]]\npath = "current"\naction = "keep"\nreason = "made by the deployment"\n\n'
        '[[decisions]]\npath = "bin/on"\ntext = "../lamp/on.py"\naction = "rewrite"\n',
        "utf-8",
    )
    (linked / "acme").mkdir()
    git(linked, "mv", "lamp", "acme/light")
    git(linked, "add", "-A")
    git(linked, "commit", "-q", "-m", "Decided")
    done = command(linked, "rewrite")
    assert done.code == 3
    assert "bin/on: a symbolic link, which is not written" in done.out
    assert (linked / "bin/on").readlink() == Path("../lamp/on.py")
    assert git(linked, "status", "--porcelain") == ""
    stale = command(linked, "review", "--list")
    assert "there is no such file" not in stale.out
    assert "etc/conf" in stale.out
    assert "current" not in stale.out
