"""A revision of the repository in a temporary folder."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from unify_backend.model.errors import RepositoryError
from unify_backend.model.verification import Target
from unify_backend.repository.git import run as git
from unify_backend.repository.git.stored import resolve
from unify_backend.verification.environment import interpreter

_SHORT = 9  # characters of a hash


@contextmanager
def checked_out(root: Path, revision: str) -> Iterator[Path]:
    """The files of `revision` in a temporary work tree, which is removed when the block is left,
    however it is left. No hook of the repository runs.

    Raises RepositoryError where git does not know the revision.
    """
    commit = resolve(root, revision)
    with TemporaryDirectory(prefix="unify-revision-", ignore_cleanup_errors=True) as name:
        folder = Path(os.path.realpath(name))
        tree, hooks = folder / "tree", folder / "hooks"
        hooks.mkdir()
        quiet = ("-c", f"core.hooksPath={hooks}", "-c", "advice.detachedHead=false")
        plain = ("-c", "filter.lfs.smudge=", "-c", "filter.lfs.required=false")
        try:
            git.run(root, *quiet, *plain, "worktree", "add", "--detach", str(tree), commit)
            yield tree
        finally:
            with suppress(RepositoryError):
                git.run(root, "worktree", "remove", "--force", "--force", str(tree))
            if tree.exists():  # git gave up (a file in use): at least nothing stays registered
                shutil.rmtree(tree, ignore_errors=True)
                with suppress(RepositoryError):
                    git.run(root, "worktree", "prune")


@contextmanager
def at_revision(target: Target, revision: str, name: str = "") -> Iterator[Target]:
    """The same target in the files of `revision`; its interpreter stays that of the repository.
    `name` is what people are told of it, by default the package's.

    Raises RepositoryError where git does not know the revision.
    """
    root = Path(target.root)
    python = interpreter(target.settings.python, root)
    commit = resolve(root, revision)
    label = revision if len(revision) <= _SHORT * 2 else commit[:_SHORT]
    with checked_out(root, commit) as tree:
        yield replace(
            target,
            root=str(tree),
            label=f"{name or target.package} at {label}",
            settings=replace(target.settings, python=python),
        )
