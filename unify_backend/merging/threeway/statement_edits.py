"""Conflicts between lines of Python that are none between statements.

Both sides changed different statements, or different items within the brackets of one. What a rule
settles is noted; what may belong together stays a conflict.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from unify_backend.languages.merge_hunk import Conflict, Part, Resolved, lines_of, settled, tidy
from unify_backend.languages.merge_unit import Unit
from unify_backend.languages.python.merge import statements
from unify_backend.languages.python.merge_items import merged_items
from unify_backend.languages.python.statement_effects import (
    StatementLines,
    bound_names,
    fewer_names,
    is_inert,
    leaves,
    names,
    only_imports,
    statement_lines,
)
from unify_backend.merging.threeway.diff import changes
from unify_backend.merging.threeway.diff3 import BOTH as BOTH_LINES
from unify_backend.merging.threeway.diff3 import settle3
from unify_backend.merging.threeway.rules import same_but_for_layout
from unify_backend.model.merge_plan import Prefer

_AROUND = 12  # lines on either side of a conflict that may be needed for whole statements
_FAR = 400  # lines up to the next boundary, if none is so near
_BOTH_ADDED = 4  # lines around a conflict that both sides put in
_LINES = 150  # a conflict with more lines is not looked at
_CONFLICTS = 12  # of a file with more of them none is looked at
_ALIKE = 0.5  # share of words and signs that two versions of a statement have in common
ITEMS = "both sides changed this statement, each other items of it: {what}"
BESIDE = "both sides changed statements beside each other, and both changes stay: {what}"
BOTH = "both sides added in one place, and both additions stay: {what}"
LAYOUT = "one side only changed the layout, the other changed what it says: {what}"
CLAUSE = "one side added a clause to a statement that the other side changed: {what}"
FEWER = "one side deleted this import, the other one only names of it: {what}"


class _Unsettled(Exception):
    """The changes may belong together: a conflict."""


def by_statements(
    parts: Sequence[Part], base: str, canonical: str, legacy: str
) -> tuple[list[Part], list[str]]:
    """The parts of a merged Python module with fewer conflicts, and notes on those settled. The
    three versions tell which statements were moved."""
    moves = (_Moves.of(base, canonical), _Moves.of(base, legacy))
    left = list(parts)
    notes: list[str] = []
    if sum(isinstance(part, Conflict) for part in left) > _CONFLICTS:
        return left, notes
    for at in range(len(left) - 1, -1, -1):
        if not isinstance(left[at], Conflict):
            continue
        above = _text(left, at - 1)
        line = settled(left[:at], Prefer.CANONICAL).count("\n")
        places = statement_lines(settled(left, Prefer.CANONICAL))
        if places is None:
            break
        for stop in _ends(left, at, line, places):
            below = _text(left, stop)
            whole = _as_one(left[at:stop])
            done = _settled(whole, lines_of(above), lines_of(below), line, places, moves, base)
            if done:
                left[at:stop] = [Resolved(done.text)]
                if done.above:
                    left[at - 1] = Resolved(above[: len(above) - len(done.above)])
                if done.below:
                    left[at + 1] = Resolved(below[len(done.below) :])
                notes = [*done.notes, *notes]
                break
    return tidy(left), list(dict.fromkeys(notes))


def _ends(parts: Sequence[Part], at: int, line: int, places: StatementLines) -> Iterator[int]:
    """Behind which part the conflict at that place ends: itself, and the others that are in the
    same statement."""
    end = at + 1
    yield end
    line += settled(parts[at:end], Prefer.CANONICAL).count("\n")
    while end + 1 < len(parts):
        after = line + _text(parts, end).count("\n")
        if not places.boundaries.isdisjoint(range(line, after + 1)):
            return
        line = after + settled(parts[end + 1 : end + 2], Prefer.CANONICAL).count("\n")
        end += 2
        yield end


def _as_one(parts: Sequence[Part]) -> Conflict:
    """Conflicts, and the text between them, as one conflict."""
    conflicts = [part for part in parts if isinstance(part, Conflict)]
    if len(conflicts) == 1:
        return conflicts[0]
    canonical, base, legacy = (
        "".join(part.text if isinstance(part, Resolved) else getattr(part, name) for part in parts)
        for name in ("canonical", "base", "legacy")
    )
    whys = {conflict.why for conflict in conflicts}
    return Conflict(canonical, base, legacy, whys.pop() if len(whys) == 1 else "")


def _text(parts: Sequence[Part], at: int) -> str:
    part = parts[at] if 0 <= at < len(parts) else None
    return part.text if isinstance(part, Resolved) else ""


@dataclass(frozen=True, slots=True)
class _Settlement:
    """The text for a conflict together with the lines above and below that belong to it."""

    text: str
    above: str
    below: str
    notes: list[str]


def _settled(
    conflict: Conflict,
    above: Sequence[str],
    below: Sequence[str],
    line: int,
    places: StatementLines,
    moves: tuple["_Moves", "_Moves"],
    origin: str,
) -> _Settlement | None:
    """The conflict without a question, if it has whole statements in all three versions, with as
    few lines around it as possible. `line` is where it begins, `origin` the whole base."""
    texts = (conflict.base, conflict.canonical, conflict.legacy)
    if conflict.why != BOTH_LINES or conflict.base in {conflict.canonical, conflict.legacy}:
        return None  # it is about more than these lines
    if max(text.count("\n") for text in texts) > _LINES:
        return None
    end = line + conflict.canonical.count("\n")
    ups = _reaches(len(above), lambda count: line - count in places.boundaries)
    downs = _reaches(len(below), lambda count: end + count in places.boundaries)
    for up, down in sorted(product(ups, downs), key=sum):
        head, tail = above[len(above) - up :], below[:down]
        around = ("".join(head), "".join(tail))
        was = _base(conflict.base, head, tail, origin)
        units = [
            _units(text) for text in (was, *(around[0] + text + around[1] for text in texts[1:]))
        ]
        base, canonical, legacy = units
        if base is None or canonical is None or legacy is None:
            continue
        merge = _Merge(moves, ordered=not places.fields.isdisjoint({line - 1, line}))
        try:
            return _Settlement(merge.block(base, canonical, legacy), *around, merge.notes)
        except _Unsettled:
            return None
    return None


def _reaches(count: int, is_boundary: Callable[[int], bool]) -> list[int]:
    """How many lines around may be taken: to the boundaries that are near, or the next one."""
    near = [number for number in range(min(_AROUND, count) + 1) if is_boundary(number)]
    far = (number for number in range(_AROUND + 1, min(_FAR, count) + 1) if is_boundary(number))
    return near or [number for number in [next(far, None)] if number is not None]


def _base(text: str, head: Sequence[str], tail: Sequence[str], origin: str) -> str:
    """What the base has in the place of a conflict and the lines around it. Lines that both sides
    put in stand around the conflict, and what they were in the base stands in it."""
    whole = "".join([*head, text, *tail])
    if not text.strip() or f"\n{whole}" in f"\n{origin}":
        return whole
    for up, down in sorted(
        product(range(min(_BOTH_ADDED, len(head)) + 1), range(min(_BOTH_ADDED, len(tail)) + 1)),
        key=sum,
    ):
        less = "".join([*head[: len(head) - up], text, *tail[down:]])
        if f"\n{less}" in f"\n{origin}":
            return less
    return whole


def _units(text: str) -> list[Unit] | None:
    if not text.strip():
        return [Unit(("tail",), text)] if text else []
    return statements(text)


@dataclass(slots=True)
class _Fate:
    """What a side made of the statements of the base. `kept` are those that it has still, changed
    or not, `added` its new ones, by the place in the base in front of which they stand. `tied` are
    places whose statements it exchanged for others: nothing says which for which."""

    kept: dict[int, Unit] = field(default_factory=dict)
    added: dict[int, list[Unit]] = field(default_factory=dict)
    tied: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, base: Sequence[Unit], side: Sequence[Unit]) -> "_Fate":
        """Statements of one text are the same, and so are those between them that are alike."""
        fate = cls()
        partners: dict[int, int] = {}
        at = place = 0
        for change in [
            *changes([unit.text for unit in base], [unit.text for unit in side]),
            None,
        ]:
            stop = change.a_start if change else len(base)
            partners |= zip(range(at, stop), range(place, place + stop - at), strict=True)
            if change:
                pairs = _pairs(
                    base[change.a_start : change.a_end], side[change.b_start : change.b_end]
                )
                partners |= {change.a_start + n: change.b_start + m for n, m in pairs.items()}
                old = base[change.a_start : change.a_end]
                doubtful = _doubtful(old, side[change.b_start : change.b_end], pairs)
                fate.tied |= {change.a_start + n for n in doubtful}
                at, place = change.a_end, change.b_end
        fate.kept = {at: side[place] for at, place in partners.items()}
        start, begin = 0, 0
        for at in [*sorted(partners), len(base)]:
            stop = partners.get(at, len(side))
            come, gone = list(side[begin:stop]), list(base[start:at])
            if come:
                fate.added[start] = come
            imports = all(only_imports(unit.core) for unit in [*come, *gone])
            if come and gone and not imports:
                fate.tied |= set(range(start, at + 1))
            start, begin = at + 1, stop + 1
        return fate

    def touches(self, at: int, base: Sequence[Unit]) -> bool:
        """Whether the side changed that statement, or added one in front of it."""
        unit = self.kept.get(at)
        return at in self.added or (at < len(base) and (not unit or unit.text != base[at].text))

    def edits(self, base: Sequence[Unit]) -> Iterator["_Edit"]:
        """All that the side changed."""
        for at in range(len(base) + 1):
            if at in self.added:
                yield _Edit(2 * at, "", "".join(unit.text for unit in self.added[at]))
            if at < len(base) and self.touches(at, base):
                new = self.kept[at].text if at in self.kept else ""
                if new != base[at].text:
                    yield _Edit(2 * at + 1, base[at].text, new)


@dataclass(frozen=True, slots=True)
class _Edit:
    """A statement that became another one (odd places), or that came in between (even ones)."""

    place: int
    old: str
    new: str

    @property
    def names(self) -> set[str]:
        """All names in it."""
        return {*names(self.old), *names(self.new)}

    @property
    def changed(self) -> set[str]:
        """The names that it brings or takes away, and those that it binds."""
        if not self.old or not self.new:
            return set(bound_names(self.old + self.new))
        before, after = names(self.old), names(self.new)
        bound = bound_names(self.old) | bound_names(self.new)
        return {*(before - after), *(after - before), *bound}

    @property
    def only_values(self) -> bool:
        """Whether it changes no name, but a number or what an operator does: nothing tells what
        that has to agree with."""
        return bool(self.old and self.new) and names(self.old) == names(self.new)

    @property
    def exits(self) -> bool:
        """Whether it is about an unconditional end of the block."""
        return (not self.old or not self.new) and leaves(self.old + self.new)

    def _is_part_of_what_goes(self, other: "_Edit") -> bool:
        """Whether one side added to what the other one deleted."""
        added, deleted = not self.old, not other.new
        return added and deleted and not names(self.new).keys().isdisjoint(names(other.old))

    def belongs_to(self, other: "_Edit") -> bool:
        """Whether one may be there because of the other."""
        texts = [text for text in (self.old, self.new, other.old, other.new) if text]
        if all(only_imports(text) for text in texts):
            return False
        if same_but_for_layout(self.old, self.new) or same_but_for_layout(other.old, other.new):
            return False
        if self._is_part_of_what_goes(other) or other._is_part_of_what_goes(self):
            return True
        if self.exits or other.exits or (self.only_values and other.only_values):
            return True
        return not (self.changed.isdisjoint(other.names) and other.changed.isdisjoint(self.names))


@dataclass(frozen=True, slots=True)
class _Moves:
    """Tells what a side moved: it is gone in one place, and there as often as before. What is gone
    while a like line came elsewhere may have been moved and edited."""

    before: str
    after: str
    new: frozenset[str]  # lines

    @classmethod
    def of(cls, base: str, side: str) -> "_Moves":
        """For the two versions."""
        before, after = _stripped(base), _stripped(side)
        new = Counter(after.split("\n")) - Counter(before.split("\n"))
        return cls(before, after, frozenset(new))

    def is_of(self, edit: _Edit) -> bool:
        """Whether one of the statements of an edit may have been moved; imports may be."""
        return any(
            self._stays(unit) or (not edit.new and self._came_back(unit))
            for text in (edit.old, edit.new)
            for unit in _units(text) or []
            if not only_imports(unit.core)
        )

    def _came_back(self, unit: Unit) -> bool:
        return any(_in_common(unit.core, line) >= _ALIKE for line in self.new)

    def _stays(self, unit: Unit) -> bool:
        text = _stripped(unit.core)
        count = self.before.count(text)
        return bool(count and text.strip() and count == self.after.count(text))


def _stripped(text: str) -> str:
    return "".join(f"\n{line.strip()}" for line in text.split("\n") if line.strip()) + "\n"


def _pairs(old: Sequence[Unit], new: Sequence[Unit]) -> dict[int, int]:
    """Which statements are versions of each other, in order, with most in common."""
    best: dict[tuple[int, int], tuple[float, dict[int, int]]] = {}
    for i, j in product(range(len(old), -1, -1), range(len(new), -1, -1)):
        if i == len(old) or j == len(new):
            best[i, j] = (0.0, {})
            continue
        most = max(best[i + 1, j], best[i, j + 1], key=lambda entry: entry[0])
        score = _likeness(old[i], new[j])
        total = score + best[i + 1, j + 1][0]
        if score >= _ALIKE and total > most[0]:
            most = (total, {i: j} | best[i + 1, j + 1][1])
        best[i, j] = most
    return best[0, 0][1]


def _doubtful(old: Sequence[Unit], new: Sequence[Unit], pairs: dict[int, int]) -> set[int]:
    """The old statements of which another one, that has no partner, is as much like the new one; or
    the other way round."""
    doubtful: set[int] = set()
    for n, m in pairs.items():
        likeness = _likeness(old[n], new[m])
        rivals = {
            at
            for at in range(len(old))
            if at not in pairs and _likeness(old[at], new[m]) >= likeness
        }
        if rivals or any(
            _likeness(old[n], new[at]) >= likeness
            for at in range(len(new))
            if at not in pairs.values()
        ):
            doubtful |= {n, *rivals}
    return doubtful


def _likeness(old: Unit, new: Unit) -> float:
    if old.kind != new.kind:
        return 0.0
    if only_imports(old.core) or only_imports(new.core):
        return float(old.key == new.key)
    return _in_common(old.core, new.core)


def _in_common(old: str, new: str) -> float:
    """The share of words and signs that two texts have in common."""
    first, second = (Counter(re.findall(r"\w+|[^\w\s]", text)) for text in (old, new))
    return 2 * (first & second).total() / max(1, first.total() + second.total())


class _Merge:
    """Merges blocks of statements; raises _Unsettled where that is not certain."""

    def __init__(self, moves: tuple["_Moves", "_Moves"], ordered: bool) -> None:
        self.moves = moves
        self.ordered = ordered  # they are fields of a class
        self.notes: list[str] = []

    def block(self, base: list[Unit], ours: list[Unit], theirs: list[Unit]) -> str:
        """The text of the merged statements."""
        mine, yours = _Fate.of(base, ours), _Fate.of(base, theirs)
        for fate, other in ((mine, yours), (yours, mine)):
            if any(other.touches(at, base) for at in fate.tied):
                raise _Unsettled
        self._require_apart(base, mine, yours)
        parts: list[str] = []
        for at in range(len(base) + 1):
            parts += self._added(mine.added.get(at, []), yours.added.get(at, []))
            if at < len(base):
                parts.append(self._kept(base[at], mine.kept.get(at), yours.kept.get(at)))
        return "".join(parts)

    def _require_apart(self, base: Sequence[Unit], mine: _Fate, yours: _Fate) -> None:
        for ours, theirs in product(mine.edits(base), yours.edits(base)):
            alike = (ours.old, ours.new) == (theirs.old, theirs.new)
            if abs(ours.place - theirs.place) > 2 or ours.place == theirs.place or alike:
                continue
            moved = self.moves[0].is_of(ours) or self.moves[1].is_of(theirs)
            if moved or ours.belongs_to(theirs):
                raise _Unsettled
            what = " | ".join(_first(edit.new or edit.old) for edit in (ours, theirs))
            self.notes.append(BESIDE.format(what=what))

    def _added(self, ours: list[Unit], theirs: list[Unit]) -> list[str]:
        """What both sides added in one place."""
        first, second = ([unit.text for unit in side] for side in (ours, theirs))
        if not ours or not theirs or first == second:
            return first or second
        shared = {unit.core.strip() for unit in ours} & {unit.core.strip() for unit in theirs}
        alone, others = (
            [unit.core for unit in side if unit.core.strip() not in shared]
            for side in (ours, theirs)
        )
        if (
            self.ordered
            or not (all(map(is_inert, alone)) or all(map(is_inert, others)))
            or (shared and not all(is_inert(unit.core) for unit in [*ours, *theirs]))
        ):
            raise _Unsettled
        first_edit, second_edit = (_Edit(0, "", "".join(cores)) for cores in (alone, others))
        if first_edit.changed & second_edit.names or second_edit.changed & first_edit.names:
            raise _Unsettled
        if others:
            what = " | ".join(_first(text[0]) for text in (alone or first, others))
            self.notes.append(BOTH.format(what=what))
        return [*first, *(unit.text for unit in theirs if unit.core.strip() not in shared)]

    def _kept(self, base: Unit, ours: Unit | None, theirs: Unit | None) -> str:
        if ours and theirs:
            return self._unit(base, ours, theirs)
        remaining = ours or theirs
        if remaining and remaining.text != base.text:
            if not fewer_names(base.core, remaining.core):
                raise _Unsettled
            self.notes.append(FEWER.format(what=_first(base.core)))
        return ""

    def _unit(self, base: Unit, ours: Unit, theirs: Unit) -> str:
        whole = settle3(base.text, ours.text, theirs.text)
        if whole is not None:
            return whole
        lead = settle3(base.lead, ours.lead, theirs.lead)
        if lead is None:
            raise _Unsettled
        gap = settle3(base.gap, ours.gap, theirs.gap)
        front = (ours.gap if gap is None else gap) + lead
        if not (base.layout and ours.layout and theirs.layout):
            return front + self._statement(base.core, ours.core, theirs.core)
        core = settle3(base.core, ours.core, theirs.core)
        if core is not None:
            return front + core
        if not base.kind == ours.kind == theirs.kind:
            raise _Unsettled
        return front + "".join(
            self._clause(*three) if isinstance(three, tuple) else three.core
            for three in self._clauses(base.children, ours.children, theirs.children)
        )

    def _clauses(
        self, base: Sequence[Unit], ours: Sequence[Unit], theirs: Sequence[Unit]
    ) -> Iterator[tuple[Unit, Unit, Unit] | Unit]:
        """The three versions of each clause, and those that one side added to the `except` of the
        others. What the other side changed must not be about what is in them."""
        if len(base) == len(ours) == len(theirs):
            yield from zip(base, ours, theirs, strict=True)
            return
        more, same = (ours, theirs) if len(ours) > len(theirs) else (theirs, ours)
        heads = [[clause.children[0].core for clause in side] for side in (base, same, more)]
        if heads[0] != heads[1]:
            raise _Unsettled
        pairs = list(zip(base, same, strict=True))
        changed = set[str]()
        for was, now in pairs:
            changed |= _Edit(0, was.core, now.core).changed if was.core != now.core else set()
        for clause, head in zip(more, heads[2], strict=True):
            if pairs and head == pairs[0][0].children[0].core:
                was, now = pairs.pop(0)
                yield (was, clause, now) if more is ours else (was, now, clause)
            elif head.lstrip().startswith("except ") and changed.isdisjoint(names(clause.core)):
                self.notes.append(CLAUSE.format(what=_first(head)))
                yield clause
            else:
                raise _Unsettled
        if pairs:
            raise _Unsettled

    def _clause(self, base: Unit, ours: Unit, theirs: Unit) -> str:
        """A header and what follows it. Only one of the two may have been changed by both sides,
        and the other by nobody."""
        whole = settle3(base.core, ours.core, theirs.core)
        if whole is not None:
            return whole
        (head, body), (our_head, our_body), (their_head, their_body) = (
            unit.children for unit in (base, ours, theirs)
        )
        if head.core == our_head.core == their_head.core:
            units = [_units(unit.core) for unit in (body, our_body, their_body)]
            was, mine, yours = units
            if was is None or mine is None or yours is None:
                raise _Unsettled
            return head.core + self.block(was, mine, yours)
        if body.core == our_body.core == their_body.core:
            return self._statement(head.core, our_head.core, their_head.core) + body.core
        raise _Unsettled

    def _statement(self, base: str, ours: str, theirs: str) -> str:
        text = settle3(base, ours, theirs)
        if text is not None:
            return text
        for edited, other in ((ours, theirs), (theirs, ours)):
            if same_but_for_layout(base, other):
                self.notes.append(LAYOUT.format(what=_first(base)))
                return edited
        text = merged_items(base, ours, theirs)
        if text is None:
            raise _Unsettled
        self.notes.append(ITEMS.format(what=_first(text)))
        return text


def _first(text: str) -> str:
    """The first line that says something."""
    return text.strip().partition("\n")[0]
