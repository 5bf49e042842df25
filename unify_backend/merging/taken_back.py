"""Edits that one side had from the other one, by a copy or by the same fix, and took back since.

A three-way merge does not see them: the side says what the base says, so that the other side's edit
looks like the only one. What the side said in between is in the history.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from unify_backend.languages.merge_hunk import lines_of
from unify_backend.merging.file_history import Lineage
from unify_backend.merging.split_commit import other
from unify_backend.merging.threeway.contested import Contested
from unify_backend.merging.threeway.diff import Change, changes
from unify_backend.model.errors import RepositoryError
from unify_backend.model.history import UNCOMMITTED, FileHistory
from unify_backend.model.package_move import PackageMove
from unify_backend.model.text import Binary, decode
from unify_backend.model.tree_diff import Side
from unify_backend.names.table import NameTable
from unify_backend.repository.git.timeline import Event, Timeline
from unify_backend.repository.history import History

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
        versions: list[PastVersion] = []
        for lineage, event in self._events(file, side):
            if event.blob is not None and len(versions) < _LOOKED_AT:
                try:
                    data = self.history.blobs.read(event.blob)
                except RepositoryError:
                    continue
                commit = self.history.timeline.commit(event.rank)
                undone = side is Side.CANONICAL and self._undone(lineage, event)
                name = f"{commit.hash[:9]} ({commit.subject})"
                versions.append(PastVersion(data, name, undone))
        return tuple(versions)

    def restored(self, file: FileHistory, side: Side) -> bool:
        """Whether the side deleted the file since its fork point, and brought it back."""
        return any(event.blob is None for _, event in self._events(file, side))

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
        owns = self.move.owns_canonical if side is Side.LEGACY else self.move.owns_legacy
        lineage = Lineage(self.history.timeline, path, owns)
        since = {commit.hash for commit in commits} | {UNCOMMITTED}
        for event in lineage.events:
            known = self.history.timeline.commit(event.rank).hash in since
            if known and event != lineage.now:
                yield lineage, event


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
    texts = {Side.CANONICAL: canonical, Side.LEGACY: legacy}
    neutral = partial(_neutral, table)
    origin = neutral(base)
    edits = {side: changes(origin, neutral(text)) for side, text in texts.items()}
    for side in Side:
        holder = other(side)
        open_changes = [
            change
            for change in edits[side]
            if not any(_touch(change, another) for another in edits[holder])
        ]
        if not open_changes:
            continue
        lines, now = neutral(texts[side]), frozenset(neutral(texts[holder]))
        before = lines_of(base)
        for version in past(holder):
            decoded = decode(version.data, python)
            if isinstance(decoded, Binary):
                continue
            said = neutral(decoded.text.replace("\r\n", "\n"))
            then = changes(origin, said)
            for change in open_changes:
                if _had(change, lines, origin, then, said, now):
                    why = (
                        f"{holder.value} had this change too, in {version.commit}, and took it back"
                    )
                    text = "".join(before[change.a_start : change.a_end])
                    open_ = not version.undone
                    yield Contested(side, change.b_start, change.b_end, text, why, open_)
            open_changes = [
                change
                for change in open_changes
                if not _had(change, lines, origin, then, said, now)
            ]
            if not open_changes:
                break


def _neutral(table: NameTable, text: str) -> list[str]:
    """The lines with one spelling of the package's name."""
    return lines_of(table.neutral(text))


def _touch(change: Change, another: Change) -> bool:
    return change.a_start <= another.a_end and another.a_start <= change.a_end


def _had(
    change: Change,
    lines: Sequence[str],
    origin: Sequence[str],
    then: Sequence[Change],
    said: Sequence[str],
    now: frozenset[str],
) -> bool:
    """Whether an earlier version, which said `said`, had a change that this side still has: a line
    that it brings, or the lack of what it deletes, in the same place."""
    old = origin[change.a_start : change.a_end]
    new = {line for line in lines[change.b_start : change.b_end] if line not in old and _says(line)}
    for earlier in then:
        if not _touch(change, earlier):
            continue
        text = said[earlier.b_start : earlier.b_end]
        if any(line in new and line not in now for line in text):
            return True
        gone = {line for line in old if _says(line)} - set(lines)
        if gone and not new and not gone & set(text) and _covers(earlier, change):
            return True
    block = [line for line in lines[change.b_start : change.b_end] if line in new]
    if len(block) > 1 and not now & set(block):
        words = [line for line in said if _says(line)]
        return any(words[at : at + len(block)] == block for at in range(len(words)))
    return False


def _covers(earlier: Change, change: Change) -> bool:
    return earlier.a_start <= change.a_start and change.a_end <= earlier.a_end


def _says(line: str) -> bool:
    return re.search(r"\w", line) is not None
