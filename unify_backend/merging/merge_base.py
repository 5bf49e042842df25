"""The merge base: the content that the two files of a pair both come from.

Two equal contents may be one change made twice; then the base is an earlier content. Only a copy
makes a new base. A content counts as a copy where the file had no earlier content, where it dropped
edits that its side had, where one commit made several files equal, and where one commit made both
sides equal. Of several bases the newest is taken, in the order of history and not of dates.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from unify_backend.merging.fingerprints import RESEMBLE, Fingerprints, likeness
from unify_backend.merging.source_version import SEVERAL, SourceVersions
from unify_backend.merging.split_commit import FEW, FilePair, SplitCommit, other
from unify_backend.model.history import Evidence
from unify_backend.model.tree_diff import Side
from unify_backend.repository.git.timeline import Event, Timeline


@dataclass(frozen=True, slots=True)
class Base:
    """A base: what `event` brought, on `side`, as the commit `state` has it.

    What happened in the commits `legacy` and `canonical`, or before them, is part of it.
    """

    evidence: Evidence
    event: Event
    side: Side
    state: int
    legacy: int
    canonical: int
    likeness: float | None = None  # how alike the copy was, where it was edited as it was made
    later: Event | None = None  # a newer content that the copy may have been made of as well
    older: bool = False  # than the state that other files show

    def boundary(self, side: Side) -> int:
        """The newest commit of that side that is part of the base."""
        return self.legacy if side is Side.LEGACY else self.canonical


class Bases:
    """Finds the base of each pair of one package."""

    def __init__(
        self,
        timeline: Timeline,
        kin: Sequence[FilePair],
        prints: Fingerprints,
        parting: SplitCommit | None,
        sources: SourceVersions,
    ) -> None:
        """`kin` are all files that either tree has or had; they show what else a commit changed."""
        self._sources = sources
        self._timeline = timeline
        self._prints = prints
        self._parting = parting
        self._company: dict[tuple[Side, int], list[tuple[FilePair, Event]]] = defaultdict(list)
        for pair in kin:
            for side in Side:
                for event in pair.of(side).versions:
                    self._company[side, event.rank].append((pair, event))
        self._copying: dict[tuple[Side, int], bool] = {}
        self._beside: bool | None = None

    def given(self, kin: FilePair, rank: int) -> Base | None:
        """The content in the commit that the user named, taken from the legacy tree where it has
        it."""
        for side in Side:
            if event := kin.of(side).at(rank):
                return Base(Evidence.GIVEN, event, side, rank, rank, rank)
        return None

    def at_split(self, kin: FilePair) -> Base | None:
        """The content that the copied tree had at the package's split."""
        if (parting := self._parting) is None:
            return None
        copy = kin.of(parting.copied).at(parting.copy)
        if copy is None:
            return self._left_out(kin, parting)
        base = self._copied(kin, parting.copied, copy, parting.latest)
        if base is None or base.evidence is Evidence.EQUAL:
            return base
        if parting.likeness is not None and (base.likeness or 0.0) < RESEMBLE:
            return None  # nothing shows that it is a copy
        likely = parting.likeness is not None
        return replace(base, evidence=Evidence.LIKENESS) if likely else base

    def outlived(self, kin: FilePair) -> bool:
        """Whether the file was copied from a state before its source was deleted, and a part of the
        other files' sources were still there when the copy came: they were not moved over."""
        if (parting := self._parting) is None or not self._is_beside(parting):
            return False
        copy, last = kin.of(parting.copied).at(parting.copy), kin.of(other(parting.copied)).last
        if copy is None or last is None or last.rank == parting.copy:
            return False
        return self._sources.of(kin, parting.copied, copy, parting.latest) is not None

    def _is_beside(self, parting: SplitCommit) -> bool:
        if self._beside is None:
            parents = self._timeline.parents(parting.copy)
            there = [
                any(pair.of(other(parting.copied)).at(state) for state in parents)
                for pair, _ in self._company[parting.copied, parting.copy]
            ]
            self._beside = sum(there) * FEW >= len(there)
        return self._beside

    def _left_out(self, kin: FilePair, parting: SplitCommit) -> Base | None:
        """What a file that the copy does not have was then. What may have happened to it after the
        copy's source is no part of that."""
        side, known = other(parting.copied), self._sources.known
        event = kin.of(side).at(parting.source)
        then = event
        while then and not known(parting.copied, parting.copy, parting.latest, then):
            then = next((old for old in kin.of(side).before(then) if old.blob is not None), None)
        if then is None:
            return None
        state = parting.source if then == event else then.rank
        ranks = parting.ranks(self._timeline, state)
        legacy, canonical = ranks[Side.LEGACY], ranks[Side.CANONICAL]
        return Base(Evidence.SPLIT, then, side, state, legacy, canonical)

    def _copied(self, kin: FilePair, side: Side, copy: Event, state: int) -> Base | None:
        """The content that a file was made of as it came to a side with a copy of the other side in
        the state of a commit, or in an older one."""
        source = self._sources.of(kin, side, copy, state)
        if source is None:
            return None
        event, at = source.event, state
        if source.step is not None or source.gone is not None:
            at = event.rank
        ranks = SplitCommit(side, copy.rank, at, 0, 0).ranks(self._timeline)
        legacy, canonical = ranks[Side.LEGACY], ranks[Side.CANONICAL]
        base = Base(Evidence.EQUAL, event, other(side), at, legacy, canonical)
        if self._content(copy) == self._content(event):
            return base
        later, older = source.later, source.step is not None
        if self._parting is not None and source.step is not None and not source.sure:
            part = self._timeline.ancestors(self._parting.source)
            later = later if source.step.rank in part else None  # others show that it was before
        evidence = Evidence.LIKENESS if older else Evidence.SPLIT
        degree = self._likeness(copy, event)
        return replace(base, evidence=evidence, likeness=degree, later=later, older=older)

    def newest(self, kin: FilePair) -> Base | None:
        """The newest content that was copied; where no content is equal, the original's content at
        the time when one commit copied and edited the file."""
        versions = (*kin.legacy.versions, *kin.canonical.versions)
        self._prints.load((event.blob or "", event.path) for event in versions)
        split = self.at_split(kin)
        bases = {*self._copies(kin), *self._old_copies(kin)}
        if split is not None and split.evidence is Evidence.EQUAL:
            bases.add(split)
        if best := self._best(bases):
            return best
        if split is not None and self._parting is not None:
            copied = kin.of(self._parting.copied)
            if not copied.versions or copied.at(self._parting.copy):
                return split
            if late := self._late_copy(kin, self._parting.copied):
                return late
        return self._later_copy(kin)

    def _likeness(self, event: Event, than: Event) -> float:
        first, second = (self._prints.lines(e.blob or "", e.path) for e in (event, than))
        return round(likeness(first, second), 2)

    def _content(self, event: Event) -> bytes:
        return self._prints.of(event.blob or "", event.path).content

    def _tells(self, event: Event) -> bool:
        return not self._prints.of(event.blob or "", event.path).tiny

    def _copies(self, kin: FilePair) -> Iterator[Base]:
        """Contents that came to one side by a copy of what the other side had then."""
        for side in Side:
            for event in kin.of(side).versions:
                rank, state = event.rank, self._equal_state(kin, side, event)
                if state is None or self._was_undone(kin, side, event):
                    continue
                there = kin.of(other(side)).at(state)
                if there is None or not (self._tells(event) or there.rank == rank):
                    continue  # a tiny content is in many files, but one commit that wrote both
                if state == rank or there.rank == rank or self._is_copy(kin, side, event):
                    yield Base(Evidence.EQUAL, there, other(side), state, rank, rank)

    def _equal_state(self, kin: FilePair, side: Side, event: Event) -> int | None:
        """A parent of the event's commit, or the commit, where the other side has its content."""
        giver, content = kin.of(other(side)), self._content(event)
        for state in (*self._timeline.parents(event.rank), event.rank):
            there = giver.at(state)
            if there is not None and self._content(there) == content:
                return state
        return None

    def _old_copies(self, kin: FilePair) -> Iterator[Base]:
        """Contents that came to one side by a copy of what the other had at another time: before,
        or on another branch."""
        for side in Side:
            theirs = [version for version in kin.of(other(side)).versions if self._tells(version)]
            for event in filter(self._tells, kin.of(side).versions):
                there = next(
                    (
                        version
                        for version in theirs  # newest first
                        if self._content(version) == self._content(event)
                        and event.rank not in self._timeline.ancestors(version.rank)
                    ),
                    None,
                )
                if there is None or self._was_undone(kin, side, event):
                    continue
                if self._reverts(kin, side, event):
                    continue
                if self._stands_alone(kin, side, event):
                    ranks = {side: event.rank, other(side): there.rank}
                    legacy, canonical = ranks[Side.LEGACY], ranks[Side.CANONICAL]
                    at = there.rank
                    yield Base(Evidence.EQUAL, there, other(side), at, legacy, canonical)

    def _is_copy(self, kin: FilePair, side: Side, event: Event) -> bool:
        return self._stands_alone(kin, side, event) or self._copies_several(side, event.rank)

    def _stands_alone(self, kin: FilePair, side: Side, event: Event) -> bool:
        """Whether the file had no earlier content, or only edits that its own side had."""
        before = [earlier for earlier in kin.of(side).before(event) if earlier.blob is not None]
        theirs = {self._content(version) for version in kin.of(other(side)).versions}
        return not any(self._content(earlier) in theirs for earlier in before)

    def _reverts(self, kin: FilePair, side: Side, event: Event) -> bool:
        """Whether the file's own side had said the same before: taking an edit back is no copy."""
        earlier = self._timeline.ancestors(event.rank)
        return any(
            version.rank != event.rank
            and version.rank in earlier
            and self._content(version) == self._content(event)
            for version in kin.of(side).versions
        )

    def _was_undone(self, kin: FilePair, side: Side, event: Event) -> bool:
        """Whether the side later went back to what it had said before: what it took over is no
        common ground then, and the other side's edits since the copy before are open again."""
        lineage = kin.of(side)
        before = {self._content(old) for old in lineage.before(event) if old.blob is not None}
        return any(
            version.rank > event.rank
            and self._content(version) in before
            and event.rank in self._timeline.ancestors(version.rank)
            for version in lineage.versions
        )

    def _copies_several(self, side: Side, rank: int) -> bool:
        """Whether the commit made several files equal, and most of those that it changed."""
        if (side, rank) not in self._copying:
            ayes = voters = 0
            for kin, event in self._company[side, rank]:
                giver = kin.of(other(side))
                if self._tells(event) and any(map(giver.at, self._timeline.parents(rank))):
                    voters += 1
                    ayes += self._equal_state(kin, side, event) is not None
            self._copying[side, rank] = ayes >= SEVERAL and ayes * 2 >= voters
        return self._copying[side, rank]

    def _best(self, bases: Iterable[Base]) -> Base | None:
        """One that no other is newer than, on both sides."""
        candidates = list(bases)
        newest = [
            candidate
            for candidate in candidates
            if not any(self._newer(another, candidate) for another in candidates)
        ]
        return max(newest, key=_weight, default=None)

    def _newer(self, base: Base, than: Base) -> bool:
        if (base.legacy, base.canonical) == (than.legacy, than.canonical):
            return False
        ancestors = self._timeline.ancestors
        return than.legacy in ancestors(base.legacy) and than.canonical in ancestors(base.canonical)

    def _later_copy(self, kin: FilePair) -> Base | None:
        """What one side had when the file came to the other together with several equal ones."""
        for side in Side:
            for event in kin.of(side).arrivals():
                if self._copies_several(side, event.rank):
                    for state in self._timeline.parents(event.rank):
                        if base := self._copied(kin, side, event, state):
                            return base
        return None

    def _late_copy(self, kin: FilePair, side: Side) -> Base | None:
        """What the original had when a file came that the copy of the package had left out: copied
        and edited at once, as its likeness shows."""
        bases: list[Base] = []
        for event in filter(self._tells, kin.of(side).arrivals()):
            for state in self._timeline.parents(event.rank):
                if base := self._copied(kin, side, event, state):
                    bases.append(replace(base, evidence=Evidence.LIKENESS))
        likely = [base for base in bases if (base.likeness or 0.0) >= RESEMBLE]
        return max(likely, key=_weight, default=None)


def _weight(base: Base) -> tuple[bool, int, int, bool, str]:
    """The sort key of a base: contents copied from the other side's current state first, then the
    newest."""
    ranks = base.legacy, base.canonical
    at_the_time = base.legacy == base.canonical
    return at_the_time, min(ranks), max(ranks), base.side is Side.LEGACY, base.event.path
