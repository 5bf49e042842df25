"""Aligns the units of three versions in the order of the result."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from unify_backend.languages.merge_unit import Key, OrderFreedom, UnclearUnits, Unit

ORDER = "both sides put these in another order"
STATEMENTS = "both sides changed the statements here, and their order says something"


class Arrangement(NamedTuple):
    """The side whose order is kept where neither side changed it, and the side whose addition comes
    first where both added something in one place. The default is canonical for both."""

    legacy_order: bool = False
    legacy_first: bool = False


@dataclass(frozen=True, slots=True)
class Alignment:
    """One unit in up to three versions."""

    canonical: Unit | None
    base: Unit | None
    legacy: Unit | None

    @property
    def any(self) -> Unit:
        """One of the versions."""
        unit = self.canonical or self.legacy or self.base
        assert unit is not None
        return unit


@dataclass(frozen=True, slots=True)
class OrderConflict:
    """Units whose order is significant and which both sides changed in one place."""

    canonical: tuple[Unit, ...]
    base: tuple[Unit, ...]
    legacy: tuple[Unit, ...]

    @property
    def any(self) -> Unit:
        """One of the units."""
        return (*self.canonical, *self.legacy, *self.base)[0]


@dataclass(slots=True)
class _Slot:
    """What each side did to bound units between two that all versions have."""

    added: dict[str, list[Key]] = field(default_factory=lambda: {"canonical": [], "legacy": []})
    dropped: dict[str, list[Key]] = field(default_factory=lambda: {"canonical": [], "legacy": []})


def align(
    base: Sequence[Unit],
    canonical: Sequence[Unit],
    legacy: Sequence[Unit],
    arrangement: Arrangement,
) -> list[Alignment | OrderConflict]:
    """Rows for everything that canonical or legacy have; keys must be distinct.

    The order is that of the side that changed it, else as `arrangement` says. What only one side
    has stands behind the unit that it follows there. Raises Unclear where both sides changed the
    order.
    """
    origin, ours, theirs = (
        {unit.key: unit for unit in units} for units in (base, canonical, legacy)
    )
    order = _order(list(origin), list(ours), list(theirs), arrangement)
    knots = _knots(origin, ours, theirs)
    rows: list[Alignment | OrderConflict] = []
    for key in order:
        if key not in knots:
            rows.append(Alignment(ours.get(key), origin.get(key), theirs.get(key)))
        elif knots[key] is not None:
            keys = knots[key] or frozenset()
            sides = [
                tuple(version[at] for at in version if at in keys)
                for version in (ours, origin, theirs)
            ]
            rows.append(OrderConflict(*sides))
            knots.update(dict.fromkeys(keys))  # it takes the place of its first unit
    return rows


def _order(
    origin: list[Key], ours: list[Key], theirs: list[Key], arrangement: Arrangement
) -> list[Key]:
    stable = set(origin) & set(ours) & set(theirs)
    was, mine, yours = ([key for key in keys if key in stable] for keys in (origin, ours, theirs))
    if was not in (mine, yours) and mine != yours:
        raise UnclearUnits(ORDER)
    legacy = arrangement.legacy_order if mine == yours else was == mine
    if legacy:
        return _woven(theirs, ours, behind=arrangement.legacy_first)
    return _woven(ours, theirs, behind=not arrangement.legacy_first)


def _woven(spine: list[Key], other: list[Key], behind: bool) -> list[Key]:
    """`spine` with what only `other` has, `behind` what only the spine has in the same place."""
    order = list(spine)
    placed, known = set(spine), set(other)
    anchor: Key | None = None
    for key in other:
        if key not in placed:
            at = 0 if anchor is None else order.index(anchor) + 1
            while behind and at < len(order) and order[at] not in known:
                at += 1
            order.insert(at, key)
            placed.add(key)
        anchor = key
    return order


def _knots(
    origin: dict[Key, Unit], ours: dict[Key, Unit], theirs: dict[Key, Unit]
) -> dict[Key, frozenset[Key] | None]:
    """For each unit that is part of a knot, all of that knot's units."""
    stable = origin.keys() & ours.keys() & theirs.keys()
    slots: defaultdict[Key | None, _Slot] = defaultdict(_Slot)
    for side, version, other in (("canonical", ours, theirs), ("legacy", theirs, ours)):
        for key, anchor in _anchored(version, stable):
            if key not in origin and not (key in other and other[key].core == version[key].core):
                slots[anchor].added[side].append(key)
        for key, anchor in _anchored(origin, stable):
            if key not in version:
                slots[anchor].dropped[side].append(key)
    everything = {**origin, **theirs, **ours}
    knots: dict[Key, frozenset[Key] | None] = {}
    for slot in slots.values():
        keys = frozenset(_tied(slot, everything))
        knots.update(dict.fromkeys(keys, keys))
    return knots


def _tied(slot: _Slot, units: dict[Key, Unit]) -> set[Key]:
    replaced = any(
        units[key].freedom is not OrderFreedom.FREE
        for key in set(slot.dropped["canonical"]) & set(slot.dropped["legacy"])
    )
    bound = {OrderFreedom.BOUND, OrderFreedom.LOOSE} if replaced else {OrderFreedom.BOUND}

    def binding(keys: list[Key]) -> set[Key]:
        return {key for key in keys if units[key].freedom in bound}

    mine, yours = binding(slot.added["canonical"]), binding(slot.added["legacy"])
    less, fewer = binding(slot.dropped["canonical"]), binding(slot.dropped["legacy"])
    if (mine and (yours or fewer)) or (yours and (mine or less)):
        return mine | yours | less | fewer
    return set()


def _anchored(version: dict[Key, Unit], stable: set[Key]) -> list[tuple[Key, Key | None]]:
    anchor: Key | None = None
    anchored: list[tuple[Key, Key | None]] = []
    for key in version:
        if key in stable:
            anchor = key
        else:
            anchored.append((key, anchor))
    return anchored
