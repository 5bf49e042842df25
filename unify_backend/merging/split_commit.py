"""The commit that made one tree as a copy of the other, found by a vote of the files.

A commit is a candidate where files came into a tree from nowhere. It is the better, the more of
them are equal, after renaming, to what the other tree had just before: or had at another commit, as
a copy may be made from an older state, or on another branch. Tiny files have no vote.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unify_backend.merging.file_history import Lineage
from unify_backend.merging.fingerprints import Fingerprints, resemble
from unify_backend.model.tree_diff import Side
from unify_backend.repository.git.timeline import Event, Timeline

CANDIDATES = 5  # commits of each side that are looked at, those with most new files first
FEW = 4  # of so many new files one is equal: two packages may have some file in common
SOURCES = 12  # commits that a copy may have been made from


@dataclass(frozen=True, slots=True)
class FilePair:
    """The history of one path, relative to the trees' folders, on both sides."""

    path: str
    legacy: Lineage
    canonical: Lineage

    def of(self, side: Side) -> Lineage:
        """The history on one side."""
        match side:
            case Side.LEGACY:
                return self.legacy
            case Side.CANONICAL:
                return self.canonical


@dataclass(frozen=True, slots=True)
class SplitCommit:
    """A split by ranks of a timeline: commit `copy` added the tree `copied`, made from the other
    tree in its state at `source`. Where it is found by likeness alone, `alike` are the files that
    have most of their lines in common, and `likeness` is the share of the lines, on average.
    `newest` is the newest state that the copy may have been made from, where it is another one."""

    copied: Side
    copy: int
    source: int
    agreeing: int
    of: int
    alike: int = 0
    likeness: float | None = None
    newest: int | None = None

    @property
    def latest(self) -> int:
        """The newest state that the copy may have been made from."""
        return self.source if self.newest is None else self.newest

    def ranks(self, timeline: Timeline, state: int | None = None) -> dict[Side, int]:
        """For each side the newest commit that is part of what both have in common, where the copy
        was made from the other tree's state at `state` (if it is not that of the split)."""
        source = self.source if state is None else state
        at_the_time = source in (self.copy, *timeline.parents(self.copy))
        original = self.copy if at_the_time else source
        return {self.copied: self.copy, other(self.copied): original}


@dataclass(frozen=True, slots=True)
class _Vote:
    parting: SplitCommit
    voters: int  # files that came with it, are in the other tree and are not tiny
    ayes: int  # voters that agree
    dissent: tuple[tuple[FilePair, Event, Event], ...]  # copy and source of those that do not


def other(side: Side) -> Side:
    """The other tree."""
    return Side.CANONICAL if side is Side.LEGACY else Side.LEGACY


def find_parting(
    timeline: Timeline, kin: Sequence[FilePair], prints: Fingerprints
) -> SplitCommit | None:
    """The split with most votes, the older of equals; None where no commit has the half of them.

    Where most of the files that came with it are new, two packages only have some file in common.
    A file that was edited while it was copied, and still has most of its lines, does not speak
    against a split, but has no vote either.
    """
    best: _Vote | None = None
    for side in (Side.CANONICAL, Side.LEGACY):
        for rank in candidates(kin, side):
            vote = _best_source(timeline, kin, prints, side, rank)
            if vote is not None and (best is None or _weight(best) < _weight(vote)):
                best = vote
    if best is None or best.ayes == 0:
        return None
    edited = 0
    if best.ayes * 2 < best.voters:
        edited = sum(
            resemble(
                prints.lines(copy.blob or "", copy.path),
                prints.lines(source.blob or "", source.path),
            )
            for _, copy, source in best.dissent
        )
    came = came_with(kin, best.parting.copied, best.parting.copy)
    telling = sum(not prints.of(event.blob or "", event.path).tiny for _, event in came)
    taken_over = best.ayes + edited
    most = taken_over * 2 >= best.voters and taken_over * FEW >= telling
    return best.parting if most else None


