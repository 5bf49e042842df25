"""What git tells about the past of some folders, and contents that are not in the work tree."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.repository.conftest import Commit, Git, fill, posix
from unify_backend.model.errors import RepositoryError
from unify_backend.model.file_source import Skip
from unify_backend.model.history import Commit as Told
from unify_backend.repository.files import Repository
from unify_backend.repository.git import run as asking
from unify_backend.repository.git.stored import Blobs, revision
from unify_backend.repository.git.timeline import Event, Node, Timeline
from unify_backend.repository.history import History, NoHistory, read_history

FOLDERS = ("old", "new/main")
LONG = b"".join(b"line %d of a file that git can tell from others\n" % n for n in range(30))
Names = dict[str, str | None]


def read(root: Path, *folders: str, revision: str | None = None) -> History:
    actual = read_history(Repository.discover(root), folders or FOLDERS, revision)
    assert isinstance(actual, History)
    return actual


def held(timeline: Timeline, rank: int, folders: tuple[str, ...] = FOLDERS) -> Names:
    """The folders' files and blobs at a commit."""
    states = ((path, timeline.state(rank, path)) for path in timeline.paths(folders))
    return {
        path: state.blob
        for path, state in states
        if state and path.startswith(tuple(f"{folder}/" for folder in folders))
    }


def at(root: Path, revision: str) -> Names:
    """The same from git itself."""
    tree = asking.tracked_at(root, revision)
    return {path: blob for path, blob in tree.items() if path.startswith(("old/", "new/main/"))}


def check_all(root: Path) -> None:
    """The timeline holds at every commit what git has there."""
    timeline = read(root).timeline
    hashes = (
        subprocess.run(["git", "rev-list", "HEAD"], cwd=root, capture_output=True, check=True)
        .stdout.decode()
        .split()
    )
    text = [timeline.commit(rank).hash for rank in range(timeline.last + 1)]
    assert sorted(text) == sorted(hashes)
    for rank, name in enumerate(text):
        assert held(timeline, rank) == at(root, name)


@pytest.fixture
def branches(root: Path, git: Git, commit: Commit) -> Path:
    """Branches of every kind: dropped by the merge, taken whole, joined, three at once."""

    def change(files: Mapping[str, bytes | None]) -> None:
        for path, data in files.items():
            if data is None:
                (root / path).unlink()
        fill(root, {path: data for path, data in files.items() if data is not None})
        commit(root)

    change({f"old/{name}.txt": LONG + name.encode() for name in "abcdef"} | {"other": b"x"})
    git(root, "branch", "dropped")
    git(root, "branch", "one")
    git(root, "branch", "two")
    change({"old/a.txt": LONG + b"main", "old/f.txt": None})
    for branch, path in (("dropped", "old/b.txt"), ("one", "old/c.txt"), ("two", "new/main/n")):
        git(root, "switch", "-q", branch)
        change({path: LONG + branch.encode()})
    change({"new/main/late": LONG, "old/d.txt": None})
    git(root, "switch", "-q", "main")
    git(root, "merge", "-q", "-s", "ours", "-m", "ours", "dropped")
    git(root, "merge", "-q", "-m", "octopus", "one", "two")
    git(root, "switch", "-q", "-c", "aside", "HEAD~2")
    git(root, "merge", "-q", "--no-ff", "-m", "the other way round", "main")
    change({"old/a.txt": None, "old/deep/a.txt": LONG + b"moved"})
    git(root, "switch", "-q", "main")
    git(root, "merge", "-q", "--no-ff", "-m", "as it is there", "aside")
    return root


def test_every_commit_holds_what_git_has_there(branches: Path) -> None:
    check_all(branches)


