"""All contents that a file comes from: back through its changes, moves and merged branches."""

from collections.abc import Callable, Iterator
from functools import cached_property

from unify_backend.repository.git.timeline import Event, Timeline


class Lineage:
    """The history of the file that is at one path at the end of a timeline, or was there before it
    was deleted. A move out of the other tree is not followed: there the file is a copy, treated as
    newly written; but where that tree goes on beside, both are heirs of one past."""

    def __init__(
        self, timeline: Timeline, path: str, foreign: Callable[[str], bool], absent: bool = False
    ) -> None:
        """`foreign` says which paths belong to the other tree; with `absent` what is at the path,
        or was, is another file."""
        self.timeline = timeline
        self.path = path
        self._foreign = foreign
        self._absent = absent
        self.last = None if absent else timeline.event(timeline.last, path)

    def absent(self) -> "Lineage":
        """The history of a file that never was at this path."""
        return Lineage(self.timeline, self.path, self._foreign, absent=True)

    @property
    def now(self) -> Event | None:
        """The event that brought the present content; None where there is none."""
        return self.last if self.last is not None and self.last.blob is not None else None

    def before(self, event: Event) -> list[Event]:
        """The state of the event's path (or of the path it was moved from) in each parent that
        knows it. A file that was deleted by then has an event without a blob. A beginning without
        a past that a merge put before another history continues that one."""
        earlier: list[Event] = []
        for parent in self.timeline.parents(event.rank):
            previous = self.timeline.event(parent, event.path)
            origin = event.origin
            if event.replaced:
                known = origin is not None and not self._foreign(origin)
                if known and (previous is None or not _same(previous, event)):
                    previous = self.timeline.state(parent, origin or "")
            elif (previous is None or previous.blob is None) and self._comes_from(event, parent):
                previous = self.timeline.state(parent, origin or "") or previous
            if previous is not None:
                earlier.append(previous)
        for first, parent in self.timeline.joined(event.rank):
            previous = self.timeline.event(parent, event.path)
            if previous is not None and self.timeline.event(first, event.path) == event:
                earlier.append(previous)
        return earlier

    def _comes_from(self, event: Event, parent: int) -> bool:
        """Whether the file is that of the parent at the event's origin. A file of the other tree
        is, where that tree goes on beside: they parted when a branch renamed the tree, or when
        another history was put into a folder."""
        if event.origin is None or event.graft not in {None, parent}:
            return False
        if not self._foreign(event.origin):
            return True
        return self.timeline.state(self.timeline.last, event.origin) is not None

    @cached_property
    def inherited(self) -> bool:
        """Whether the file's past goes on in the other tree."""
        return any(self._foreign(path) for path in self.paths)

    @cached_property
    def _own(self) -> frozenset[Event]:
        return frozenset(self.events)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """Every event that can be reached, newest first, over all parents of merges."""
        return self._walk(straight=False)

    @cached_property
    def straight(self) -> tuple[Event, ...]:
        """The events that explain the present content, newest first: where a merge has just what
        one of its parents has, the others are left out, as `git log` does."""
        return self._walk(straight=True)

    @cached_property
    def versions(self) -> tuple[Event, ...]:
        """The events with content of their own: a merge that takes its content from a parent has
        none."""
        return tuple(
            event
            for event in self.events
            if event.blob is not None and not any(_same(old, event) for old in self.before(event))
        )

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The paths that the file had, newest first."""
        return tuple(dict.fromkeys([self.path, *(event.path for event in self.events)]))

    def arrivals(self) -> Iterator[Event]:
        """The versions without an earlier content: the file's first, and those after a deletion."""
        for event in self.versions:
            if not any(earlier.blob is not None for earlier in self.before(event)):
                yield event

    @cached_property
    def replacing(self) -> bool:
        """Whether the file ever took the path of another one of its tree."""
        return any(
            event.replaced and event.origin and not self._foreign(event.origin)
            for event in self.events
        )

    def at(self, rank: int) -> Event | None:
        """The file's state at a commit, at whatever path it had then; None where it did not
        exist. What a branch that never came to this file did at its path is no state of it."""
        if self._absent:
            return None
        if self.replacing:  # at its path there was another file before
            known = (event for event in self.events if event.blob is not None)
            return next(
                (event for event in known if self.timeline.event(rank, event.path) == event), None
            )
        for path in self.paths:
            event = self.timeline.state(rank, path)
            if event is not None and event in self._own:
                return event
        return None

    def _walk(self, straight: bool) -> tuple[Event, ...]:
        seen: set[Event] = set()
        todo = [] if self.last is None else [self.last]
        skipped: set[Event] = set()
        while todo:
            event = todo.pop()
            if event in seen:
                continue
            seen.add(event)
            before = self.before(event)
            same = (
                next((earlier for earlier in before if _same(earlier, event)), None)
                if straight
                else None
            )
            if same is not None:
                skipped.add(event)
            todo += [same] if same is not None else before
        return tuple(sorted(seen - skipped, key=lambda change: (-change.rank, change.path)))


def _same(event: Event, other: Event) -> bool:
    """A merge's event that one parent has too; a move without an edit is an event of its own."""
    return (event.path, event.blob, event.executable) == (other.path, other.blob, other.executable)
