"""Where the change of each commit since the split is."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.merging.past import MOVE, Past, code
from unify_backend.merging.content_parts import parts_of
from unify_backend.merging.fork_points import trace
from unify_backend.merging.ledger import ledger_of
from unify_backend.merging.pairing import pairs_of
from unify_backend.model.ledger import Ledger, LedgerEntry
from unify_backend.model.tree_diff import Side
from unify_backend.names.table import NameTable
from unify_backend.repository.files import Repository
from unify_backend.repository.git.stored import revision
from unify_backend.repository.history import History
from unify_backend.repository.snapshot import Snapshot

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "ledger.yml").read_text("utf-8")
)
TABLE = NameTable([MOVE])


@pytest.fixture
def past(tmp_path: Path) -> Past:
    return Past(tmp_path / "repo")


def ledger(past: Past, since: str | None = None) -> Ledger:
    """The ledger of a repository now; of the commits up to `since`."""
    contents = Snapshot(Repository.discover(past.root))
    before = revision(past.root, since) if since else contents
    [pairing] = pairs_of(before, [MOVE])
    history = past.history(since)
    assert isinstance(history, History)
    found = trace(history, before, pairing, TABLE, edits=True)
    return ledger_of(found, history.blobs, contents, TABLE)


def shown(entry: LedgerEntry) -> str:
    """`legacy partly 1/2`, with the subject of the commit that took it away."""
    counted = entry.counted
    by = f" by {entry.gone_with.subject}" if entry.gone_with else ""
    return f"{entry.side.value} {entry.place.value} {counted.there}/{counted.parts}{by}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_case(past: Past, case: dict[str, Any]) -> None:
    path = case.get("path", "shop.py")
    past.legacy("Begin", {path: case["base"], "core.py": code("core"), "till.py": code("till")})
    past.copy()
    for number, step in enumerate(case["commits"], 1):
        tree = "old_shop" if step["in"] == "legacy" else "acme/shop"
        past.commit(str(number), {f"{tree}/{step.get('path', path)}": step["text"]})
    assert [shown(entry) for entry in ledger(past).entries] == case["ledger"]


def test_a_commit_of_both_copies_is_an_entry_of_each(past: Past) -> None:
    past.legacy("Begin", {"core.py": code("core"), "till.py": code("till")})
    past.copy()
    both = {
        "old_shop/core.py": code("core", f1=7),
        "acme/shop/core.py": code("core", "acme.shop", f1=7),
    }
    past.commit("Both", both)
    assert [shown(entry) for entry in ledger(past).entries] == [
        "legacy there 1/1",
        "canonical there 1/1",
    ]


def test_what_a_merge_brought_is_there(past: Past) -> None:
    """The commits up to a state, held against a later one in which the legacy tree is gone."""
    past.legacy("Begin", {"core.py": code("core"), "till.py": code("till")})
    past.copy()
    past.legacy("Fix", {"core.py": code("core", f1=7)})
    past.canonical("Other", {"till.py": code("till", f2=8)})
    before = past.canonical("Lost", {"till.py": code("till", f2=8, f9=9)})
    past.git("rm", "-q", "-r", "old_shop")
    past.canonical("Merged", {"core.py": code("core", f1=7), "till.py": code("till", f2=8)})
    now = ledger(past, before)
    assert [shown(entry) for entry in now.entries] == [
        "legacy there 1/1",
        "canonical missing 0/1",
        "canonical here 0/1",
    ]


def test_the_commits_that_one_took_away_are_counted(past: Past) -> None:
    names = ("core", "till", "cart")
    past.legacy("Begin", {f"{name}.py": code(name) for name in names})
    past.copy()
    for name in names:
        past.canonical(f"Fix {name}", {f"{name}.py": code(name, f3=33)})
    past.canonical("Copied over", {f"{name}.py": code(name) for name in names})
    assert [(commit.subject, number) for commit, number in ledger(past).takers()] == [
        ("Copied over", 3)
    ]


def test_a_file_that_both_copies_lost_keeps_its_commits(past: Past) -> None:
    past.legacy("Begin", {"core.py": code("core"), "till.py": code("till")})
    past.copy()
    past.legacy("Fix", {"core.py": code("core", f1=7)})
    past.commit("Gone", {"old_shop/core.py": None, "acme/shop/core.py": None})
    legacy = ledger(past).of(Side.LEGACY)
    assert [(entry.commit.subject, entry.place.value) for entry in legacy] == [
        ("Gone", "there"),
        ("Fix", "missing"),
    ]


def test_a_file_that_moved_in_its_copy_is_no_deletion(past: Past) -> None:
    past.legacy("Begin", {"core.py": code("core"), "till.py": code("till")})
    past.copy()
    past.git("mv", "old_shop/till.py", "old_shop/desk.py")
    past.commit("Move")
    past.legacy("Fix", {"desk.py": code("till", f1=7)})
    past.canonical("Fix there", {"till.py": code("till", f1=7)})
    assert [shown(entry) for entry in ledger(past).entries] == [
        "legacy there 1/1",
        "legacy there 0/0",
        "canonical there 1/1",
    ]


def test_code_that_a_commit_moved_to_another_file_is_not_its_change(past: Past) -> None:
    past.legacy("Begin", {"core.py": code("core"), "till.py": code("till")})
    past.copy()
    whole = code("till")
    half = whole.index("def till_6")
    past.canonical("Split", {"till.py": whole[:half], "more.py": "import json\n\n" + whole[half:]})
    assert [shown(entry) for entry in ledger(past).entries] == ["canonical here 0/1"]


def test_what_was_gone_before_the_split_is_no_change_since(past: Past) -> None:
    past.legacy("Begin", {"core.py": code("core"), "till.py": code("till"), "old.py": code("old")})
    past.legacy("Edit", {"old.py": code("old", f1=7)})
    past.commit("Gone", {"old_shop/old.py": None})
    past.copy()
    past.legacy("Fix", {"core.py": code("core", f1=7)})
    assert [shown(entry) for entry in ledger(past).entries] == ["legacy here 0/1"]


@pytest.mark.parametrize(
    ("path", "one", "other", "same"),
    [
        ("a.py", "x = f(1,\n      2)\n", "x = f(1, 2)\n", True),
        ("a.py", "x = 'a'\n", 'x = "a"\n', True),
        ("a.py", "if a: b()\n", "if a:\n    b()\n", True),
        ("a.py", "import b, a\n", "import a\nimport b\n", True),
        ("a.py", "import old_shop.core\n", "import acme.shop.core\n", True),
        ("a.py", "# one\nx = 1\n", "x = 1  # one\n", True),
        ("a.py", "x = 1\n", "x = 2\n", False),
        ("a.py", "x = (a + b) * c\n", "x = a + b * c\n", False),
        ("a.py", "def f():\n    x = 1\n", "def f(): pass\nx = 1\n", False),
        ("a.py", "# one\n", "# two\n", False),
        (
            "a.py",
            "try:\n    a()\nexcept B:\n    c()\n",
            "try:\n    a()\nexcept D:\n    c()\n",
            False,
        ),
        ("a.json", '{"a": 1,\n"b": 2}\n', '{"a": 1,\n  "b": 2}\n', True),
        ("a.json", '{"a": 1}\n', '{"a": 2}\n', False),
        ("a.md", "One two.\nThree.\n", "One\ntwo. Three.\n", True),
        ("a.bin", "\0\1", "\0\2", False),
    ],
)
def test_parts_do_not_depend_on_layout(path: str, one: str, other: str, same: bool) -> None:
    parts = [parts_of(text.encode(), path, TABLE) for text in (one, other)]
    assert (parts[0] == parts[1]) is same
