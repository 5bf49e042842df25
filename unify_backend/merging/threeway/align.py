"""Aligns the units of three versions in the order of the result."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from unify_backend.languages.merge_unit import ENTRY, Key, OrderFreedom, UnclearUnits, Unit
from unify_backend.merging.threeway.matching import similar

ORDER = "both sides put these in another order"
NEIGHBOURS = "one side added to a list between two neighbours that the other side exchanged"
PASSED = "one side moved a statement past one that the other side added"
EXCHANGED = "one side exchanged everything in it, the other added to it"
_IMPORTS = frozenset({"import", "names"})
STATEMENTS = "both sides changed the statements here, and their order says something"
ADDED_TWICE = "both sides added it, each in a way of its own"


class Arrangement(NamedTuple):
    """Which side's addition comes first where both added something in one place."""

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
    """Units of which both sides changed which they are: their order is significant, or there were
    none of them before."""

    canonical: tuple[Unit, ...]
    base: tuple[Unit, ...]
    legacy: tuple[Unit, ...]
    why: str = STATEMENTS

    @property
    def any(self) -> Unit:
        """One of the units."""
        return (*self.canonical, *self.legacy, *self.base)[0]


@dataclass(frozen=True, slots=True)
class _Change:
    """What a side made of the units from `start` to `end` of a slot's base: `added` are new, or
    stood elsewhere before."""

    start: int
    end: int
    added: list[Key]
    legacy: bool

    def meets(self, other: "_Change") -> bool:
        """Whether both exchanged a unit, or one exchanged units between which the other added."""
        if self.start == self.end:
            return other.start < self.start < other.end
        if other.start == other.end:
            return self.start < other.start < self.end
        return max(self.start, other.start) < min(self.end, other.end)


@dataclass(slots=True)
class _Slot:
    """The units of three versions that follow one that all of them have, up to the next."""

    base: list[Key] = field(default_factory=list)
    canonical: list[Key] = field(default_factory=list)
    legacy: list[Key] = field(default_factory=list)


class _Versions(NamedTuple):
    base: dict[Key, Unit]
    canonical: dict[Key, Unit]
    legacy: dict[Key, Unit]

    @property
    def stable(self) -> frozenset[Key]:
        """The keys that all versions have."""
        return frozenset(self.base.keys() & self.canonical.keys() & self.legacy.keys())

    def unit(self, key: Key) -> Unit:
        """One of the versions of a unit."""
        return self.canonical.get(key) or self.legacy.get(key) or self.base[key]

    def is_new(self, key: Key) -> bool:
        """Whether one side added it, or both did in a different way."""
        ours, theirs = self.canonical.get(key), self.legacy.get(key)
        return key not in self.base and not (ours and theirs and ours.core == theirs.core)


def align(
    base: Sequence[Unit],
    canonical: Sequence[Unit],
    legacy: Sequence[Unit],
    arrangement: Arrangement,
) -> list[Alignment | OrderConflict]:
    """Rows for everything that canonical or legacy have; keys must be distinct.

    The order is that of the side that changed it. What only one side has stands where it stands
    there: between the same neighbours, before or behind what the other side added to them. Raises
    UnclearUnits where both sides changed the order, one added to a list between two neighbours
    that the other exchanged, or one moved a statement past one that the other added.
    """
    versions = _Versions(
        *({unit.key: unit for unit in units} for units in (base, canonical, legacy))
    )
    _require_remains(versions)
    order = _order(versions)
    for version in (versions.canonical, versions.legacy):
        _require_neighbours(version, order, versions)
    slots = _slots(versions)
    begun = _begun_twice(versions)
    rows: list[Alignment | OrderConflict] = []
    done: set[Key] = set()
    for anchor in (None, *order):
        keys = [] if anchor is None else [anchor]
        tied = frozenset[Key]()
        if anchor in slots:
            woven, tied = _woven(slots[anchor], versions, arrangement)
            keys += woven
        for key in keys:
            if key in done:
                continue
            done.add(key)
            if array := next((keys for keys in begun if key in keys), None):
                rows.append(_conflict(array, versions, ADDED_TWICE))
                done |= array
            elif key in tied:
                rows.append(_conflict(tied, versions))
                done |= tied  # it takes the place of its first unit
            else:
                rows.append(Alignment(*(side.get(key) for side in _sides(versions))))
    result = [row.any.key for row in rows if isinstance(row, Alignment)]
    for version in (versions.canonical, versions.legacy):
        _require_sequence(version, result, versions)
    return rows