@pytest.mark.parametrize("folders", [FOLDERS, FOLDERS[:1]])
def test_a_persons_settings_change_nothing(
    branches: Path, git: Git, folders: tuple[str, ...]
) -> None:
    before = read(branches, *folders).timeline
    for setting in (
        "log.showSignature=true",
        "log.showRoot=false",
        "log.diffMerges=combined",
        "color.ui=always",
        "core.quotePath=true",
        "diff.renames=copies",
        "diff.noprefix=true",
        "diff.relative=true",
        "diff.renameLimit=1",
        "format.pretty=fuller",
        "log.abbrevCommit=true",
        "log.follow=true",
        "i18n.logOutputEncoding=latin1",
    ):
        git(branches, "config", *setting.split("=", 1))
    after = read(branches, *folders).timeline
    for rank in range(before.last + 1):
        assert after.commit(rank) == before.commit(rank)
        assert held(after, rank) == held(before, rank)


@pytest.mark.parametrize(
    "subject", ["", ":100644 no row", "Größe \U0001f4e6", "a\ttab", "x" * 3000]
)
def test_any_subject(root: Path, git: Git, commit: Commit, subject: str) -> None:
    fill(root, {"old/a": LONG})
    commit(root)
    fill(root, {"old/a": b"changed"})
    git(
        root,
        "commit",
        "-qa",
        "--allow-empty-message",
        "-m",
        subject,
        "--author",
        "Zoë <z@example.org>",
        "--date",
        "2025-11-20T13:46:36+05:30",
    )
    git(root, "commit", "-q", "--allow-empty", "--allow-empty-message", "-m", subject)
    timeline = read(root).timeline
    text = timeline.commit(1)
    assert (text.subject, text.author) == (subject, "Zoë")
    assert text.date == "2025-11-20T13:46:36+05:30"
    assert timeline.last == 2
    check_all(root)


@posix
@pytest.mark.parametrize("name", [b"caf\xe9", b"a\nb", b"\ttab", b'"quoted"', b"*[a]", b":(top)"])
def test_any_name(root: Path, commit: Commit, name: bytes) -> None:
    folder, file = os.fsdecode(b"old/" + name), os.fsdecode(name)
    try:
        fill(root, {f"{folder}/{file}": LONG, "old/else/file": b"x"})
    except OSError:
        pytest.skip("the file system takes UTF-8 names only")
    commit(root)
    timeline = read(root, folder).timeline
    assert list(held(timeline, 0, (folder,))) == [f"{folder}/{file}"]
    assert list(timeline.paths((folder,))) == [f"{folder}/{file}"]


def test_files_are_followed_to_where_they_were(root: Path, git: Git, commit: Commit) -> None:
    fill(root, {f"first/{name}.py": LONG + name.encode() for name in "abc"} | {"top.py": LONG * 2})
    commit(root)
    git(root, "mv", "first", "second")
    commit(root)
    fill(root, {"old/start": b"x"})
    for name in ("second/a.py", "second/b.py", "second/c.py", "top.py"):
        git(root, "mv", name, f"old/{Path(name).name}")
    commit(root)
    timeline = read(root, "old").timeline
    assert sorted(timeline.paths(("first", "old", "second", "top.py"))) == [
        *(f"{folder}/{name}.py" for folder in ("first",) for name in "abc"),
        "old/a.py",
        "old/b.py",
        "old/c.py",
        "old/start",
        "old/top.py",
        *(f"second/{name}.py" for name in "abc"),
        "top.py",
    ]
    event = timeline.event(timeline.last, "old/a.py")
    assert event is not None
    assert event.origin == "second/a.py"


def test_many_files_from_the_top_folder(root: Path, git: Git, commit: Commit) -> None:
    names = [f"m{number}.py" for number in range(160)]
    fill(root, {name: LONG + name.encode() for name in names})
    commit(root)
    fill(root, {"old/start": b"x"})
    git(root, "mv", *names, "old")
    commit(root)
    event = read(root, "old").timeline.event(1, "old/m7.py")
    assert event is not None
    assert event.origin == "m7.py"


