"""Merges by lines: a change of the third version is carried over; changes that touch conflict.

The rule is diff3's (Khanna, Kunal and Pierce, "A formal investigation of diff3", 2007) with git's
strictness: changes that only touch each other conflict.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from unify_backend.languages.merge_hunk import Conflict, Part, Resolved, clashes, lines_of, tidy
from unify_backend.merging.threeway.diff import Change, changes

BOTH = "both sides changed these lines"
ADDED = "both sides added the file, each with a text of its own"


def merge_lines(base: str, canonical: str, legacy: str, why: str = BOTH) -> list[Part]:
    """The merge by whole lines, with conflicts as small as possible."""
    return tidy(merge_items(lines_of(base), lines_of(canonical), lines_of(legacy), why=why))


def merge_loosely(base: str, canonical: str, legacy: str) -> list[Part]:
    """As `merge_lines`, ignoring whitespace at the ends of lines."""
    three = map(lines_of, (base, canonical, legacy))
    return tidy(merge_items(*three, key=str.rstrip))


def merge_items(
    base: Sequence[str],
    canonical: Sequence[str],
    legacy: Sequence[str],
    *,
    key: Callable[[str], str] = str,
    why: str = BOTH,
    inner: Callable[[Sequence[str], Sequence[str], Sequence[str]], list[Part] | None] | None = None,
) -> list[Part]:
    """The merge of three sequences of texts. `key` says what is equal; `inner` may settle a clash
    (canonical, base, legacy) by other means, or return None."""
    keyed = [key(text) for text in base]
    ours = changes(keyed, [key(text) for text in canonical])
    theirs = changes(keyed, [key(text) for text in legacy])
    parts: list[Part] = []
    at = shift = drift = 0  # in base; how far canonical and legacy are ahead of it
    while ours or theirs:
        start = min(side[0].a_start for side in (ours, theirs) if side)
        for place in range(at, start):
            parts.append(
                Resolved(_pick(base[place], canonical[place + shift], legacy[place + drift]))
            )
        end, mine, yours = _region(start, ours, theirs)
        first, second = start + shift, start + drift
        shift, drift = shift + _growth(mine), drift + _growth(yours)
        left, right = canonical[first : end + shift], legacy[second : end + drift]
        origin = base[start:end]
        if not yours or list(map(key, left)) == list(map(key, right)):
            parts.append(Resolved("".join(left)))
        elif not mine:
            parts.append(Resolved("".join(right)))
        else:
            clash = Conflict("".join(left), "".join(origin), "".join(right), why)
            parts += (inner and inner(left, origin, right)) or [clash]
        at = end
    for place in range(at, len(base)):
        parts.append(Resolved(_pick(base[place], canonical[place + shift], legacy[place + drift])))
    return parts


def merge_two(canonical: str, legacy: str, why: str = ADDED) -> list[Part]:
    """Merges two texts without a common ancestor: shared lines are resolved, all others conflict.
    Shared lines without a word (blank lines, brackets) do not separate two conflicts."""
    ours, theirs = lines_of(canonical), lines_of(legacy)
    parts: list[Part] = []
    at = 0
    for change in _coalesced(changes(ours, theirs), ours):
        parts.append(Resolved("".join(ours[at : change.a_start])))
        left = "".join(ours[change.a_start : change.a_end])
        parts.append(Conflict(left, "", "".join(theirs[change.b_start : change.b_end]), why))
        at = change.a_end
    return tidy([*parts, Resolved("".join(ours[at:]))])


def settle3(base: str, canonical: str, legacy: str) -> str | None:
    """The text where only one side changed it, or both alike; else None."""
    if legacy in {base, canonical}:
        return canonical
    return legacy if canonical == base else None


def is_clean(parts: Sequence[Part]) -> bool:
    """Whether there is no conflict."""
    return not clashes(parts)


def _pick(base: str, canonical: str, legacy: str) -> str:
    return legacy if canonical == base else canonical


def _growth(group: list[Change]) -> int:
    return sum(
        (change.b_end - change.b_start) - (change.a_end - change.a_start) for change in group
    )


def _region(
    start: int, ours: list[Change], theirs: list[Change]
) -> tuple[int, list[Change], list[Change]]:
    """Takes from both lists all changes that overlap or touch, beginning at `start`."""
    end = start
    taken: tuple[list[Change], list[Change]] = ([], [])
    while True:
        for waiting, group in zip((ours, theirs), taken, strict=True):
            if waiting and waiting[0].a_start <= end:
                group.append(waiting.pop(0))
                end = max(end, group[-1].a_end)
                break
        else:
            return end, *taken


def _coalesced(changed: list[Change], lines: Sequence[str]) -> list[Change]:
    if not changed:
        return []
    joined = [changed[0]]
    for last, change in pairwise(changed):
        if re.search(r"\w", "".join(lines[last.a_end : change.a_start])):
            joined.append(change)
        else:
            before = joined[-1]
            joined[-1] = Change(before.a_start, change.a_end, before.b_start, change.b_end)
    return joined
