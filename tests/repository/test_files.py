"""Discovery, listing, reading, and what counts as a person's uncommitted work."""

import os
import socket
import sys
from pathlib import Path

import pytest

from tests.repository.conftest import Commit, Git, fill, posix, unprivileged
from unify_backend.model.errors import RepositoryError
from unify_backend.model.files import Skip
from unify_backend.repository import git as questions
from unify_backend.repository.files import Repository


def names(repository: Repository) -> list[str]:
    return [one.path for one in repository.listing().files]


def skips(repository: Repository) -> dict[str, Skip]:
    return {one.path: one.why for one in repository.listing().skipped}


# --- discovery -----------------------------------------------------------------------------


def test_the_enclosing_work_tree_is_found_from_any_folder_in_it(root: Path) -> None:
    (root / "a" / "b").mkdir(parents=True)
    repository = Repository.discover(root / "a" / "b")
    assert repository == Repository(root, True, root / ".git" / "unify-backend")


def test_without_git_the_folder_itself_is_the_repository(tmp_path: Path) -> None:
    fill(tmp_path, {"x.py": b"1\n"})
    repository = Repository.discover(tmp_path)
    assert (repository.root, repository.is_git) == (tmp_path, False)
    assert repository.state == tmp_path / ".unify-backend"
    assert "no git" in repository.note
    assert not repository.listing().guarded


def test_a_linked_work_tree_has_its_own_state(root: Path, git: Git, commit: Commit) -> None:
    fill(root, {"a.py": b"1\n"})
    commit(root)
    git(root, "worktree", "add", "-q", str(root.parent / "linked"))
    repository = Repository.discover(root.parent / "linked")
    assert repository.state == root / ".git" / "worktrees" / "linked" / "unify-backend"
    assert names(repository) == ["a.py"]


def test_a_submodule_is_its_own_repository_and_named_by_the_outer(
    root: Path, git: Git, commit: Commit, tmp_path: Path
) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    git(inner, "init", "-q")
    fill(inner, {"in.py": b"1\n"})
    commit(inner)
    git(root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "sub")
    commit(root)
    assert skips(Repository.discover(root)) == {"sub": Skip.SUBMODULE}
    repository = Repository.discover(root / "sub")
    assert repository.state == root / ".git" / "modules" / "sub" / "unify-backend"
    assert names(repository) == ["in.py"]


@pytest.mark.parametrize(
    ("start", "says"),
    [
        ("missing", "there is no such folder"),
        ("repo/.git", "nothing in there may be read"),
        ("repo/.git/hooks", "nothing in there may be read"),
        ("bare.git", "no work tree"),
        ("bare.git/refs", "no work tree"),
        ("file", "a repository is a folder"),
    ],
)
def test_what_is_no_repository_says_why_and_what_to_do(
    start: str, says: str, root: Path, git: Git, tmp_path: Path
) -> None:
    (root / ".git" / "hooks").mkdir(exist_ok=True)
    (tmp_path / "file").write_bytes(b"")
    git(tmp_path, "init", "-q", "--bare", "bare.git")
    with pytest.raises(RepositoryError) as caught:
        Repository.discover(tmp_path / start)
    assert says in caught.value.reason
    assert caught.value.step


def test_a_repository_made_bare_by_its_configuration_is_bare(root: Path, git: Git) -> None:
    git(root, "config", "core.bare", "true")
    with pytest.raises(RepositoryError, match="bare"):
        Repository.discover(root)


def test_a_work_tree_whose_repository_is_gone_is_told(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: nowhere\n", "utf-8")
    with pytest.raises(RepositoryError, match="no git folder"):
        Repository.discover(tmp_path)


def test_without_a_git_program_it_works_as_without_git_and_says_so(
    root: Path, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(root, {"a.py": b"1\n"})
    commit(root)
    monkeypatch.setenv("PATH", str(root))
    repository = Repository.discover(root)
    assert not repository.is_git
    assert "not installed" in repository.note
    assert repository.state == root / ".git" / "unify-backend"  # a journal there is still found
    assert names(repository) == ["a.py"]
    assert repository.dirty(["a.py"]) == ()


def test_variables_that_send_git_elsewhere_are_told(
    root: Path, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "-q", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    with pytest.raises(RepositoryError, match="GIT_DIR"):
        Repository.discover(root)


def test_variables_of_a_git_hook_are_fine(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", ".git")
    assert Repository.discover(root).is_git


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
    found = {one.path: one.executable for one in Repository.discover(root).listing().files}
    assert found == {"a.py": False, "run.sh": True}


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
    here = Path.cwd()
    os.chdir(root)  # a socket's path may have 108 bytes
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind("socket")
            repository = Repository.discover(root)
            assert set(skips(repository).values()) == {Skip.SPECIAL}
    finally:
        os.chdir(here)
    with pytest.raises(RepositoryError, match="pipe cannot be read"):
        repository.read("pipe")  # does not wait for a writer


@unprivileged
def test_unreadable_files_and_folders_are_named(root: Path, commit: Commit) -> None:
    fill(root, {"a.py": b"", "locked/b.py": b""})
    commit(root)
    (root / "a.py").chmod(0)
    (root / "locked").chmod(0)
    repository = Repository.discover(root)
    found = skips(repository)
    (root / "locked").chmod(0o755)
    assert found == {"a.py": Skip.UNREADABLE, "locked/b.py": Skip.UNREADABLE}
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
    assert [(one.path, one.executable) for one in listing.files] == [("run.sh", True)]
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
    found = [plain.exists(path) for path in ("a", "a/b.py", "a/c.py", "a/b.py/x")]
    assert found == [True, True, False, False]


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
    asked = ["clean", "edited", "staged", "deleted", "assumed", "skipped", "untracked", "none"]
    found = Repository.discover(root).dirty(asked)
    assert found == ("assumed", "deleted", "edited", "skipped", "staged", "untracked")


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
    found = questions.tracked_at(root, "HEAD")
    assert sorted(found) == ["a.py", "d/b.py"]
    assert questions.blob(root, found["a.py"]) == b"one\r\n"
    with pytest.raises(RepositoryError):
        questions.tracked_at(root, "nowhere")


def test_git_is_not_imported_before_it_is_needed() -> None:
    import subprocess

    code = "import sys, unify_backend.repository.undo; print('git' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.strip() == b"False"
