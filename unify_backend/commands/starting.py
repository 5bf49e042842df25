"""Finds the commit that a report compares with: the last one before the unification."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from unify_backend.merging.pairing import pairs_of
from unify_backend.model.changes import digest
from unify_backend.model.errors import RepositoryError
from unify_backend.model.history import Commit
from unify_backend.model.package_move import PackageMove
from unify_backend.model.report import Start
from unify_backend.repository.files import Repository
from unify_backend.repository.git import run as git
from unify_backend.repository.git.stored import resolve, revision
from unify_backend.repository.journal.journal import JournalEntry, history

_OURS = ("merge:", "rewrite:", "shim:", "shim --remove:")
_COMMITS = 200  # that are looked at for the state an old change set began from
_SAMPLE = 5  # files of it that are compared


def find_start(
    repository: Repository, moves: tuple[PackageMove, ...], requested: str | None
) -> Start | None:
    """The commit to compare with: `requested`; else the one that our first change set began from;
    else the one before the commit that took a legacy tree away; else the last commit. None without
    git or commits. Raises RepositoryError where `requested` is no commit."""
    root = repository.root
    if not repository.is_git:
        return None
    if requested is not None:
        return Start(commit_of(root, resolve(root, requested)), f"--before {requested}")
    try:
        head = resolve(root, "HEAD")
    except RepositoryError:
        return None
    ours = [entry for entry in history(repository.state) if entry.journal.title.startswith(_OURS)]
    if ours and (commit := _before(root, head, ours[0])):
        title = ours[0].journal.title.partition(":")[0]
        return Start(commit_of(root, commit), f"the state that {title} began from")
    if away := _taken_away(root, moves):
        taken, before = away
        why = f"the last commit before {taken[:9]} took the legacy tree away"
        return Start(commit_of(root, before), why)
    return Start(commit_of(root, head), "the last commit")


def commit_of(root: Path, name: str) -> Commit:
    """Hash, date, author and subject of the commit `name`."""
    output = git.run(
        root, "log", "-1", "--no-show-signature", "--format=%H%x00%aI%x00%an%x00%s", name, "--"
    )
    return Commit(*output.decode("utf-8", "replace").rstrip("\n").split("\0"))


def commits_since(root: Path, start: str) -> tuple[Commit, ...]:
    """The commits on top of `start`, newest first, along first parents."""
    output = git.run(
        root,
        "log",
        "-z",
        "--first-parent",
        "--no-show-signature",
        "--format=%H%x00%aI%x00%an%x00%s",
        f"{start}..HEAD",
        "--",
    )
    fields = iter(output.decode("utf-8", "replace").split("\0"))
    return tuple(Commit(*row) for row in zip(fields, fields, fields, fields, strict=False))


def _before(root: Path, head: str, entry: JournalEntry) -> str | None:
    """The newest commit, along first parents, that has the files as the change set found them."""
    there = [effect for effect in entry.journal.effects if effect.before is not None][:_SAMPLE]

    @cache
    def content(blob: str) -> str:
        return digest(git.blob(root, blob))

    for commit in _candidates(root, head, [effect.path for effect in there]):
        files = git.tracked_at(root, commit)
        if all(
            effect.path in files
            and effect.before
            and content(files[effect.path]) == effect.before.digest
            for effect in there
        ):
            return commit
    return None


def _candidates(root: Path, head: str, paths: list[str]) -> Iterator[str]:
    """The last commit, and the ones before each that changed one of the files."""
    yield head
    output = git.run(
        root,
        "log",
        "--first-parent",
        f"--max-count={_COMMITS}",
        "--no-show-signature",
        "--format=%P",
        head,
        "--",
        *(f":(top,literal){path}" for path in paths),
    )
    yield from (line.split()[0] for line in output.decode("ascii").splitlines() if line.strip())


def _taken_away(root: Path, moves: tuple[PackageMove, ...]) -> tuple[str, str] | None:
    """The commit of HEAD's first parents that removed the most files of the legacy folders, and the
    one before it. None where most of such files are there (again), or the clone ends there."""
    output = git.run(
        root,
        "log",
        "-z",
        "--first-parent",
        "--diff-merges=first-parent",
        "--diff-filter=D",
        "--no-renames",
        "--no-show-signature",
        "--name-only",
        "--format=%x01%H",
        "HEAD",
        "--",
        *(f":(top,literal){place}" for move in moves for place in move.legacy_places),
    )
    removed: dict[str, int] = {}
    for part in output.split(b"\x01")[1:]:
        name, _, files = part.partition(b"\0")
        removed[name.decode("ascii").strip()] = sum(
            bool(file.strip()) for file in files.split(b"\0")
        )
    pairings = pairs_of(revision(root, "HEAD"), moves)
    standing = sum(len(pairing.twins) + len(pairing.only_legacy) for pairing in pairings)
    most = max(removed, key=lambda commit: removed[commit], default="")
    if not most or standing > removed[most] / 2:
        return None
    try:
        return most, resolve(root, f"{most}^")
    except RepositoryError:  # a shallow clone begins there
        return None
