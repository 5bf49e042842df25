"""All contents that a file comes from: back through its changes, moves and merged branches."""

from collections.abc import Callable, Iterator
from functools import cached_property

from unify_backend.repository.git.timeline import Event, Timeline


class Lineage:
    """The history of the file that is at one path at the end of a timeline, or was there before it
    was deleted. A move out of the other tree is not followed: there the file is a copy, treated as
    newly written."""

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
            origin = None if event.origin and self._foreign(event.origin) else event.origin
            if event.replaced and origin and (previous is None or not _same(previous, event)):
                previous = self.timeline.state(parent, origin)
            elif (previous is None or previous.blob is None) and origin:
                previous = self.timeline.state(parent, origin) or previous
            if previous is not None:
                earlier.append(previous)
        for first, parent in self.timeline.joined(event.rank):
            previous = self.timeline.event(parent, event.path)
            if previous is not None and self.timeline.event(first, event.path) == event:
                earlier.append(previous)
        return earlier

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
        exist."""
        if self._absent:
            return None
        if self.replacing:  # at its path there was another file before
            known = (event for event in self.events if event.blob is not None)
            return next(
                (event for event in known if self.timeline.event(rank, event.path) == event), None
            )
        for path in self.paths:
            if event := self.timeline.state(rank, path):
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
