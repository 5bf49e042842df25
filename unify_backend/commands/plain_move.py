"""The move of a package whose canonical place is empty: no merge, and no history is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from posixpath import dirname, normpath

from unify_backend.merging.checks import check_moved
from unify_backend.merging.fork_points import moved_whole
from unify_backend.merging.pairing import Pairing
from unify_backend.model.file_source import LINKS, Skip
from unify_backend.model.merge_plan import MergeAction, MergedFile, PackageMerge
from unify_backend.model.move_index import MoveIndex
from unify_backend.model.package_move import PackageMove
from unify_backend.model.rewrite_plan import RefusedFile
from unify_backend.repository.history import ever_held
from unify_backend.repository.snapshot import Snapshot

Repair = Callable[[bytes, str, str], bytes]
"""A content as it has to be at another path: content, old path, new path."""


def plain_pairings(contents: Snapshot, pairings: Sequence[Pairing]) -> list[Pairing]:
    """Those of which the legacy tree moves to a place where nothing is and never was.

    Where a canonical tree was removed, history tells more: that is no plain move. Where another
    package leaves the place in the same run, its past is no copy of this one. A tracked path that
    is not read (a link, a submodule, a file that is not checked out) is something as well. Git is
    asked once where no place was ever filled.
    """
    empty = [pairing for pairing in pairings if _canonical_is_empty(pairing)]

    def filled(some: Sequence[Pairing]) -> bool:
        moves = [pairing.move for pairing in some if not pairing.move.incoming]
        places = [place for move in moves for place in move.canonical_places]
        return bool(places) and ever_held(contents.repository, places)

    return [pairing for pairing in empty if not filled([pairing])] if filled(empty) else empty


def _canonical_is_empty(pairing: Pairing) -> bool:
    files = pairing.forwarded or pairing.twins or pairing.only_canonical
    move = pairing.move
    return not files and not any(move.owns_canonical(file.path) for file in pairing.skipped)


def moved_package(
    contents: Snapshot, pairing: Pairing, moves: tuple[PackageMove, ...], repair: Repair
) -> PackageMerge:
    """The tree of a plain move at its new place, and the places that mean something else there.

    The names in it are as they were: they follow with all other references. Raises RepositoryError
    where a file cannot be read.
    """
    move = pairing.move
    executable = {file.path: file.executable for file in contents.listing().files}
    history_of_all = moved_whole(pairing)
    files = []
    for history in history_of_all.files:
        old, new = move.at_legacy(history.path), move.at_canonical(history.path)
        data = contents.read(old)
        after = repair(data, old, new)
        files.append(
            MergedFile(
                new, old, MergeAction.MOVED, history, None, after, executable[old], legacy=data
            )
        )
    return PackageMerge(move, history_of_all, tuple(files), check_moved(moves, move, files))


def links_left(contents: Snapshot, moves: Sequence[PackageMove]) -> Iterator[RefusedFile]:
    """The tracked links and submodules that lie in a package of `moves`, and links that lead into
    one, each with what to do; paths are those of the links as they lie. A link that cannot be
    read is left out: it is a finding of every command."""
    index = MoveIndex(moves)
    for skipped in contents.listing().skipped:
        inside = index.target(skipped.path)
        if skipped.why is Skip.SUBMODULE and inside is not None:
            step = f"git mv {skipped.path} {inside}"
            yield RefusedFile(skipped.path, f"a submodule in the package, not moved: {step}")
        if skipped.why not in LINKS or (leads := _leads(contents, skipped.path)) is None:
            continue
        text, target = leads
        follows = index.target(target) if target else None
        if inside is not None:
            reason = f"a symbolic link to {text} in the package, not moved"
            step = f"move it to {inside}"
            yield RefusedFile(skipped.path, f"{reason}: {step}, and see where it leads from there")
        elif follows is not None:
            reason = f"a symbolic link to {text}, which moved"
            yield RefusedFile(skipped.path, f"{reason}: let it lead to {follows}")


def _leads(contents: Snapshot, path: str) -> tuple[str, str | None] | None:
    """The text of a link, and its target in the repository (None: outside of it)."""
    root = contents.repository.root
    try:
        link = (root / path).readlink()
    except OSError:
        return None
    if not link.is_absolute():
        return link.as_posix(), normpath(f"{dirname(path) or '.'}/{link.as_posix()}")
    inside = link.relative_to(root).as_posix() if link.is_relative_to(root) else None
    return link.as_posix(), inside
