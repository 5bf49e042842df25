"""Listing, reading, and what counts as a person's uncommitted work."""

import os
import socket
import sys
from pathlib import Path

import pytest

from tests.repository.conftest import Commit, Git, fill, posix, unprivileged
from unify_backend.model.errors import RepositoryError
from unify_backend.model.file_source import Skip
from unify_backend.repository.files import Repository
from unify_backend.repository.git import run as questions


def names(repository: Repository) -> list[str]:
    return [file.path for file in repository.listing().files]


def skips(repository: Repository) -> dict[str, Skip]:
    return {entry.path: entry.why for entry in repository.listing().skipped}


# --- listing -------------------------------------------------------------------------------


def test_tracked_files_only_hidden_ones_included_and_sorted(root: Path, commit: Commit) -> None:
    fill(
        root,
        {
            ".gitignore": b"ignored.py\n",
            ".github/ci.yml": b"a: 1\n",
            "b c.py": b"",
            "a.py": b"",
            "ignored.py": b"",
        },
    )
    commit(root)
    fill(root, {"untracked.py": b""})
    repository = Repository.discover(root)
    assert names(repository) == [".github/ci.yml", ".gitignore", "a.py", "b c.py"]
    assert repository.listing().guarded


def test_the_executable_bit_is_that_of_the_index(root: Path, git: Git, commit: Commit) -> None:
    fill(root, {"run.sh": b"", "a.py": b""})
    commit(root)
    git(root, "update-index", "--chmod=+x", "run.sh")
    actual = {file.path: file.executable for file in Repository.discover(root).listing().files}
    assert actual == {"a.py": False, "run.sh": True}


@posix
@pytest.mark.parametrize(
    "name", [b"new\nline.py", b"latin-\xe9.py", b'quo"te\t.py', "föö.py".encode()]
)
def test_any_file_name_works(name: bytes, root: Path, commit: Commit) -> None:
    path = os.fsdecode(name)
    fill(root, {path: b"content"})
    commit(root)
    repository = Repository.discover(root)
    assert names(repository) == [path]
    assert repository.read(path) == b"content"
    (root / path).write_bytes(b"edited")
    assert repository.dirty([path]) == (path,)


def test_a_path_in_a_merge_conflict_comes_once(root: Path, git: Git, commit: Commit) -> None:
    fill(root, {"a.py": b"0\n"})
    commit(root)
    git(root, "checkout", "-q", "-b", "side")
    fill(root, {"a.py": b"1\n"})
    commit(root)
    git(root, "checkout", "-q", "main")
    fill(root, {"a.py": b"2\n"})
    commit(root)
    with pytest.raises(AssertionError):
        git(root, "merge", "side")
    repository = Repository.discover(root)
    assert names(repository) == ["a.py"]
    assert repository.dirty(["a.py"]) == ("a.py",)


def test_a_path_in_a_merge_conflict_has_our_mode(root: Path, git: Git) -> None:
    fill(root, {"a": b"1"})
    name = git(root, "hash-object", "-w", "a").decode().strip()
    stages = (("100644", 1), ("100755", 2), ("100644", 3))
    lines = "".join(f"{mode} {name} {stage}\ta\n" for mode, stage in stages)
    git(root, "update-index", "--index-info", stdin=lines.encode())
    assert [file.executable for file in Repository.discover(root).listing().files] == [True]


def test_a_link_that_the_system_could_not_make_is_still_one(root: Path, git: Git) -> None:
    git(root, "config", "core.symlinks", "false")
    fill(root, {"link": b"target"})
    name = git(root, "hash-object", "-w", "link").decode().strip()
    git(root, "update-index", "--add", "--cacheinfo", f"120000,{name},link")
    assert skips(Repository.discover(root)) == {"link": Skip.LINK}


