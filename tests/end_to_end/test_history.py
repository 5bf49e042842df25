"""`unify-backend history` as a person runs it."""

import json
import os
from pathlib import Path

import pytest

from tests.end_to_end.support import CASE, NAMES, Command, Git, Shop, document


@pytest.fixture
def grown(shop: Shop, git: Git) -> Path:
    """A repository whose legacy name is used more, then less."""
    root = shop({"a.md": "see shop_backend\n"})
    for n, text in enumerate(
        ("shop_backend shop_backend\n", "shop_backend shop_backend\n!", "gone\n")
    ):
        (root / "a.md").write_text(text)
        git(root, "commit", "-q", "-a", "-m", f"Step {n}")
    return root


def test_the_bundled_repository(command: Command, built: Path) -> None:
    ran = command(built, "history", "--no-cache")
    assert ran.code == 0, ran.err
    listed = document(command(built, "inventory", "--format", "json").out)
    total = listed["totals"]["tree"]["legacy"]
    assert f"pixsim7_backend: {total:,} references" in ran.out
    assert "█ legacy tree" in ran.out
    assert all(len(line) <= 80 for line in ran.out.splitlines())
    counted = document(command(built, "history", "--no-cache", "--format", "json").out)
    assert counted["points"][-1]["total"] == total
    assert counted["points"][-1]["area"] == listed["totals"]["area"]


def test_the_page_shows_what_the_command_says(command: Command, built: Path) -> None:
    page = (CASE.parents[2] / "docs" / "commands" / "history.md").read_text("utf-8")
    example = page.partition("$ unify-backend history\n")[2].partition("\n\nThe table")[0]
    lines = command(built, "history", "--no-cache").out.splitlines()
    printed = {line.strip() for line in lines}
    shown = [line.strip() for line in example.splitlines()]
    assert len(shown) > 15
    assert [line for line in shown if line not in printed and line != "…"] == []


def test_only_changes_are_listed_unless_all_are_asked_for(command: Command, grown: Path) -> None:
    ran = command(grown, "history", *NAMES)
    assert ran.code == 0
    assert "Step 0" in ran.out
    assert "Step 1" not in ran.out
    assert "−2" in ran.out
    assert "1 commit left it" in ran.out
    assert "Step 1" in command(grown, "history", *NAMES, "--verbose").out


def test_ranges_and_limits(command: Command, grown: Path) -> None:
    def totals(*arguments: str) -> list[int]:
        ran = command(grown, "history", *NAMES, "--format", "json", *arguments)
        assert ran.code == 0, ran.err
        return [one["total"] for one in document(ran.out)["points"]]

    assert totals() == [2, 3, 3, 1]
    assert totals("HEAD~2..HEAD") == [3, 1]
    assert totals("--limit", "1") == [1]
    assert totals("HEAD", "--limit", "3", "--all-parents") == [3, 3, 1]
    assert totals("HEAD..HEAD") == []


def test_the_cache_changes_nothing_but_time(command: Command, grown: Path) -> None:
    place = grown / ".git" / "unify-backend" / "history.json"
    asked = ("history", *NAMES, "--format", "json")
    counted = command(grown, *asked, "--no-cache").out
    assert not place.exists()
    assert command(grown, *asked).out == counted
    assert place.is_file()
    assert command(grown, *asked).out == counted
    place.write_bytes(b"\xff not ours")
    assert command(grown, *asked).out == counted
    assert json.loads(place.read_text())["format"] == 1


def test_the_work_tree_stays_as_it_is(command: Command, grown: Path, git: Git) -> None:
    (grown / "a.md").write_text("edited, shop_backend, not committed\n")
    assert (
        document(command(grown, "history", *NAMES, "--format", "json").out)["points"][-1]["total"]
        == 1
    )
    assert git(grown, "status", "--porcelain") == " M a.md\n"


def test_a_plot_beside_the_table(command: Command, grown: Path, tmp_path: Path) -> None:
    ran = command(grown, "history", *NAMES, "--svg", str(tmp_path / "plot.svg"))
    assert ran.code == 0
    assert "Step 0" in ran.out
    assert (tmp_path / "plot.svg").read_text("utf-8").startswith("<svg ")
    failed = command(grown, "history", *NAMES, "--svg", str(tmp_path / "no" / "plot.svg"))
    assert failed.code == 2
    assert "cannot be written" in failed.err


@pytest.mark.skipif(os.name != "posix", reason="the console's letters are told by the locale")
def test_a_console_without_blocks_gets_letters(
    command: Command, grown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("LC_ALL", "POSIX"), ("PYTHONCOERCECLOCALE", "0"), ("PYTHONUTF8", "0")):
        monkeypatch.setenv(name, value)
    ran = command(grown, "history", *NAMES)
    assert "# legacy tree   = canonical tree   . elsewhere" in ran.out
    assert "█" not in ran.out


def test_what_cannot_be_counted_is_said(command: Command, shop: Shop, git: Git) -> None:
    root = shop(commit=False)
    without = command(root, "history", *NAMES)
    assert (without.code, without.out) == (2, "")
    assert "there is no history" in without.err
    git(root, "init", "-q")
    unborn = command(root, "history", *NAMES)
    assert unborn.code == 2
    git(root, "add", "-A")
    unborn = command(root, "history", *NAMES)
    assert unborn.code == 2
    assert "nothing is committed yet" in unborn.err
    git(root, "commit", "-q", "-m", "All")
    wrong = command(root, "history", "v9..main", *NAMES)
    assert wrong.code == 2
    assert "'v9..main' is no range of commits here" in wrong.err


def test_an_empty_range_is_no_mistake(command: Command, grown: Path) -> None:
    ran = command(grown, "history", "HEAD..HEAD", *NAMES, "--svg", "plot.svg")
    assert ran.code == 0
    assert "no commits in HEAD..HEAD" in ran.out


def test_a_name_that_is_nowhere_is_asked_about(command: Command, grown: Path) -> None:
    ran = command(grown, "history", "--legacy", "shop_backed", "--canonical", "shop.backend.core")
    assert "is the legacy name right?" in ran.err
