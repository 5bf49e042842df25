"""Matches units that share a key by what they hold.

A key that is repeated says nothing about which unit of one version is which of another: `[Peer]`,
`[[package]]`, `def _`, the entries of a list. Such units are the same where their text is the same,
or where they alone share lines; where that is not certain, there is no match.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from unify_backend.languages.merge_unit import ENTRY, Key, OrderFreedom, UnclearUnits, Unit
from unify_backend.merging.threeway.diff import changes

EQUALS = "which of several equal names is which is not certain"
_Features = Callable[[Unit], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Matched:
    """The units of three versions, each key once in a version. `replaced` are the keys of those
    that were matched by their place alone: their texts have nothing in common."""

    base: list[Unit]
    canonical: list[Unit]
    legacy: list[Unit]
    replaced: frozenset[Key]


@dataclass(slots=True)
class _Pairs:
    """For places in the base, places on a side. `uncertain` are places in the base that could be
    in several places of the side, or gone."""

    places: dict[int, int] = field(default_factory=dict)
    replaced: set[int] = field(default_factory=set)
    uncertain: set[int] = field(default_factory=set)

    def left(self, base: Sequence[Unit], side: Sequence[Unit]) -> tuple[list[int], list[int]]:
        """The places of the base and of the side that have no partner."""
        taken = set(self.places.values())
        return (
            [at for at in range(len(base)) if at not in self.places],
            [at for at in range(len(side)) if at not in taken],
        )


def matched(base: Sequence[Unit], canonical: Sequence[Unit], legacy: Sequence[Unit]) -> Matched:
    """The same units with keys that occur once in a version. Raises UnclearUnits where units that
    share a key cannot be told apart and both sides changed them."""
    versions = (base, canonical, legacy)
    counts = [Counter(unit.key for unit in version) for version in versions]
    repeated = {key for count in counts for key, number in count.items() if number > 1}
    repeated |= {key for count in counts for key in count if key[-1] == ENTRY}
    if not repeated:
        return Matched(list(base), list(canonical), list(legacy), frozenset())
    rewritten = [list(version) for version in versions]
    replaced: set[Key] = set()
    for key in sorted(repeated):
        places = [[at for at, unit in enumerate(each) if unit.key == key] for each in versions]
        groups = [
            [version[at] for at in group] for version, group in zip(versions, places, strict=True)
        ]
        identities = [[unit.identity for unit in group] for group in groups]
        named = all(all(names) and len(names) == len(set(names)) for names in identities)
        names, weak = (identities, set[str]()) if named else _names(*groups)
        replaced |= {(*key, name) for name in weak}
        for version, group, labels in zip(rewritten, places, names, strict=True):
            for at, name in zip(group, labels, strict=True):
                unit = version[at]
                freedom = unit.freedom if named else _freedom(unit)
                version[at] = replace(unit, key=(*key, name), freedom=freedom)
    return Matched(rewritten[0], rewritten[1], rewritten[2], frozenset(replaced))


def similar(unit: Unit, other: Unit) -> bool:
    """Whether the units share at least half of their lines, the first one aside."""
    first, second = (Counter(_written_lines(each.core)[1:]) for each in (unit, other))
    shared = (first & second).total()
    return bool(shared) and 2 * shared >= max(first.total(), second.total())


def _freedom(unit: Unit) -> OrderFreedom:
    """Of values that share a name, one may count more than another; blocks stand beside each
    other."""
    if unit.freedom is OrderFreedom.FREE:
        return OrderFreedom.LOOSE if unit.layout or unit.identity else OrderFreedom.BOUND
    return unit.freedom


def _names(
    base: list[Unit], canonical: list[Unit], legacy: list[Unit]
) -> tuple[list[list[str]], set[str]]:
    """A name for each unit, equal for those that are the same, and the names of those that were
    matched by their place alone."""
    ours, theirs = _pairs(base, canonical), _pairs(base, legacy)
    for pairs, other, side in ((ours, theirs, legacy), (theirs, ours, canonical)):
        if any(not _untouched(at, base, other, side) for at in pairs.uncertain):
            raise UnclearUnits(EQUALS)
    names = [[f"#{at}" for at in range(len(base))], [""] * len(canonical), [""] * len(legacy)]
    for named, pairs in ((names[1], ours), (names[2], theirs)):
        for at, place in pairs.places.items():
            named[place] = f"#{at}"
    new = [[at for at, name in enumerate(named) if not name] for named in names[1:]]
    known = frozenset(line for unit in base for line in _lines(unit))
    alike = _alike([canonical[at] for at in new[0]], [legacy[at] for at in new[1]], known)
    for number, at in enumerate(new[0]):
        names[1][at] = f"+{number}"
    for number, at in enumerate(new[1]):
        names[2][at] = f"+{alike[number]}" if number in alike else f"-{number}"
    return names, {f"#{at}" for at in ours.replaced | theirs.replaced}


def _untouched(at: int, base: list[Unit], other: _Pairs, side: list[Unit]) -> bool:
    """Whether a unit of the base is as it was, and so are its neighbours if it is a block."""
    place = other.places.get(at)
    if place is None or side[place].core != base[at].core or at in other.uncertain:
        return False
    beside = {place - 1, place + 1} & set(range(len(side)))
    return not base[at].layout or beside.issubset(other.places.values())


def _pairs(base: list[Unit], side: list[Unit]) -> _Pairs:
    pairs = _Pairs()
    _pair_equals(base, side, pairs)
    if all(pairs.left(base, side)):
        _pair_by(_lines, base, side, pairs)
    if all(pairs.left(base, side)):
        _pair_by(_words, base, side, pairs)
    if all(pairs.left(base, side)):
        _pair_in_place(base, side, pairs)
    return pairs


def _pair_equals(base: list[Unit], side: list[Unit], pairs: _Pairs) -> None:
    """Units of one text: in their order, and those that were moved."""
    before, after = [unit.core for unit in base], [unit.core for unit in side]
    at = place = 0
    for change in [*changes(before, after), None]:
        stop = change.a_start if change else len(before)
        pairs.places.update(zip(range(at, stop), range(place, len(after)), strict=False))
        at, place = (change.a_end, change.b_end) if change else (stop, place)
    lone, others = pairs.left(base, side)
    old, new = (
        Counter(texts[at] for at in left) for texts, left in ((before, lone), (after, others))
    )
    for at in lone:
        if old[before[at]] == new[before[at]] == 1:
            pairs.places[at] = next(place for place in others if after[place] == before[at])
    there, then = Counter(after), Counter(before)
    pairs.uncertain |= {
        at for at, text in enumerate(before) if then[text] > 1 and there[text] != then[text]
    }


def _pair_by(features: _Features, base: list[Unit], side: list[Unit], pairs: _Pairs) -> None:
    """Units that alone have some line or word in both versions."""
    old, new = _telling([features(unit) for unit in base], [features(unit) for unit in side])
    lone, others = pairs.left(base, side)
    instead = {at: come for gone, come in _gaps(base, side, pairs) for at in gone}
    votes = {
        (at, place): len(old[at] & new[place])
        for at in lone
        for place in others
        if old[at] & new[place]
    }
    for (at, place), count in votes.items():
        rivals = [
            number
            for (source, target), number in votes.items()
            if (source == at) != (target == place)  # either of the two with another partner
        ]
        unsure = count < 2 * max(rivals, default=0) or count == max(rivals, default=0)
        if unsure or (features is _words and place not in instead.get(at, [place])):
            pairs.uncertain.add(at)
            continue
        pairs.places[at] = place
        if (features is _words and "\n" in base[at].core.strip()) or 2 * count < min(
            len(old[at]), len(new[place])
        ):
            pairs.replaced.add(at)


def _telling(
    old: list[frozenset[str]], new: list[frozenset[str]]
) -> tuple[list[frozenset[str]], list[frozenset[str]]]:
    """Of each unit, the lines or words that no other unit of its version has."""
    everywhere = frozenset.intersection(*old, *new) if len(old) + len(new) > 2 else frozenset()
    once = [Counter(word for each in version for word in each) for version in (old, new)]
    telling = [
        [frozenset(word for word in each if count[word] == 1) - everywhere for each in version]
        for version, count in zip((old, new), once, strict=True)
    ]
    return telling[0], telling[1]


def _pair_in_place(base: list[Unit], side: list[Unit], pairs: _Pairs) -> None:
    """One unit in the place of one other; what is left then is not certain."""
    for gone, come in list(_gaps(base, side, pairs)):
        if len(gone) == len(come) == 1:
            pairs.places[gone[0]] = come[0]
            pairs.replaced.add(gone[0])
    lone, others = pairs.left(base, side)
    if others:  # it may be one of these, at another place and in other words
        pairs.uncertain.update(lone)


def _gaps(
    base: list[Unit], side: list[Unit], pairs: _Pairs
) -> Iterator[tuple[list[int], list[int]]]:
    """Units without a partner that stand between the same neighbours."""
    lone, others = map(set, pairs.left(base, side))
    at = 0
    while at < len(base):
        if at not in lone:
            at += 1
            continue
        end = at
        while end in lone:
            end += 1
        start = pairs.places[at - 1] + 1 if at else 0
        stop = pairs.places[end] if end < len(base) else len(side)
        come = list(range(start, stop))
        if come and others.issuperset(come):
            yield list(range(at, end)), come
        at = end


def _alike(canonical: list[Unit], legacy: list[Unit], known: frozenset[str]) -> dict[int, int]:
    """For places among legacy's additions, those of the same addition of canonical: of one text,
    or with at least half of the lines that are not `known`."""
    same: dict[int, int] = {}
    for number, unit in enumerate(legacy):
        free = [at for at in range(len(canonical)) if at not in same.values()]
        lines = _lines(unit) - known
        equal = [at for at in free if canonical[at].core == unit.core]
        near = equal or [at for at in free if _share_half(_lines(canonical[at]) - known, lines)]
        if near:
            same[number] = near[0]
    return same


def _share_half(mine: frozenset[str], yours: frozenset[str]) -> bool:
    return bool(mine & yours) and 2 * len(mine & yours) >= max(len(mine), len(yours))


def _written_lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if re.search(r"\w", line)]


def _lines(unit: Unit) -> frozenset[str]:
    return frozenset(_written_lines(unit.core))


def _words(unit: Unit) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", unit.core))
