"""The change from one content of a file to the next, in parts, and how much of it a state has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce

from unify_backend.merging.content_parts import ContentPart, Parts
from unify_backend.merging.fingerprints import TINY_SIZE
from unify_backend.model.ledger import Counted


@dataclass(frozen=True, slots=True)
class PartChange:
    """The parts that a commit added to a file and removed from it: how many the file had before,
    and after. `texts_before` counts what it had before, whatever the scope."""

    added: dict[ContentPart, tuple[int, int]]
    removed: dict[ContentPart, tuple[int, int]]
    texts_before: Counter[str]


@dataclass(frozen=True, slots=True)
class Before:
    """What a file had in any parent of a commit, and what it had in all."""

    most: Parts
    least: Parts


@dataclass(frozen=True, slots=True)
class Moves:
    """The texts that a commit took away in one place and added in another, how many of each are
    still to be left out of what it added, and of what it removed."""

    come: Counter[str] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)


class FileState:
    """A file's parts, or those of some files together, also counted without their scopes."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.texts: Counter[str] = Counter()
        for part, number in parts.items():
            self.texts[part.text] += number


def between(
    befores: Sequence[Parts], after: Parts, base: Parts, moves: Moves | None = None
) -> PartChange:
    """The change from the contents of a commit's parents to its own. What was removed counts where
    nothing was added in the same definition, and where `base`, the content that both copies come
    from, had it."""
    moved = moves or Moves()
    before = before_of(befores)
    added = _without(after - before.most, moved.come)
    removed = _without(before.least - after, moved.gone)
    scopes = {part.scope for part in added}
    return PartChange(
        {part: (before.most[part], before.most[part] + number) for part, number in added.items()},
        {
            part: (before.least[part], before.least[part] - number)
            for part, number in removed.items()
            if part.scope not in scopes and base[part]
        },
        FileState(before.most).texts,
    )


def before_of(befores: Sequence[Parts]) -> Before:
    """What the parents of a commit had; nothing where there is none."""
    contents = list(befores) or [Counter()]
    return Before(
        reduce(lambda first, second: first | second, contents),
        reduce(lambda first, second: first & second, contents),
    )


def counted(
    change: PartChange,
    own: FileState,
    theirs: FileState,
    own_elsewhere: FileState,
    elsewhere: FileState,
) -> Counted:
    """How much of a change its own copy and the other one have, each as the file and what may have
    been moved out of it."""
    in_own, in_other = counts(change, own, own_elsewhere), counts(change, theirs, elsewhere)
    deciding = voters(change)
    return Counted(
        sum(_size(change, part) for part in deciding),
        sum(in_own[part] for part in deciding),
        sum(in_other[part] for part in deciding),
        sum(max(in_own[part], in_other[part]) for part in deciding),
    )


def _without(parts: Parts, moved: Counter[str]) -> Parts:
    """The parts but for those that only moved, which are counted off."""
    left: Parts = Counter()
    for part, number in parts.items():
        taken = min(number, moved[part.text])
        moved[part.text] -= taken
        left[part] = number - taken
    return +left


def found_by_text(part: ContentPart) -> bool:
    """Whether the same text in another place is the same part: many files have the same imports."""
    return not part.tiny and not part.text.startswith(("import ", "from "))


def _size(change: PartChange, part: ContentPart) -> int:
    """How many of a part a change added or removed."""
    before, after = change.added.get(part) or change.removed[part]
    return abs(after - before)


def voters(change: PartChange) -> list[ContentPart]:
    """The parts that are long enough to be evidence; all of them where none is."""
    parts = [*change.added, *change.removed]
    return [part for part in parts if not part.tiny] or parts


def counts(change: PartChange, state: FileState, elsewhere: FileState) -> dict[ContentPart, int]:
    """How many of the changed parts a state has (or lacks, where they were removed). Some that are
    found in other places are no evidence; most of them are, because code moves together."""
    numbers = {
        part: _reached(before, after, state.parts[part])
        for part, (before, after) in change.added.items()
    }
    for part, (before, after) in change.removed.items():
        numbers[part] = before - after - _reached(after, before, state.parts[part])
    absent = [part for part in change.added if not numbers[part]]
    moved = {part: _moved(part, change, state, elsewhere) for part in absent}
    if sum(moved.values()) * 2 >= sum(_size(change, part) for part in absent):
        numbers |= moved
    return numbers


def _reached(before: int, after: int, number: int) -> int:
    return max(0, min(number, after) - before)


def _moved(part: ContentPart, change: PartChange, state: FileState, elsewhere: FileState) -> int:
    """The same for a part that may have another place, found by its text: in another definition of
    the file, or in a file that only this tree has."""
    if not found_by_text(part):
        return 0
    number = state.texts[part.text] - change.texts_before[part.text]
    if len(part.text) >= TINY_SIZE:
        number += elsewhere.texts[part.text]
    return max(0, min(_size(change, part), number))
