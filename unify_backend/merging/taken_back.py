"""Edits that one side had from the other one, by a copy or by the same fix, and took back since.

A three-way merge does not see them: the side says what the base says, so that the other side's edit
looks like the only one. What the side said in between is in the history.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from unify_backend.languages.merge_hunk import lines_of
from unify_backend.merging.file_history import Lineage
from unify_backend.merging.split_commit import other
from unify_backend.merging.threeway.contested import Contested
from unify_backend.merging.threeway.diff import Change, changes
from unify_backend.model.history import UNCOMMITTED, FileHistory
from unify_backend.model.package_move import PackageMove
from unify_backend.model.text import Binary, decode
from unify_backend.model.tree_diff import Side
from unify_backend.names.table import NameTable
from unify_backend.repository.git.timeline import Event, Timeline
from unify_backend.repository.history import History

_SEVERAL = 2  # lines that are known wherever they stand
_LOOKED_AT = 30  # versions of a file, newest first: each of them costs a comparison


@dataclass(frozen=True, slots=True)
class PastVersion:
    """What a file said at some time since its fork point, and the commit that made it say so, as
    `hash (subject)`. `undone` is whether the whole commit was taken back, with what it changed in
    other files: a merge that is to be done again."""

    data: bytes
    commit: str
    undone: bool = False


@dataclass(frozen=True, slots=True)
class PastVersions:
    """The versions of one move's files since the two trees parted, from one history."""

    history: History
    move: PackageMove

    def of(self, file: FileHistory, side: Side) -> tuple[PastVersion, ...]:
        """What the file said on one side since its fork point, newest first, without what it says
        now; a version that git does not have is left out."""
        there = (
            (line, event) for line, event in self._events(file, side) if event.blob is not None
        )
        newest = list(islice(there, _LOOKED_AT))
        blobs = self.history.blobs
        blobs.load(event.blob or "" for _, event in newest)
        versions: list[PastVersion] = []
        for lineage, event in newest:
            if not blobs.lacks(event.blob or ""):
                undone = side is Side.CANONICAL and self._undone(lineage, event)
                data = blobs.read(event.blob or "")
                versions.append(PastVersion(data, self._named(event), undone))
        return (*versions, *self._possibly(file, side))

    def _possibly(self, file: FileHistory, side: Side) -> Iterator[PastVersion]:
        """What the file may have said as it was copied."""
        later, commits = file.fork.later, file.of(other(side)).commits
        if later is None or side is file.fork.side or self.history.blobs.lacks(later.blob):
            return
        subject = next((commit.subject for commit in commits if commit.hash == later.commit), "")
        name = f"{later.commit[:9]} ({subject})" if subject else later.commit[:9]
        yield PastVersion(self.history.blobs.read(later.blob), name)

    def restored(self, file: FileHistory, side: Side) -> bool:
        """Whether the side deleted the file since its fork point and brought it back, or brought
        it back when the other side had deleted it as well; for legacy also whether a commit moved
        the file from canonical back to it, as the revert of a merge does."""
        if any(event.blob is None for _, event in self._events(file, side)):
            return True
        path, fork = file.of(side).path, file.fork
        place = fork.legacy_path if side is Side.CANONICAL else fork.canonical_path
        if path is None or place is None:
            return False
        timeline, lineage = self.history.timeline, self._lineage(path, side)
        if all(event.blob is not None for event in lineage.events):
            return False
        for arrival in lineage.arrivals():
            before = [
                _blob(timeline.state(parent, place)) for parent in timeline.parents(arrival.rank)
            ]
            if before and not any(before):
                return True
            # One commit moved it back to legacy: what canonical had deleted before is so again.
            back = side is Side.LEGACY and _blob(timeline.state(arrival.rank, place)) is None
            if back and any(before):
                return True
        return False

    def mode_doubt(self, file: FileHistory, brought: bool) -> str:
        """Why the executable bit may be another one than that which a merge gives the file, ""
        where nothing says so. Where legacy's is `brought`: canonical had it, and took it back after
        legacy's edit. Where it is not: legacy edited it, and canonical never had it since."""
        if file.legacy.path is None or file.canonical.path is None:
            return ""
        legacy = self._lineage(file.legacy.path, Side.LEGACY)
        canonical = self._lineage(file.canonical.path, Side.CANONICAL)
        if (now := legacy.now) is None:
            return ""
        edit = _mode_edit(legacy)
        if edit is None:
            return ""
        if brought:
            undone = _mode_edit(canonical)
            if undone is None or undone.rank < edit.rank:
                return ""
            return f"canonical had that too, and took it back in {self._named(undone)}"
        since = (there for there in canonical.versions if there.rank > edit.rank)
        if any(there.executable == now.executable for there in since):
            return ""
        return f"legacy changed that in {self._named(edit)}"

    def _named(self, event: Event) -> str:
        commit = self.history.timeline.commit(event.rank)
        return f"{commit.hash[:9]} ({commit.subject})"

    def _lineage(self, path: str, side: Side) -> Lineage:
        owns = self.move.owns_canonical if side is Side.LEGACY else self.move.owns_legacy
        return Lineage(self.history.timeline, path, owns)

    def _undone(self, lineage: Lineage, event: Event) -> bool:
        parents, now = self.history.timeline.parents(event.rank), lineage.now
        if not parents or now is None:
            return False
        was = self.history.timeline.state(parents[0], event.path)
        places, owns = self.move.canonical_places, self.move.owns_canonical
        beside = changed_beside(self.history.timeline, event, places, owns)
        return (
            was is not None
            and was.blob == now.blob
            and as_before(self.history.timeline, event, now, [other.path for other in beside])
        )

    def _events(self, file: FileHistory, side: Side) -> Iterator[tuple[Lineage, Event]]:
        path, commits = file.of(side).path, file.of(side).commits
        if path is None or not (commits or file.of(side).uncommitted):
            return
        lineage = self._lineage(path, side)
        since = {commit.hash for commit in commits} | {UNCOMMITTED}
        for event in lineage.events:
            known = self.history.timeline.commit(event.rank).hash in since
            if known and event != lineage.now:
                yield lineage, event


