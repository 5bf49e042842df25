"""Ranges of commits and their changes, on real repositories."""

import os
from pathlib import Path

import pytest

from tests.repository.conftest import Commit, Git, fill
from unify_backend.model.errors import RepositoryError
from unify_backend.repository.git.commits import (
    Parents,
    Step,
    commits_of,
    contents_of,
    has_parents,
    steps,
)
from unify_backend.repository.git.run import is_shallow

posix = pytest.mark.skipif(os.name != "posix", reason="links and odd names")


def _subjects(root: Path, spoken: str, parents: Parents = Parents.FIRST) -> list[str]:
    return [commit.subject for commit in commits_of(root, spoken, None, parents)]


def _steps(root: Path, spoken: str, parents: Parents = Parents.FIRST) -> list[Step]:
    commits = commits_of(root, spoken, None, parents)
    return [step for some in steps(root, commits, 2) for step in some]


def _states(actual: list[Step]) -> list[dict[str, str]]:
    """The files after each step, with their contents' hashes."""
    state: dict[str, str] = {}
    states = []
    for step in actual:
        for entry in step.entries:
            state.pop(entry.path, None)
            if entry.blob is not None:
                state[entry.path] = entry.blob
        states.append(dict(state))
    return states


@pytest.fixture
def forked(root: Path, git: Git) -> Path:
    """One, two, a side branch with left and right, its merge, and three."""

    def add(subject: str, **files: str) -> None:
        fill(root, {name: text.encode() for name, text in files.items()})
        git(root, "add", "-A")
        git(root, "commit", "-q", "--allow-empty", "-m", subject)

    add("one", a="1")
    add("two", b="2")
    git(root, "switch", "-q", "-c", "side")
    add("left", c="3")
    add("right", a="4")
    git(root, "switch", "-q", "main")
    add("between", d="5")
    git(root, "merge", "-q", "--no-ff", "-m", "merge", "side")
    git(root, "rm", "-q", "b")
    add("three")
    add("nothing")
    return root


def test_first_parents_leave_side_branches_out(forked: Path) -> None:
    assert _subjects(forked, "main") == ["one", "two", "between", "merge", "three", "nothing"]


def test_all_parents_come_with_them_before_the_merge(forked: Path) -> None:
    actual = _subjects(forked, "main", Parents.ALL)
    assert sorted(actual[2:5]) == ["between", "left", "right"]
    assert actual[5:] == ["merge", "three", "nothing"]


def test_ranges_and_limits_are_gits(forked: Path) -> None:
    assert _subjects(forked, "main~2..main") == ["three", "nothing"]
    assert _subjects(forked, "main..side") == []
    limited = commits_of(forked, "main", 2, Parents.FIRST)
    assert [commit.subject for commit in limited] == ["three", "nothing"]


@pytest.mark.parametrize("parents", Parents)
def test_the_changes_lead_from_tree_to_tree(forked: Path, git: Git, parents: Parents) -> None:
    actual = _steps(forked, "main", parents)
    for step, state in zip(actual, _states(actual), strict=True):
        text = git(forked, "ls-tree", "-r", "--format=%(path) %(objectname)", step.commit.hash)
        assert state == dict(line.split(" ") for line in text.decode().splitlines())


def test_a_range_begins_with_all_that_its_first_commit_holds(forked: Path) -> None:
    first = _steps(forked, "main~1..main")[0]
    assert {entry.path for entry in first.entries} == {"a", "c", "d"}


def test_a_moved_file_goes_and_comes_with_one_content(root: Path, git: Git, commit: Commit) -> None:
    fill(root, {"old/a.py": b"text\n" * 20})
    commit(root)
    git(root, "mv", "old", "new")
    commit(root)
    came, removed = sorted(_steps(root, "HEAD")[1].entries, key=lambda step: step.blob is None)
    assert (came.path, removed.path, removed.blob) == ("new/a.py", "old/a.py", None)
    assert came.blob == _states(_steps(root, "HEAD"))[0]["old/a.py"]


@posix
def test_links_and_submodules_are_no_files(root: Path, git: Git, commit: Commit) -> None:
    fill(root, {"a.py": b"1", "was.py": b"2"})
    (root / "link").symlink_to("a.py")
    commit(root)
    head = git(root, "rev-parse", "HEAD").decode().strip()
    (root / "was.py").unlink()
    (root / "was.py").symlink_to("a.py")
    git(root, "add", "-A")
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{head},sub")
    git(root, "commit", "-q", "-m", "link and submodule")
    assert [sorted(state) for state in _states(_steps(root, "HEAD"))] == [
        ["a.py", "was.py"],
        ["a.py"],
    ]