def find_heirs(kin: Sequence[FilePair], prints: Fingerprints) -> SplitCommit | None:
    """The split of two trees that have a past in common, as a branch that renamed the package, or
    a fork that was put into a folder: the commit in which most files got their other place, and the
    newest one before it that is part of both. None where no file has such a past."""
    by_commit: dict[tuple[Side, int], list[tuple[Event, Event]]] = {}
    for pair in kin:
        if not (pair.legacy.inherited or pair.canonical.inherited):
            continue
        common = set(pair.legacy.events) & set(pair.canonical.events)
        newest = max(
            (event for event in common if event.blob), key=lambda event: event.rank, default=None
        )
        if newest is None:
            continue
        copied = Side.LEGACY if newest.path == pair.canonical.path else Side.CANONICAL
        later = [
            event
            for event in pair.of(copied).events
            if event.blob and event.rank > newest.rank and event.path != newest.path
        ]
        if later:
            first = min(later, key=lambda event: event.rank)
            by_commit.setdefault((copied, first.rank), []).append((newest, first))
    if not by_commit:
        return None
    (copied, copy), files = max(by_commit.items(), key=lambda item: (len(item[1]), -item[0][1]))
    prints.load((event.blob or "", event.path) for both in files for event in both)
    agreeing = sum(
        prints.of(old.blob or "", old.path).content == prints.of(new.blob or "", new.path).content
        for old, new in files
    )
    source = max(newest.rank for newest, _ in files)
    return SplitCommit(copied, copy, source, agreeing, len(files))


def _weight(vote: _Vote) -> tuple[int, int]:
    return vote.ayes, -vote.parting.copy


def candidates(kin: Sequence[FilePair], side: Side) -> list[int]:
    """The commits with which most files came to one side, those with most first."""
    counted = Counter(event.rank for pair in kin for event in pair.of(side).arrivals())
    ranked = sorted(counted, key=lambda rank: (-counted[rank], rank))
    return ranked[:CANDIDATES]


def _best_source(
    timeline: Timeline, kin: Sequence[FilePair], prints: Fingerprints, side: Side, copy: int
) -> _Vote | None:
    """The state of the other tree that agrees best: before the copy, in it, or at the commits
    that brought the contents which the dissenting files are equal to."""
    copies = came_with(kin, side, copy)
    best: _Vote | None = None
    for source in (*timeline.parents(copy), copy):
        vote = _vote(copies, prints, SplitCommit(side, copy, source, 0, 0))
        if vote.voters and (best is None or vote.ayes > best.ayes):
            best = vote
    if best is None:
        return None
    counted = Counter(_elsewhere(copies, best, prints))
    for source in sorted(counted, key=lambda rank: (-counted[rank], -rank))[:SOURCES]:
        vote = _vote(copies, prints, SplitCommit(side, copy, source, 0, 0))
        if vote.ayes > best.ayes:
            best = vote
    return best


def came_with(kin: Sequence[FilePair], side: Side, rank: int) -> list[tuple[FilePair, Event]]:
    """The files that came to one side from nowhere with a commit, and what they held then."""
    came = ((pair, event) for pair in kin for event in pair.of(side).arrivals())
    return [(pair, event) for pair, event in came if event.rank == rank]


def _vote(
    copies: Sequence[tuple[FilePair, Event]], prints: Fingerprints, parting: SplitCommit
) -> _Vote:
    giver = other(parting.copied)
    both = [
        (pair, copy, source)
        for pair, copy in copies
        if (source := pair.of(giver).at(parting.source)) and was_there(pair.of(giver), source, copy)
    ]
    prints.load((event.blob or "", event.path) for _, *events in both for event in events)
    agreeing = voters = ayes = 0
    dissent: list[tuple[FilePair, Event, Event]] = []
    for pair, copy, source in both:
        left, right = (prints.of(event.blob or "", event.path) for event in (copy, source))
        equal = left.content == right.content
        agreeing += equal
        if not (left.tiny or right.tiny):
            voters += 1
            ayes += equal
            if not equal:
                dissent.append((pair, copy, source))
    counted = SplitCommit(parting.copied, parting.copy, parting.source, agreeing, len(both))
    return _Vote(counted, voters, ayes, tuple(dissent))


def was_there(giver: Lineage, source: Event, copy: Event) -> bool:
    """Whether the source existed before the copy; where one commit added both trees, nothing shows
    which is the copy."""
    return source.rank != copy.rank or source not in giver.arrivals()


def _elsewhere(
    copies: Sequence[tuple[FilePair, Event]], vote: _Vote, prints: Fingerprints
) -> Iterator[int]:
    """The commits at which the other tree had what files hold that it did not have at the vote's
    source, or no longer."""
    giver = other(vote.parting.copied)
    dissenting = {copy for _, copy, _ in vote.dissent}
    for pair, copy in copies:
        if copy not in dissenting and pair.of(giver).at(vote.parting.source) is not None:
            continue
        content = prints.of(copy.blob or "", copy.path).content
        versions = pair.of(giver).versions
        prints.load((event.blob or "", event.path) for event in versions)
        for event in versions:
            if prints.of(event.blob or "", event.path).content == content:
                yield event.rank
