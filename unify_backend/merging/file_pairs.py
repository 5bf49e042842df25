"""Pairs the files of the two trees, present and past."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations

from unify_backend.merging.file_history import Lineage
from unify_backend.merging.fingerprints import (
    MARGIN,
    RESEMBLE,
    Fingerprints,
    closest,
    likeness,
    resemble,
)
from unify_backend.merging.pairing import Pairing
from unify_backend.merging.split_commit import FilePair, SplitCommit, other
from unify_backend.model.package_move import inside as inside_tree
from unify_backend.model.tree_diff import Side
from unify_backend.repository.git.timeline import Event, Timeline

_COMPARED = 4_000  # pairs of files whose contents are compared
_HELD = 500  # files whose lines are held, so that few pay for all that a large tree has
_SHARED = 5  # lines that two files have in common by no accident


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
    one path at the split, or where no other has had the same content. Two files of one path are
    not the same where one of them came there from another path, and its partner is known.
    """
    only_legacy, only_canonical = set(pairing.only_legacy), set(pairing.only_canonical)
    by_path = {pair.path: pair for pair in kin}
    lost = [pair for pair in kin if pair.path in only_legacy]
    gained = [pair for pair in kin if pair.path in only_canonical]
    twins = [by_path[twins.path] for twins in pairing.twins]
    partners = _exchanged(lost, gained, twins, parting, prints)
    for find in (_by_place, _by_content):
        taken = set(partners.values())
        rest = [pair for pair in lost if pair.path not in partners]
        free = [pair for pair in gained if pair.path not in taken]
        partners |= find(rest, free, parting, prints)
    if parting is not None:
        partners |= _Likeness(by_path, parting, prints).exchanged(partners, twins, lost, gained)
    taken = set(partners.values())
    paths = {pair.path for pair in twins} | only_legacy | only_canonical
    gone: dict[str, FilePair] = {}
    if parting is not None:
        free = [pair for pair in gained if pair.path not in taken]
        gone = dict(_moved_and_deleted(free, by_path, paths, parting))
        alone = {
            Side.CANONICAL: [pair for pair in free if pair.path not in gone],
            Side.LEGACY: [pair for pair in lost if pair.path not in partners],
        }[parting.copied]
        deleted = [pair for pair in kin if pair.path not in paths]
        gone |= _moved_as_copied(alone, deleted, parting, prints)
    same = [pair for pair in kin if pair.path in paths - partners.keys() - taken - gone.keys()]
    for path, pair in gone.items():
        living = by_path[path]
        same.append(
            FilePair(path, pair.legacy, living.canonical)
            if living.canonical.now is not None
            else FilePair(path, living.legacy, pair.canonical)
        )
    joined = [
        FilePair(target, by_path[source].legacy, by_path[target].canonical)
        for source, target in partners.items()
    ]
    left_alone = {pair.path for pair in twins} & partners.keys() - taken
    alone = [
        FilePair(path, by_path[path].legacy.absent(), by_path[path].canonical)
        for path in left_alone
    ]
    return sorted([*same, *joined, *alone], key=lambda pair: pair.path)


def _moved_and_deleted(
    gained: Sequence[FilePair],
    by_path: Mapping[str, FilePair],
    paths: Collection[str],
    parting: SplitCommit,
) -> Iterator[tuple[str, FilePair]]:
    """The canonical files that moved away from a path at which neither tree has a file now, and the
    pair of that path: the legacy tree deleted its file."""
    for pair in gained:
        place = _place(pair.canonical, parting, Side.CANONICAL, pair.path)
        if place is None or place in paths or place not in by_path:
            continue
        if by_path[place].legacy.at(_rank(parting, Side.LEGACY)) is not None:
            yield pair.path, by_path[place]


def _moved_as_copied(
    alone: Sequence[FilePair],
    deleted: Sequence[FilePair],
    parting: SplitCommit,
    prints: Fingerprints,
) -> dict[str, FilePair]:
    """The files of a copy that were copied to another place, and whose source was deleted since:
    their paths, and the pair of the source's. `alone` are those that only the copy has, `deleted`
    the pairs of which neither tree has a file now."""
    side, source = parting.copied, other(parting.copied)
    copies = {
        pair.path: prints.lines(event.blob or "", event.path)
        for pair in alone
        if (event := pair.of(side).at(parting.copy)) is not None
        and pair.of(source).at(parting.source) is None
    }
    sources = {
        pair.path: prints.lines(event.blob or "", event.path)
        for pair in deleted
        if (event := pair.of(source).at(parting.source)) is not None
        and pair.of(side).at(parting.copy) is None
    }
    if len(copies) * len(sources) > _COMPARED:
        return {}
    by_path = {pair.path: pair for pair in deleted}
    nearest = {new: closest(lines, sources, _SHARED) for new, lines in copies.items()}
    return {
        new: by_path[old]
        for new, old in nearest.items()
        if old is not None and closest(sources[old], copies, _SHARED) == new
    }


