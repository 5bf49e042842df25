"""Which version of a file a copy was made of, where the copy says something else than each of them.

A fork that lived elsewhere comes into a repository by one commit, and the commit does not say which
state it began from. Files that nobody edited tell, but only up to the next change of one of them:
what happened to the other files in between may have been before the fork or after it. There, the
copy of the file itself is asked, change by change of the source (`shown`). It has the change; or it
has the text before it, and then it was made of an older version; or it has neither, so that both
may be. An older version as the base loses nothing of the source's changes: what the copy has of
them is the same change made twice, what it does not have is brought over, and what it has in
another form is a conflict. A newer one would count them all as changes that the copy took back.
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from unify_backend.merging.fingerprints import Fingerprints, resemble
from unify_backend.merging.split_commit import FilePair, SplitCommit, came_with, other
from unify_backend.merging.threeway.diff import Change, changes
from unify_backend.model.tree_diff import Side
from unify_backend.repository.git.timeline import Event, Timeline

SEVERAL = 2  # files that show a state before it is more than the same fix twice
_LOOKED_AT = 30  # versions of a file, newest first: each of them costs a comparison
_Row = Hashable
_RowT = TypeVar("_RowT", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a copy shows of the changes from one version of its source to a later one, in lines.

    It has the change (`has`), or the text that the change replaced (`former`), or it is without
    what the change added (`without`), or it says a third thing in that place (`unclear`).
    """

    has: int = 0
    former: int = 0
    without: int = 0
    unclear: int = 0

    @property
    def lacks(self) -> int:
        """What speaks for the version before the changes."""
        return self.former + self.without

    def __add__(self, more: "Shown") -> "Shown":
        """Both together."""
        return Shown(
            self.has + more.has,
            self.former + more.former,
            self.without + more.without,
            self.unclear + more.unclear,
        )


def shown(old: Sequence[_Row], new: Sequence[_Row], copy: Sequence[_Row]) -> Shown:
    """What a copy shows of the changes from one text to another."""
    total, theirs = Shown(), changes(old, copy)
    for change in changes(old, new):
        total += _shown(change, old, new, copy, theirs)
    return total


def _shown(
    change: Change,
    old: Sequence[_Row],
    new: Sequence[_Row],
    copy: Sequence[_Row],
    theirs: Sequence[Change],
) -> Shown:
    before = Counter(old[change.a_start : change.a_end])
    after = Counter(new[change.b_start : change.b_end])
    gone, come = before - after, after - before
    put: Counter[_Row] = Counter()
    for near in theirs:
        if near.a_start <= change.a_end and change.a_start <= near.a_end:
            put.update(copy[near.b_start : near.b_end])
    inside = [
        near for near in theirs if near.a_start < change.a_end and change.a_start < near.a_end
    ]
    there = come & put
    has, rest = Shown(has=_size(there, words=True)), come - there
    if come and not rest:
        return has
    if not inside:
        return has + (Shown(former=_size(gone)) if gone else Shown(without=_size(rest)))
    if not come and not put and _covered(change, inside):
        return Shown(has=_size(gone, words=True))
    if _edited(gone, rest, put):
        return has + Shown(has=_size(rest, words=True))
    return has + Shown(unclear=_size(rest or gone))


def _edited(gone: Counter[_Row], come: Counter[_Row], put: Counter[_Row]) -> bool:
    """Whether what the copy says is an edit of the text after a change: it has all words that the
    change brought, and none that it took away."""
    before, after, there = (
        {word for row in rows for word in re.findall(r"\w+", str(row))}
        for rows in (gone, come, put)
    )
    return bool(after - before) and after - before <= there and not (before - after) & there


def _covered(change: Change, inside: Sequence[Change]) -> bool:
    at = change.a_start
    for near in inside:
        if near.a_start > at:
            return False
        at = max(at, near.a_end)
    return at >= change.a_end


