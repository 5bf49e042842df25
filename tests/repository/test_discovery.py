"""Where a repository begins, and where its own folder is."""

from pathlib import Path

import pytest

from tests.repository.conftest import Commit, Git, fill
from unify_backend.model.errors import RepositoryError
from unify_backend.model.file_source import Skip
from unify_backend.repository.files import Repository


def names(repository: Repository) -> list[str]:
    return [file.path for file in repository.listing().files]


def skips(repository: Repository) -> dict[str, Skip]:
    return {entry.path: entry.why for entry in repository.listing().skipped}


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
