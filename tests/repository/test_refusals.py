"""What the writer refuses, with every file left as it was."""

import os
from pathlib import Path

import pytest

from tests.repository.conftest import (
    Commit,
    Git,
    Picture,
    changes,
    fill,
    posix,
    replace,
    unprivileged,
)
from unify_backend.model.changes import (
    Change,
    Create,
    Delete,
    Rename,
    SetExecutable,
    digest,
)
from unify_backend.model.errors import ExitCode, Refused
from unify_backend.repository.files import Repository
from unify_backend.repository.journal.undo import last, undo
from unify_backend.repository.journal.writer import apply

TOP = Path(__file__).parents[2]


CASES: list[tuple[str, Change, str]] = [
    ("changed", replace("a", b"other", b""), r"1 file changed since .*\(a\)"),
    ("gone", replace("none", b"", b""), "changed since"),
    ("deleted and changed", Delete("a", digest(b"x")), "changed since"),
    ("renamed and changed", Rename("a", digest(b"x"), "z"), "changed since"),
    ("mode of nothing", SetExecutable("none", True), "changed since"),
    ("target", Create("a", b""), r"1 path exists already \(a\)"),
    ("rename onto", Rename("a", digest(b"1"), "d/b"), "exists already"),
    ("folder", Create("d", b""), r"exists already \(d\)"),
    ("file as folder", Create("a/x", b""), r"exists already \(a\)"),
    ("up", Create("../x", b""), "cannot be written"),
    ("up within", Create("d/../../x", b""), "cannot be written"),
    ("dot", Create("./x", b""), "cannot be written"),
    ("absolute", Create("/tmp/x", b""), "cannot be written"),
    ("empty", Create("", b""), "cannot be written"),
    ("NUL", Create("a\0b", b""), "cannot be written"),
    ("git", Create(".git/hooks/x", b""), "cannot be written"),
    ("git in capitals", Create("d/.GIT/x", b""), "cannot be written"),
    ("git on NTFS", Create("git~1/x", b""), "cannot be written"),
    ("git with dots", Create(".git. ./x", b""), "cannot be written"),
    ("git as a stream", Create(".git::$INDEX_ALLOCATION/x", b""), "cannot be written"),
    ("git on HFS+", Create(".g\u200cit/x", b""), "cannot be written"),
    ("rename into git", Rename("a", digest(b"1"), ".git/x"), "cannot be written"),
    ("own state", Create(".unify-backend/x", b""), "cannot be written"),
]


