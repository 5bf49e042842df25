"""The commit that copied and edited a tree at once, found by likeness.

No file of the copy equals what it was made of, so that each file votes for the state of the other
tree that its first content has most lines in common with. Packages that only share a few files, or
the skeleton that a template made, are no copies: most of the new files must take part in the vote,
with lines enough to tell one text from another.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from unify_backend.merging.fingerprints import RESEMBLE, Fingerprints, likeness
from unify_backend.merging.split_commit import (
    SOURCES,
    FilePair,
    SplitCommit,
    came_with,
    candidates,
    other,
    was_there,
)
from unify_backend.model.tree_diff import Side
from unify_backend.repository.git.timeline import Event, Timeline

SHARED = 30  # distinct lines that a copy has in common with its origin
LINE = 8  # characters: `return x` and the like are in every text
VERSIONS = 20  # earlier contents of a file that are compared, newest first
VOTERS = 120  # files that are asked, where more came


@dataclass(frozen=True, slots=True)
class _Vote:
    parting: SplitCommit
    weight: float  # the sum of how alike the voters are
    alike: int
    voters: int
    shared: int


def find_likely(
    timeline: Timeline, kin: Sequence[FilePair], prints: Fingerprints
) -> SplitCommit | None:
    """The copy that most files speak for, the older of equals; None where most do not."""
    best: _Vote | None = None
    for side in (Side.CANONICAL, Side.LEGACY):
        for rank in candidates(kin, side):
            vote = _best_source(timeline, kin, prints, side, rank)
            if vote is not None and (best is None or vote.weight > best.weight):
                best = vote
    return best.parting if best is not None else None


def _best_source(
    timeline: Timeline, kin: Sequence[FilePair], prints: Fingerprints, side: Side, copy: int
) -> _Vote | None:
    copies = [
        (pair, event)
        for pair, event in came_with(kin, side, copy)
        if not prints.of(event.blob or "", event.path).tiny
    ]
    copies = copies[:: 1 + len(copies) // VOTERS]
    if not copies:
        return None

    def vote(source: int) -> _Vote:
        return _vote(copies, prints, SplitCommit(side, copy, source, 0, 0))

    sources = dict.fromkeys((*timeline.parents(copy), copy))
    best = max(map(vote, sources), key=lambda counted: counted.weight)
    if not best.voters:
        return None
    ranks = Counter(_elsewhere(copies, prints, best, timeline))
    for source, _ in ranks.most_common(SOURCES):
        if (counted := vote(source)).weight > best.weight + 1e-9:
            best = counted
    most = best.alike * 2 >= best.voters and best.alike * 2 >= len(copies)
    return best if most and best.shared >= SHARED else None


def _vote(
    copies: Sequence[tuple[FilePair, Event]], prints: Fingerprints, parting: SplitCommit
) -> _Vote:
    giver = other(parting.copied)
    degrees: list[float] = []
    equal = shared = 0
    for pair, copy in copies:
        source = pair.of(giver).at(parting.source)
        if source is None or not was_there(pair.of(giver), source, copy):
            continue
        ours, theirs = (prints.lines(e.blob or "", e.path) for e in (copy, source))
        degrees.append(degree := likeness(ours, theirs))
        equal += prints.written(copy) == prints.written(source)
        if degree >= RESEMBLE:
            shared += sum(len(line) >= LINE for line in ours & theirs)
    alike = [degree for degree in degrees if degree >= RESEMBLE]
    mean = round(sum(alike) / len(alike), 2) if alike else 0.0
    likely = replace(parting, agreeing=equal, of=len(degrees), alike=len(alike), likeness=mean)
    return _Vote(likely, sum(alike), len(alike), len(degrees), shared)


def _elsewhere(
    copies: Sequence[tuple[FilePair, Event]],
    prints: Fingerprints,
    vote: _Vote,
    timeline: Timeline,
) -> Iterator[int]:
    """The commits with the content of the other tree that each file is most like."""
    giver = other(vote.parting.copied)
    for pair, copy in copies:
        lineage = pair.of(giver)
        later = lineage.at(vote.parting.source)
        versions = [
            version
            for version in lineage.versions
            if version != later and copy.rank not in timeline.ancestors(version.rank)
        ][:VERSIONS]
        prints.load((version.blob or "", version.path) for version in versions)
        ours = prints.lines(copy.blob or "", copy.path)

        def degree(version: Event, lines: frozenset[str] = ours) -> float:
            return likeness(lines, prints.lines(version.blob or "", version.path))

        best = max(versions, key=degree, default=None)
        if best is not None and (later is None or degree(best) > degree(later)):
            yield best.rank
