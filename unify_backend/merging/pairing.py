"""Pairs the files of the legacy tree with those of the canonical one."""

from collections.abc import Collection, Iterator, Sequence, Set
from dataclasses import dataclass, replace

from unify_backend.model.errors import UnifyError
from unify_backend.model.file_source import Contents, Listing, Skip, SkippedFile, TrackedFile
from unify_backend.model.package_move import PackageMove, inside, is_under
from unify_backend.model.shims import is_generated
from unify_backend.model.text import PACKAGE_FILE
from unify_backend.model.tree_diff import Side


@dataclass(frozen=True, slots=True)
class SamePlaceFiles:
    """The two files at the same place in their trees."""

    path: str  # relative to each tree's folder
    legacy: TrackedFile
    canonical: TrackedFile


@dataclass(frozen=True, slots=True)
class Unread:
    """A place inside the trees at which one side has something that is not read (a link, a
    submodule), and what else lies there, or below it. The paths are those in the repository, None
    where a tree has nothing there; both are of one place."""

    path: str  # relative to each tree's folder
    legacy: str
    canonical: str | None
    why: tuple[Skip, ...]


@dataclass(frozen=True, slots=True)
class Pairing:
    """One move's files, sorted by their path relative to the tree's folder.

    What lies at a place where one tree has something that is not read is in `unread` alone: it is
    not absent, and no file of its own.
    """

    move: PackageMove
    twins: tuple[SamePlaceFiles, ...]
    only_legacy: tuple[str, ...]
    only_canonical: tuple[str, ...]
    skipped: tuple[SkippedFile, ...]  # links, submodules and the like in either tree
    forwarded: bool = False  # a forwarding package of ours stands in the legacy folder
    unread: tuple[Unread, ...] = ()

    @property
    def done(self) -> bool:
        """Whether nothing is left in the legacy folder but the forwarding package."""
        return self.forwarded and not self.twins and not self.only_legacy


def pair_up(listing: Listing, moves: Sequence[PackageMove]) -> tuple[Pairing, ...]:
    """The pairing of each move, in the order of `moves`.

    Where folders lie inside one another a file belongs to the innermost, so that no file is in
    two trees of one move. Of moves into one canonical tree, each of its files that is there in a
    legacy tree is paired with that one; the others belong to all of them.
    """
    trees = _Trees(moves)
    files: dict[tuple[int, Side], dict[str, TrackedFile]] = {}
    for file in listing.files:
        for number, side, inner in trees.owners(file.path):
            files.setdefault((number, side), {})[inner] = file
    skipped: dict[int, dict[str, SkippedFile]] = {}
    odd: dict[tuple[int, Side], dict[str, SkippedFile]] = {}
    for link in listing.skipped:
        for number, side, inner in trees.owners(link.path):
            skipped.setdefault(number, {})[link.path] = link
            if link.why is not Skip.MISSING:  # deleted, and not committed yet
                odd.setdefault((number, side), {})[inner] = link
    shared: dict[str, list[int]] = {}
    for number, move in enumerate(moves):
        shared.setdefault(move.canonical_root, []).append(number)
    paired = {
        number: {
            inner
            for other in together
            if other != number
            for inner in files.get((other, Side.LEGACY), {})
        }
        for together in shared.values()
        if len(together) > 1
        for number in together
    }
    return tuple(
        _pairing(
            move,
            files.get((number, Side.LEGACY), {}),
            files.get((number, Side.CANONICAL), {}),
            {side: odd.get((number, side), {}) for side in Side},
            tuple(skipped.get(number, {}).values()),
            paired.get(number, frozenset()),
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
        if (head := move.at_legacy(PACKAGE_FILE)) in listed and _generated(contents, head)
    ]
    generated = {
        path
        for path in listed
        if any(move.owns_legacy(path) for move in forwarding) and _generated(contents, path)
    }
    files = tuple(file for file in listing.files if file.path not in generated)
    return tuple(
        replace(pairing, forwarded=True, only_canonical=(), unread=())  # not deleted here
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
    odd: dict[Side, dict[str, SkippedFile]],
    skipped: tuple[SkippedFile, ...],
    elsewhere: Set[str],
) -> Pairing:
    """`elsewhere` are the files that another legacy tree brings to the same canonical one."""
    places = _outermost(odd[Side.LEGACY].keys() | odd[Side.CANONICAL].keys())
    unread = []
    for place in sorted(places):
        theirs, ours = (
            _take_out(files, place) or place in odd[side]
            for side, files in ((Side.LEGACY, legacy), (Side.CANONICAL, canonical))
        )
        if theirs:
            why = {skipped_file.why for side in Side if (skipped_file := odd[side].get(place))}
            there = move.at_canonical(place) if ours else None
            unread.append(Unread(place, move.at_legacy(place), there, tuple(sorted(why))))
    return Pairing(
        move,
        tuple(
            SamePlaceFiles(p, legacy[p], canonical[p])
            for p in sorted(legacy.keys() & canonical.keys())
        ),
        tuple(sorted(legacy.keys() - canonical.keys())),
        tuple(sorted(canonical.keys() - legacy.keys() - elsewhere)),
        skipped,
        unread=tuple(unread),
    )


def _outermost(places: Collection[str]) -> Iterator[str]:
    """The places that do not lie below another of them."""
    return (
        place
        for place in places
        if not any(other != place and is_under(place, other) for other in places)
    )


def _take_out(files: dict[str, TrackedFile], place: str) -> bool:
    """Removes what lies at or below a place; whether there was any."""
    below = [path for path in files if is_under(path, place)]
    for path in below:
        del files[path]
    return bool(below)


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
            if not (side is Side.CANONICAL and move.incoming)
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
