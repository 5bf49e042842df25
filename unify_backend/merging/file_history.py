"""All contents that a file comes from: back through its changes, moves and merged branches."""

from collections.abc import Callable, Iterator
from functools import cached_property

from unify_backend.repository.git.timeline import Event, Timeline


class Lineage:
    """The past of what is at one path at the end of a timeline, or was there before it went.

    A move out of the other tree is not followed: there the file is a copy, as if it had been
    written anew.
    """

    def __init__(self, timeline: Timeline, path: str, foreign: Callable[[str], bool]) -> None:
        """`foreign` says which paths belong to the other tree."""
        self.timeline = timeline
        self.path = path
        self._foreign = foreign
        self.last = timeline.event(timeline.last, path)

    @property
    def now(self) -> Event | None:
        """The event that brought the present content; None where there is none."""
        return self.last if self.last is not None and self.last.blob is not None else None

    def before(self, event: Event) -> list[Event]:
        """What the event's path (or the place it was moved from) was in each parent; None of it
        where it was nowhere. What was gone by then is told as gone."""
        found: list[Event] = []
        for parent in self.timeline.parents(event.rank):
            one = self.timeline.event(parent, event.path)
            origin = event.origin
            if (one is None or one.blob is None) and origin and not self._foreign(origin):
                one = self.timeline.state(parent, origin) or one
            if one is not None:
                found.append(one)
        return found

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
        """The events that have content of their own: not that which a merge has from a parent."""
        return tuple(
            one
            for one in self.events
            if one.blob is not None and not any(_same(old, one) for old in self.before(one))
        )

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Where it has been, newest first."""
        return tuple(dict.fromkeys([self.path, *(one.path for one in self.events)]))

    def arrivals(self) -> Iterator[Event]:
        """The versions that came from nowhere: the file's first, and those after a deletion."""
        for event in self.versions:
            if not any(one.blob is not None for one in self.before(event)):
                yield event

    def at(self, rank: int) -> Event | None:
        """What it was at a commit, wherever it was then; None where it was not there."""
        for path in self.paths:
            if found := self.timeline.state(rank, path):
                return found
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
            found = self.before(event)
            same = next((one for one in found if _same(one, event)), None) if straight else None
            if same is not None:
                skipped.add(event)
            todo += [same] if same is not None else found
        return tuple(sorted(seen - skipped, key=lambda one: (-one.rank, one.path)))


def _same(one: Event, other: Event) -> bool:
    """A merge's event that one parent has too; a move without an edit is an event of its own."""
    return (one.path, one.blob, one.executable) == (other.path, other.blob, other.executable)
