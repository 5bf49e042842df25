"""Links as a graph: the references that are connected, and by what kind of link."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from unify_backend.references.groups.links import Kind, Link


@dataclass(frozen=True, slots=True)
class Edge:
    """A link with the kind that found it."""

    link: Link
    kind: Kind

    @property
    def ends(self) -> tuple[int, int]:
        """The two references."""
        return self.link.place, self.link.other


class Ties:
    """Links that belong together, in order."""

    def __init__(self, ties: Iterable[Edge]) -> None:
        self.all = tuple(ties)
        self.fits = all(tie.link.fits for tie in self.all)
        self._near: dict[int, dict[int, Kind]] = defaultdict(dict)
        for tie in self.all:
            first, second = tie.ends
            self._near[first].setdefault(second, tie.kind)
            self._near[second].setdefault(first, tie.kind)

    @property
    def members(self) -> tuple[int, ...]:
        """All references that the links hold."""
        return tuple(self._near)

    def proposals(self) -> dict[int, str]:
        """The replacement of each place; places whose links disagree or give none are left out."""
        wanted: dict[int, set[str | None]] = defaultdict(set)
        for tie in self.all:
            wanted[tie.link.place].add(tie.link.proposal)
        return {n: next(iter(ways)) or "" for n, ways in wanted.items() if len(ways) == 1}

    def broken(self) -> dict[int, None]:
        """The ends of links that would no longer fit, in order."""
        return dict.fromkeys(n for tie in self.all if not tie.link.fits for n in tie.ends)

    def partner(self, n: int, candidates: dict[int, None]) -> int:
        """The candidate that `n` is linked to, else the first that is not `n` itself."""
        linked = [m for m in self._near[n] if m in candidates]
        return linked[0] if linked else next((m for m in candidates if m != n), n)

    def why(self, n: int, partner: int) -> str:
        """The reason why the two are coupled."""
        return self._near[n].get(partner, self.all[0].kind).why


def components(ties: Iterable[Edge]) -> Iterator[Ties]:
    """The links in groups of those that share a reference."""
    links = tuple(ties)
    lead: dict[int, int] = {}

    def find(n: int) -> int:
        while lead.setdefault(n, n) != n:
            lead[n] = n = lead[lead[n]]
        return n

    for tie in links:
        lead[find(tie.link.place)] = find(tie.link.other)
    parts: dict[int, list[Edge]] = defaultdict(list)
    for tie in links:
        parts[find(tie.link.place)].append(tie)
    yield from map(Ties, parts.values())
