"""Renamed and changed files since a revision, as git detects them."""

from collections.abc import Collection
from pathlib import Path

from unify_backend.model.errors import RepositoryError
from unify_backend.repository.git import run as git
from unify_backend.repository.git.stored import resolve

_LIMIT = 5_000  # renames that git compares each with each; beyond, it would take minutes


def renamed_since(root: Path, revision: str, staged: bool = False) -> dict[str, str]:
    """The tracked files that another path had at `revision`, by that old path, which is gone.

    Compared with the work tree, or with the index where `staged`. Raises RepositoryError where git
    does not know the revision.
    """
    cached = ["--cached"] if staged else []
    output = git.run(
        root, "diff", "-M", f"-l{_LIMIT}", "--name-status", "-z", "--diff-filter=R", *cached,
        "--end-of-options", revision, "--",
    )  # fmt: skip
    return dict(_steps(output))


def last_change(root: Path, path: str) -> str | None:
    """The commit that last changed the file at `path`; None where none did, or git cannot tell."""
    try:
        output = git.run(root, "log", "-1", "--format=%H", "--", path)
    except RepositoryError:  # no commit yet
        return None
    return output.decode("ascii").strip() or None


def renamed_on_the_way(root: Path, revision: str, away: Collection[str]) -> dict[str, str]:
    """The new paths of files that are gone, followed commit by commit since `revision`: for files
    that were edited so much that the two ends are no longer similar."""
    output = git.run(
        root, "log", "-M", f"-l{_LIMIT}", "--diff-filter=R", "--name-status", "-z", "--format=",
        "--reverse", f"{revision}..HEAD", "--",
    )  # fmt: skip
    now = {path: path for path in away}
    for old, new in _steps(output):
        for path, at in now.items():
            if at == old:
                now[path] = new
    return {path: at for path, at in now.items() if at != path}


def head(root: Path) -> str:
    """The last commit's hash; the empty tree's where there is no commit yet."""
    try:
        return resolve(root, "HEAD")
    except RepositoryError:
        return (
            git.run(root, "hash-object", "-t", "tree", "--stdin", stdin=b"").decode("ascii").strip()
        )


def merge_base(root: Path, revision: str) -> str:
    """The commit at which the current branch left `revision`; the revision's own where they share
    none. Raises RepositoryError where git does not know it."""
    commit = resolve(root, revision)
    try:
        return git.run(root, "merge-base", commit, "HEAD").decode("ascii").strip()
    except RepositoryError:
        return commit


def changed_since(root: Path, revision: str, staged: bool = False) -> frozenset[str]:
    """The tracked files whose content in the work tree (or in the index, where `staged`) is not
    that of `revision`; deleted ones left out."""
    return _differing(root, revision, staged, "--diff-filter=d")


def touched_since(root: Path, revision: str, staged: bool = False) -> frozenset[str]:
    """The same, and the files of that revision that are there no more."""
    return _differing(root, revision, staged)


def messages_since(root: Path, revision: str, path: str) -> list[str]:
    """The messages of the commits since `revision` that changed `path`, merges left out."""
    output = git.run(
        root, "log", "-z", "--no-merges", "--no-show-signature", "--no-color", "--encoding=UTF-8",
        "--format=%B", f"{revision}..HEAD", "--", f":(top,literal){path}",
    )  # fmt: skip
    return [text.decode("utf-8", "replace") for text in output.split(b"\0") if text.strip()]


def _differing(root: Path, revision: str, staged: bool, *options: str) -> frozenset[str]:
    cached = ["--cached"] if staged else []
    output = git.run(
        root, "diff", "--name-only", "-z", "--no-renames", "--no-relative", *options, *cached,
        "--end-of-options", revision, "--",
    )  # fmt: skip
    return frozenset(git.decode(name) for name in output.split(b"\0") if name)


def _steps(output: bytes) -> list[tuple[str, str]]:
    fields = [field for field in output.split(b"\0") if field.strip(b"\n")]
    return [
        (git.decode(fields[n + 1]), git.decode(fields[n + 2])) for n in range(0, len(fields) - 2, 3)
    ]
