"""A revision in a temporary work tree that is always removed."""

import subprocess
from pathlib import Path

import pytest

from tests.verification.packages import target, written
from unify_backend.model.errors import RepositoryError
from unify_backend.verification.worktrees import at_revision, checked_out

IDENTITY = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")


def git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *IDENTITY, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    root = written(tmp_path / "repo", {"shop/__init__.py": "", "shop/a.py": "A = 1\n"})
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "One")
    (root / "shop" / "a.py").write_text("A = 2\n", "utf-8")
    git(root, "commit", "-q", "-a", "-m", "Two")
    return root


def test_the_files_of_the_revision_and_nothing_left(repo: Path) -> None:
    with checked_out(repo, "HEAD~1") as folder:
        assert (folder / "shop" / "a.py").read_text("utf-8") == "A = 1\n"
        assert len(git(repo, "worktree", "list").splitlines()) == 2
    assert not folder.exists()
    assert len(git(repo, "worktree", "list").splitlines()) == 1
    assert git(repo, "status", "--porcelain") == ""


def test_removed_though_changed_and_though_an_exception_passes(repo: Path) -> None:
    folders: list[Path] = []

    def interrupted() -> None:
        with checked_out(repo, "HEAD") as folder:
            folders.append(folder)
            (folder / "new").write_text("x", "utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not folders[0].exists()
    assert len(git(repo, "worktree", "list").splitlines()) == 1


def test_no_hook_runs(repo: Path) -> None:
    hook = repo / ".git" / "hooks" / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {repo.as_posix()}/ran\n", "utf-8")
    hook.chmod(0o755)
    with checked_out(repo, "HEAD"):
        pass
    assert not (repo / "ran").exists()


def test_an_unknown_revision(repo: Path) -> None:
    with pytest.raises(RepositoryError, match="nosuch"), checked_out(repo, "nosuch"):
        pass


def test_the_interpreter_stays_that_of_the_repository(repo: Path) -> None:
    with at_revision(target(repo, python=".venv/bin/python"), "HEAD~1") as found:
        assert found.settings.python == str(repo / ".venv/bin/python")
        assert Path(found.root) != repo
        assert found.label == "shop at HEAD~1"
