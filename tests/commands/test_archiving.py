"""Archive: what moves, what follows, what refuses; byte for byte, and back again."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.commands.repositories import MOVES, Repo, made
from unify_backend.cli.archive import wish_of
from unify_backend.commands.archive.index import entries_of, extended, row
from unify_backend.commands.archive.plan import carry_out, check_unused, plan
from unify_backend.model.archiving import ArchivePlan, ArchiveRequest
from unify_backend.model.errors import Refused, UnifyError
from unify_backend.model.settings import Settings
from unify_backend.repository.files import Repository
from unify_backend.repository.journal.undo import undo
from unify_backend.repository.paths import shown
from unify_backend.repository.snapshot import Snapshot

CASES = Path(__file__).parents[2] / "fixtures" / "archive"
DAY = date(2025, 11, 28)
Case = Mapping[str, Any]


def cases(name: str) -> list[Any]:
    found = yaml.safe_load((CASES / f"{name}.yml").read_text("utf-8"))
    assert all(one["why"] for one in found)
    return [pytest.param(one, id=one["name"]) for one in found]


def contents(root: Path) -> dict[str, bytes]:
    """Every file of the work tree by its path."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".git/" not in path.relative_to(root).as_posix()
    }


def planned(repo: Repo, case: Case, paths: str = "archive") -> tuple[Snapshot, ArchivePlan]:
    snapshot = Snapshot(Repository.discover(repo.root))
    wish = wish_of(
        snapshot,
        case[paths],
        case.get("to", "attic"),
        "no longer needed",
        case.get("as"),
        DAY.isoformat(),
        case.get("force", False),
    )
    settings = Settings(MOVES if case.get("configured") else ())
    return snapshot, plan(snapshot, settings, wish)