def _exchanged(
    lost: Sequence[FilePair],
    gained: Sequence[FilePair],
    twins: Sequence[FilePair],
    parting: SplitCommit | None,
    prints: Fingerprints,
) -> dict[str, str]:
    """The partners of files that are at one path with another file of the other tree, and of those
    that these belong to: the legacy file's path → the canonical file's.

    A pair of one path is taken apart only where its legacy file has another partner.
    """
    heirs = dict(_heirs(gained, twins, parting, prints))
    gained = [pair for pair in gained if pair.path not in heirs.values()]
    apart = [pair for pair in twins if pair.path not in heirs and _differ(pair, parting, prints)]
    while apart:
        find = _by_place if parting is not None else _by_content
        partners = find([*lost, *apart], [*gained, *apart], parting, prints)
        remaining = [pair for pair in apart if partners.get(pair.path, pair.path) != pair.path]
        if len(remaining) == len(apart):
            return heirs | partners
        apart = remaining
    return heirs


class _Likeness:
    """Files that exchanged their paths and were edited at once: what was at a path at the split is
    more like what is at another one now, and the other way round."""

    def __init__(
        self, by_path: Mapping[str, FilePair], parting: SplitCommit, prints: Fingerprints
    ) -> None:
        self._by_path = by_path
        self._parting = parting
        self._prints = prints
        self._lines: dict[tuple[Side, str], frozenset[str]] = {}
        self._degrees: dict[tuple[str, str], float] = {}

    def exchanged(
        self,
        partners: Mapping[str, str],
        twins: Sequence[FilePair],
        lost: Sequence[FilePair],
        gained: Sequence[FilePair],
    ) -> dict[str, str]:
        """Other partners for some files: the legacy file's path → the canonical file's."""
        taken = partners.keys() | set(partners.values())
        free = [pair.path for pair in twins if pair.path not in taken and self._changed(pair)]
        moved = [(old, new) for old, new in partners.items() if old != new]
        moved += [
            (old.path, new.path)
            for old in lost
            for new in gained
            if old.path not in partners and new.path not in taken
        ]
        others: dict[str, str] = {}
        if len(free) * len(moved) > _COMPARED:
            return others
        self._load([*free, *(old for old, _ in moved)], [*free, *(new for _, new in moved)])
        for old, new in moved:
            for path in free:
                if not {old, new, path} & (others.keys() | set(others.values())) and self._better(
                    (old, new), (path, path)
                ):
                    others |= {path: new, old: path}
        rewritten = [path for path in free if self._degree(path, path) < RESEMBLE]
        for first, second in combinations(rewritten, 2):
            if not {first, second} & others.keys() and self._better(
                (first, first), (second, second)
            ):
                others |= {first: second, second: first}
        return others

    def _better(self, first: tuple[str, str], second: tuple[str, str]) -> bool:
        """Whether the two canonical files are each more like the legacy file of the other pair."""
        crossed = self._degree(first[0], second[1]), self._degree(second[0], first[1])
        if min(crossed) < RESEMBLE:
            return False
        straight = self._degree(*first), self._degree(*second)
        return (
            crossed[0] > straight[1] + MARGIN
            and crossed[1] > straight[1] + MARGIN
            and sum(crossed) > sum(straight) + MARGIN
        )

    def _changed(self, pair: FilePair) -> bool:
        then = pair.canonical.at(_rank(self._parting, Side.CANONICAL))
        now = pair.canonical.now
        return then is not None and now is not None and then.blob != now.blob

    def _degree(self, legacy: str, canonical: str) -> float:
        """How alike are the legacy file at the split and the canonical one as it is now."""
        if (legacy, canonical) not in self._degrees:
            self._degrees[legacy, canonical] = likeness(
                self._lines_of(Side.LEGACY, legacy), self._lines_of(Side.CANONICAL, canonical)
            )
        return self._degrees[legacy, canonical]

    def _lines_of(self, side: Side, path: str) -> frozenset[str]:
        if (side, path) not in self._lines:
            if len(self._lines) >= _HELD:
                self._lines.clear()
            event = self._event(side, path)
            lines = self._prints.lines(event.blob or "", event.path) if event else frozenset[str]()
            self._lines[side, path] = lines
        return self._lines[side, path]

    def _event(self, side: Side, path: str) -> Event | None:
        pair = self._by_path[path]
        if side is Side.CANONICAL:
            return pair.canonical.now
        return pair.legacy.at(_rank(self._parting, side))

    def _load(self, legacy: Iterable[str], canonical: Iterable[str]) -> None:
        """Reads what may be compared by one call of git."""
        events = [self._event(Side.LEGACY, path) for path in dict.fromkeys(legacy)]
        events += [self._event(Side.CANONICAL, path) for path in dict.fromkeys(canonical)]
        self._prints.read(event for event in events if event is not None)