def former_words(
    old: Sequence[_Row], new: Sequence[_Row], copy: Sequence[_Row]
) -> list[Counter[str]]:
    """For each change from one text to another of which a copy has the text from before, the words
    of the edit that took it back: those that came count once, those that went once less."""
    theirs = changes(old, copy)
    edits: list[Counter[str]] = []
    for change in changes(old, new):
        if _shown(change, old, new, copy, theirs).former:
            before, after = old[change.a_start : change.a_end], new[change.b_start : change.b_end]
            edits.append(_words_edited(after, before))
    return edits


def edited_words(source: Sequence[_Row], copy: Sequence[_Row]) -> list[Counter[str]]:
    """The words of each edit from one text to another, line by line where the lines are as many."""
    edits: list[Counter[str]] = []
    for change in changes(source, copy):
        gone, come = source[change.a_start : change.a_end], copy[change.b_start : change.b_end]
        if len(gone) == len(come):
            edits += [_words_edited([a], [b]) for a, b in zip(gone, come, strict=True)]
        else:
            edits.append(_words_edited(gone, come))
    return edits


def _words_edited(gone: Sequence[_Row], come: Sequence[_Row]) -> Counter[str]:
    words: Counter[str] = Counter()
    for rows, sign in ((come, 1), (gone, -1)):
        for row in rows:
            for word in re.findall(r"\w+", str(row)):
                words[word] += sign
    return Counter({word: count for word, count in words.items() if count})


def _size(rows: Mapping[_RowT, int], words: bool = False) -> int:
    """How many rows say something; with `words`, how many have a word."""
    pattern = re.compile(r"\w" if words else r"\S")
    return sum(count for row, count in rows.items() if pattern.search(str(row)))


@dataclass(frozen=True, slots=True)
class SourceVersion:
    """The version that a copy was made of: what `event` brought.

    `step` is the version after it, where later ones may have been the source; `later` is the
    newest of these where the copy does not show that it was not. `sure` is whether the copy has
    text that a later version replaced. `gone` is the deletion of the source, where that was later.
    """

    event: Event
    step: Event | None = None
    later: Event | None = None
    sure: bool = False
    gone: Event | None = None