@posix
def test_links_are_named_by_their_kind_and_not_followed(
    root: Path, commit: Commit, tmp_path: Path
) -> None:
    fill(tmp_path, {"secret/x.py": b"", "secret.py": b""})
    fill(root, {"a.py": b"", "real/b.py": b"", "moved/c.py": b"", "out/x.py": b"", "void/d": b""})
    (root / "inner.py").symlink_to("a.py")
    (root / "dangling").symlink_to("missing")
    (root / "outside").symlink_to(tmp_path / "secret.py")
    (root / "circle").symlink_to("circle")
    commit(root)
    for folder, target in (("moved", "real"), ("out", tmp_path / "secret"), ("void", "none")):
        for file in (root / folder).iterdir():
            file.unlink()
        (root / folder).rmdir()
        (root / folder).symlink_to(target)
    repository = Repository.discover(root)
    assert names(repository) == ["a.py", "real/b.py"]
    assert skips(repository) == {
        "circle": Skip.DANGLING,
        "dangling": Skip.DANGLING,
        "inner.py": Skip.LINK,
        "moved/c.py": Skip.LINK,
        "out/x.py": Skip.OUTSIDE,
        "outside": Skip.OUTSIDE,
        "void/d": Skip.DANGLING,
    }
    for path in ("out/x.py", "outside", "inner.py"):
        with pytest.raises(RepositoryError):
            repository.read(path)


def test_missing_files_are_named(root: Path, commit: Commit) -> None:
    fill(root, {"a.py": b"", "gone.py": b"", "folder/b.py": b"", "now_file/c.py": b""})
    commit(root)
    (root / "gone.py").unlink()
    (root / "folder" / "b.py").unlink()
    (root / "folder").rmdir()
    (root / "now_file" / "c.py").unlink()
    (root / "now_file").rmdir()
    fill(root, {"now_file": b""})
    repository = Repository.discover(root)
    assert names(repository) == ["a.py"]
    assert skips(repository) == {
        "folder/b.py": Skip.MISSING,
        "gone.py": Skip.MISSING,
        "now_file/c.py": Skip.MISSING,
    }


@posix
def test_pipes_and_folders_in_a_files_place_are_special(root: Path, commit: Commit) -> None:
    fill(root, {"pipe": b"", "folder": b"", "socket": b""})
    commit(root)
    for path in ("pipe", "folder", "socket"):
        (root / path).unlink()
    os.mkfifo(root / "pipe")
    (root / "folder").mkdir()
    folder = Path.cwd()
    os.chdir(root)  # a socket's path may have 108 bytes
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.bind("socket")
            repository = Repository.discover(root)
            assert set(skips(repository).values()) == {Skip.SPECIAL}
    finally:
        os.chdir(folder)
    with pytest.raises(RepositoryError, match="pipe cannot be read"):
        repository.read("pipe")  # does not wait for a writer


@unprivileged
def test_unreadable_files_and_folders_are_named(root: Path, commit: Commit) -> None:
    fill(root, {"a.py": b"", "locked/b.py": b""})
    commit(root)
    (root / "a.py").chmod(0)
    (root / "locked").chmod(0)
    repository = Repository.discover(root)
    actual = skips(repository)
    (root / "locked").chmod(0o755)
    assert actual == {"a.py": Skip.UNREADABLE, "locked/b.py": Skip.UNREADABLE}
    with pytest.raises(RepositoryError, match=r"a\.py cannot be read"):
        repository.read("a.py")


def test_without_git_tool_folders_are_left_out_and_the_rest_is_there(plain: Repository) -> None:
    fill(
        plain.root,
        {
            "a.py": b"",
            ".env": b"",
            "pkg/b.py": b"",
            ".unify-backend/journal.json": b"",
            ".git/config": b"",
            ".hg/x": b"",
            ".svn/x": b"",
            ".venv/lib/x.py": b"",
            "other/pyvenv.cfg": b"",
            "other/lib/x.py": b"",
            "web/node_modules/x.js": b"",
            "pkg/__pycache__/b.pyc": b"",
        },
    )
    assert names(plain) == [".env", "a.py", "pkg/b.py"]


