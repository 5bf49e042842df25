"""What is staged, read like the work tree."""

from pathlib import Path

import pytest

from tests.repository.conftest import Commit, Git, fill
from unify_backend.model.errors import RepositoryError
from unify_backend.repository.git.stored import index

LONG = b"".join(b"line %d\n" % number for number in range(40))


def test_the_index_reads_like_the_work_tree(root: Path, git: Git, commit: Commit) -> None:
    fill(root, {"a": b"one", "b": LONG})
    commit(root)
    fill(root, {"a": b"staged", "new": b"new"})
    git(root, "add", "-A")
    fill(root, {"a": b"not staged"})
    git(root, "rm", "-q", "--cached", "b")
    state = index(root)
    assert state.paths == ["a", "new"]
    assert state.read("a") == b"staged"
    with pytest.raises(RepositoryError, match="b is not in the index"):
        state.read("b")


def test_in_a_conflict_the_index_has_ours(root: Path, git: Git, commit: Commit) -> None:
    fill(root, {"a": b"base\n"})
    commit(root)
    git(root, "checkout", "-q", "-b", "theirs")
    fill(root, {"a": b"theirs\n"})
    commit(root)
    git(root, "checkout", "-q", "-b", "ours", "HEAD~1")
    fill(root, {"a": b"ours\n"})
    commit(root)
    with pytest.raises(AssertionError):  # the fixture checks how git ended
        git(root, "merge", "-q", "theirs")
    assert index(root).read("a") == b"ours\n"