def test_what_is_no_regular_file_is_not_there(root: Path, git: Git, commit: Commit) -> None:
    fill(root, {"old/a": LONG, "old/run": b"#!/bin/sh\n"})
    git(root, "add", "-A")
    git(root, "update-index", "--chmod=+x", "old/run")
    git(root, "commit", "-qm", "Begin")
    link = git(root, "hash-object", "-w", "--stdin", stdin=b"run").decode().strip()
    git(root, "update-index", "--cacheinfo", f"120000,{link},old/a")
    git(root, "commit", "-qm", "Link")
    timeline = read(root, revision="HEAD").timeline
    assert timeline.state(0, "old/a") is not None
    assert timeline.state(1, "old/a") is None
    run = timeline.state(1, "old/run")
    assert run is not None
    assert run.executable
    state = revision(root, "HEAD")
    assert [file.path for file in state.listing().files] == ["old/run"]
    assert state.listing().files[0].executable
    assert [(entry.path, entry.why) for entry in state.listing().skipped] == [("old/a", Skip.LINK)]


def test_what_is_not_committed_is_the_newest(root: Path, git: Git, commit: Commit) -> None:
    fill(root, {f"old/{name}": LONG + name.encode() for name in "abc"} | {"else": b"1"})
    commit(root)
    assert read(root).timeline.last == 0
    fill(root, {"else": b"2"})
    assert read(root).timeline.last == 0  # not in the folders
    fill(root, {"old/a": b"edited", "old/new": LONG + b"b", "old/untracked": b"x"})
    (root / "old/b").unlink()
    git(root, "add", "old/new")
    git(root, "rm", "-q", "--cached", "old/c")
    actual = read(root)
    assert actual.timeline.commit(1).hash == ""
    assert set(held(actual.timeline, 1)) == {"old/a", "old/new"}
    edited = actual.timeline.state(1, "old/a")
    assert edited is not None
    assert actual.blobs.read(edited.blob or "") == b"edited"
    assert edited.blob == git(root, "hash-object", "old/a").decode().strip()
    moved = actual.timeline.state(1, "old/new")
    assert moved is not None
    assert moved.origin == "old/b"
    assert read(root, revision="HEAD").timeline.last == 0


def test_nothing_committed(root: Path, git: Git) -> None:
    fill(root, {"old/a": LONG})
    git(root, "add", "-A")
    actual = read_history(Repository.discover(root), FOLDERS)
    assert isinstance(actual, NoHistory)
    assert actual.reason == "nothing is committed yet"
    assert actual.step


def test_no_repository(plain: Repository) -> None:
    actual = read_history(plain, FOLDERS)
    assert isinstance(actual, NoHistory)
    assert "no git repository" in actual.reason


