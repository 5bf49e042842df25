"""What a merge is refused for, a tree that was taken away and one that is not all checked out, and
the files that are left out of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from unify_backend.merging.merge_tree import withdrawn
from unify_backend.merging.pairing import Pairing
from unify_backend.model.errors import Refused
from unify_backend.model.file_source import Skip
from unify_backend.model.history import Commit, RemovedTree
from unify_backend.model.merge_plan import MergedFile, MergePlan
from unify_backend.model.package_move import PackageMove, is_under
from unify_backend.model.text import printable
from unify_backend.model.tree_diff import Side
from unify_backend.reporting.tables import count
from unify_backend.repository.git.run import unmerged
from unify_backend.repository.snapshot import Snapshot

_READ_ONLY = "it is read-only: give the permission to write back, and merge again"
_SETTLE = "settle that and `git add` it, then merge again"


def refuse_sparse(pairings: Iterable[Pairing], only: Sequence[str]) -> None:
    """Raises Refused where a part of a tree to be merged is not in the work tree on purpose: to
    git it is there, so that it is neither absent nor to be overwritten. `only` are the files and
    folders that are meant (none: all)."""
    for pairing in pairings:
        absent = [
            file.path
            for file in pairing.skipped
            if file.why is Skip.SPARSE
            and (not only or any(is_under(file.path, name) for name in only))
        ]
        if absent:
            move = pairing.move
            raise Refused(
                f"{count(len(absent), 'file')} of {move.legacy_shown} and {move.canonical_shown} "
                f"{'is' if len(absent) == 1 else 'are'} not checked out: {printable(absent[0])}"
                + (", …" if len(absent) > 1 else ""),
                "git leaves them out of the work tree (a sparse checkout), and what is not there "
                "cannot be merged",
                "Check them out: git sparse-checkout disable (or git sparse-checkout add FOLDER); "
                "for single files: git update-index --no-skip-worktree FILE and git restore FILE.",
            )


class HeldBack:
    """Files that may not be merged now, each for itself."""

    def __init__(self, contents: Snapshot) -> None:
        repository = contents.repository
        self._contents = contents
        self._unmerged = unmerged(repository.root) if repository.is_git else frozenset[str]()

    def __call__(self, file: MergedFile) -> MergedFile:
        """The file; one that may not be written, or of which git has not finished a merge of its
        own, stays as it is, and is a conflict."""
        if unfinished := self._unmerged & {file.path, file.origin}:
            return withdrawn(file, f"git left a conflict in {min(unfinished)}: {_SETTLE}")
        if file.before is None or file.after == file.before or self._contents.writable(file.path):
            return file
        return withdrawn(file, _READ_ONLY)


def untracked_at(contents: Snapshot, path: str) -> bool:
    """Whether a file that git does not track is at a path, below it, or in place of one of the
    folders above it."""
    root, tracked = contents.repository.root, frozenset(contents.paths)
    above = path
    while above:
        place = root / above
        if above not in tracked and (place.is_symlink() or place.is_file()):
            return True
        above = above.rpartition("/")[0]
    place = root / path
    return place.is_dir() and any(
        below.relative_to(root).as_posix() not in tracked
        for below in place.rglob("*")
        if below.is_symlink() or not below.is_dir()
    )


def refuse_removals(planned: MergePlan) -> None:
    """Raises Refused where the plan would take the removal of a whole tree over. Files that the
    tree still has can be merged: where `--only` names them, none that is gone is in the plan."""
    for package in planned.packages:
        taken = package.history.taken_away
        if taken is None or all(
            file.history.deleted_in is not taken.side for file in package.files
        ):
            continue
        move = package.move
        folder, other = move.legacy_path, move.canonical_path
        if taken.side is Side.CANONICAL:
            folder, other = other, folder
        by = f"by {_told(taken.commit)}" if taken.commit else "and that is not committed"
        raise Refused(
            f"{folder}/ was taken away: {count(taken.gone, 'file')} that {other}/ has "
            f"{'is' if taken.gone == 1 else 'are'} gone from it, {taken.left:,} left, {by}",
            _reason(other, taken),
            _step(move, folder, taken),
        )


def _reason(other: str, taken: RemovedTree) -> str:
    removing = "removing a copy is no edit of it, and must not delete the other one"
    if taken.overwriting is None:
        return removing
    files, by = count(taken.overwriting.files, "file"), _told(taken.overwriting.commit)
    return f"{removing}; {files} of {other}/ had edits that {by} overwrote"


def _step(move: PackageMove, folder: str, taken: RemovedTree) -> str:
    whole = f"{taken.commit.hash[:9]}^" if taken.commit else "HEAD"
    back = f"git checkout {whole} -- {folder}"
    if taken.side is Side.CANONICAL:
        rename = f"git mv {move.legacy_path} {move.canonical_path}"
        return f"Bring it back ({back}) and merge; or move the other as it is ({rename})."
    if taken.overwriting is not None:  # what is there now is equal, and tells nothing
        lost = f"git worktree add ../before {taken.overwriting.commit.hash[:9]}^"
        rescue = f"To get such edits back: {lost}, merge there, and compare."
    else:
        rescue = f"If it had edits that are nowhere else: {back}, and merge."
    return f"Nothing is left to merge: git rm -r {folder}, then `rewrite` and `shim`. {rescue}"


def _told(commit: Commit) -> str:
    return f"{commit.hash[:9]} ({printable(commit.subject)})"
