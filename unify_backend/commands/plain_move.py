"""The move of a package whose canonical place is empty: no merge, and no history is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from posixpath import dirname, normpath

from unify_backend.merging.checks import check_moved
from unify_backend.merging.pairing import Pairing
from unify_backend.model.file_source import LINKS, Skip
from unify_backend.model.history import (
    ChangedSide,
    Evidence,
    FileHistory,
    ForkPoint,
    PackageHistory,
    SideHistory,
)
from unify_backend.model.merge_plan import MergeAction, MergedFile, PackageMerge
from unify_backend.model.package_move import PackageMove
from unify_backend.model.rewrite_plan import RefusedFile
from unify_backend.repository.history import ever_held
from unify_backend.repository.snapshot import Snapshot

Repair = Callable[[bytes, str, str], bytes]
"""A content as it has to be at another path: content, old path, new path."""


def plain_pairings(contents: Snapshot, pairings: Sequence[Pairing]) -> list[Pairing]:
    """Those of which the legacy tree moves to a place where nothing is and never was.

    Where a canonical tree was removed, history tells more: that is no plain move. A tracked path
    that is not read (a link, a submodule, a file that is not checked out) is something as well.
    Git is asked once where no place was ever filled.
    """
    empty = [pairing for pairing in pairings if _canonical_is_empty(pairing)]

    def filled(some: Sequence[Pairing]) -> bool:
        places = [place for pairing in some for place in pairing.move.canonical_places]
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
    files = []
    for inner in pairing.only_legacy:
        old, new = move.at_legacy(inner), move.at_canonical(inner)
        history = FileHistory(
            inner,
            ForkPoint(Evidence.ONE_ADDED),
            ChangedSide.LEGACY,
            SideHistory(old),
            SideHistory(None),
        )
        data = contents.read(old)
        after = repair(data, old, new)
        files.append(
            MergedFile(
                new, old, MergeAction.MOVED, history, None, after, executable[old], legacy=data
            )
        )
    history_of_all = PackageHistory(move, tuple(file.history for file in files))
    return PackageMerge(move, history_of_all, tuple(files), check_moved(moves, move, files))


def links_left(contents: Snapshot, moves: Sequence[PackageMove]) -> Iterator[RefusedFile]:
    """The tracked links and submodules that lie in a package of `moves`, and links that lead into
    one, each with what to do; paths are those of the links as they lie. A link that cannot be
    read is left out: it is a finding of every command."""
    for skipped in contents.listing().skipped:
        owners = (move for move in moves if move.owns_legacy(skipped.path))
        if skipped.why is Skip.SUBMODULE and (move := next(owners, None)) is not None:
            step = f"git mv {skipped.path} {move.target(skipped.path)}"
            yield RefusedFile(skipped.path, f"a submodule in the package, not moved: {step}")
        if skipped.why not in LINKS or (leads := _leads(contents, skipped.path)) is None:
            continue
        text, target = leads
        inside = next((move for move in moves if move.owns_legacy(skipped.path)), None)
        follows = next((move for move in moves if target and move.owns_legacy(target)), None)
        if inside is not None:
            reason = f"a symbolic link to {text} in the package, not moved"
            step = f"move it to {inside.target(skipped.path)}"
            yield RefusedFile(skipped.path, f"{reason}: {step}, and see where it leads from there")
        elif follows is not None and target is not None:
            reason = f"a symbolic link to {text}, which moved"
            yield RefusedFile(skipped.path, f"{reason}: let it lead to {follows.target(target)}")


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
