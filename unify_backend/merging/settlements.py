"""Finds conflicts that were settled in another clone, by its commits.

One of three facts is proof. Either a commit holds the conflict markers, the text between
them are lines of the two sides as they were then, and the markers are gone since. Or a commit made
of the canonical file just what a merge of the two sides leaves open to a person: outside the
conflicts the merge's own text, and in each conflict something else than the canonical side had,
with lines that only the legacy side could bring. Or an earlier content of the legacy file brings
nothing to the canonical one: its edits were made in both. That somebody edited the same lines is no
proof, and neither is text that only looks like our markers.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import islice

from unify_backend.merging.file_history import Lineage
from unify_backend.merging.markers import marked, sides
from unify_backend.merging.taken_back import as_before, changed_beside
from unify_backend.merging.threeway.merge import merge3
from unify_backend.model.errors import RepositoryError
from unify_backend.model.history import UNCOMMITTED, FileHistory
from unify_backend.model.merge_plan import MergeAction, Merged, Recalled
from unify_backend.model.package_move import PackageMove
from unify_backend.model.text import PYTHON_FILES, Binary, decode
from unify_backend.model.tree_diff import Side
from unify_backend.repository.git.timeline import Event
from unify_backend.repository.history import History

_LOOKED_AT = 30  # versions of a file, newest first: each of them costs a merge


@dataclass(frozen=True, slots=True)
class Settlements:
    """What the history of one move's trees says. `rename` writes legacy names as canonical ones;
    `language` tells how to read a path."""

    past: History
    move: PackageMove
    rename: Callable[[str, bytes], bytes]
    language: Callable[[str], str]

    def of(self, file: FileHistory) -> Recalled | None:
        """The newest merge of the canonical file whose conflicts, if it had any, a person has
        settled by a commit, or one that brings nothing to the canonical file as it is; None where
        nothing proves that there is one."""
        if file.legacy.path is None or file.canonical.path is None:
            return None
        pair = _File(self, file, file.legacy.path, file.canonical.path)
        try:
            return pair.settled() or pair.brought()
        except RepositoryError:  # git does not have one of the versions: it proves nothing
            return None


class _File:
    def __init__(
        self, settlements: Settlements, file: FileHistory, legacy: str, canonical: str
    ) -> None:
        timeline, move = settlements.past.timeline, settlements.move
        self._settlements = settlements
        self._timeline = timeline
        self._file = file
        self._legacy = Lineage(timeline, legacy, move.owns_canonical)
        self._canonical = Lineage(timeline, canonical, move.owns_legacy)

    def settled(self) -> Recalled | None:
        since = {commit.hash for commit in self._file.canonical.commits}
        for event in self._canonical.versions[:_LOOKED_AT]:
            commit = self._timeline.commit(event.rank).hash
            theirs = self._legacy.at(event.rank)
            before = self._before(event)
            if commit == UNCOMMITTED or theirs is None or not before:
                continue
            legacy = self._bytes(theirs)
            if marked(legacy) or any(map(marked, before)):
                continue
            if marked(self._bytes(event)):
                if self._handed_out(event, legacy, before) and not self._taken_back(event):
                    return Recalled(legacy, before[0])
            elif commit in since and len(before) == 1 and self._resolves(event, legacy, before[0]):
                return Recalled(legacy, before[0])
        return None

    def brought(self) -> Recalled | None:
        """The newest earlier content of the legacy file of which the canonical file has everything:
        to merge it changes nothing. People made these edits in both."""
        base, now, fork = self._base, self._canonical.now, self._file.fork.commit
        if base is None or now is None or fork is None:
            return None
        canonical = self._text(self._bytes(now))
        since = {commit.hash for commit in self._file.legacy.commits}
        language = self._settlements.language(self._legacy.path)
        versions = (
            event
            for event in self._legacy.versions
            if event != self._legacy.now and self._timeline.commit(event.rank).hash in since
        )
        for event in islice(versions, _LOOKED_AT):
            theirs = self._renamed(self._bytes(event))
            if canonical is None or theirs is None or theirs == base:
                continue
            merged = merge3(base, theirs, canonical, language=language)
            if merged.how is not MergeAction.CONFLICT and merged.text == canonical:
                return Recalled(self._bytes(event), self._bytes(now), proved=False)
        return None

    def _before(self, event: Event) -> list[bytes]:
        return [
            self._bytes(earlier)
            for earlier in self._canonical.before(event)
            if earlier.blob is not None
        ]

    def _bytes(self, event: Event) -> bytes:
        return self._settlements.past.blobs.read(event.blob or "")

    def _text(self, data: bytes) -> str | None:
        decoded = decode(data, self._canonical.path.endswith(PYTHON_FILES))
        return None if isinstance(decoded, Binary) else decoded.text.replace("\r\n", "\n")

    def _renamed(self, legacy: bytes) -> str | None:
        return self._text(self._settlements.rename(self._legacy.path, legacy))

    @cached_property
    def _base(self) -> str | None:
        base = self._file.fork.base
        if base is None:
            return None
        data = self._settlements.past.blobs.read(base.blob)
        return self._renamed(data) if self._file.fork.side is Side.LEGACY else self._text(data)

    def _handed_out(self, event: Event, legacy: bytes, before: Iterable[bytes]) -> bool:
        """Whether the markers are of a merge of the two sides as they were at that commit."""
        text, theirs = self._text(self._bytes(event)), self._renamed(legacy)
        if text is None or theirs is None:
            return False
        ours = {line for data in before for line in _lines(self._text(data) or "")}
        conflicts = list(sides(text))
        written = any(_lines(left) != _lines(right) for left, right in conflicts)
        known = _lines(theirs)
        return written and all(
            _lines(left) <= ours and _lines(right) <= known for left, right in conflicts
        )

    def _taken_back(self, event: Event) -> bool:
        """Whether the markers went because the whole merge did: everything else that its commit
        changed in the canonical tree is as before where they are gone."""
        [parent, *_] = self._timeline.parents(event.rank)
        after = next(filter(partial(self._without_markers, event), self._younger(event)), None)
        was = self._timeline.state(parent, event.path)
        if after is None or was is None or after.blob != was.blob:
            return False
        move = self._settlements.move
        places, owns = move.canonical_places, move.owns_canonical
        beside = [
            sibling.path
            for sibling in changed_beside(self._timeline, event, places, owns)
            if not (sibling.blob and marked(self._bytes(sibling)))
        ]
        return as_before(self._timeline, event, after, beside)

    def _younger(self, event: Event) -> Iterator[Event]:
        """The events after this one, the oldest first."""
        return (later for later in reversed(self._canonical.events) if later.rank > event.rank)

    def _without_markers(self, event: Event, later: Event) -> bool:
        builds_on = event.rank in self._timeline.ancestors(later.rank)
        return builds_on and (later.blob is None or not marked(self._bytes(later)))

    def _resolves(self, event: Event, legacy: bytes, before: bytes) -> bool:
        """Whether the commit holds what a person made of a merge of the two sides."""
        canonical, theirs = self._text(before), self._renamed(legacy)
        result, now = self._text(self._bytes(event)), self._canonical.now
        if canonical is None or theirs is None or result is None or theirs == self._base:
            return False
        if now is None or any(
            self._bytes(later) == before for later in self._younger(event) if later.blob
        ):
            return False  # it was taken back
        only_theirs = _lines(theirs) - _lines(canonical) - _lines(self._base or "")
        if not _lines(result) & only_theirs:
            return False
        language = self._settlements.language(self._legacy.path)
        merged = merge3(self._base, theirs, canonical, language=language)
        if merged.how is not MergeAction.CONFLICT:
            return result == merged.text != canonical and bool(_lines(result) & only_theirs)
        return _settles(result, merged, only_theirs)


def _settles(result: str, merged: Merged, only_theirs: frozenset[str]) -> bool:
    """Whether a text is the merged one with something of a person's in place of each conflict."""
    clean = _clean_parts(merged)
    put = _put_between(result.split("\n"), clean)
    if put is None:
        return False
    brought = any(line.strip() in only_theirs for part in clean for line in part)
    return all(
        lines != hunk.ours.replace("\r\n", "\n").split("\n")[:-1]
        and (brought or any(line.strip() in only_theirs for line in lines))
        for lines, hunk in zip(put, merged.hunks, strict=True)
    )


def _clean_parts(merged: Merged) -> list[list[str]]:
    lines = merged.text.replace("\r\n", "\n").split("\n")
    starts = [0, *(hunk.end_line for hunk in merged.hunks)]
    ends = [*(hunk.start_line - 1 for hunk in merged.hunks), len(lines)]
    return [lines[start:end] for start, end in zip(starts, ends, strict=True)]


def _put_between(lines: Sequence[str], clean: Sequence[Sequence[str]]) -> list[list[str]] | None:
    """What stands in `lines` between the parts, which have to be there in their order, the first
    at the beginning and the last at the end; None where they are not."""
    first, *middle, last = (list(part) for part in clean)
    at, end = len(first), len(lines) - len(last)
    if at > end or list(lines[:at]) != first or list(lines[end:]) != last:
        return None
    between: list[list[str]] = []
    for part in middle:
        start = next((n for n in range(at, end) if list(lines[n : n + len(part)]) == part), None)
        if start is None:
            return None
        between.append(list(lines[at:start]))
        at = start + len(part)
    return [*between, list(lines[at:end])] if at <= end else None


def _lines(text: str) -> frozenset[str]:
    return frozenset(line for raw in text.split("\n") if (line := raw.strip()))
