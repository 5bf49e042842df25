"""What a change set does to the files."""

import os
import stat
from pathlib import Path

import pytest

from tests.repository.conftest import Commit, Git, changes, fill, posix, replace
from unify_backend.model.changes import (
    Create,
    Delete,
    Rename,
    SetExecutable,
    digest,
)
from unify_backend.model.errors import Refused
from unify_backend.repository.files import Repository
from unify_backend.repository.journal import plan
from unify_backend.repository.journal.journal import history
from unify_backend.repository.journal.undo import last, undo
from unify_backend.repository.journal.writer import apply

TOP = Path(__file__).parents[2]


def test_every_kind_of_change(plain: Repository) -> None:
    root = plain.root
    fill(root, {"a": b"1", "d/b": b"2", "c": b"3", "e": b""})
    applied = apply(
        plain,
        changes(
            replace("a", b"1", b"one"),
            Rename("d/b", digest(b"2"), "new/deep/b"),
            Delete("c", digest(b"3")),
            Create("x/y", b"x"),
            replace("e", b"", b""),
        ),
    )
    assert applied.paths == ("a", "c", "d/b", "new/deep/b", "x/y")
    assert not applied.guarded
    actual = {path: (root / path).read_bytes() for path in ("a", "new/deep/b", "x/y", "e")}
    assert actual == {"a": b"one", "new/deep/b": b"2", "x/y": b"x", "e": b""}
    assert not (root / "c").exists()
    assert not (root / "d").exists()  # left empty
    assert {path.name for path in root.iterdir()} == {"a", "e", "new", "x", ".unify-backend"}


@pytest.mark.parametrize("data", [b"a\r\nb\r\n", b"\0\1\2", b"\xef\xbb\xbfx", b"x" * 3_000_000])
def test_content_is_written_as_it_is(data: bytes, plain: Repository) -> None:
    fill(plain.root, {"a": data})
    apply(plain, changes(replace("a", data, data + b"!"), Create("b", data)))
    assert plain.read("a") == data + b"!"
    assert plain.read("b") == data
    undo(plain)
    assert plain.read("a") == data


@posix
def test_modes(plain: Repository) -> None:
    root = plain.root
    fill(root, {"keeps": b"1", "moves": b"2", "gets": b"3", "loses": b"4"})
    for path, mode in (("keeps", 0o740), ("moves", 0o751), ("gets", 0o640), ("loses", 0o755)):
        (root / path).chmod(mode)
    apply(
        plain,
        changes(
            replace("keeps", b"1", b"one"),
            Rename("moves", digest(b"2"), "moved"),
            SetExecutable("gets", True),
            SetExecutable("loses", False),
            Create("new", b"", executable=True),
            Create("plain", b""),
        ),
    )
    actual = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in root.iterdir() if path.is_file()
    }
    mask = os.umask(0)
    os.umask(mask)
    assert actual == {
        "keeps": 0o740,
        "moved": 0o751,
        "gets": 0o750,
        "loses": 0o644,
        "new": 0o777 & ~mask,
        "plain": 0o666 & ~mask,
    }


def test_a_renamed_file_can_change_its_mode_in_the_same_set(plain: Repository) -> None:
    fill(plain.root, {"a": b"1"})
    apply(plain, changes(Rename("a", digest(b"1"), "b"), SetExecutable("b", True)))
    assert plain.read("b") == b"1"
    if os.name == "posix":
        assert (plain.root / "b").stat().st_mode & stat.S_IXUSR


@posix
@pytest.mark.parametrize("name", [b"new\nline", b"latin-\xe9", b" two words ", b"-x"])
def test_any_file_name(name: bytes, root: Path, commit: Commit) -> None:
    path = os.fsdecode(name)
    fill(root, {path: b"1", "b": b"2"})
    commit(root)
    repository = Repository.discover(root)
    them = changes(replace(path, b"1", b"one"), Rename("b", digest(b"2"), f"to/{path}"))
    apply(repository, them)
    assert (repository.read(path), repository.read(f"to/{path}")) == (b"one", b"2")
    undo(repository)
    assert (repository.read(path), repository.read("b")) == (b"1", b"2")
    (root / path).write_bytes(b"mine")
    with pytest.raises(Refused) as caught:
        apply(repository, changes(replace(path, b"mine", b"")))
    caught.value.fact.encode("utf-8")  # can be printed
    assert caught.value.fact.isprintable()


def test_names_that_differ_in_case_only(plain: Repository) -> None:
    fill(plain.root, {"Readme.md": b"1"})
    apply(plain, changes(Rename("Readme.md", digest(b"1"), "README.md")))
    assert {path.name for path in plain.root.iterdir()} == {".unify-backend", "README.md"}
    undo(plain)
    assert {path.name for path in plain.root.iterdir()} == {".unify-backend", "Readme.md"}


def test_two_new_names_that_one_file_would_hold_are_refused(
    plain: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "folds_case", lambda repository: True)
    with pytest.raises(Refused, match="differ in case only"):
        apply(plain, changes(Create("a.md", b""), Create("A.md", b"")))


def test_a_linked_work_tree_is_written_and_undone_alone(
    root: Path, git: Git, commit: Commit
) -> None:
    fill(root, {"a": b"1"})
    commit(root)
    git(root, "worktree", "add", "-q", str(root.parent / "linked"))
    linked = Repository.discover(root.parent / "linked")
    apply(linked, changes(replace("a", b"1", b"2")))
    assert (root / "a").read_bytes() == b"1"
    assert last(Repository.discover(root)) is None
    assert git(linked.root, "status", "--porcelain") == b" M a\n"
    undo(linked)
    assert git(linked.root, "status", "--porcelain") == b""


def test_an_empty_change_set_writes_nothing_at_all(plain: Repository) -> None:
    assert apply(plain, changes()).paths == ()
    assert list(plain.root.iterdir()) == []


def test_a_change_set_that_changes_nothing_leaves_nothing_to_undo(plain: Repository) -> None:
    fill(plain.root, {"a": b"1"})
    assert apply(plain, changes(replace("a", b"1", b"1"))).paths == ()
    assert last(plain) is None


@posix
def test_contents_and_names_are_on_the_disk_before_it_counts_as_done(
    plain: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(plain.root, {"d/a": b"1", "gone/b": b"2"})
    real, waited = os.fsync, list[int]()

    def fsync(descriptor: int) -> None:
        waited.append(os.fstat(descriptor).st_ino)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    at: dict[str, int] = {}

    def checkpoint(name: str) -> None:
        at[name] = len(waited)

    them = changes(replace("d/a", b"1", b"one"), Rename("gone/b", digest(b"2"), "new/b"))
    apply(plain, them, checkpoint=checkpoint)
    folder = history(plain.state)[0].folder
    staged = {path.stat().st_ino for path in (folder, *folder.rglob("*"))}
    assert staged <= set(waited[: at["staged"]])
    assert plain.state.stat().st_ino in waited[at["staged"] : at["current"]]
    files = {(plain.root / path).stat().st_ino for path in ("d/a", "new/b")}
    assert files <= set(waited[at["current"] : at["wrote d/a"]])
    names = {(plain.root / path).stat().st_ino for path in ("d", "new", ".")}
    assert names <= set(waited[at["wrote d/a"] : at["applied"]])
    assert (plain.state / "history").stat().st_ino in waited[at["applied"] :]