@posix
def test_without_git_links_are_named_and_not_followed(plain: Repository, tmp_path: Path) -> None:
    fill(tmp_path, {"secret/x.py": b""})
    fill(plain.root, {"run.sh": b""})
    (plain.root / "run.sh").chmod(0o755)
    (plain.root / "out").symlink_to(tmp_path / "secret")
    (plain.root / "void").symlink_to("none")
    os.mkfifo(plain.root / "pipe")
    listing = plain.listing()
    assert [(file.path, file.executable) for file in listing.files] == [("run.sh", True)]
    assert skips(plain) == {"out": Skip.OUTSIDE, "pipe": Skip.SPECIAL, "void": Skip.DANGLING}


def test_gits_own_words_come_through_where_it_fails(root: Path) -> None:
    repository = Repository.discover(root)
    (root / ".git" / "index").write_bytes(b"broken")
    with pytest.raises(RepositoryError) as caught:
        repository.listing()
    assert "index" in caught.value.reason


# --- reading -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["../x", "/etc/passwd", "a/../../x", "", ".git/config", "a/.GIT/x", "a\0b", "a//b"]
)
def test_nothing_outside_is_read(path: str, plain: Repository) -> None:
    with pytest.raises(RepositoryError):
        plain.read(path)
    assert not plain.exists(path)


def test_a_missing_file_says_what_to_do(plain: Repository) -> None:
    with pytest.raises(RepositoryError, match=r"a\.py cannot be read") as caught:
        plain.read("a.py")
    assert "git restore" in caught.value.step


def test_exists_sees_files_and_folders(plain: Repository) -> None:
    fill(plain.root, {"a/b.py": b""})
    actual = [plain.exists(path) for path in ("a", "a/b.py", "a/c.py", "a/b.py/x")]
    assert actual == [True, True, False, False]


# --- uncommitted work ----------------------------------------------------------------------


def test_dirty_is_edited_staged_deleted_untracked_and_unwatched(
    root: Path, git: Git, commit: Commit
) -> None:
    paths = ["clean", "edited", "staged", "deleted", "assumed", "skipped", "other"]
    fill(root, dict.fromkeys(paths, b"0\n"))
    commit(root)
    fill(root, {"edited": b"1\n", "staged": b"1\n", "untracked": b"", "other": b"1\n"})
    git(root, "add", "staged")
    (root / "deleted").unlink()
    git(root, "update-index", "--assume-unchanged", "assumed")
    git(root, "update-index", "--skip-worktree", "skipped")
    requested = ["clean", "edited", "staged", "deleted", "assumed", "skipped", "untracked", "none"]
    actual = Repository.discover(root).dirty(requested)
    assert actual == ("assumed", "deleted", "edited", "skipped", "staged", "untracked")


@posix
def test_an_uncommitted_mode_is_dirty(root: Path, commit: Commit) -> None:
    fill(root, {"a": b""})
    commit(root)
    (root / "a").chmod(0o755)
    assert Repository.discover(root).dirty(["a"]) == ("a",)


def test_without_git_nothing_is_dirty(plain: Repository) -> None:
    fill(plain.root, {"a": b""})
    assert plain.dirty(["a"]) == ()


# --- revisions -----------------------------------------------------------------------------


def test_a_revision_s_files_and_contents(root: Path, git: Git, commit: Commit) -> None:
    fill(root, {"a.py": b"one\r\n", "d/b.py": b"two"})
    commit(root)
    fill(root, {"a.py": b"later"})
    actual = questions.tracked_at(root, "HEAD")
    assert sorted(actual) == ["a.py", "d/b.py"]
    assert questions.blob(root, actual["a.py"]) == b"one\r\n"
    with pytest.raises(RepositoryError):
        questions.tracked_at(root, "nowhere")


def test_git_is_not_imported_before_it_is_needed() -> None:
    import subprocess

    code = "import sys, unify_backend.repository.journal.undo; print('git' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.strip() == b"False"