@posix
def test_odd_names_and_subjects_are_read(root: Path, git: Git) -> None:
    odd = os.fsdecode(b"caf\xe9\n.py")
    fill(root, {odd: b"1", "ü b.py": b"2"})
    git(root, "add", "-A")
    tree = git(root, "write-tree").decode().strip()
    raw = (
        f"tree {tree}\nauthor J\xfcrgen <j@example.org> 1700000000 +0100\n"
        "committer J <j@example.org> 1700000100 +0100\n\nGr\xfc\xdfe\n"
    ).encode("latin-1")
    name = git(root, "hash-object", "-t", "commit", "-w", "--stdin", stdin=raw).decode().strip()
    (actual,) = _steps(root, name)
    assert {entry.path for entry in actual.entries} == {odd, "ü b.py"}
    assert (actual.commit.author, actual.commit.subject) == ("J�rgen", "Gr��e")
    assert actual.commit.date == "2023-11-14T22:15:00Z"


@pytest.mark.parametrize(
    ("seconds", "date"),
    [("0", "1970-01-01T00:00:00Z"), ("999999999999999", "9999-12-31T23:59:59Z")],
)
def test_impossible_dates_are_near_possible_ones(
    root: Path, git: Git, seconds: str, date: str
) -> None:
    tree = git(root, "write-tree").decode().strip()
    who = f"J <j@example.org> {seconds} +0000"
    raw = f"tree {tree}\nauthor {who}\ncommitter {who}\n\n\n".encode()
    created = git(root, "hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=raw)
    (actual,) = commits_of(root, created.decode().strip(), None, Parents.FIRST)
    assert actual.subject == ""
    assert actual.date == date


@pytest.mark.parametrize("spoken", ["no-such", "main..no-such", "", "--all", "a b"])
def test_what_is_no_range_is_refused(forked: Path, spoken: str) -> None:
    with pytest.raises(RepositoryError) as caught:
        commits_of(forked, spoken, None, Parents.FIRST)
    assert "no range of commits here" in caught.value.fact


def test_contents_come_whole_and_a_missing_one_is_named(
    root: Path, git: Git, commit: Commit
) -> None:
    fill(root, {"a.py": b"one\n", "b.bin": b"\0\xff"})
    commit(root)
    state = _states(_steps(root, "HEAD"))[0]
    requested = {blob: path for path, blob in state.items()}
    assert dict(contents_of(root, requested)) == {
        state["a.py"]: b"one\n",
        state["b.bin"]: b"\0\xff",
    }
    assert list(contents_of(root, {})) == []
    with pytest.raises(RepositoryError) as caught:
        list(contents_of(root, {**requested, "1" * 40: "docs/lost.md"}))
    assert "docs/lost.md" in caught.value.fact
    assert "fsck" in caught.value.step


def test_large_contents_are_read_a_few_at_a_time(
    root: Path, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unify_backend.repository.git.commits._TOGETHER", 10)
    fill(root, {f"{n}.txt": str(n).encode() * (4 + n) for n in range(6)})
    commit(root)
    state = _states(_steps(root, "HEAD"))[0]
    actual = dict(contents_of(root, {blob: path for path, blob in state.items()}))
    assert actual == {state[f"{n}.txt"]: str(n).encode() * (4 + n) for n in range(6)}


def test_a_shallow_clone_and_a_partial_one_say_so(forked: Path, git: Git, tmp_path: Path) -> None:
    git(forked, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--depth", "2", forked.as_uri(), "shallow")
    shallow = tmp_path / "shallow"
    commits = commits_of(shallow, "HEAD", None, Parents.FIRST)
    assert [commit.subject for commit in commits] == ["three", "nothing"]
    assert is_shallow(shallow)
    assert not has_parents(shallow, commits[0])
    assert has_parents(shallow, commits[1])
    with pytest.raises(RepositoryError, match="shallow"):
        commits_of(shallow, "HEAD~4..HEAD", None, Parents.FIRST)
    git(tmp_path, "clone", "-q", "--filter=blob:none", "--no-checkout", forked.as_uri(), "partial")
    forked.rename(tmp_path / "out-of-reach")
    partial = tmp_path / "partial"
    state = _states(_steps(partial, "HEAD"))[-1]
    with pytest.raises(RepositoryError) as caught:
        list(contents_of(partial, {blob: path for path, blob in state.items()}))
    assert "partial clone" in caught.value.reason
    assert "--refetch" in caught.value.step
