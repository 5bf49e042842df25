"""The move of a package whose canonical place is empty: no merge, and no history is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from unify_backend.merging.checks import check_moved
from unify_backend.merging.fork_points import moved_whole
from unify_backend.merging.pairing import Pairing
from unify_backend.model.file_source import Skip
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
    one, each with what to do; paths are those of the links as they lie. What lies in a package
    stays behind, and is named first. A link that cannot be read is left out: it is a finding of
    every command."""
    index = MoveIndex(moves)
    behind = [index.target(skipped.path) is None for skipped in contents.listing().skipped]
    for _, skipped in sorted(
        zip(behind, contents.listing().skipped, strict=True), key=lambda pair: pair[0]
    ):
        inside = index.target(skipped.path)
        if skipped.why is Skip.SUBMODULE and inside is not None:
            step = f"git mv {skipped.path} {inside}"
            yield RefusedFile(skipped.path, f"a submodule in the package, not moved: {step}")
        if (text := skipped.target) is None:
            continue
        follows = index.target(skipped.leads) if skipped.leads else None
        if inside is not None:
            reason = f"a symbolic link to {text} in the package, not moved"
            step = f"move it to {inside}"
            yield RefusedFile(skipped.path, f"{reason}: {step}, and see where it leads from there")
        elif follows is not None:
            reason = f"a symbolic link to {text}, which moved"
            yield RefusedFile(skipped.path, f"{reason}: let it lead to {follows}")