class SourceVersions:
    """Finds the version that each file of a copy was made of; each is looked for once."""

    def __init__(self, timeline: Timeline, prints: Fingerprints, kin: Sequence[FilePair]) -> None:
        """`kin` are all files that either tree has or had."""
        self._timeline = timeline
        self._prints = prints
        self._kin = kin
        self._found: dict[tuple[FilePair, Side, int, int], SourceVersion | None] = {}
        self._proofs: dict[tuple[Side, int, int], dict[str, int]] = {}

    def of(self, pair: FilePair, side: Side, copy: Event, state: int) -> SourceVersion | None:
        """The version that the file which `copy` brought to a side was made of, where the other
        side was in the state of a commit; None where that side had no such file."""
        key = pair, side, copy.rank, state
        if key not in self._found:
            self._found[key] = self._find(pair, side, copy, state)
        return self._found[key]

    def known(self, side: Side, rank: int, state: int, event: Event, but: str = "") -> bool:
        """Whether files that came to a side with a commit show that it was copied from a state
        after an event of the other side; `but` is a path that is not asked."""
        proofs = self._proven(side, rank, state)
        needed = SEVERAL if but else min(SEVERAL, len(proofs) or 1)
        ancestors = self._timeline.ancestors
        several = 0
        for path, proof in proofs.items():
            several += path != but and event.rank in ancestors(proof)
            if several >= needed:
                return True
        return False

    def narrowed(self, parting: SplitCommit) -> SplitCommit:
        """The split, from the newest of its states of which no file shows that it was later than
        the copy's source."""
        giver, steps = other(parting.copied), list[int]()
        came = came_with(self._kin, parting.copied, parting.copy)
        for pair, copy in came:
            source = self.of(pair, parting.copied, copy, parting.source)
            if source is not None and source.gone is not None:
                steps.append(source.gone.rank)
            elif source is not None and source.step and source.sure and not source.later:
                steps.append(source.step.rank)
        equal = [
            pair.of(giver)
            for pair, copy in came
            if self._equal(pair.of(giver).at(parting.source), copy)
        ]
        for step in sorted(steps):
            for state in self._timeline.parents(step)[:1]:
                if all(
                    self._equal(lineage.at(state), lineage.at(parting.source)) for lineage in equal
                ):
                    return replace(parting, source=state, newest=parting.source)
        return parting

    def _equal(self, event: Event | None, another: Event | None) -> bool:
        if event is None or another is None:
            return False
        first, second = (self._prints.of(e.blob or "", e.path) for e in (event, another))
        return first.content == second.content

    def _find(self, pair: FilePair, side: Side, copy: Event, state: int) -> SourceVersion | None:
        giver, gone = pair.of(other(side)), None
        now = giver.at(state)
        if now is not None and self._equal(now, copy):
            return SourceVersion(now)
        ancestors = self._timeline.ancestors(state)
        versions = [old for old in giver.versions if old.rank in ancestors]
        if now is None:
            deleted = (event for event in giver.events if event.rank in ancestors)
            gone = next((event for event in deleted if event.blob is None), None)
            if not versions or gone is None or versions[0].rank > gone.rank:
                return None
            if self.known(side, copy.rank, state, gone, pair.path):
                return None
            now = versions[0]
        versions = [now, *(old for old in versions if old != now)][: _LOOKED_AT + 1]
        self._prints.load((event.blob or "", event.path) for event in (copy, *versions))
        if gone is not None and not self._alike(copy, versions):
            return None
        known = partial(self.known, side, copy.rank, state, but=pair.path)
        rows = list(map(self._prints.rows, versions))
        source = _Choice(versions, rows, self._prints.rows(copy)).made(known)
        if source.step is not None and not source.sure:
            parts = list(map(self._prints.parts, versions))
            source = _Choice(versions, parts, self._prints.parts(copy)).made(known)
        elif source.later is not None and self._took_back(pair, side, copy, state, source):
            source = SourceVersion(now)
        return replace(source, gone=gone)

    def _took_back(
        self, pair: FilePair, side: Side, copy: Event, state: int, source: SourceVersion
    ) -> bool:
        """Whether the text from before the newest change is an edit of the copy for certain.

        Several other files of the commit that made the change came as they were after it, and the
        copy made the same edit, of the same words, in several files that have later text."""
        now, mine = source.step, self._prints.rows(copy)
        if now is None or now != source.later or not source.sure:
            return False
        edits = former_words(self._prints.rows(source.event), self._prints.rows(now), mine)
        if not edits or not all(edits):
            return False
        complete, alike = 0, [0] * len(edits)
        for beside, event in came_with(self._kin, side, copy.rank):
            giver = beside.of(other(side))
            there = giver.at(state)
            if beside.path == pair.path or there is None:
                continue
            if self._equal(there, event):
                complete += any(version.rank == now.rank for version in giver.versions)
                continue
            newest = self._newest_had(giver.versions, there, event)
            if newest is None or newest == now.rank:
                continue
            if now.rank in self._timeline.ancestors(newest):
                taken_back = edited_words(self._prints.rows(there), self._prints.rows(event))
                alike = [
                    count + (edit in taken_back) for count, edit in zip(alike, edits, strict=True)
                ]
        return complete >= SEVERAL and min(alike) >= SEVERAL

    def _alike(self, copy: Event, versions: Sequence[Event]) -> bool:
        if any(self._equal(copy, version) for version in versions):
            return True
        ours, theirs = (
            self._prints.lines(event.blob or "", event.path) for event in (copy, versions[0])
        )
        return resemble(ours, theirs)

    def _proven(self, side: Side, rank: int, state: int) -> dict[str, int]:
        """For each file that came with a commit the newest change of the other tree that it has."""
        if (side, rank, state) not in self._proofs:
            self._proofs[side, rank, state] = dict(self._prove(side, rank, state))
        return self._proofs[side, rank, state]

    def _prove(self, side: Side, rank: int, state: int) -> Iterator[tuple[str, int]]:
        for pair, copy in came_with(self._kin, side, rank):
            there = pair.of(other(side)).at(state)
            if there is None or self._prints.of(copy.blob or "", copy.path).tiny:
                continue
            if self._equal(there, copy):
                yield pair.path, there.rank
            elif (
                proof := self._newest_had(pair.of(other(side)).versions, there, copy)
            ) is not None:
                yield pair.path, proof

    def _newest_had(self, versions: Sequence[Event], now: Event, copy: Event) -> int | None:
        """The newest change of a file's source that brought a line which its copy has."""
        ancestors = self._timeline.ancestors(now.rank)
        mine = Counter(self._prints.rows(copy))
        older = [old for old in versions if old.rank in ancestors and old != now]
        after = Counter(self._prints.rows(now))
        newer = now
        for event in older[:_LOOKED_AT]:
            before = Counter(self._prints.rows(event))
            if _size((after - before) & (mine - before), words=True):
                return newer.rank
            newer, after = event, before
        common = _size(after & mine, words=True)
        return newer.rank if common and len(older) <= _LOOKED_AT else None


