"""Pairs the files of the two trees, present and past."""

from collections.abc import Iterator, Sequence
from functools import partial

from unify_backend.merging.file_history import Lineage
from unify_backend.merging.fingerprints import Fingerprints
from unify_backend.merging.pairing import Pairing
from unify_backend.merging.split_commit import FilePair, SplitCommit
from unify_backend.model.package_move import inside as inside_tree
from unify_backend.model.tree_diff import Side
from unify_backend.repository.git.timeline import Timeline


def all_kin(timeline: Timeline, pairing: Pairing) -> list[FilePair]:
    """One pair for each path inside the trees that either has or had, sorted by that path."""
    move = pairing.move
    inside = {twins.path for twins in pairing.twins}
    inside.update(pairing.only_legacy, pairing.only_canonical)
    for path in timeline.paths(move.places):
        if move.owns_legacy(path):
            inside.add(inside_tree(path, move.legacy_path))
        elif move.owns_canonical(path):
            inside.add(inside_tree(path, move.canonical_path))
    legacy = partial(Lineage, timeline, foreign=move.owns_canonical)
    canonical = partial(Lineage, timeline, foreign=move.owns_legacy)
    return [
        FilePair(inner, legacy(move.at_legacy(inner)), canonical(move.at_canonical(inner)))
        for inner in sorted(inside - {""})
    ]


def living_kin(
    kin: Sequence[FilePair], pairing: Pairing, parting: SplitCommit | None, prints: Fingerprints
) -> list[FilePair]:
    """The pairs that a tree has now; a file that was moved inside one tree is paired again.

    A file that only legacy has and one that only canonical has are the same where they were at
    one path at the split, or where no other has had the same content.
    """
    only_legacy, only_canonical = set(pairing.only_legacy), set(pairing.only_canonical)
    lost = [pair for pair in kin if pair.path in only_legacy]
    gained = [pair for pair in kin if pair.path in only_canonical]
    partners = dict(_by_place(lost, gained, parting))
    rest = [pair for pair in lost if pair.path not in partners]
    taken = set(partners.values())
    free = [pair for pair in gained if pair.path not in taken]
    partners |= dict(_by_content(rest, free, prints))
    by_path = {pair.path: pair for pair in kin}
    joined = {
        target: FilePair(target, by_path[source].legacy, by_path[target].canonical)
        for source, target in partners.items()
    }
    paths = {twins.path for twins in pairing.twins} | only_legacy | only_canonical
    paths -= partners.keys()
    return [joined.get(pair.path, pair) for pair in kin if pair.path in paths]


def _by_place(
    lost: Sequence[FilePair], gained: Sequence[FilePair], parting: SplitCommit | None
) -> Iterator[tuple[str, str]]:
    if parting is None:
        return
    at = {side: parting.copy if side is parting.copied else parting.source for side in Side}
    there: dict[str, str] = {}
    for pair in gained:
        if place := _place(pair.canonical, at[Side.CANONICAL], pair.path):
            there[place] = pair.path
    for pair in lost:
        place = _place(pair.legacy, at[Side.LEGACY], pair.path)
        if place and place in there:
            yield pair.path, there.pop(place)


def _place(lineage: Lineage, rank: int, path: str) -> str | None:
    """The path inside the tree at that commit; the tree's folder may have been another then."""
    event = lineage.at(rank)
    if event is None:
        return None
    folder = lineage.path.removesuffix(path)
    return event.path.removeprefix(folder)


def _by_content(
    lost: Sequence[FilePair], gained: Sequence[FilePair], prints: Fingerprints
) -> Iterator[tuple[str, str]]:
    """Pairs that share a content with each other and with no third file."""
    if not lost or not gained:
        return
    sharing: dict[bytes, tuple[set[str], set[str]]] = {}
    for number, many in enumerate((lost, gained)):
        for pair in many:
            versions = (pair.legacy, pair.canonical)[number].versions
            prints.load((event.blob or "", event.path) for event in versions)
            for event in versions:
                print_ = prints.of(event.blob or "", event.path)
                if not print_.tiny:
                    sharing.setdefault(print_.content, (set(), set()))[number].add(pair.path)
    links = {
        (source, target)
        for sources, targets in sharing.values()
        for source in sources
        for target in targets
    }
    for source, target in sorted(links):
        if sum(source == first or target == second for first, second in links) == 1:
            yield source, target