def _differ(pair: FilePair, parting: SplitCommit | None, prints: Fingerprints) -> bool:
    """Whether one of the two files of one path took it from another file, and they are not of the
    same origin."""
    if not (pair.legacy.replacing or pair.canonical.replacing):
        return False
    if parting is not None:
        legacy, canonical = (_place(pair.of(side), parting, side, pair.path) for side in Side)
        return legacy != canonical
    contents = [
        {
            known.content
            for event in lineage.versions
            if not (known := prints.of(event.blob or "", event.path)).tiny
        }
        for lineage in (pair.legacy, pair.canonical)
    ]
    return not contents[0] & contents[1]


def _heirs(
    gained: Sequence[FilePair],
    twins: Sequence[FilePair],
    parting: SplitCommit | None,
    prints: Fingerprints,
) -> Iterator[tuple[str, str]]:
    """The canonical files that moved away from a path at which there is a file of other content
    now: the path, and where the file is."""
    if parting is None or not gained:
        return
    side = Side.CANONICAL
    from_there: dict[str | None, list[FilePair]] = {}
    for pair in gained:
        place = _place(pair.canonical, parting, side, pair.path)
        from_there.setdefault(place, []).append(pair)
    for pair in twins:
        moved = from_there.get(pair.path, [])
        now, then = pair.canonical.now, pair.canonical.at(_rank(parting, side))
        if len(moved) != 1 or now is None or then is None or now == then:
            continue
        heir = moved[0].canonical.now
        if heir is None or _place(pair.canonical, parting, side, pair.path) != pair.path:
            continue
        was, own, theirs = (prints.lines(e.blob or "", e.path) for e in (then, now, heir))
        if resemble(was, theirs) and not resemble(was, own):
            yield pair.path, moved[0].path


def _rank(parting: SplitCommit, side: Side) -> int:
    return parting.copy if side is parting.copied else parting.source


def _by_place(
    lost: Sequence[FilePair],
    gained: Sequence[FilePair],
    parting: SplitCommit | None,
    prints: Fingerprints,
) -> dict[str, str]:
    """Pairs that were at one path inside their trees at the split."""
    if parting is None:
        return {}
    there: dict[str, str] = {}
    for pair in gained:
        if place := _place(pair.canonical, parting, Side.CANONICAL, pair.path):
            there[place] = pair.path
    partners: dict[str, str] = {}
    for pair in lost:
        place = _place(pair.legacy, parting, Side.LEGACY, pair.path)
        if place and place in there:
            partners[pair.path] = there.pop(place)
    return partners


def _place(lineage: Lineage, parting: SplitCommit, side: Side, path: str) -> str | None:
    """The path inside the tree at the split; the tree's folder may have been another then."""
    event = lineage.at(_rank(parting, side))
    if event is None:
        return None
    folder = lineage.path.removesuffix(path)
    return event.path.removeprefix(folder)


def _by_content(
    lost: Sequence[FilePair],
    gained: Sequence[FilePair],
    parting: SplitCommit | None,
    prints: Fingerprints,
) -> dict[str, str]:
    """Pairs that share a content with each other and with no third file."""
    if not lost or not gained:
        return {}
    sharing: dict[bytes, tuple[set[str], set[str]]] = {}
    sides = [[(pair, pair.legacy) for pair in lost], [(pair, pair.canonical) for pair in gained]]
    prints.load(
        (event.blob or "", event.path)
        for many in sides
        for _, lineage in many
        for event in lineage.versions
    )
    for number, many in enumerate(sides):
        for pair, lineage in many:
            for event in lineage.versions:
                print_ = prints.of(event.blob or "", event.path)
                if not print_.tiny:
                    sharing.setdefault(print_.content, (set(), set()))[number].add(pair.path)
    links = {
        (source, target)
        for sources, targets in sharing.values()
        for source in sources
        for target in targets
    }
    left, right = Counter(link[0] for link in links), Counter(link[1] for link in links)
    return {
        source: target
        for source, target in sorted(links)
        if left[source] == 1 and right[target] == 1
    }
