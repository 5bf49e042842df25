"""Writing merged units: blank lines, comments, commas and indentation around them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import assert_never

from unify_backend.languages.merge_hunk import Conflict, Part, Resolved, clashes
from unify_backend.languages.merge_unit import FUTURE, Layout, UnclearUnits, Unit
from unify_backend.merging.threeway.align import Alignment, OrderConflict
from unify_backend.merging.threeway.diff3 import BOTH, is_clean, merge_lines, settle3

Shown = Sequence[tuple[Alignment | OrderConflict, list[Part]]]
_BLOCKS = frozenset({"def", "class"})


def front(row: Alignment) -> list[Part]:
    """Blank lines and comments in front of a unit."""
    ours, base, theirs = row.canonical, row.base, row.legacy
    if ours is None or theirs is None:
        return [Resolved(row.any.gap), Resolved(row.any.lead)]
    before = (base.gap, base.lead) if base else ("", "")
    gap = settle3(before[0], ours.gap, theirs.gap)
    lead = settle3(before[1], ours.lead, theirs.lead)
    parts: list[Part] = [Resolved(ours.gap if gap is None else gap)]
    if lead is not None:
        return [*parts, Resolved(lead)]
    return [*parts, *merge_lines(before[1], ours.lead, theirs.lead)]


def laid_out(layout: Layout, shown: Shown, base: Unit, canonical: Unit, legacy: Unit) -> list[Part]:
    """The merged children of a unit, `shown` in order, as the layout has them. The children of the
    versions have the keys that the rows have. Raises UnclearUnits."""
    match layout:
        case Layout.LINES:
            return list(_in_lines(shown, canonical, legacy))
        case Layout.COMMAS:
            style = next((unit for unit in (canonical, legacy) if unit.layout is layout), base)
            indent = style.children[-1].lead.rpartition("\n")[2] if style.children else "    "
            return list(_in_commas(shown, indent, _trailing(base, canonical, legacy)))
        case Layout.INLINE:
            leads = [child.lead for child in (*canonical.children[1:], *legacy.children[1:])]
            parts = list(_in_a_line(shown, min(leads, key=len) if leads else " "))
            comma = bool(parts) and _trailing(base, canonical, legacy)
            return [*parts, Resolved("," if comma else "")]
        case _:
            assert_never(layout)


def _trailing(base: Unit, canonical: Unit, legacy: Unit) -> bool:
    return legacy.trailing if canonical.trailing == base.trailing else canonical.trailing


def _in_lines(shown: Shown, canonical: Unit, legacy: Unit) -> Iterator[Part]:
    tops = {unit.children[0].key for unit in (canonical, legacy) if unit.children}
    close = {
        below.key
        for unit in (canonical, legacy)
        for above, below in pairwise(unit.children)
        if above.kind in _BLOCKS and not below.gap
    }
    last: Alignment | None = None
    pending: list[Conflict] = []  # a unit that one side deleted
    for at, (row, inside) in enumerate(shown):
        if isinstance(row, OrderConflict):
            yield from [*pending, *inside]
            pending = []
            continue
        if clashes(inside) and not (row.canonical and row.legacy):
            yield from pending
            pending = [_with_front(row, inside)]
            last = row
            continue
        before = front(row)
        if pending and row.canonical and row.legacy:
            yield _with_gaps(pending[0], row.canonical, row.base, row.legacy)
            yield from [*before[1:], *inside]
            pending, last = [], row
            continue
        yield from pending
        pending = []
        if at == 0 and row.any.key not in tops:
            before = [Resolved(""), *before[1:]]  # the unit that stood in front of it was deleted
        elif last is not None:
            before = _beside(last, row, before)
            if row.any.key not in close:
                before = _apart(last, row, before)
        yield from [*before, *inside]
        last = row
    yield from pending


def _with_front(row: Alignment, inside: list[Part]) -> Conflict:
    """A side that does not have the unit does not have its comments either."""
    ours, base, theirs = (
        unit.text if unit else "" for unit in (row.canonical, row.base, row.legacy)
    )
    return Conflict(ours, base, theirs, clashes(inside)[0].why)


def _with_gaps(clash: Conflict, canonical: Unit, base: Unit | None, legacy: Unit) -> Conflict:
    """The blank lines behind a unit go with it, where the sides disagree about both."""
    gap = base.gap if base else canonical.gap
    return replace(
        clash,
        canonical=clash.canonical + canonical.gap,
        base=clash.base + gap,
        legacy=clash.legacy + legacy.gap,
    )


def _beside(last: Alignment, row: Alignment, before: list[Part]) -> list[Part]:
    """The front of a unit that follows another unit than before. Two units that were added in one
    place both begin with the same lines, which are kept once."""
    above, below = last.any, row.any
    new = row.base is None and last.base is None
    if new and not (last.legacy and row.legacy) and not (last.canonical and row.canonical):
        imports = {above.kind, below.kind} <= {"import", "names"} and above.key != FUTURE
        gap = "" if imports and below.gap == above.gap else below.gap
        if gap != below.gap or (below.lead and below.lead == above.lead):
            return [Resolved(gap), Resolved("" if below.lead == above.lead else below.lead)]
    return before


def _apart(last: Alignment, row: Alignment, before: list[Part]) -> list[Part]:
    """The front of a definition that stood first, or behind something else: a blank line parts it
    from the definition that is in front of it now."""
    if {last.any.kind, row.any.kind} <= _BLOCKS and before[0] == Resolved(""):
        return [Resolved(last.any.gap or "\n"), *before]
    return before


def _in_commas(shown: Shown, indent: str, trailing: bool) -> Iterator[Part]:
    for at, (row, inside) in enumerate(shown):
        if isinstance(row, OrderConflict):
            ours, base, theirs = (
                "".join(_item(unit, indent) for unit in side)
                for side in (row.canonical, row.base, row.legacy)
            )
            yield Conflict(ours, base, theirs, row.why)
        elif clashes(inside) and not (row.canonical and row.base and row.legacy):
            ours, base, theirs = (
                _item(unit, indent) if unit else ""
                for unit in (row.canonical, row.base, row.legacy)
            )
            yield Conflict(ours, base, theirs, clashes(inside)[0].why)
        else:
            yield from front(
                Alignment(
                    *(_indented(unit, indent) for unit in (row.canonical, row.base, row.legacy))
                )
            )
            yield from inside
            yield Resolved("," if trailing or at < len(shown) - 1 else "")
            yield Resolved(_end(row) or "\n")


def _indented(unit: Unit | None, indent: str) -> Unit | None:
    """Entries that come from a single line get an indentation."""
    return unit and (unit if unit.end else replace(unit, lead=indent))


def _item(unit: Unit, indent: str) -> str:
    return unit.item if unit.end else f"{indent}{unit.core},\n"


def _end(row: Alignment) -> str:
    if row.canonical and row.base and row.legacy:
        end = settle3(row.base.end, row.canonical.end, row.legacy.end)
        return row.canonical.end if end is None else end
    return row.any.end


def _in_a_line(shown: Shown, space: str) -> Iterator[Part]:
    for at, (row, inside) in enumerate(shown):
        if isinstance(row, OrderConflict) or not is_clean(inside):
            raise UnclearUnits(BOTH)
        unit = row.any
        if not row.canonical and ("\n" in unit.core or unit.lead.strip() or unit.end.strip()):
            raise UnclearUnits("an entry with lines of its own does not fit into a line")
        if at:
            own = row.canonical.lead if row.canonical and not unit.end else ""
            yield Resolved("," + (own or space))
        yield from inside