def _mode_edit(lineage: Lineage) -> Event | None:
    """The newest event that changed the executable bit of a file that was there before."""
    for event in lineage.events:
        earlier = [old for old in lineage.before(event) if old.blob is not None]
        differs = all(old.executable != event.executable for old in earlier)
        if event.blob is not None and earlier and differs:
            return event
    return None


def changed_beside(
    timeline: Timeline, event: Event, places: Iterable[str], owns: Callable[[str], bool]
) -> Iterator[Event]:
    """What the event's commit changed in other files of a tree."""
    for path in timeline.paths(places):
        beside = timeline.event(event.rank, path) if owns(path) and path != event.path else None
        if beside is not None and beside.rank == event.rank:
            yield beside


def as_before(timeline: Timeline, event: Event, after: Event, beside: Sequence[str]) -> bool:
    """Whether all of `beside`, and at least one, are at a later event as before the event's."""
    [parent, *_] = timeline.parents(event.rank)
    return bool(beside) and all(
        _blob(timeline.state(after.rank, path)) == _blob(timeline.state(parent, path))
        for path in beside
    )


def _blob(event: Event | None) -> str | None:
    return event.blob if event is not None else None


@dataclass(frozen=True, slots=True)
class _Text:
    """The lines of a text with one spelling of the names, and its changes from the base."""

    lines: list[str]
    changes: list[Change]


def taken_back(
    base: str,
    canonical: str,
    legacy: str,
    past: Callable[[Side], Sequence[PastVersion]],
    table: NameTable,
    python: bool,
) -> Iterator[Contested]:
    """The changes of one side that the other one had as well, and has no more. The texts are in
    their lines, all ended by a line feed; `past` gives what a side said since the base."""
    origin = lines_of(table.neutral(base))

    def text(content: str) -> _Text:
        lines = lines_of(table.neutral(content))
        return _Text(lines, changes(origin, lines))

    texts = {Side.CANONICAL: text(canonical), Side.LEGACY: text(legacy)}
    before = lines_of(base)
    for side in Side:
        mine, holder = texts[side], other(side)
        remaining = [
            change
            for change in mine.changes
            if not any(_touch(change, another) for another in texts[holder].changes)
        ]
        for version in past(holder) if remaining else ():
            decoded = decode(version.data, python)
            if isinstance(decoded, Binary):
                continue
            earlier = text(decoded.text.replace("\r\n", "\n"))
            now = frozenset(texts[holder].lines)
            had = [change for change in remaining if _had(change, origin, mine, earlier, now)]
            remaining = [change for change in remaining if change not in had]
            for change in had:
                why = f"{holder.value} had this change too, in {version.commit}, and took it back"
                replaced = "".join(before[change.a_start : change.a_end])
                open_ = not version.undone
                yield Contested(side, change.b_start, change.b_end, replaced, why, open_)


def _touch(change: Change, another: Change) -> bool:
    return change.a_start <= another.a_end and another.a_start <= change.a_end


def _had(
    change: Change, origin: Sequence[str], mine: _Text, earlier: _Text, now: frozenset[str]
) -> bool:
    """Whether an earlier version of a side had a change that the other side (`mine`) still has: a
    line that it brings, or the lack of what it deletes, in the same place. `now` are the lines that
    the side has at the end."""
    old = origin[change.a_start : change.a_end]
    block = [
        line
        for line in mine.lines[change.b_start : change.b_end]
        if line not in old and _has_words(line)
    ]
    gone = {line for line in old if _has_words(line)} - set(mine.lines)
    for another in earlier.changes:
        if not _touch(change, another):
            continue
        lines = earlier.lines[another.b_start : another.b_end]
        if any(line in block and line not in now for line in lines):
            return True
        covers = another.a_start <= change.a_start and change.a_end <= another.a_end
        if gone and not block and covers and not gone & set(lines):
            return True
    if len(block) < _SEVERAL or now & set(block):
        return False
    words = [line for line in earlier.lines if _has_words(line)]
    return any(words[at : at + len(block)] == block for at in range(len(words)))


def _has_words(line: str) -> bool:
    return re.search(r"\w", line) is not None