@pytest.mark.parametrize(
    ("change", "says"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_refused_and_nothing_touched(
    change: Change, says: str, plain: Repository, picture: Picture
) -> None:
    fill(plain.root, {"a": b"1", "d/b": b"2", "good": b"3"})
    before = picture(plain.root.parent)
    with pytest.raises(Refused, match=says) as caught:
        apply(plain, changes(replace("good", b"3", b"three"), change))
    assert caught.value.exit_code is ExitCode.REFUSED
    assert caught.value.reason
    assert caught.value.step
    after = picture(plain.root.parent)
    assert {path: data for path, data in after.items() if ".unify-backend" not in path} == before
    assert last(plain) is None


@pytest.mark.parametrize("path", [".gitignore", ".github/x", "git/x", ".git-old/x", "a.git/x"])
def test_names_that_only_look_like_git_are_fine(path: str, plain: Repository) -> None:
    apply(plain, changes(Create(path, b"1")))
    assert plain.read(path) == b"1"


@pytest.mark.parametrize("name", ["con", "NUL.py", "a\\b", "c:x", "dot.", "space ", "a?", "a\tb"])
def test_names_that_windows_opens_as_something_else(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from unify_backend.repository.paths import complaint

    assert complaint("console/nul_file.py") is None
    if os.name == "posix":
        assert complaint(f"d/{name}/x") is None
        monkeypatch.setattr("os.name", "nt")
    assert complaint(f"d/{name}/x") is not None
    assert complaint("console/nul_file.py") is None


@posix
@pytest.mark.parametrize("kind", ["outside", "inside"])
def test_nothing_is_written_through_a_link(kind: str, plain: Repository, tmp_path: Path) -> None:
    target = tmp_path / "other" if kind == "outside" else plain.root / "real"
    fill(target, {"x": b"1"})
    (plain.root / "link").symlink_to(target)
    (plain.root / "file").symlink_to(target / "x")
    for change in (
        Create("link/new", b""),
        replace("link/x", b"1", b""),
        Rename("link/x", digest(b"1"), "here"),
        Delete("file", digest(b"1")),
        replace("file", b"1", b""),
    ):
        with pytest.raises(Refused, match=r"symbolic link|cannot be written"):
            apply(plain, changes(change))
    assert {path.name: path.read_bytes() for path in target.iterdir()} == {"x": b"1"}


def test_nothing_is_written_into_a_repository_inside(root: Path, git: Git) -> None:
    git(root, "init", "-q", "inner")
    with pytest.raises(Refused) as caught:
        apply(Repository.discover(root), changes(Create("inner/x", b"")))
    assert "repository of its own" in caught.value.reason


@pytest.mark.parametrize(
    "change",
    [replace("a", b"1", b""), Delete("a", digest(b"1")), Rename("a", digest(b"1"), "b")],
    ids=["replace", "delete", "rename"],
)
def test_a_read_only_file_is_refused(change: Change, plain: Repository) -> None:
    fill(plain.root, {"a": b"1"})
    (plain.root / "a").chmod(0o444)
    with pytest.raises(Refused, match=r"1 file is read-only \(a\)") as caught:
        apply(plain, changes(change))
    assert ("chmod u+w" if os.name == "posix" else "attrib -R") in caught.value.step
    assert plain.read("a") == b"1"
    (plain.root / "a").chmod(0o644)


@unprivileged
def test_a_read_only_folder_is_refused(plain: Repository) -> None:
    fill(plain.root, {"d/a": b"1"})
    (plain.root / "d").chmod(0o555)
    with pytest.raises(Refused, match="1 folder cannot be written"):
        apply(plain, changes(Delete("d/a", digest(b"1"))))
    (plain.root / "d").chmod(0o755)


def test_uncommitted_edits_are_guarded(root: Path, commit: Commit) -> None:
    fill(root, {name: b"0" for name in "abcde"})
    commit(root)
    fill(root, {name: b"mine" for name in "abcd"})
    repository = Repository.discover(root)
    them = changes(*(replace(name, b"mine", b"ours") for name in "abcd"))
    with pytest.raises(Refused) as caught:
        apply(repository, them)
    assert caught.value.fact == "4 files have uncommitted changes (a, b, c, …)"
    assert caught.value.reason.startswith("rewrite would mix with your own edits")
    assert "--allow-dirty" in caught.value.step
    assert repository.read("a") == b"mine"
    assert apply(repository, them, allow_dirty=True).guarded
    assert repository.read("a") == b"ours"
    undo(repository)
    assert repository.read("a") == b"mine"


def test_edits_elsewhere_do_not_matter(root: Path, commit: Commit) -> None:
    fill(root, {"a": b"0", "b": b"0"})
    commit(root)
    fill(root, {"b": b"mine", "c": b"untracked"})
    apply(Repository.discover(root), changes(replace("a", b"0", b"1")))


def test_an_untracked_file_is_guarded(root: Path, commit: Commit) -> None:
    fill(root, {"a": b"0"})
    commit(root)
    fill(root, {"b": b"mine"})
    with pytest.raises(Refused, match=r"1 file has uncommitted changes \(b\)"):
        apply(Repository.discover(root), changes(Delete("b", digest(b"mine"))))


def test_one_command_can_follow_another_without_a_commit(root: Path, commit: Commit) -> None:
    fill(root, {"a": b"0", "b": b"0"})
    commit(root)
    repository = Repository.discover(root)
    apply(repository, changes(replace("a", b"0", b"1"), Rename("b", digest(b"0"), "c")))
    apply(repository, changes(replace("a", b"1", b"2"), replace("c", b"0", b"2")))
    (root / "a").write_bytes(b"mine")
    with pytest.raises(Refused, match=r"1 file has uncommitted changes \(a\)"):
        apply(repository, changes(replace("a", b"mine", b"3"), replace("c", b"2", b"3")))


def test_a_person_who_writes_what_we_wrote_before_has_edited(root: Path, commit: Commit) -> None:
    fill(root, {"a": b"0"})
    commit(root)
    repository = Repository.discover(root)
    apply(repository, changes(replace("a", b"0", b"1")))
    apply(repository, changes(replace("a", b"1", b"2")))
    (root / "a").write_bytes(b"1")
    with pytest.raises(Refused, match="uncommitted"):
        apply(repository, changes(replace("a", b"1", b"3")))


def test_what_was_dirty_before_us_stays_a_persons(root: Path, commit: Commit) -> None:
    fill(root, {"a": b"0"})
    commit(root)
    fill(root, {"a": b"mine"})
    repository = Repository.discover(root)
    apply(repository, changes(replace("a", b"mine", b"both")), allow_dirty=True)
    with pytest.raises(Refused, match="uncommitted"):
        apply(repository, changes(replace("a", b"both", b"3")))