def _sides(versions: _Versions) -> tuple[dict[Key, Unit], dict[Key, Unit], dict[Key, Unit]]:
    """Canonical, base and legacy, as alignments have them."""
    return versions.canonical, versions.base, versions.legacy


def _conflict(keys: frozenset[Key], versions: _Versions, why: str = STATEMENTS) -> OrderConflict:
    ours, origin, theirs = (
        tuple(side[key] for key in side if key in keys) for side in _sides(versions)
    )
    return OrderConflict(ours, origin, theirs, why)


def _begun_twice(versions: _Versions) -> list[frozenset[Key]]:
    """The tables of each array of tables that both sides began, each in a way of its own: as with
    any other name that is new, nothing tells whether they meant one thing."""
    arrays: defaultdict[Key, set[Key]] = defaultdict(set)
    for version in versions:
        for key in version:
            if len(key) > 2 and key[-2] == ENTRY:
                arrays[key[:-1]].add(key)
    return [
        frozenset(keys)
        for keys in arrays.values()
        if keys.isdisjoint(versions.base)
        and all(
            any(key in version and versions.is_new(key) for key in keys)
            for version in (versions.canonical, versions.legacy)
        )
    ]


def _order(versions: _Versions) -> list[Key]:
    """What all versions have, in the order of the result."""
    stable = versions.stable
    was, mine, yours = ([key for key in version if key in stable] for version in versions)
    if was not in (mine, yours) and mine != yours:
        raise UnclearUnits(ORDER)
    return yours if was == mine else mine


def _require_remains(versions: _Versions) -> None:
    """Raises UnclearUnits where one side exchanged everything and the other added something."""
    for version, other in (
        (versions.canonical, versions.legacy),
        (versions.legacy, versions.canonical),
    ):
        exchanged = versions.base and version and not versions.base.keys() & version.keys()
        added = [key for key in other if versions.is_new(key) and key not in version]
        if exchanged and added and version[next(iter(version))].kind not in _IMPORTS:
            raise UnclearUnits(EXCHANGED)


def _require_neighbours(version: dict[Key, Unit], order: list[Key], versions: _Versions) -> None:
    """Raises UnclearUnits where an addition has no place between its neighbours any more."""
    places = {key: at for at, key in enumerate(order)}
    keys = list(version)
    before: Key | None = None
    waiting = False
    for key in keys:
        if key in places:
            if waiting and before is not None and places[key] < places[before]:
                raise UnclearUnits(NEIGHBOURS)
            before, waiting = key, False
        elif versions.is_new(key) and version[key].freedom is not OrderFreedom.FREE:
            waiting = True


def _require_sequence(version: dict[Key, Unit], result: list[Key], versions: _Versions) -> None:
    """Raises UnclearUnits where a statement that a side added would be run before or behind others
    than on that side: it may need what they did."""
    places = {key: at for at, key in enumerate(result)}
    keys = [key for key in version if key in places and version[key].freedom is OrderFreedom.BOUND]
    stable = versions.stable
    for direction in (1, -1):
        farthest = -len(result)  # of those that all versions have, and that come before
        for key in keys[::direction]:
            place = direction * places[key]
            if key in stable:
                farthest = max(farthest, place)
            elif versions.is_new(key) and place < farthest:
                raise UnclearUnits(PASSED)


def _slots(versions: _Versions) -> dict[Key | None, _Slot]:
    stable = versions.stable
    slots: defaultdict[Key | None, _Slot] = defaultdict(_Slot)
    for name, version in zip(("base", "canonical", "legacy"), versions, strict=True):
        anchor: Key | None = None
        for key in version:
            if key in stable:
                anchor = key
            else:
                getattr(slots[anchor], name).append(key)
    return slots


