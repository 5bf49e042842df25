"""The content of each path at every commit, computed from one log of changes.

Commits are numbered, the oldest first, so that a commit's number is higher than its parents'.
What a path holds at a commit is told by the nearest change of it going back along first parents,
as changes are told against the first parent. To find it without walking, the commits are laid
out in chains: from a commit along its first parents, until one is met that is in a chain already.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from unify_backend.model.history import Commit


@dataclass(frozen=True, slots=True)
class Event:
    """From commit number `rank` on `path` holds something else than in its first parent.

    `blob` is None where the path (or the regular file there) is gone; `origin` is where git sees
    that the file was moved from. `graft` is the parent of a merge, not the first one, whose file at
    `origin` came to `path`: another history that was put into a folder of this one. `entry` is what
    stands there instead of a regular file, as git tells it: the mode of a link or a submodule, and
    a hash. With `replaced`, what was at `path` before is another file, which moved away or went.
    """

    rank: int
    path: str
    blob: str | None
    executable: bool = False
    origin: str | None = None
    entry: str = ""
    replaced: bool = False
    graft: int | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A commit and the numbers of its parents."""

    commit: Commit
    parents: tuple[int, ...]


class Timeline:
    """The commits reachable from one (the last), and what their trees held.

    `shallow` says that the commits without parents may have had some.
    """

    def __init__(self, nodes: Sequence[Node], events: Iterable[Event], shallow: bool) -> None:
        """`nodes` are ordered so that parents come first."""
        self.shallow = shallow
        self._nodes = nodes
        self._chain, self._below = _chains(nodes)
        self._events: dict[str, dict[int, list[Event]]] = {}
        for event in sorted(events, key=lambda event: event.rank):
            chains = self._events.setdefault(event.path, {})
            chains.setdefault(self._chain[event.rank], []).append(event)
        self._sorted = sorted(self._events)
        self._ancestors: dict[int, frozenset[int]] = {}
        self._joined = _joined(nodes)

    @property
    def last(self) -> int:
        """The number of the commit that everything is reachable from."""
        return len(self._nodes) - 1

    def commit(self, rank: int) -> Commit:
        """The commit of this number."""
        return self._nodes[rank].commit

    def parents(self, rank: int) -> tuple[int, ...]:
        """Its parents' numbers, the first parent first."""
        return self._nodes[rank].parents

    def joined(self, rank: int) -> tuple[tuple[int, int], ...]:
        """Where a beginning without a past was put before another history: for a commit without
        parents the merges' first parents, which build on it, each with the other parent, of which
        that commit is no part."""
        return self._joined.get(rank, ())

    def rank(self, name: str) -> int | None:
        """The number of the commit with this hash; None where it is not reachable."""
        for rank, node in enumerate(self._nodes):
            if node.commit.hash == name:
                return rank
        return None

    def paths(self, places: Iterable[str]) -> Iterator[str]:
        """Every path at or below one of `places` that anything happened to, sorted for each."""
        for place in places:
            if place in self._events:
                yield place
            below = f"{place}/"
            at = bisect_left(self._sorted, below)
            while at < len(self._sorted) and self._sorted[at].startswith(below):
                yield self._sorted[at]
                at += 1

    def blobs(self, places: Iterable[str]) -> Iterator[str]:
        """The name of every content that a path at or below one of `places` ever had."""
        for path in self.paths(places):
            for events in self._events[path].values():
                yield from (event.blob for event in events if event.blob is not None)

    def event(self, rank: int, path: str) -> Event | None:
        """What happened to `path` last, seen from the commit; None where it never was there."""
        chains = self._events.get(path)
        while chains and rank >= 0:
            chain = self._chain[rank]
            if events := chains.get(chain):
                number = bisect_right(events, rank, key=lambda event: event.rank)
                if number:
                    return events[number - 1]
            rank = self._below[chain]
        return None

    def state(self, rank: int, path: str) -> Event | None:
        """What put the content of `path` there that the commit has; None where it has none."""
        event = self.event(rank, path)
        return event if event is not None and event.blob is not None else None

    def ancestors(self, rank: int) -> frozenset[int]:
        """The numbers of all commits that this one builds on, its own included."""
        if rank not in self._ancestors:
            seen = {rank}
            todo = [rank]
            while todo:
                for parent in self._nodes[todo.pop()].parents:
                    if parent not in seen:
                        seen.add(parent)
                        todo.append(parent)
            self._ancestors[rank] = frozenset(seen)
        return self._ancestors[rank]


def _chains(nodes: Sequence[Node]) -> tuple[list[int], dict[int, int]]:
    """Each commit's chain (named by the chain's newest commit), and for each chain the commit
    that it starts from (-1 for none)."""
    chain = [-1] * len(nodes)
    below: dict[int, int] = {}
    for newest in reversed(range(len(nodes))):
        at = newest
        while at >= 0 and chain[at] < 0:
            chain[at] = newest
            parents = nodes[at].parents
            at = parents[0] if parents else -1
        if chain[newest] == newest:
            below[newest] = at
    return chain, below


def _joined(nodes: Sequence[Node]) -> dict[int, tuple[tuple[int, int], ...]]:
    roots: list[int] = []
    for rank, node in enumerate(nodes):
        roots.append(roots[node.parents[0]] if node.parents else rank)
    if len(set(roots)) == 1:
        return {}
    joined: dict[int, list[tuple[int, int]]] = {}
    for node in nodes:
        for parent in node.parents[1:]:
            first = node.parents[0]
            if roots[first] != roots[parent]:
                joined.setdefault(roots[first], []).append((first, parent))
    return {root: tuple(pairs) for root, pairs in joined.items()}
