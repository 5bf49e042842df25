"""Links between equal words: a name defined in one place and used in others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from unify_backend.model.references import Reference
from unify_backend.references.groups.links import Link, future


@dataclass(frozen=True, slots=True)
class Word:
    """A reference with the whole word around it, as it is and as it becomes."""

    n: int
    now: str
    later: str


def link_words(
    references: Sequence[Reference],
    uses: Iterable[Word],
    definitions: Iterable[Word],
    following: frozenset[int] = frozenset(),
) -> Iterator[Link]:
    """A link from each use to each definition of the same word, and among the definitions of one;
    uses in `following` only follow."""
    known: dict[str, list[Word]] = defaultdict(list)
    for definition in definitions:
        known[definition.now].append(definition)
    used: set[str] = set()
    for use in uses:
        for definition in known.get(use.now, ()):
            if definition.n != use.n:
                used.add(use.now)
                proposal = future(references[use.n])
                yield Link(
                    use.n, definition.n, use.later == definition.later, proposal, use.n in following
                )
    for word in sorted(used):
        first, *others = known[word]
        for other in others:
            yield Link(other.n, first.n, other.later == first.later)