def _woven(
    slot: _Slot, versions: _Versions, arrangement: Arrangement
) -> tuple[list[Key], frozenset[Key]]:
    """The keys of a slot in order, and those that only a conflict can put in order."""
    ours, theirs = _changes(slot, legacy=False), _changes(slot, legacy=True)
    tied = _tied(slot, ours, theirs, versions)
    keys: list[Key] = []
    remaining = set(slot.canonical) | set(slot.legacy)
    for at in range(len(slot.base) + 1):
        keys += _added(at, ours, theirs, arrangement)
        if at < len(slot.base) and slot.base[at] in remaining:
            keys.append(slot.base[at])
    return keys, tied


def _added(
    at: int, ours: list[_Change], theirs: list[_Change], arrangement: Arrangement
) -> Iterator[Key]:
    """What stands in front of the slot's unit number `at`. Where one side exchanged units, what the
    other added beside them stays on its side of them."""
    first, second = (theirs, ours) if arrangement.legacy_first else (ours, theirs)
    for change in second:  # it replaced what stands in front
        if change.end == at and change.start < at:
            yield from change.added
    insertions = [
        [change for change in side if change.start == change.end == at] for side in (first, second)
    ]
    for change in insertions[0] + insertions[1]:
        yield from change.added
    for change in first:
        if change.start == at and change.end > at:
            yield from change.added


def _changes(slot: _Slot, legacy: bool) -> list[_Change]:
    """The changes of a side to the slot's base."""
    places = {key: at for at, key in enumerate(slot.base)}
    changes: list[_Change] = []
    added: list[Key] = []
    start = 0
    for key in slot.legacy if legacy else slot.canonical:
        at = places.get(key, -1)
        if at < start:
            added.append(key)
            continue
        if added or at > start:
            changes.append(_Change(start, at, added, legacy))
        added, start = [], at + 1
    if added or start < len(slot.base):
        changes.append(_Change(start, len(slot.base), added, legacy))
    return changes


def _tied(
    slot: _Slot, ours: list[_Change], theirs: list[_Change], versions: _Versions
) -> frozenset[Key]:
    """Units that only a conflict can put in order: both sides added statements in one slot, or
    exchanged the same entries of a list; or one side deleted what the other gave another name."""
    bound = _bound(slot, versions)
    tied = set(bound)
    for mine in ours:
        for yours in theirs:
            if not mine.meets(yours):
                continue
            added = [key for key in (*mine.added, *yours.added) if versions.is_new(key)]
            gone = _gone(slot, mine, versions) & _gone(slot, yours, versions)
            loose = [key for key in added if versions.unit(key).freedom is not OrderFreedom.FREE]
            if loose:
                tied |= {
                    *loose,
                    *(k for k in gone if versions.base[k].freedom is not OrderFreedom.FREE),
                }
            for key in added:
                for other in gone:
                    if similar(versions.base[other], versions.unit(key)):
                        tied |= {key, other}
    return frozenset(tied)


def _gone(slot: _Slot, change: _Change, versions: _Versions) -> set[Key]:
    """What a change took out of the version altogether."""
    version = versions.legacy if change.legacy else versions.canonical
    return {key for key in slot.base[change.start : change.end] if key not in version}


def _bound(slot: _Slot, versions: _Versions) -> set[Key]:
    """The statements of a slot, if both sides changed which they are and one side added some."""

    def bound(keys: Iterable[Key]) -> set[Key]:
        return {key for key in keys if versions.unit(key).freedom is OrderFreedom.BOUND}

    mine, yours = (
        bound(key for key in keys if versions.is_new(key)) for keys in (slot.canonical, slot.legacy)
    )
    less, fewer = (
        bound(key for key in slot.base if key not in version)
        for version in (versions.canonical, versions.legacy)
    )
    if (mine and (yours or fewer)) or (yours and (mine or less)):
        return mine | yours | less | fewer
    return set()
