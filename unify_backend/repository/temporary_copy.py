"""A temporary copy of the repository, for dry runs: nothing done there reaches the original."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from unify_backend.model.errors import RepositoryError
from unify_backend.repository.files import Repository
from unify_backend.repository.git import run as git
from unify_backend.repository.git.stored import resolve
from unify_backend.repository.snapshot import Snapshot

_KEPT_SETTINGS = ("config", "info/attributes", "info/exclude")
_NOT_COPIED = shutil.ignore_patterns("lock", "trash-*")


@contextmanager
def temporary_copy(contents: Snapshot) -> Iterator[Repository]:
    """A temporary repository with the same history (shared, not copied), the tracked files of the
    work tree, and the tool's own state. It is removed when the block is left.

    Raises RepositoryError without git, and where the disk refuses.
    """
    repository = contents.repository
    if not repository.is_git:
        raise RepositoryError(
            "a dry run of migrate needs git",
            repository.note,
            "Run the commands one by one with --dry-run.",
        )
    with TemporaryDirectory(prefix="unify-copy-", ignore_cleanup_errors=True) as name:
        root = Path(os.path.realpath(name)) / (repository.root.name or "repository")
        common = ("-c", "advice.detachedHead=false", "-c", "core.hooksPath=")
        git.run(
            repository.root, *common, "clone", "--quiet", "--shared", "--no-checkout",
            str(repository.root), str(root),
        )  # fmt: skip
        _same_settings(repository.root, root)
        with suppress(RepositoryError):  # no commit yet
            git.run(root, "read-tree", resolve(repository.root, "HEAD"))
        _same_files(contents, root)
        copy = Repository.discover(root)
        if repository.state.is_dir():
            shutil.copytree(repository.state, copy.state, dirs_exist_ok=True, ignore=_NOT_COPIED)
        try:
            yield copy
        finally:
            shutil.rmtree(root, **_despite_read_only())


def _same_settings(origin: Path, root: Path) -> None:
    """What decides how files look in a work tree: line ends, filters, attributes."""
    folder = Path(git.decode(git.run(origin, "rev-parse", "--git-common-dir").rstrip(b"\r\n")))
    for name in _KEPT_SETTINGS:
        source = origin / folder / name
        if source.is_file():
            target = root / ".git" / name
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(source, target)


def _same_files(contents: Snapshot, root: Path) -> None:
    for file in contents.listing().files:
        place = root / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(contents.repository.root / file.path, place, follow_symlinks=False)
    for skipped in contents.listing().skipped:
        source = contents.repository.root / skipped.path
        if source.is_symlink():
            place = root / skipped.path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(source.readlink())


def _despite_read_only() -> dict[str, Any]:
    """Windows does not remove files that are read-only, as git's objects are."""

    def again(function: Callable[[str], None], path: str, _: object) -> None:
        with suppress(OSError):
            Path(path).chmod(stat.S_IWRITE)
            function(path)

    return {"onerror": again}
