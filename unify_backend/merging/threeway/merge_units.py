"""Merging two trees of units against a third."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from unify_backend.languages.merge_hunk import Conflict, Part, Resolved, tidy, weight
from unify_backend.languages.merge_unit import FUTURE, Key, Layout, OrderFreedom, UnclearUnits, Unit
from unify_backend.merging.threeway.align import (
    ADDED_TWICE,
    Alignment,
    Arrangement,
    OrderConflict,
    align,
)
from unify_backend.merging.threeway.bindings import with_bindings
from unify_backend.merging.threeway.diff3 import (
    BOTH,
    is_clean,
    merge_items,
    merge_lines,
    merge_two,
    settle3,
)
from unify_backend.merging.threeway.layouts import front, laid_out
from unify_backend.merging.threeway.matching import matched
from unify_backend.merging.threeway.releases import newest_first
from unify_backend.merging.threeway.rules import by_rules, same_but_for_layout

Deeper = Callable[[str], list[Unit] | None]
_WORD = re.compile(r"(?<![\w.])\w+")
_DELETED = "{who} deleted it, {other} changed it"
_NEEDED = "{who} deleted it, {other} uses it in more places than before"


@dataclass(slots=True)
class WordCounts:
    """How often each word, attributes aside, is written in each version."""

    base: Counter[str]
    canonical: Counter[str]
    legacy: Counter[str]

    @classmethod
    def of(cls, base: str, canonical: str, legacy: str) -> "WordCounts":
        """The counts for three texts."""
        return cls(*(Counter(_WORD.findall(text)) for text in (base, canonical, legacy)))

    def grew(self, name: str, canonical: bool) -> bool:
        """Whether that side writes the name more often than the base."""
        side = self.canonical if canonical else self.legacy
        return bool(name) and side[name] > self.base[name]


@dataclass(slots=True)
class Engine:
    """One merge. `deeper` takes a block's text apart into statements; None where none can. `prose`:
    the texts are documents. `stays` are the names whose imports were kept although one side removed
    them."""

    uses: WordCounts = field(default_factory=lambda: WordCounts.of("", "", ""))
    deeper: Deeper | None = None
    prose: bool = False
    notes: list[str] = field(default_factory=list)
    stays: set[str] = field(default_factory=set)
    arrangement: Arrangement = field(default_factory=Arrangement)

    def container(self, base: Unit, canonical: Unit, legacy: Unit) -> list[Part]:
        """Merges the inside of three units. Raises UnclearUnits."""
        units = matched(*with_bindings(base.children, canonical.children, legacy.children))
        versions = (units.base, units.canonical, units.legacy)
        rows = align(*versions, self.arrangement)
        if base.sorted and (by := _sorting(versions)):
            rows = sorted(rows, key=lambda row: by(row.any.key[0]))
        rows = newest_first(_future_first(rows))
        self.notes += _added_beside(rows)
        inside = [self._row(row, units.replaced) for row in rows]
        shown = [(row, parts) for row, parts in zip(rows, inside, strict=True) if parts]
        style = legacy if canonical.layout is base.layout else canonical
        keyed = (
            replace(unit, children=tuple(children))
            for unit, children in zip((base, canonical, legacy), versions, strict=True)
        )
        written = laid_out(style.layout or Layout.LINES, shown, *keyed)
        if canonical.layout is not legacy.layout:  # one side changed between one line and several
            if len({_around(unit) for unit in (base, canonical, legacy)}) > 1:
                raise UnclearUnits("one side changed the layout, another what is around it")
            return [Resolved(style.head), *written, Resolved(style.tail)]
        head = self._text(base.head, canonical.head, legacy.head)
        return [*head, *written, *self._text(base.tail, canonical.tail, legacy.tail)]

    def _row(
        self, row: Alignment | OrderConflict, replaced: frozenset[Key] = frozenset()
    ) -> list[Part]:
        if isinstance(row, OrderConflict):
            ours, origin, theirs = (
                "".join(unit.text for unit in side)
                for side in (row.canonical, row.base, row.legacy)
            )
            return [Conflict(ours, origin, theirs, row.why)]
        match row:
            case Alignment(Unit() as unit, None, None) | Alignment(None, None, Unit() as unit):
                return [Resolved(unit.core)]
            case Alignment(Unit() as canonical, None, Unit() as legacy):
                return self._added_twice(canonical, legacy)
            case Alignment(Unit() as unit, Unit() as base, None):
                return self._deleted(base, unit, canonical=True)
            case Alignment(None, Unit() as base, Unit() as unit):
                return self._deleted(base, unit, canonical=False)
            case Alignment(Unit() as canonical, Unit() as base, Unit() as legacy):
                if base.key in replaced:  # only their place says that they are the same
                    return self._by_rules(_one_or_other(base.core, canonical.core, legacy.core))
                return self._core(base, canonical, legacy)
            case _:
                return []

    def _core(self, base: Unit, canonical: Unit, legacy: Unit) -> list[Part]:
        settled = settle3(base.core, canonical.core, legacy.core)
        if settled is not None:
            return [Resolved(settled)]
        if base.layout and canonical.layout and legacy.layout and base.kind == canonical.kind:
            try:
                return self.container(base, canonical, legacy)
            except UnclearUnits:
                pass
        parts = self._by_rules(merge_lines(base.core, canonical.core, legacy.core))
        if self.deeper and base.kind == "body" and not is_clean(parts):
            parts = min(
                parts, self._statements(base.core, canonical.core, legacy.core) or parts, key=weight
            )
        return parts

    def _by_rules(self, parts: list[Part]) -> list[Part]:
        settled, notes = by_rules(parts, self.prose)
        self.notes += notes
        return settled

    def _statements(self, *texts: str) -> list[Part] | None:
        assert self.deeper
        known: dict[str, Unit] = {}
        versions: list[list[str]] = []
        for text in texts:
            units = self.deeper(text)
            if units is None:
                return None
            known |= {unit.text: unit for unit in units}
            versions.append([unit.text for unit in units])

        def inner(
            ours: Sequence[str], origin: Sequence[str], theirs: Sequence[str]
        ) -> list[Part] | None:
            if len(ours) == len(origin) == len(theirs) == 1:
                canonical, base, legacy = (known[side[0]] for side in (ours, origin, theirs))
                if (
                    canonical.layout
                    and base.layout
                    and legacy.layout
                    and canonical.kind == legacy.kind
                ):
                    try:
                        return [
                            *front(Alignment(canonical, base, legacy)),
                            *self.container(base, canonical, legacy),
                        ]
                    except UnclearUnits:
                        return None
            return merge_lines(*("".join(side) for side in (origin, ours, theirs)))

        return tidy(merge_items(*versions, inner=inner))

    def _added_twice(self, canonical: Unit, legacy: Unit) -> list[Part]:
        if canonical.core == legacy.core:
            return [Resolved(canonical.core)]
        if canonical.kind == legacy.kind == "names" and canonical.layout and legacy.layout:
            base = replace(canonical, children=())
            return self.container(
                base, canonical, replace(legacy, head=canonical.head, tail=canonical.tail)
            )
        return merge_two(canonical.core, legacy.core, ADDED_TWICE)

    def _deleted(self, base: Unit, remaining: Unit, canonical: bool) -> list[Part]:
        """Merges a unit that one side deleted and the other (`remaining`; `canonical`: on that
        side) still has."""
        who, other = ("legacy", "canonical") if canonical else ("canonical", "legacy")
        if base.kind == "names" and base.layout and remaining.layout:
            return self._names_deleted(base, remaining, canonical)
        why = _DELETED if remaining.core != base.core else ""
        if self.uses.grew(base.name, canonical):
            if base.kind == "import":
                self.notes.append(
                    f"the import of {base.name} stays: {who} removed it, "
                    f"{other} uses it in more places than before"
                )
                self.stays.add(base.name)
                return [Resolved(remaining.core)]
            why = why or _NEEDED
        elif why and same_but_for_layout(base.core, remaining.core):
            what = base.core.strip().partition("\n")[0]
            self.notes.append(f"{who} deleted it, {other} only changed its layout: {what}")
            return []
        if not why:
            return []
        ours, theirs = (remaining.core, "") if canonical else ("", remaining.core)
        return [Conflict(ours, base.core, theirs, why.format(who=who, other=other))]

    def _names_deleted(self, base: Unit, remaining: Unit, canonical: bool) -> list[Part]:
        """Merges an import that one side deleted: names that the other side added or needs are
        kept."""
        gone = replace(remaining, children=())
        ours, theirs = (remaining, gone) if canonical else (gone, remaining)
        rows = align(base.children, ours.children, theirs.children, self.arrangement)
        notes = list(self.notes)
        has_parts = any(self._row(row) for row in rows)
        self.notes[:] = notes  # the rows were only inspected
        if not has_parts:
            return []
        return self.container(replace(base, head=remaining.head, tail=remaining.tail), ours, theirs)

    def _text(self, base: str, canonical: str, legacy: str) -> list[Part]:
        settled = settle3(base, canonical, legacy)
        return merge_lines(base, canonical, legacy) if settled is None else [Resolved(settled)]


def _added_beside(rows: Sequence[Alignment | OrderConflict]) -> Iterator[str]:
    """A note on each place in which both sides added something that stays."""
    for above, below in pairwise(rows):
        if isinstance(above, OrderConflict) or isinstance(below, OrderConflict):
            continue
        if above.base or below.base or {bool(above.canonical), bool(above.legacy)} != {True, False}:
            continue
        if bool(above.canonical) == bool(below.legacy) != bool(below.canonical):
            first, second = (row.any.core.strip().partition("\n")[0] for row in (above, below))
            yield f"both sides added in one place, and both additions stay: {first} | {second}"


def _one_or_other(base: str, canonical: str, legacy: str) -> list[Part]:
    settled = settle3(base, canonical, legacy)
    return [Conflict(canonical, base, legacy, BOTH) if settled is None else Resolved(settled)]


def _around(unit: Unit) -> tuple[str, str]:
    """What is around the entries, the brackets left out."""
    return unit.head.strip().rstrip("([{").rstrip(), unit.tail.strip().lstrip(")]}")


def _future_first(rows: list[Alignment | OrderConflict]) -> list[Alignment | OrderConflict]:
    """Nothing but the docstring may stand in front of an import from the future."""
    first = [row for row in rows if row.any.key in {("docstring",), FUTURE}]
    return (
        [*first, *(row for row in rows if row not in first)]
        if len(first) > 1 or (first and first[0].any.key != ("docstring",))
        else rows
    )


def _sorting(versions: Sequence[Sequence[Unit]]) -> Callable[[str], str] | None:
    """How all versions are sorted, if they are."""
    if any(unit.freedom is OrderFreedom.BOUND for version in versions for unit in version):
        return None
    for by in (str.casefold, str):
        keys = [[by(unit.key[0]) for unit in version] for version in versions]
        if max(map(len, keys)) > 1 and all(order == sorted(order) for order in keys):
            return by
    return None
