"""The shortest edit between two sequences, in the shape that git gives it.

E. Myers, "An O(ND) difference algorithm and its variations" (1986), the linear-space form. Where
several shortest edits exist the choice decides which merges are clean, so ties are settled as git
settles them: lines without a partner leave first, the forward search goes from the highest
diagonal down, and groups of changed lines slide down as far as they can.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import NamedTuple

_COST = 256  # edits after which a search stops and takes the best split so far
_FAR = 1 << 60
_WINDOW = 100
_Area = tuple[int, int, int, int]


class Change(NamedTuple):
    """`a[a_start:a_end]` became `b[b_start:b_end]`; one of the two may be empty."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int


def changes(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[Change]:
    """The changes from `a` to `b`, in order; no two of them touch."""
    numbers: dict[Hashable, int] = {}
    old = [numbers.setdefault(item, len(numbers)) for item in a]
    new = [numbers.setdefault(item, len(numbers)) for item in b]
    gone, come = _marks(old, new)
    _compact(old, gone, come)
    _compact(new, come, gone)
    return _script(gone, come, len(old), len(new))


def _marks(a: list[int], b: list[int]) -> tuple[bytearray, bytearray]:
    """One byte for each item that has no partner, and a zero behind the last."""
    gone, come = bytearray(len(a) + 1), bytearray(len(b) + 1)
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    kept_a = _worth(a, Counter(b), range(start, len(a) - end), gone)
    kept_b = _worth(b, Counter(a), range(start, len(b) - end), come)
    search = _Search([a[at] for at in kept_a], [b[at] for at in kept_b])
    for at in search.gone:
        gone[kept_a[at]] = 1
    for at in search.come:
        come[kept_b[at]] = 1
    return gone, come


def _worth(items: list[int], there: Counter[int], area: range, marks: bytearray) -> list[int]:
    """The places in `area` worth comparing; the others are marked as changed at once.

    An item without a partner is one of those, and so is one with very many partners that stands
    among items without.
    """
    limit, left = 1, len(items)
    while left > 0:
        limit, left = limit * 2, left >> 2
    limit = min(limit, 1024)
    kinds = {
        at: 0 if not there[items[at]] else 2 if there[items[at]] >= limit else 1 for at in area
    }
    places = []
    for at in area:
        if kinds[at] == 1 or (kinds[at] == 2 and not _drowned(kinds, at)):
            places.append(at)
        else:
            marks[at] = 1
    return places


def _drowned(kinds: dict[int, int], at: int) -> bool:
    lonely, common = 0, 2
    for step in (-1, 1):
        alone = 0
        for place in range(at + step, at + step * (_WINDOW + 1), step):
            kind = kinds.get(place, 1)
            if kind == 1:
                break
            alone += kind == 0
            common += kind == 2
        if not alone:
            return False
        lonely += alone
    return common * 4 < common + lonely


class _Search:
    """Divide and conquer over the middle of the shortest edit."""

    def __init__(self, a: list[int], b: list[int]) -> None:
        self.a, self.b = a, b
        self.gone: list[int] = []
        self.come: list[int] = []
        size = len(a) + len(b) + 3
        self._forward, self._backward = [0] * size, [0] * size
        self._zero = len(b) + 1
        waiting: list[_Area] = [(0, len(a), 0, len(b))]
        while waiting:
            waiting += self._divide(*waiting.pop())

    def _divide(self, low: int, high: int, left: int, right: int) -> list[_Area]:
        a, b = self.a, self.b
        while low < high and left < right and a[low] == b[left]:
            low, left = low + 1, left + 1
        while low < high and left < right and a[high - 1] == b[right - 1]:
            high, right = high - 1, right - 1
        if low == high:
            self.come += range(left, right)
            return []
        if left == right:
            self.gone += range(low, high)
            return []
        at, there = self._middle(low, high, left, right)
        return [(low, at, left, there), (at, high, there, right)]

    def _middle(self, low: int, high: int, left: int, right: int) -> tuple[int, int]:
        a, b, zero = self.a, self.b, self._zero
        ahead, behind = self._forward, self._backward
        least, most = low - right, high - left
        first, last = low - left, high - right
        odd = (first - last) & 1
        fmin = fmax = first
        bmin = bmax = last
        ahead[first + zero], behind[last + zero] = low, high
        cost = 0
        while True:
            cost += 1
            if fmin > least:
                fmin -= 1
                ahead[fmin - 1 + zero] = -1
            else:
                fmin += 1
            if fmax < most:
                fmax += 1
                ahead[fmax + 1 + zero] = -1
            else:
                fmax -= 1
            for d in range(fmax, fmin - 1, -2):
                at, other = ahead[d - 1 + zero] + 1, ahead[d + 1 + zero]
                if other >= at:
                    at = other
                there = at - d
                while at < high and there < right and a[at] == b[there]:
                    at, there = at + 1, there + 1
                ahead[d + zero] = at
                if odd and bmin <= d <= bmax and behind[d + zero] <= at:
                    return at, there
            if bmin > least:
                bmin -= 1
                behind[bmin - 1 + zero] = _FAR
            else:
                bmin += 1
            if bmax < most:
                bmax += 1
                behind[bmax + 1 + zero] = _FAR
            else:
                bmax -= 1
            for d in range(bmax, bmin - 1, -2):
                at, other = behind[d - 1 + zero], behind[d + 1 + zero] - 1
                if other < at:
                    at = other
                there = at - d
                while at > low and there > left and a[at - 1] == b[there - 1]:
                    at, there = at - 1, there - 1
                behind[d + zero] = at
                if not odd and fmin <= d <= fmax and at <= ahead[d + zero]:
                    return at, there
            if cost >= _COST:
                return self._best(range(fmin, fmax + 1, 2), high, right)

    def _best(self, diagonals: range, high: int, right: int) -> tuple[int, int]:
        """The furthest point of the forward search: no longer the shortest edit, but soon."""
        reached = []
        for d in diagonals:
            at = min(self._forward[d + self._zero], high, right + d)
            reached.append((at + at - d, at, at - d))
        _, at, there = max(reached)
        return at, there


def _script(gone: bytearray, come: bytearray, size: int, other: int) -> list[Change]:
    script = []
    at = there = 0
    while at < size or there < other:
        if not gone[at] and not come[there]:
            at, there = at + 1, there + 1
            continue
        start, begin = at, there
        while gone[at]:
            at += 1
        while come[there]:
            there += 1
        script.append(Change(start, at, begin, there))
    return script


class _Group:
    """A run of changed items, or the empty run in front of an unchanged one."""

    def __init__(self, marks: bytearray) -> None:
        self.marks, self.size = marks, len(marks) - 1
        self.start = self.end = 0
        self._grow()

    def _grow(self) -> None:
        while self.marks[self.end]:
            self.end += 1

    def following(self) -> bool:
        if self.end == self.size:
            return False
        self.start = self.end = self.end + 1
        self._grow()
        return True

    def previous(self) -> None:
        self.end = self.start = self.start - 1
        self._grow_back()

    def _grow_back(self) -> None:
        while self.start and self.marks[self.start - 1]:
            self.start -= 1

    def up(self, items: list[int]) -> bool:
        if not self.start or items[self.start - 1] != items[self.end - 1]:
            return False
        self.start, self.end = self.start - 1, self.end - 1
        self.marks[self.start], self.marks[self.end] = 1, 0
        self._grow_back()
        return True

    def down(self, items: list[int]) -> bool:
        if self.end >= self.size or items[self.start] != items[self.end]:
            return False
        self.marks[self.start], self.marks[self.end] = 0, 1
        self.start, self.end = self.start + 1, self.end + 1
        self._grow()
        return True


def _compact(items: list[int], marks: bytearray, others: bytearray) -> None:
    """Slides each group down as far as it goes, or to where the other side has one too."""
    group, other = _Group(marks), _Group(others)
    while True:
        if group.end > group.start:
            _slide(group, other, items)
        if not group.following():
            return
        other.following()


def _slide(group: _Group, other: _Group, items: list[int]) -> None:
    size, beside = -1, False
    while size != group.end - group.start:  # it was joined with the group next to it
        size = group.end - group.start
        while group.up(items):
            other.previous()
        beside = other.end > other.start
        highest = group.end
        while group.down(items):
            other.following()
            beside = beside or other.end > other.start
        if group.end == highest:
            beside = False
    while beside and other.end == other.start:
        group.up(items)
        other.previous()