@pytest.mark.parametrize("case", cases("references"))
def test_references(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = made(tmp_path / "repo", case["files"])
    monkeypatch.chdir(repo.root)
    before = contents(repo.root)
    snapshot, done = planned(repo, case)
    assert [f"{one.path}:{one.line}" for one in done.uses] == case.get("uses", [])
    assert [f"{one.path}:{one.start.line} {one.text}" for one in done.left] == case.get("left", [])
    assert done.history == case.get("history", 0)
    found = sorted(f"{one.path}:{one.line}" for one in done.outward)
    assert found == case.get("outward", [])
    assert not done.refused
    if done.blocked:
        with pytest.raises(Refused, match="would break"):
            check_unused(done)
        return
    check_unused(done)
    carry_out(snapshot, done, allow_dirty=False)
    expected = {
        **{path: data for path, data in before.items() if path != "attic/INDEX.md"},
        **{path: text.encode() for path, text in case.get("changed", {}).items()},
    }
    for one in done.moved:
        for file in one.files:
            expected[one.place_of(file)] = expected.pop(file)
    after = contents(repo.root)
    index = after.pop("attic/INDEX.md")
    assert after == expected
    assert {one.path for one in done.moved} <= {
        one.path for one in entries_of("attic/INDEX.md", index.decode())
    }
    if case.get("index"):
        assert all(line in index.splitlines() for line in before["attic/INDEX.md"].splitlines())
    undo(Repository.discover(repo.root))
    assert contents(repo.root) == before
    assert not (repo.root / "attic").exists() or "attic/INDEX.md" in before


@pytest.mark.parametrize("case", cases("refusals"))
def test_refusals(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    files = {
        "lab/one.py": "x = 1\n",
        "lab/deep/two.py": "x = 2\n",
        "app/__init__.py": "",
        "shop_backend/a.py": "",
        "old.md": "old\n",
        "kept/old.md": "kept\n",
        ".gitignore": "build/\n",
    }
    if "linked" in case["paths"]:
        if os.name == "nt":
            pytest.skip("links need rights there")
        (tmp_path / "repo" / "linked").mkdir(parents=True)
        (tmp_path / "repo" / "linked" / "to").symlink_to("../old.md")
        (tmp_path / "repo" / "linked").rename(tmp_path / "linked")
        (tmp_path / "repo").rmdir()
    repo = made(tmp_path / "repo", files)
    if "linked" in case["paths"]:
        (tmp_path / "linked").rename(repo.root / "linked")
        repo.commit("a link")
    repo.write({"untracked.txt": "mine\n", "taken/lab": "mine too\n"})
    monkeypatch.chdir(repo.root)
    before = contents(repo.root)
    with pytest.raises(UnifyError) as caught:
        planned(repo, case, "paths")
    told = caught.value
    assert case["words"] in f"{told.fact}; {told.reason}"
    assert told.reason
    assert told.step
    assert contents(repo.root) == before


@pytest.mark.parametrize("case", cases("advice"))
def test_advice(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"lab/one.py": "x = 1\n", "lab/test_one.py": "def test(): pass\n", **case["files"]}
    repo = made(tmp_path / "repo", files)
    monkeypatch.chdir(repo.root)
    _, done = planned(repo, {"archive": ["lab"], "configured": case.get("configured", False)})
    expected = [words.partition(" ") for words in case.get("advice", [])]
    assert [one.topic.value for one in done.advice] == [topic for topic, _, _ in expected]
    for one, (_, _, words) in zip(done.advice, expected, strict=True):
        assert words in one.text


def test_what_git_does_not_track_stays_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = made(tmp_path / "repo", {"lab/one.md": "one\n"})
    repo.write({"lab/mine.txt": "mine\n"})
    monkeypatch.chdir(repo.root)
    snapshot, done = planned(repo, {"archive": ["lab"]})
    assert [one.path for one in done.advice] == ["lab/mine.txt"]
    carry_out(snapshot, done, allow_dirty=False)
    assert (repo.root / "lab" / "mine.txt").read_text() == "mine\n"


def test_an_uncommitted_edit_is_not_moved_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = made(tmp_path / "repo", {"lab/one.md": "one\n"})
    repo.write({"lab/one.md": "edited\n"})
    monkeypatch.chdir(repo.root)
    snapshot, done = planned(repo, {"archive": ["lab"]})
    with pytest.raises(Refused, match="uncommitted"):
        carry_out(snapshot, done, allow_dirty=False)
    assert (repo.root / "lab" / "one.md").read_text() == "edited\n"


@pytest.mark.parametrize("case", cases("index"))
def test_index(case: Case) -> None:
    day, path, reason = case["row"]
    new = row(str(day), path, f"attic/{path}", reason, "none")
    before = case["before"]
    assert extended("attic/INDEX.md", before.encode(), [new]).decode() == case["after"]


def test_an_index_that_is_no_text_is_left_alone() -> None:
    with pytest.raises(Refused, match="no text file"):
        extended("attic/INDEX.md", b"\x00\x01", ["| x |"])


_NAMES = st.text(
    st.characters(exclude_characters="/\0\r\n", exclude_categories=["Cs", "Cc", "Zl", "Zp"]),
    min_size=1,
    max_size=12,
).filter(lambda one: one == one.strip(" `") and not set(one) <= {".", "`"})


@given(
    st.lists(st.tuples(st.dates(), _NAMES, st.text(max_size=20)), min_size=1, max_size=5),
    st.sampled_from([None, b"", b"# Mine\r\n\r\nwords", "Grüße\n".encode()]),
)
def test_an_index_gives_back_what_was_written_and_keeps_what_was_there(
    rows: list[tuple[date, str, str]], before: bytes | None
) -> None:
    data = before
    for day, name, reason in rows:
        new = row(day.isoformat(), f"{name}/", f"attic/{name}/", reason, "none")
        earlier = (data or b"").splitlines()
        data = extended("attic/INDEX.md", data, [new])
        left = data.splitlines()
        assert all(line in left for line in earlier)
    assert data is not None
    found = entries_of("attic/INDEX.md", data.decode())
    wanted = sorted((day.isoformat(), shown(name), f"attic/{shown(name)}") for day, name, _ in rows)
    assert sorted((one.day, one.path, one.target) for one in found) == wanted
    assert [one.day for one in found] == sorted(one.day for one in found)


def test_a_reason_is_needed(tmp_path: Path) -> None:
    repo = made(tmp_path / "repo", {"lab/one.md": "one\n"})
    snapshot = Snapshot(Repository.discover(repo.root))
    with pytest.raises(UnifyError, match="--reason is empty"):
        plan(snapshot, Settings(()), ArchiveRequest(("lab",), "attic", " ", DAY))
