"""Random documents, and random edits of them.

A document is a tree of entries, each with an identity that the text does not hold; many of them
have equal names. `random_formats.py` has the formats.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from random import Random

Shape = tuple[str, str, tuple["Shape", ...]]  # label, value and children: what a text shows


@dataclass(frozen=True)
class Entry:
    """A part of a document. Equal `uid`s in two versions are the same entry."""

    uid: int
    kind: str
    label: str
    value: str = ""
    children: tuple["Entry", ...] = ()

    def walk(self) -> Iterator["Entry"]:
        """The entry and all entries inside it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Format:
    """A format: how a random entry of each kind is made, and how a document is written and read.

    `inside` says which kinds an entry of a kind holds, `ordered` are the kinds whose order among
    their siblings has a meaning, `unique` those whose labels may not be repeated among them.
    `headed` are those whose first child is a part of them that is always there, with its kind.
    `first` and `last` are kinds that stand before and behind all others, `fixed` those that are
    added and deleted, never changed; `values` has the value of those that have no other.
    """

    language: str
    inside: dict[str, tuple[str, ...]]
    labels: dict[str, tuple[str, ...]]
    ordered: frozenset[str]
    unique: frozenset[str]
    write: Callable[[Entry], str]
    read: Callable[[str], Shape]
    headed: Mapping[str, str] = field(default_factory=dict)
    first: frozenset[str] = frozenset()
    last: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
    values: Mapping[str, str] = field(default_factory=dict)


PLAIN = ("true", "30", "auto", "localhost")  # values that many entries share


@dataclass
class Maker:
    """Makes random documents of a format and edits them."""

    form: Format
    random: Random
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 1_000_000)))

    def mark(self) -> str:
        """A word that occurs nowhere else."""
        return f"m{next(self.numbers)}"

    def entry(self, kind: str, marked: bool = False) -> Entry:
        """A new entry with what is inside it. Its first leaf is not like any other."""
        label = self.random.choice(self.form.labels.get(kind, ("",)))
        inside = self.form.inside.get(kind)
        if inside is None:
            plain = not marked and self.random.random() < 0.4 and kind == "leaf"
            value = self.random.choice(PLAIN) if plain else self.mark()
            value = self.form.values.get(kind, value)
            return Entry(next(self.numbers), kind, label, value)
        made = Entry(next(self.numbers), kind, label)
        for number in range(self.random.randint(1, 4)):
            made = self.with_new(made, marked=number == 0, at=len(made.children))
        return made

    def with_new(self, parent: Entry, marked: bool = False, at: int | None = None) -> Entry:
        """`parent` with one entry more, if there is a label left for one."""
        kind = self.random.choice(self.form.inside[parent.kind])
        if not parent.children:
            kind = self.form.headed.get(parent.kind, kind)
        new = self.entry(kind, marked)
        taken = {child.label for child in parent.children if child.kind in self.form.unique}
        if new.kind in self.form.unique and new.label in taken:
            return parent
        if at is None:
            at = self.random.randint(self._first(parent), len(parent.children))
        return replace(parent, children=(*parent.children[:at], new, *parent.children[at:]))

    def document(self) -> Entry:
        """A new document."""
        root = Entry(0, "root", "")
        for _ in range(self.random.randint(3, 8)):
            root = self.with_new(root, at=len(root.children))
        return arranged(root, self.form)

    def edited(self, root: Entry, count: int) -> Entry:
        """The document after some random edits."""
        for _ in range(count):
            holders = [entry for entry in root.walk() if entry.kind in self.form.inside]
            holder = self.random.choice(holders)
            root = _replaced(root, holder, self._edit(holder))
        return arranged(root, self.form)

    def _first(self, holder: Entry) -> int:
        return 1 if holder.kind in self.form.headed and holder.children else 0

    def _edit(self, holder: Entry) -> Entry:
        choice = self.random.random()
        children, first = holder.children, self._first(holder)
        if choice < 0.3 or not children:
            return self.with_new(holder)
        at = self.random.randrange(len(children))
        child = children[at]
        rest = children[:at] + children[at + 1 :]
        if choice < 0.5 and rest and at >= first:
            return replace(holder, children=rest)
        if choice < 0.65 and rest and at >= first:
            to = self.random.randint(first, len(rest))
            return replace(holder, children=(*rest[:to], child, *rest[to:]))
        if child.kind in self.form.fixed:
            return self.with_new(holder)
        if child.children:
            return _replaced(holder, child, self._edit(child))
        if child.value in PLAIN:
            new = replace(child, value=self.random.choice(PLAIN))
        else:
            new = replace(child, value=self.mark())
        return replace(holder, children=(*children[:at], new, *children[at + 1 :]))


def arranged(entry: Entry, form: Format) -> Entry:
    """The entry as it is written: what stands before or behind all others is there."""

    def place(child: Entry) -> int:
        return (child.kind in form.last) - (child.kind in form.first)

    if not entry.children:
        return entry
    children = sorted(entry.children, key=place)
    return _with_children(entry, tuple(arranged(child, form) for child in children))


def _replaced(root: Entry, old: Entry, new: Entry) -> Entry:
    if root.uid == old.uid:
        return new
    if not root.children:
        return root
    return _with_children(root, tuple(_replaced(child, old, new) for child in root.children))


def _with_children(entry: Entry, children: tuple[Entry, ...]) -> Entry:
    return Entry(entry.uid, entry.kind, entry.label, entry.value, children)


def shape(entry: Entry) -> Shape:
    """What a text shows of an entry."""
    return entry.label, entry.value, tuple(map(shape, entry.children))
