"""Commits of exactly the paths that were written; what else a person has staged stays staged."""

from collections.abc import Collection
from pathlib import Path

from unify_backend.repository.files import Repository
from unify_backend.repository.git import run as git
from unify_backend.repository.git.revision import resolve
from unify_backend.repository.journal.journal import history


def ours_uncommitted(repository: Repository) -> tuple[str, ...]:
    """The paths that change sets of ours touched and that differ from the last commit, sorted:
    those too that an earlier run left because a person had to settle something in them."""
    touched = {
        effect.path for entry in history(repository.state) for effect in entry.journal.effects
    }
    known = git.tracked(repository.root)
    fresh = {path for path in touched - known.keys() if repository.exists(path)}
    return tuple(sorted((git.uncommitted(repository.root) & touched) | fresh))


def commit_paths(root: Path, paths: Collection[str], message: str) -> str:
    """Commits `paths` as they are in the work tree, deleted ones as gone; returns the new hash.

    Hooks run, for a team has them. Raises RepositoryError with git's words where it fails, say for
    want of a name or by a hook.
    """
    names = "\0".join(sorted(paths)).encode("utf-8", "surrogateescape")
    named = ("--pathspec-from-file=-", "--pathspec-file-nul")
    git.run(root, "--literal-pathspecs", "add", "--all", "--force", *named, stdin=names)
    git.run(
        root, "--literal-pathspecs", "commit", "--quiet", "--only", "-m", message, *named,
        stdin=names,
    )  # fmt: skip
    return resolve(root, "HEAD")
