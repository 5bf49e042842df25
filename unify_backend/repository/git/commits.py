"""A range of commits and what each changed, from the object store: nothing is checked out.

Commits come in one order, and each is compared with the one before it in that order, whether or
not that is its parent. So one state of the files, changed step by step, is each commit's in turn,
through merges and across side branches too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

from unify_backend.model.errors import RepositoryError
from unify_backend.model.history import Commit
from unify_backend.repository.git import run as git
from unify_backend.repository.git.stored import Blobs
from unify_backend.repository.paths import shown

_FIELDS = ("%H", "%ct", "%an", "%s")
_REGULAR = b"100"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 253_402_300_799  # the last second of the year 9999, where calendars end
_TOGETHER = 32_000_000  # bytes of contents that are in memory at a time


class Parents(StrEnum):
    """Which of a merge's parents are followed."""

    FIRST = "first"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file at one commit. `blob` is the hash of its content, None where no regular file is."""

    path: str
    blob: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """The entries that `commit` changes against the one before it in the range; for the first
    commit of a range, all its entries."""

    commit: Commit
    entries: tuple[Entry, ...]


def commits_of(root: Path, range_: str, limit: int | None, parents: Parents) -> list[Commit]:
    """The commits of a range as git means it (`A..B`, a branch, a hash), the oldest first, at most
    the `limit` newest; their dates are the committers', in UTC.

    Raises RepositoryError where git does not know the range.
    """
    output = _log(
        root,
        range_,
        "log",
        "-z",
        "--topo-order",
        "--no-show-signature",
        "--no-color",
        "--no-patch",
        "--encoding=UTF-8",
        "--format=" + "%x00".join(_FIELDS),
        *(["--first-parent"] if parents is Parents.FIRST else []),
        *([f"--max-count={limit}"] if limit is not None else []),
        "--end-of-options",
        range_,
        "--",
    )
    fields = iter(output.split(b"\0"))
    rows = zip(fields, fields, fields, fields, strict=False)
    commits = [
        Commit(name.decode("ascii"), _moment(seconds), _text(author), _text(subject))
        for name, seconds, author, subject in rows
    ]
    return commits[::-1]


def has_parents(root: Path, commit: Commit) -> bool:
    """Whether this clone has a parent of the commit."""
    return b" " in git.run(root, "rev-list", "--parents", "--max-count=1", commit.hash).strip()


def steps(root: Path, commits: Sequence[Commit], together: int) -> Iterator[list[Step]]:
    """The changes of each commit (the oldest first), in batches of `together` commits, which is
    also the most that is in memory. Links and submodules are no files.

    Raises RepositoryError where a tree cannot be read.
    """
    if not commits:
        return
    first = git.tracked_at(root, commits[0].hash)
    yield [Step(commits[0], tuple(Entry(path, name) for path, name in first.items()))]
    pairs = list(pairwise(commits))
    for at in range(0, len(pairs), together):
        some = pairs[at : at + together]
        changed = _changed(root, some)
        yield [Step(after, tuple(changed.get(after.hash, ()))) for _, after in some]


def contents_of(root: Path, blobs: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """Each of the blobs (by its hash; with it a path where it lies, for messages) with its
    content. At most some 32 MB are in memory at a time, or one blob that is larger.

    Raises RepositoryError where the clone does not hold one.
    """
    for portion in _portions(root, blobs):
        reader = Blobs(root)
        reader.load(portion)
        for name in portion:
            yield name, reader.read(name)


def _portions(root: Path, blobs: Mapping[str, str]) -> Iterator[list[str]]:
    if not blobs:
        return
    request = "\n".join(blobs).encode("ascii") + b"\n"
    try:
        output = git.run(root, "cat-file", "--batch-check", stdin=request)
    except RepositoryError as error:  # a partial clone asks its origin, which may be out of reach
        raise _absent(root, "files of older commits", error.reason) from error
    portion: list[str] = []
    size = 0
    for (name, path), line in zip(blobs.items(), output.splitlines(), strict=True):
        header = line.split(b" ")
        if len(header) != 3:
            raise _absent(root, path, line.decode("utf-8", "replace"))
        if portion and size + int(header[2]) > _TOGETHER:
            yield portion
            portion, size = [], 0
        portion.append(name)
        size += int(header[2])
    yield portion


def _changed(root: Path, pairs: Sequence[tuple[Commit, Commit]]) -> dict[str, list[Entry]]:
    """The changed entries of each later commit, by its hash. A moved file is one that went and one
    that came: its content is known by its hash already."""
    request = "".join(f"{after.hash} {before.hash}\n" for before, after in pairs)
    options = ("-r", "--raw", "-z", "--no-renames", "--no-abbrev", "--no-relative")
    output = git.run(root, "diff-tree", "--stdin", *options, stdin=request.encode("ascii"))
    changes: dict[str, list[Entry]] = {}
    entries: list[Entry] = []
    tokens = iter(output.split(b"\0"))
    for token in tokens:
        if token.startswith(b":"):
            _, mode, _, blob, _ = token.split(b" ")
            regular = mode.startswith(_REGULAR)
            path = git.decode(next(tokens))
            entries.append(Entry(path, blob.decode("ascii") if regular else None))
        elif name := token.strip():
            entries = changes[name.decode("ascii")] = []
    return changes


def _log(root: Path, range_: str, *arguments: str) -> bytes:
    try:
        return git.run(root, *arguments)
    except RepositoryError as error:
        shallow = (
            " (the clone is shallow: older commits are not in it)" if git.is_shallow(root) else ""
        )
        raise RepositoryError(
            f"{range_!r} is no range of commits here{shallow}",
            error.reason.splitlines()[0] if error.reason else "git does not know it",
            "Write it as for 'git log': A..B, a branch, a tag or a hash.",
        ) from error


def _absent(root: Path, subject: str, message: str) -> RepositoryError:
    fact = f"this clone does not hold the content of {shown(subject)}"
    if _promised(root):
        why = "it is a partial clone, which fetches contents when they are asked for"
        step = (
            "Go online, fetch all of them (git fetch --refetch --no-filter), or name a later range."
        )
        return RepositoryError(fact, f"{why}: {message}", step)
    step = "Fetch it (git fsck names what is missing), or name a range that begins later."
    return RepositoryError(fact, f"a commit of the range needs it: {message}", step)


def _promised(root: Path) -> bool:
    try:
        return bool(git.run(root, "config", "--get-regexp", r"^remote\..*\.promisor$"))
    except RepositoryError:  # git's way to say that nothing matches
        return False


def _moment(seconds: bytes) -> str:
    try:
        since = min(max(int(seconds), 0), _LATEST)
    except ValueError:  # a commit that a broken program made
        since = 0
    return (_EPOCH + timedelta(seconds=since)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
