"""`diff --commits` and `check --copies` as people and hooks run them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.support import Command, Git, document

FILE = "pixsim7/backend/main/domain/enums.py"
COPY = "pixsim7_backend/domain/enums.py"


def test_the_ledger_of_the_bundled_repository(pixsim7: Path, command: Command) -> None:
    done = command(pixsim7, "diff", "--commits")
    assert done.code == 0
    assert "3 commits changed pixsim7_backend/ (legacy)" in done.out
    assert "9 commits changed pixsim7/backend/main/ (canonical)" in done.out
    assert max(map(len, done.out.splitlines())) <= 80
    [package] = document(command(pixsim7, "diff", "--commits", "--format", "json").out)["packages"]
    ledger = package["ledger"]
    assert sum(ledger["totals"].values()) == len(ledger["commits"]) == 12
    hashes = [
        {commit["hash"] for commit in package[f"{side}_commits"]}
        for side in ("legacy", "canonical")
    ]
    assert [
        {entry["commit"]["hash"] for entry in ledger["commits"] if entry["side"] == side}
        for side in ("legacy", "canonical")
    ] == hashes


def test_without_the_option_there_is_no_ledger(pixsim7: Path, command: Command) -> None:
    [package] = document(command(pixsim7, "diff", "--format", "json").out)["packages"]
    assert package["ledger"] is None


def test_the_ledger_of_one_file(pixsim7: Path, command: Command) -> None:
    done = command(pixsim7, "diff", "--commits", "pixsim7_backend/domain/asset.py")
    assert "2 commits" in done.out
    wrong = command(pixsim7, "diff", "--commits", "docs/none.md")
    assert (wrong.code, "in neither tree" in wrong.err) == (2, True)


def test_after_a_merge_every_commit_is_there(pixsim7: Path, command: Command, git: Git) -> None:
    command(pixsim7, "merge", "--prefer", "legacy")
    git(pixsim7, "add", "-A")
    git(pixsim7, "commit", "-q", "-m", "Merged")
    [package] = document(command(pixsim7, "diff", "--commits", "--format", "json").out)["packages"]
    legacy = [entry for entry in package["ledger"]["commits"] if entry["side"] == "legacy"]
    assert {entry["place"] for entry in legacy} == {"there"}


@pytest.fixture
def changed(pixsim7: Path) -> Path:
    """A change of one copy."""
    file = pixsim7 / FILE
    file.write_bytes(file.read_bytes() + b"\n\nMOST_THINGS_AT_ONCE = 3\n")
    return pixsim7


@pytest.mark.parametrize("format", ["text", "json", "github", "sarif", "gitlab", "rdjson", "junit"])
def test_every_format_has_the_finding(changed: Path, command: Command, format: str) -> None:
    done = command(changed, "check", "--copies", "--format", format)
    assert done.code == 1
    assert "one-sided-change" in done.out
    assert COPY in done.out


def test_json_of_the_copies_keeps_its_contract(changed: Path, command: Command) -> None:
    found = document(command(changed, "check", "--copies", "--format", "json").out)
    assert [(one["path"], one["rule"]) for one in found["new"]] == [(FILE, "one-sided-change")]
    assert (found["scope"], found["files"], found["opted_out"]) == ("changed", 1, 0)


def test_the_same_change_in_both_passes(changed: Path, command: Command) -> None:
    file = changed / COPY
    file.write_bytes(file.read_bytes() + b"\nMOST_THINGS_AT_ONCE  =  3\n")
    assert command(changed, "check", "--copies").code == 0


def test_a_merge_passes(pixsim7: Path, command: Command, git: Git) -> None:
    """It brings what the other copy has; and once the shim is there, there is one package."""
    command(pixsim7, "merge", "--prefer", "canonical")
    git(pixsim7, "add", "-A")
    assert command(pixsim7, "check", "--copies", "--staged").code == 0
    assert command(pixsim7, "rewrite", "--allow-dirty").code == 0
    assert command(pixsim7, "shim", "--prefer", "canonical", "--allow-dirty").code == 0
    git(pixsim7, "add", "-A")
    assert command(pixsim7, "check", "--copies", "--staged").code == 0


@pytest.mark.parametrize(("message", "code"), [("One-copy: a reason", 0), ("Nothing", 1)])
def test_the_message_of_the_commit_says_why(
    changed: Path, command: Command, git: Git, tmp_path: Path, message: str, code: int
) -> None:
    git(changed, "add", "-A")
    file = tmp_path / "COMMIT_EDITMSG"
    file.write_text(f"Fix\n\n{message}\n", "utf-8")
    done = command(changed, "check", "--copies", "--staged", "--message", str(file))
    assert done.code == code


@pytest.mark.parametrize(
    "options",
    [
        ["--copies", "--max", "0"],
        ["--copies", "--update-baseline"],
        ["--copies", "--fix"],
        ["--message", "x", "--max", "0"],
        ["--copies", "--message", "no/such/file"],
        ["--copies", "--since", "no-such-revision"],
    ],
)
def test_what_cannot_be_meant_is_refused(
    pixsim7: Path, command: Command, options: list[str]
) -> None:
    assert command(pixsim7, "check", *options).code == 2


def test_copies_need_git(shop_without_git: Path, command: Command) -> None:
    done = command(
        shop_without_git, "check", "--copies", "--legacy", "old", "--canonical", "acme.old"
    )
    assert (done.code, "--copies needs git" in done.err) == (2, True)


@pytest.fixture
def shop_without_git(tmp_path: Path) -> Path:
    for path in ("old/__init__.py", "acme/__init__.py", "acme/old/__init__.py"):
        place = tmp_path / "plain" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("", "utf-8")
    return tmp_path / "plain"
