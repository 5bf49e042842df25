"""Pairs the files of the legacy tree with those of the canonical one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from unify_backend.model.errors import UnifyError
from unify_backend.model.file_source import Contents, Listing, SkippedFile, TrackedFile
from unify_backend.model.package_move import PackageMove, inside, is_under
from unify_backend.model.shims import is_generated
from unify_backend.model.tree_diff import Side


@dataclass(frozen=True, slots=True)
class SamePlaceFiles:
    """The two files at the same place in their trees."""

    path: str  # relative to each tree's folder
    legacy: TrackedFile
    canonical: TrackedFile


@dataclass(frozen=True, slots=True)
class Pairing:
    """One move's files, sorted by their path relative to the tree's folder."""

    move: PackageMove
    twins: tuple[SamePlaceFiles, ...]
    only_legacy: tuple[str, ...]
    only_canonical: tuple[str, ...]
    skipped: tuple[SkippedFile, ...]  # links, submodules and the like in either tree
    forwarded: bool = False  # a forwarding package of ours stands in the legacy folder

    @property
    def done(self) -> bool:
        """Whether nothing is left in the legacy folder but the forwarding package."""
        return self.forwarded and not self.twins and not self.only_legacy


def pair_up(listing: Listing, moves: Sequence[PackageMove]) -> tuple[Pairing, ...]:
    """The pairing of each move, in the order of `moves`.

    Where folders lie inside one another a file belongs to the innermost, so that no file is in
    two trees of one move.
    """
    trees = _Trees(moves)
    files: dict[tuple[int, Side], dict[str, TrackedFile]] = {}
    for file in listing.files:
        for number, side, inner in trees.owners(file.path):
            files.setdefault((number, side), {})[inner] = file
    skipped: dict[int, dict[str, SkippedFile]] = {}
    for link in listing.skipped:
        for number, _, _ in trees.owners(link.path):
            skipped.setdefault(number, {})[link.path] = link
    return tuple(
        _pairing(
            move,
            files.get((number, Side.LEGACY), {}),
            files.get((number, Side.CANONICAL), {}),
            tuple(skipped.get(number, {}).values()),
        )
        for number, move in enumerate(moves)
    )


def pairs_of(contents: Contents, moves: Sequence[PackageMove]) -> tuple[Pairing, ...]:
    """The pairing of each move without forwarding packages: files that this tool generated in a
    legacy folder are not edits, and must not be paired with the canonical file of the same name."""
    listing = contents.listing()
    listed = frozenset(file.path for file in listing.files)
    forwarding = [  # found by its `__init__.py`, so that no other file need be read
        move
        for move in moves
        if (head := move.at_legacy("__init__.py")) in listed and _generated(contents, head)
    ]
    generated = {
        path
        for path in listed
        if any(move.owns_legacy(path) for move in forwarding) and _generated(contents, path)
    }
    files = tuple(file for file in listing.files if file.path not in generated)
    return tuple(
        replace(pairing, forwarded=True, only_canonical=())  # not deleted here
        if any(pairing.move.owns_legacy(path) for path in generated)
        else pairing
        for pairing in pair_up(replace(listing, files=files), moves)
    )


def _generated(contents: Contents, path: str) -> bool:
    try:
        return is_generated(contents.read(path))
    except UnifyError:
        return False


def _pairing(
    move: PackageMove,
    legacy: dict[str, TrackedFile],
    canonical: dict[str, TrackedFile],
    skipped: tuple[SkippedFile, ...],
) -> Pairing:
    return Pairing(
        move,
        tuple(
            SamePlaceFiles(p, legacy[p], canonical[p])
            for p in sorted(legacy.keys() & canonical.keys())
        ),
        tuple(sorted(legacy.keys() - canonical.keys())),
        tuple(sorted(canonical.keys() - legacy.keys())),
        skipped,
    )


class _Trees:
    """The folders of all moves, innermost first."""

    def __init__(self, moves: Sequence[PackageMove]) -> None:
        folders = [
            (root, place, number, side)
            for number, move in enumerate(moves)
            for side, root, places in (
                (Side.LEGACY, move.legacy_path, move.legacy_places),
                (Side.CANONICAL, move.canonical_path, move.canonical_places),
            )
            for place in places
        ]
        self._folders = sorted(folders, key=lambda folder: -len(folder[1]))

    def owners(self, path: str) -> Iterator[tuple[int, Side, str]]:
        """The move's number, the side and the path inside the tree; several where moves share
        a folder, as when two packages go into one."""
        longest = 0
        for root, place, number, side in self._folders:
            if len(place) < longest:
                return
            if is_under(path, place):
                longest = len(place)
                yield number, side, inside(path, root)