class _Choice:
    """One file: the versions of its source, newest first, and the copy, all as rows."""

    def __init__(
        self, versions: Sequence[Event], rows: Sequence[Sequence[_Row]], copy: Sequence[_Row]
    ) -> None:
        self._versions = versions
        self._rows = rows
        self._copy = copy

    def made(self, known: "partial[bool]") -> SourceVersion:
        """The version of which the copy was made; `known` says whether other files show that the
        copy's source was later than an event."""
        counted = dict(self._counted())
        nothing = SourceVersion(self._versions[0])
        if not any(rows.lacks or rows.unclear for rows in counted.values()):
            return nothing
        last = len(self._versions) - 1
        proven = next((n for n, event in enumerate(self._versions) if known(event)), last)
        counted[0] = Shown()
        # A copy with more of the changes than it lacks was made after them: the rest is its edit.
        for number, rows in list(counted.items()):
            if rows.lacks and rows.has > rows.lacks:
                del counted[number]
        best = max(
            (number for number in counted if number <= proven),
            key=lambda number: _weight(counted[number], number),
        )
        doubtful = not counted[best].former or counted[best].has >= counted[best].former
        doubtful = doubtful and counted[best].lacks > 0
        before = [number for number in counted if number > proven]
        taken_back = max(before, key=lambda number: (counted[number].former, -number), default=0)
        if counted[taken_back].former > counted[best].former:
            best, doubtful = taken_back, True
        if best == 0:
            return nothing
        return SourceVersion(
            self._versions[best],
            self._versions[best - 1],
            self._versions[0] if doubtful else None,
            counted[best].former > 0,
        )

    def _counted(self) -> Iterator[tuple[int, Shown]]:
        """What the copy shows of all changes since a version, for each version with a change after
        it that the copy may not have."""
        mine, now = Counter(self._copy), Counter(self._rows[0])
        lacking, own = now - mine, mine - now
        after = now
        for number in range(1, len(self._rows)):
            before = Counter(self._rows[number])
            moved = before == after and self._rows[number] != self._rows[number - 1]
            if moved or (after - before) & lacking or (before - after) & own:
                yield number, shown(self._rows[number], self._rows[0], self._copy)
            after = before


def _weight(counted: Shown, number: int) -> tuple[int, int, int, int]:
    """The older version counts where the copy has less of the changes after it than it has in
    another form: both may have begun with the same few lines."""
    has = counted.has if counted.has >= counted.unclear else 0
    return counted.lacks, -has, counted.unclear, -number
