"""Who changed the places of two trees that one of them fills with something that is not read: a
symbolic link, a submodule, a file without the right to read it.

Nothing of that can be merged, but it is not absent either: a file that became a link was not
deleted. What each tree has at such a place is compared with what it had when the trees parted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from unify_backend.merging.fingerprints import Fingerprints
from unify_backend.merging.pairing import Pairing, Unread
from unify_backend.model.file_source import LINKS, Skip
from unify_backend.model.history import (
    ChangedSide,
    Evidence,
    FileHistory,
    ForkPoint,
    SideHistory,
    UnreadFile,
)
from unify_backend.model.tree_diff import Side
from unify_backend.names.table import NameTable
from unify_backend.repository.git.stored import Blobs
from unify_backend.repository.git.timeline import Timeline

_LINK = "120000"


@dataclass(frozen=True, slots=True)
class _State:
    """What lies at a place: in words, its value to compare with other states, and the value as
    bytes to recognize it in a later run."""

    words: str
    value: object
    data: bytes


_ABSENT = _State("nothing", None, b"")


@dataclass(frozen=True, slots=True)
class UnreadFiles:
    """The parameters of the comparison: the history of both trees, and when they parted (by rank,
    for each side; None where that is not known)."""

    timeline: Timeline
    blobs: Blobs
    prints: Fingerprints
    table: NameTable
    parted: Mapping[Side, int] | None

    def of(self, pairing: Pairing) -> Iterator[UnreadFile]:
        """One entry for each place, sorted by it."""
        for unread in pairing.unread:
            paths = {Side.LEGACY: unread.legacy, Side.CANONICAL: unread.canonical}
            now = {side: self._now(paths[side]) for side in Side}
            history = FileHistory(
                unread.path,
                ForkPoint(Evidence.SPLIT if self.parted else Evidence.NO_HISTORY),
                self._ahead(unread, pairing, now),
                SideHistory(unread.legacy),
                SideHistory(unread.canonical),
            )
            legacy, canonical = (_words(now[side], unread) for side in Side)
            yield UnreadFile(history, legacy, canonical, now[Side.LEGACY].data)

    def _now(self, path: str | None) -> _State:
        return self._state(path, self.timeline.last) if path is not None else _ABSENT

    def _ahead(self, unread: Unread, pairing: Pairing, now: Mapping[Side, _State]) -> ChangedSide:
        if not LINKS.union({Skip.SUBMODULE}).issuperset(unread.why):
            return ChangedSide.UNKNOWN  # what cannot be read may have been edited
        legacy, canonical = (now[side].value for side in Side)
        if self.parted is None:
            return ChangedSide.NONE if legacy == canonical else ChangedSide.UNKNOWN
        move, parted = pairing.move, self.parted
        places = {
            Side.LEGACY: move.at_legacy(unread.path),
            Side.CANONICAL: move.at_canonical(unread.path),
        }
        then = {side: self._state(places[side], parted[side]).value for side in Side}
        changed = {side: now[side].value != then[side] for side in Side}
        if not any(changed.values()):
            return ChangedSide.NONE
        if legacy == canonical:
            return ChangedSide.BOTH_SAME
        if all(changed.values()):
            return ChangedSide.BOTH
        return ChangedSide.LEGACY if changed[Side.LEGACY] else ChangedSide.CANONICAL

    def _state(self, path: str, rank: int) -> _State:
        event = self.timeline.event(rank, path)
        if event is not None and event.entry:
            mode, _, name = event.entry.partition(" ")
            if mode != _LINK:
                return _State(f"a submodule at {name[:9]}", name, name.encode("ascii"))
            text = self.blobs.read(name).decode("utf-8", "surrogateescape")
            data = text.encode("utf-8", "surrogateescape")
            return _State(f"a symbolic link to {text}", ("link", self.table.neutral(text)), data)
        if event is not None and event.blob is not None:
            written = self.prints.written(event)
            return _State("a file", ("file", written), written or b"")
        inside = {
            below.path[len(path) :]: self.prints.written(below)
            for name in self.timeline.paths([path])
            if (below := self.timeline.state(rank, name)) is not None
        }
        if not inside:
            return _ABSENT
        data = b"".join(written or b"" for _, written in sorted(inside.items()))
        return _State("a folder", ("folder", tuple(sorted(inside.items()))), data)


def unread_without_history(pairing: Pairing) -> Iterator[UnreadFile]:
    """The places of a pairing of which no history can be read: nobody knows who changed them."""
    for unread in pairing.unread:
        history = FileHistory(
            unread.path,
            ForkPoint(Evidence.NO_HISTORY),
            ChangedSide.UNKNOWN,
            SideHistory(unread.legacy),
            SideHistory(unread.canonical),
        )
        words = _words(_State("something", None, b""), unread)
        yield UnreadFile(history, words, words if unread.canonical else _ABSENT.words, b"")


def _words(state: _State, unread: Unread) -> str:
    """The state in words; where history tells nothing of it, why it is not read."""
    reason = unread.why[0].value if len(unread.why) == 1 else "something that is not read"
    special = set(unread.why) - LINKS - {Skip.SUBMODULE}
    return reason if special or state.words == "something" else state.words
