"""Checks a merged text for problems that neither side had."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate, product
from math import prod
from typing import TypeVar

from unify_backend.languages.data.values import load
from unify_backend.languages.definition import Unparsable
from unify_backend.languages.documents.sections import DOCUMENTS
from unify_backend.languages.merge_unit import Key, UnclearUnits, Unit
from unify_backend.languages.python.blocks import BlockStatement, statement_blocks
from unify_backend.languages.python.merge_facts import Facts, Import, facts_of, unfit_calls
from unify_backend.languages.registry import languages, merge_units
from unify_backend.merging.threeway.rules import outranked

T = TypeVar("T")
_Section = tuple[str, ...]  # the headings above a line
_Lines = list[tuple[str, _Section]]
_COMPARISONS = 10_000  # of items of lists; more are taken for right
_NAMES = ("name", "id")  # what a table in a list calls itself
_COMMENTS = ("#", "//", ";")
_DATA_LANGUAGES = frozenset({"json", "yaml", "toml", "ini", "env"})


def problems(language: str, base: str, canonical: str, legacy: str, result: str) -> list[str]:
    """The reasons why `result` cannot be the merge of the three; empty where there are none. A side
    that cannot be parsed gives no reasons."""
    if language == "python":
        reasons = _compared(facts_of, _python, base, canonical, legacy, result)
        reasons = reasons or _other_blocks(canonical, legacy, result)
        return reasons or _other_owners(language, canonical, legacy, result)
    if language in _DATA_LANGUAGES:
        reasons = _compared(_reader(language), _data, base, canonical, legacy, result)
        reasons = reasons or _repeated_keys(language, canonical, legacy, result)
        return reasons or _other_owners(language, canonical, legacy, result)
    if language in DOCUMENTS and (read := merge_units(language)):
        return _other_sections(*map(read, (base, canonical, legacy, result)))
    return []


def half_problems(language: str, canonical: str, legacy: str, result: str) -> list[str]:
    """As `problems`, for a text with conflicts, each resolved for one side."""
    if language == "python":
        return _compared(facts_of, _broken, "", canonical, legacy, result)
    if language in _DATA_LANGUAGES:
        return _compared(_reader(language), _anything, "", canonical, legacy, result)
    return []


def _reader(language: str) -> Callable[[str], object]:
    """Reads data with aliases as names: one side may use one, the other change what it says."""
    form = languages()[language].comparison
    return partial(load, form, expand=False)


def hollow_imports(base: str, canonical: str, legacy: str, result: str) -> list[str]:
    """The names that a merged Python module uses and no longer imports, where one side deleted the
    whole import and still uses them, and the other one changed that import."""
    try:
        origin, merged = facts_of(base), facts_of(result)
        sides = [facts_of(canonical), facts_of(legacy)]
    except (Unparsable, RecursionError):
        return []
    if not merged.unbound:
        return []
    names: set[str] = set()
    for deleting, changing in (sides, sides[::-1]):
        lost = (merged.unbound & deleting.unbound) - changing.unbound - origin.unbound
        for known in origin.imports:
            gone = _bound_by(known) in lost and not _beside(known, deleting)
            if gone and _beside(known, changing) != _beside(known, origin):
                names.add(_bound_by(known))
    return sorted(names)


def _bound_by(known: Import) -> str:
    """The name that an import binds."""
    module, name, alias = known
    return alias or name or module.partition(".")[0]


def _beside(known: Import, facts: Facts) -> set[Import]:
    """What a module imports in the same way from the same module."""
    way = known[0], bool(known[1])
    return {other for other in facts.imports if (other[0], bool(other[1])) == way}


def notes_on(canonical: str, legacy: str, result: str) -> list[str]:
    """The places of a merged Python module that need review although they are no conflict."""
    try:
        ours, theirs, merged = (facts_of(text) for text in (canonical, legacy, result))
    except (Unparsable, RecursionError):
        return []
    calls = unfit_calls(merged) - unfit_calls(ours) - unfit_calls(theirs)
    notes = [
        f"look at the call `{call}`: the function it calls has other parameters since the merge"
        for call in sorted(calls)
    ]
    if merged.unbound:  # rarely any: the sides are not searched otherwise
        for side, facts, other in (("canonical", ours, theirs), ("legacy", theirs, ours)):
            imported = {_bound_by(known) for known in other.imports}
            notes += [
                f"look at `{name}`: {side} uses it and does not import it"
                for name in sorted(merged.unbound & facts.unbound & imported)
            ]
    return notes


def _compared(
    read: Callable[[str], T],
    check: Callable[[T | None, T, T, T], Iterator[str]],
    base: str,
    canonical: str,
    legacy: str,
    result: str,
) -> list[str]:
    try:
        ours, theirs = read(canonical), read(legacy)
        origin = read(base) if base.strip() else None
    except (Unparsable, RecursionError):
        return []
    try:
        merged = read(result)
    except (Unparsable, RecursionError) as error:
        return [str(error)]
    return list(check(origin, ours, theirs, merged))


def _python(base: Facts | None, canonical: Facts, legacy: Facts, result: Facts) -> Iterator[str]:
    yield from _broken(base, canonical, legacy, result)
    ours, theirs = canonical.imports.keys(), legacy.imports.keys()
    origin = base.imports.keys() if base else set[Import]()
    for lost in sorted(
        ((ours & theirs) | (ours - origin) | (theirs - origin)) - result.imports.keys()
    ):
        yield f"the import of {' '.join(lost).strip()} is lost"
    mine, yours = canonical.defined.keys(), legacy.defined.keys()
    known = base.defined.keys() if base else set[str]()
    for name in sorted(((mine & yours) | (mine - known) | (yours - known)) - result.defined.keys()):
        yield f"{name} is no longer defined where it was"
    if result.unbound:  # rarely any: the sides are not searched otherwise
        for name in sorted(result.unbound - canonical.unbound - legacy.unbound):
            yield f"{name} is used and nothing binds it"
    if base is not None:
        yield from _left_modules(base, canonical, legacy, result)


def _left_modules(base: Facts, canonical: Facts, legacy: Facts, result: Facts) -> Iterator[str]:
    """Names that one side imports in addition from a module which the other side left: all that it
    had from there it imports from another one now, so the addition may have moved as well."""
    for side, leaving, adding in (("canonical", canonical, legacy), ("legacy", legacy, canonical)):
        added = (adding.imports.keys() - base.imports.keys()) & result.imports.keys()
        for module in sorted({module for module, name, _ in added if name}):
            had = {known[1:] for known in base.imports if known[0] == module}
            if not had or any(known[0] == module for known in leaving.imports):
                continue
            places = [
                {
                    known[0]
                    for known in leaving.imports.keys() - base.imports.keys()
                    if known[1:] == name
                }
                for name in had
            ]
            for place in sorted(set.intersection(*places)):
                names = sorted(name for source, name, _ in added if source == module)
                yield f"{', '.join(names)} is imported from {module}, which {side} left for {place}"


def _broken(base: Facts | None, canonical: Facts, legacy: Facts, result: Facts) -> Iterator[str]:
    for name, count in result.defined.items():
        ours, theirs = canonical.defined[name], legacy.defined[name]
        limit = max(1, ours, theirs)
        if limit > 1:  # it is bound again by custom: both sides may have added one
            limit = max(limit, ours + theirs - (base.defined[name] if base else min(ours, theirs)))
        if count > limit:
            yield f"{name} is defined twice"
    for repeated in _too_many(result.repeated, canonical.repeated, legacy.repeated):
        yield f"{repeated} is there twice"
    for name in sorted(result.early - canonical.early - legacy.early):
        yield f"{name} is used before it is bound"
    for name in sorted(result.misfits - canonical.misfits - legacy.misfits):
        yield f"{name} has no default and follows one that has"


def _too_many(result: Counter[str], ours: Counter[str], theirs: Counter[str]) -> Iterator[str]:
    """Dicts are known by their line, which a merge moves: they are counted all together."""

    def doubles(counts: Counter[str]) -> Counter[str]:
        return Counter({key.partition(" on line ")[0]: n - 1 for key, n in counts.items() if n > 1})

    merged, first, second = doubles(result), doubles(ours), doubles(theirs)
    yield from (key for key, n in merged.items() if n > max(first[key], second[key]))


def _data(base: object, canonical: object, legacy: object, result: object) -> Iterator[str]:
    if not _agrees(base, canonical, legacy, result):
        yield "it does not load to what both changes together come to"


def _anything(*_: object) -> Iterator[str]:
    return iter(())


def _other_sections(base: Unit, canonical: Unit, legacy: Unit, result: Unit) -> list[str]:
    """Lines of a document that are in another section than on the side that has them, although that
    section is still there, or although the other side deleted that section with what was in it.
    Only lines are looked at that are nowhere twice."""
    ours, theirs, merged = (list(_sections(unit)) for unit in (canonical, legacy, result))
    there = {section for _, section in merged}
    places = [_single(pairs) for pairs in (ours, theirs)]
    reasons: list[str] = []
    for line, section in _single(merged).items():
        sections = {known[line] for known in places if line in known}
        if sections and section not in sections:
            below = any(
                line in side and _is_left(side[line], section, base, other)
                for side, other in ((places[0], theirs), (places[1], ours))
            )
            reasons += [f"`{line}` is in another section"] if there & sections or below else []
    return reasons


def _is_left(before: _Section, after: _Section, base: Unit, other: _Lines) -> bool:
    """Whether `after` is not what became of the section `before` on the other side: none of the
    lines that were in it are there."""
    lines = list(_sections(base))
    known = {path[:n] for _, path in lines for n in range(1, len(path) + 1)}
    shared = next((n for n in range(len(before), 0, -1) if before[:n] in known), 0)
    section, place = before[:shared], after[:shared]
    if section == place:
        return False
    inside = {line for line, path in lines if path[:shared] == section}
    return not any(line in inside and path[: len(place)] == place for line, path in other)


def _sections(unit: Unit, path: _Section = ()) -> Iterator[tuple[str, _Section]]:
    """Each line of a document, titles too, with the titles above it."""
    inside = (*path, unit.key[-1]) if unit.key[0] == "section" else path
    for child in unit.children:
        if child.children:
            yield from _sections(child, inside)
            continue
        above = path if child.key == ("heading",) else inside
        yield from ((line, above) for line in child.core.split("\n") if line.strip())


def _single(pairs: Sequence[tuple[str, _Section]]) -> dict[str, _Section]:
    """Where each line is, if it is there once."""
    count = Counter(line for line, _ in pairs)
    return {line: section for line, section in pairs if count[line] == 1}


def _repeated_keys(language: str, canonical: str, legacy: str, result: str) -> list[str]:
    """Keys that are in one section more often than on either side. Sections of one name are
    counted together: such a file cannot be loaded as data."""
    read = merge_units(language)
    if language not in {"ini", "env"} or read is None:
        return []
    try:
        ours, theirs, merged = (_doubles(read(text)) for text in (canonical, legacy, result))
    except (UnclearUnits, Unparsable):
        return []
    return [
        f"the key {key} is there twice"
        for key, count in merged.items()
        if count > max(ours[key], theirs[key])
    ]


def _doubles(unit: Unit) -> Counter[str]:
    doubles: Counter[str] = Counter()
    counts = Counter(child.key for child in unit.children if child.key[0] != "section")
    doubles.update({" ".join(key[1:]): n - 1 for key, n in counts.items() if n > 1})
    for child in unit.children:
        doubles.update(_doubles(child))
    return doubles


def _other_blocks(canonical: str, legacy: str, result: str) -> list[str]:
    """Statements of one side alone that are in another block of a Python module, although the
    block that they were in is still there; or that run before or behind others than on that side.
    Only lines are looked at that are nowhere twice."""
    try:
        ours, theirs, merged = (
            _Statements(statement_blocks(text)) for text in (canonical, legacy, result)
        )
    except (SyntaxError, ValueError, RecursionError):
        return []
    blocks = {statement.block for statement in merged.all}
    reasons: list[str] = []
    for side, other in ((ours, theirs), (theirs, ours)):
        order = side.order(other, merged)
        for line in side.single.keys() & merged.single.keys() - other.lines:
            before, after = side.single[line], merged.single[line]
            if before.block != after.block:
                reasons += [f"`{line}` is in another block"] if before.block in blocks else []
                continue
            places = side.places[line], merged.places[line]
            if passed := before.is_bound and order.passed(before.block, *places):
                reasons.append(f"`{line}` is run before or behind `{passed}`, which was moved")
    return sorted(reasons)


class _Statements:
    """The statements of a version; `single` are those whose line is there once."""

    def __init__(self, statements: list[BlockStatement]) -> None:
        self.all = statements
        counts = Counter(statement.line for statement in statements)
        self.lines = counts.keys()
        self.single = {each.line: each for each in statements if counts[each.line] == 1}
        self.places = {line: at for at, line in enumerate(self.single)}

    def order(self, other: "_Statements", merged: "_Statements") -> "_Order":
        """Where the bound statements of all versions are here, and in `merged`, by their blocks."""
        blocks: dict[object, list[tuple[int, int, str]]] = defaultdict(list)
        for line, statement in self.single.items():
            if not (statement.is_bound and line in other.single and line in merged.single):
                continue
            if merged.single[line].block == statement.block:
                places = self.places[line], merged.places[line]
                blocks[statement.block].append((*places, line))
        return _Order(blocks)


class _Order:
    """Tells in logarithmic time which statement changed sides with another one."""

    def __init__(self, blocks: Mapping[object, list[tuple[int, int, str]]]) -> None:
        self._places = {block: [place for place, _, _ in rows] for block, rows in blocks.items()}
        self._last = {
            block: list(accumulate(((now, line) for _, now, line in rows), max))
            for block, rows in blocks.items()
        }
        self._first = {
            block: list(accumulate(((now, line) for _, now, line in reversed(rows)), min))[::-1]
            for block, rows in blocks.items()
        }

    def passed(self, block: object, before: int, after: int) -> str | None:
        """A statement of the block that is on the other side of one which was at the place `before`
        and is at `after`; None where there is none."""
        at = bisect_left(self._places.get(block, []), before)
        if at and self._last[block][at - 1][0] > after:
            return self._last[block][at - 1][1]
        rest = self._first.get(block, [])[at : at + 1]
        return rest[0][1] if rest and rest[0][0] < after else None


def _other_owners(language: str, canonical: str, legacy: str, result: str) -> list[str]:
    """Comments of one side alone that stand above something else now: a merge by lines takes the
    first of two equal lines for either."""
    read = merge_units(language)
    ours, theirs, merged = (
        Counter(map(str.strip, text.split("\n"))) for text in (canonical, legacy, result)
    )
    reasons: list[str] = []
    for text, mine, other in ((canonical, ours, theirs), (legacy, theirs, ours)):
        own = {
            line
            for line, count in mine.items()
            if line.startswith(_COMMENTS) and count == merged[line] == 1 and not other[line]
        }
        if not own or read is None:
            continue
        try:
            before, after = read(text), read(result)
        except (UnclearUnits, Unparsable, RecursionError):
            return []
        for line in sorted(own):
            owner, now = _below(line, before), _below(line, after)
            if owner and now:
                likeness = [_shared_lines(owner[0], unit) for unit in _of_key(owner[0].key, now[1])]
                likeness += [_shared_lines(now[0], unit) for unit in _of_key(now[0].key, owner[1])]
                if _shared_lines(owner[0], now[0]) < max(likeness, default=0):
                    reasons.append(f"`{line}` stands above something else")
    return reasons


def _below(comment: str, parent: Unit) -> tuple[Unit, Sequence[Unit]] | None:
    """What the comment stands above, and all that is beside it."""
    for unit in parent.children:
        if comment in unit.lead and comment in map(str.strip, unit.lead.split("\n")):
            return unit, parent.children
        if comment in unit.core and (inside := _below(comment, unit)):
            return inside
    return None


def _of_key(key: Key, units: Sequence[Unit]) -> list[Unit]:
    return [unit for unit in units if unit.key == key]


def _shared_lines(first: Unit, second: Unit) -> int:
    lines = [Counter(map(str.strip, unit.core.split("\n"))) for unit in (first, second)]
    return (lines[0] & lines[1]).total()


_ABSENT = object()


def _agrees(base: object, canonical: object, legacy: object, result: object) -> bool:
    """Whether `result` is the merge of the three values, as far as keys decide it."""
    if legacy in (base, canonical):
        return _equal(result, canonical)
    if canonical == base:
        return _equal(result, legacy)
    sides = [
        version if isinstance(version, dict) else None
        for version in (base, canonical, legacy, result)
    ]
    origin, ours, theirs, merged = sides
    if ours is not None and theirs is not None and merged is not None:
        origin = origin or {}
        keys = origin.keys() | ours.keys() | theirs.keys() | merged.keys()
        return all(
            _agrees(*(version.get(key, _ABSENT) for version in (origin, ours, theirs, merged)))
            for key in keys
        )
    if isinstance(canonical, list) and isinstance(legacy, list) and isinstance(result, list):
        if (
            base is _ABSENT
            and _has_other_tables(canonical, legacy)
            and (_has_other_tables(legacy, canonical))
        ):
            return False  # nothing tells whether both sides meant one thing
        return _lists_agree(base if isinstance(base, list) else [], canonical, legacy, result)
    return isinstance(canonical, str) and isinstance(legacy, str) and isinstance(result, str)


def _has_other_tables(side: list[object], other: list[object]) -> bool:
    """Whether a list has tables that the other one has not."""
    tables = Counter(_frozen(item) for item in side if isinstance(item, dict))
    return bool(tables - Counter(map(_frozen, other)))


def _lists_agree(
    base: list[object], canonical: list[object], legacy: list[object], result: list[object]
) -> bool:
    """Whether every item occurs as often as both changes together allow. A table that no side has
    must be the merge of two that they have, and each that a side added must be in it or in one."""
    versions = (base, canonical, legacy, result)
    origin, ours, theirs, merged = (Counter(map(_frozen, version)) for version in versions)
    texts = [item for item in result if isinstance(item, str)]
    for item in origin.keys() | ours.keys() | theirs.keys() | merged.keys():
        low, high = _bounds(origin[item], ours[item], theirs[item])
        nested = isinstance(item, tuple)
        known = origin[item] or ours[item] or theirs[item]
        if merged[item] > high and (known or not nested):
            return False
        if merged[item] < low and not nested and not outranked(str(item), texts):
            return False
    if any(_edited_elsewhere(base, canonical, legacy)):
        return False
    everywhere = origin.keys() & ours.keys() & theirs.keys() & merged.keys()
    changed = [
        [(at, item) for at, item in enumerate(version) if _frozen(item) not in everywhere]
        for version in versions
    ]
    if prod(map(len, changed)) > _COMPARISONS:
        return True
    proved: set[tuple[int, int]] = set()
    for places in product(*changed):
        items = [item for _, item in places]
        if _have_a_key_in_common(items[0], items[1], items[2]) and _agrees(*items):
            proved |= {(version, at) for version, (at, _) in enumerate(places)}
    unproved = [
        (version, at)
        for version, known in ((1, origin.keys()), (2, origin.keys()), (3, ours.keys() | theirs))
        for at, item in changed[version]
        if isinstance(item, dict | list)
        and _frozen(item) not in known
        and not (version < 3 and merged[_frozen(item)])
    ]
    return proved.issuperset(unproved)


def _have_a_key_in_common(base: object, *sides: object) -> bool:
    """Whether the sides can be versions of an item of the base, as far as tables go."""
    return not isinstance(base, dict) or all(
        not isinstance(side, dict) or not side.keys().isdisjoint(base.keys()) for side in sides
    )


def _edited_elsewhere(
    base: list[object], canonical: list[object], legacy: list[object]
) -> Iterator[object]:
    """Tables that one side added and that have more than half of what both sides took away: it may
    have moved and changed what the other one deleted."""
    origin, ours, theirs = (
        {_frozen(item): item for item in version if isinstance(item, dict)}
        for version in (base, canonical, legacy)
    )
    gone = [origin[key] for key in origin.keys() - ours.keys() - theirs.keys()]
    for side, other in ((ours, theirs), (theirs, ours)):
        added = [side[key] for key in side.keys() - origin.keys() - other.keys()]
        rest = [other[key] for key in other.keys() - origin.keys()]
        for before in gone:
            if not any(before.keys() & after.keys() for after in rest):
                yield from (after for after in added if _alike(before, after))


def _alike(before: dict[object, object], after: dict[object, object]) -> bool:
    if any(before.get(key, after.get(key)) != after.get(key, before.get(key)) for key in _NAMES):
        return False
    shared = sum(key in after and after[key] == value for key, value in before.items())
    return 2 * shared > max(len(before), len(after))


def _bounds(base: int, ours: int, theirs: int) -> tuple[int, int]:
    """How often an item may be there: both sides may have meant the same addition or deletion."""
    both = max(0, ours + theirs - base)
    if min(ours, theirs) >= base:
        return max(ours, theirs), both
    return both, (min(ours, theirs) if max(ours, theirs) <= base else both)


def _frozen(value: object) -> Hashable:
    return value if isinstance(value, str | int | float) else ("nested", repr(_ordered(value)))


def _ordered(value: object) -> object:
    """The value with the keys of its tables sorted."""
    match value:
        case dict():
            return sorted(((str(key), _ordered(inner)) for key, inner in value.items()), key=str)
        case list():
            return [_ordered(inner) for inner in value]
        case _:
            return value


def _equal(left: object, right: object) -> bool:
    return left is right if _ABSENT in (left, right) else left == right