def test_no_git(root: Path, commit: Commit, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(root, {"old/a": LONG})
    commit(root)
    monkeypatch.setenv("PATH", str(root))
    monkeypatch.delenv("GIT_PYTHON_GIT_EXECUTABLE", raising=False)
    actual = read_history(Repository.discover(root), FOLDERS)
    assert isinstance(actual, NoHistory)
    assert actual.reason.startswith("git is not installed")


def test_a_shallow_clone_is_told(root: Path, git: Git, commit: Commit, tmp_path: Path) -> None:
    for number in range(3):
        fill(root, {"old/a": LONG + b"%d" % number})
        commit(root)
    assert not read(root).timeline.shallow
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth=2", root.as_uri(), str(clone))
    timeline = read(clone).timeline
    assert timeline.shallow
    assert timeline.last == 1
    assert timeline.parents(0) == ()
    check_all(clone)


@pytest.mark.parametrize("name", ["nothing", "HEAD:old/a", "--help", ""])
def test_a_revision_that_is_none(root: Path, commit: Commit, name: str) -> None:
    fill(root, {"old/a": LONG})
    commit(root)
    with pytest.raises(RepositoryError, match="is no commit") as text:
        revision(root, name)
    assert text.value.step
    with pytest.raises(RepositoryError, match="is no commit"):
        read_history(Repository.discover(root), FOLDERS, name or "nothing")


def test_a_revision_reads_like_the_work_tree(root: Path, git: Git, commit: Commit) -> None:
    fill(root, {"old/b": LONG, "a": b"one", "old/a": b"\r\n\0"})
    commit(root)
    git(root, "tag", "-a", "-m", "tag", "before")
    fill(root, {"a": b"two", "c": b"three"})
    commit(root)
    state = revision(root, "before")
    assert state.paths == ["a", "old/a", "old/b"]
    state.load(["a", "old/b"])
    assert state.read("a") == b"one"
    assert state.read("old/a") == b"\r\n\0"
    with pytest.raises(RepositoryError, match="c is not in"):
        state.read("c")


@pytest.mark.parametrize("kind", ["sha1", "sha256"])
def test_blobs_by_the_batch(tmp_path: Path, git: Git, kind: str) -> None:
    git(tmp_path, "init", "-q", f"--object-format={kind}")
    contents = [b"", b"\n", b"no newline", b"blob 3\n\0\n", LONG, bytes(range(256)) * 400]
    names = [
        git(tmp_path, "hash-object", "-w", "--stdin", stdin=data).decode().strip()
        for data in contents
    ]
    blobs = Blobs(tmp_path)
    own = blobs.add(b"of its own", like=names[0])
    assert own == git(tmp_path, "hash-object", "--stdin", stdin=b"of its own").decode().strip()
    blobs.load([*names, *names, own])
    for name, data in zip(names, contents, strict=True):
        assert blobs.read(name) == data
        assert blobs.add(data, like=own) == name
    assert blobs.read(own) == b"of its own"
    assert Blobs(tmp_path).read(names[-1]) == contents[-1]
    with pytest.raises(RepositoryError, match="cannot be read from git"):
        blobs.read("1" * len(own))


def test_more_than_a_pipe_holds(root: Path, git: Git) -> None:
    data = [b"%d\n" % number * 2000 for number in range(300)]
    fill(root, {f"f{number}": content for number, content in enumerate(data)})
    paths = "\n".join(f"f{number}" for number in range(300)).encode()
    names = git(root, "hash-object", "-w", "--stdin-paths", stdin=paths).decode().split()
    blobs = Blobs(root)
    blobs.load(names)
    assert [blobs.read(name) for name in names] == data


# --- Laws ----------------------------------------------------------------------------------

PATHS = ("a", "b")


@st.composite
def timelines(draw: st.DrawFn) -> tuple[list[tuple[int, ...]], list[Event]]:
    """Any graph of commits, and changes against first parents."""
    parents: list[tuple[int, ...]] = [()]
    for rank in range(1, draw(st.integers(1, 25))):
        known = st.integers(0, rank - 1)
        parents.append(tuple(draw(st.lists(known, max_size=3, unique=True))))
    changes = st.sampled_from([None, "1", "2"])
    events = [
        Event(rank, path, draw(changes))
        for rank in range(len(parents))
        for path in PATHS
        if draw(st.integers(0, 3)) == 0
    ]
    return parents, events


@given(timelines())
def test_the_state_is_found_as_by_walking(graph: tuple[list[tuple[int, ...]], list[Event]]) -> None:
    parents, events = graph
    nodes = [Node(Told(f"{n}", "", "", ""), one) for n, one in enumerate(parents)]
    timeline = Timeline(nodes, events, shallow=False)
    changed = {(event.rank, event.path): event for event in events}
    for path in PATHS:
        for rank in range(len(parents)):
            at: int | None = rank
            while at is not None and (at, path) not in changed:
                at = parents[at][0] if parents[at] else None
            expected = None if at is None else changed[at, path]
            assert timeline.event(rank, path) == expected
            state = timeline.state(rank, path)
            assert state == (expected if expected and expected.blob else None)


@given(timelines())
def test_ancestors_are_what_parents_lead_to(
    graph: tuple[list[tuple[int, ...]], list[Event]],
) -> None:
    parents, _ = graph
    nodes = [Node(Told(f"{n}", "", "", ""), one) for n, one in enumerate(parents)]
    timeline = Timeline(nodes, [], shallow=False)
    for rank, above in enumerate(parents):
        inherited: set[int] = set().union(*(timeline.ancestors(parent) for parent in above))
        assert timeline.ancestors(rank) == {rank} | inherited
        assert timeline.rank(f"{rank}") == rank
    assert timeline.rank("missing") is None
