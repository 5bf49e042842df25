"""Configuration and data files as one kind of tree: mappings, sequences and scalars, each with its
exact place in the text.

The parsers beside this module make it from YAML, JSON, TOML, INI and environment files. Comments
are no part of the tree, keys that are written twice are both there, in the order of the file.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import islice

from unify_backend.model.spans import Span

NOWHERE = Span(0, 0)


class Kind(Enum):
    """What a node is."""

    SCALAR = auto()
    MAPPING = auto()
    SEQUENCE = auto()
    ALIAS = auto()  # `*name` in YAML


@dataclass(slots=True, eq=False)
class Node:
    """A value of a file, or a key.

    `line` and `end_line` are 1-based. `span` covers quotes and brackets, but no anchor or tag;
    `content` is what a scalar holds between its quotes or below the header of a block. Both are
    empty where only the line is known. `value` is a scalar's text with its escapes read, None for
    null, which `null` says how it is written; of an alias it is the anchor's name. `style` is the
    opening quote, `|`, `>`, or the bracket of a collection in brackets, "" for anything plain.
    """

    kind: Kind
    line: int
    end_line: int = 0
    span: Span = NOWHERE
    content: Span = NOWHERE
    value: str | None = None
    style: str = ""
    tag: str = ""
    anchor: str = ""
    null: str = ""
    entries: Sequence[Entry] = ()
    elements: Sequence[Node] = ()
    target: Node | None = None
    _mapping: Mapping[str, Node] | None = None

    @property
    def mapping(self) -> Mapping[str, Node]:
        """Its keys with their values: aliases followed, merge keys (`<<`) applied below its own, of
        a key written twice the last. Empty where it is no mapping."""
        if self._mapping is None:
            self._mapping = {}  # an alias to itself ends here
            own = {
                entry.key.written_value: entry.node.followed
                for entry in self.entries
                if not entry.merges
            }
            self._mapping = {**self._merged(), **own}
        return self._mapping

    def _merged(self) -> dict[str, Node]:
        merged: dict[str, Node] = {}
        for entry in self.entries:
            if entry.merges:
                source = entry.node.followed
                for node in source.items or [source]:
                    merged = {**node.mapping, **merged}  # the first of several has precedence
        return merged

    @property
    def items(self) -> Sequence[Node]:
        """Its elements, aliases followed; empty where it is no sequence."""
        return [node.followed for node in self.elements]

    @property
    def text(self) -> str:
        """The scalar's text, "" for everything else."""
        return self.value or "" if self.kind is Kind.SCALAR else ""

    @property
    def is_null(self) -> bool:
        """Whether it is an empty scalar: null, or a key without a value."""
        return self.kind is Kind.SCALAR and self.value is None

    @property
    def written_value(self) -> str:
        """A scalar's text, of null as it is written."""
        return self.null if self.value is None else self.value

    @property
    def followed(self) -> Node:
        """The node that an alias refers to, else the node itself."""
        return self.target or self

    @property
    def is_block(self) -> bool:
        """Whether it is a block scalar, whose content begins on the next line."""
        return self.style in {"|", ">"}

    @property
    def written(self) -> Span:
        """The scalar with its quotes; of a block the lines below its header."""
        return self.content if self.is_block else self.span

    def get(self, *keys: str) -> Node | None:
        """The value under the first of `keys` that is there."""
        return next((self.mapping[key] for key in keys if key in self.mapping), None)


def scalar(value: str | None, line: int, end_line: int = 0) -> Node:
    """A scalar that no file holds as it is."""
    return Node(Kind.SCALAR, line, end_line or line, value=value)


def mapping(values: Mapping[str, Node], line: int, end_line: int = 0) -> Node:
    """A mapping that no file holds as it is."""
    entries = [Entry(scalar(key, node.line), node) for key, node in values.items()]
    return Node(Kind.MAPPING, line, end_line or line, entries=entries)


def sequence(elements: Sequence[Node], line: int, end_line: int = 0) -> Node:
    """A sequence that no file holds as it is."""
    return Node(Kind.SEQUENCE, line, end_line or line, elements=elements)


@dataclass(slots=True, eq=False)
class Entry:
    """A key of a mapping with its value."""

    key: Node
    node: Node

    @property
    def merges(self) -> bool:
        """Whether it is YAML's `<<`, which takes the keys of another mapping over."""
        return self.key.value == "<<" and not self.key.style


class Role(Enum):
    """What a scalar is in its file."""

    KEY = auto()
    HEADER = auto()  # a segment of a table's or a section's name
    VALUE = auto()


@dataclass(frozen=True, slots=True, eq=False)
class Keys:
    """The keys above a scalar, the nearest one first: scalars share what is above them all, so that
    deep nesting costs no more memory than the text."""

    nearest: str
    above: Keys | None = None

    def __iter__(self) -> Iterator[str]:
        keys: Keys | None = self
        while keys is not None:
            yield keys.nearest
            keys = keys.above


def keys_of(path: Sequence[str]) -> Keys | None:
    """A path, the outermost key first, as keys above a scalar."""
    keys = None
    for key in path:
        keys = Keys(key, keys)
    return keys


@dataclass(slots=True, eq=False)
class Part:
    """A scalar and where it stands: `keys` are those above it, `-` for a sequence. `parent` is
    the collection that it is directly in, `holder` the one that this is in."""

    node: Node
    role: Role
    keys: Keys | None
    parent: Node | None = None
    holder: Node | None = None

    @property
    def path(self) -> tuple[str, ...]:
        """The keys, the outermost one first."""
        return tuple(self.keys or ())[::-1]

    @property
    def names(self) -> tuple[str, ...]:
        """The path without sequences."""
        return tuple(key for key in self.path if key != "-")

    @property
    def in_sequence(self) -> bool:
        """Whether it is an element of a sequence."""
        return self.keys is not None and self.keys.nearest == "-"

    def nearest_names(self, count: int) -> tuple[str, ...]:
        """At most so many names right above it, the nearest one first."""
        return tuple(islice((key for key in self.keys or () if key != "-"), count))


class StatementKind(Enum):
    """What a line of TOML, INI or an environment file is."""

    BLANK = auto()
    COMMENT = auto()
    HEADER = auto()
    ENTRY = auto()
    OTHER = auto()  # not part of the format


@dataclass(frozen=True, slots=True)
class Statement:
    """Whole lines, the last line end included: a header or an assignment with all its lines, or one
    other line. `section` is the header's name above it (of a header its own, which stands at
    `name`); `key` says what an assignment sets and where that is written, `value` is None for a key
    alone. `repeats` is true for a header of TOML in double brackets."""

    kind: StatementKind
    span: Span
    section: str = ""
    key: str = ""
    name: Span = NOWHERE
    value: Node | None = None
    repeats: bool = False


@dataclass(slots=True, eq=False)
class Document:
    """A file that was read. `roots` has one node for each document of a YAML file, else one.
    `statements` are the lines of TOML, INI and environment files, in order and without a gap.
    `problem` says why a text that was read all the same is not right, "" where nothing is seen."""

    text: str
    roots: Sequence[Node] = ()
    comments: Sequence[Span] = ()
    statements: Sequence[Statement] = ()
    _parts: list[Part] = field(default_factory=list)
    problem: str = ""
    _starts: list[int] = field(default_factory=list)

    @property
    def root(self) -> Node:
        """The first document; an empty mapping where there is none."""
        return self.roots[0] if self.roots else Node(Kind.MAPPING, 1)

    @property
    def parts(self) -> Sequence[Part]:
        """Every scalar in the order of the text, each once: aliases are not followed."""
        if not self._parts:
            self._parts = list(_parts(self.roots))
        return self._parts

    def part_at(self, span: Span) -> Part | None:
        """The scalar that holds `span`, quotes and a block's header included."""
        parts = self.parts
        if not self._starts:
            self._starts = [part.node.span.start for part in parts]
        number = bisect_right(self._starts, span.start) - 1
        part = parts[number] if number >= 0 else None
        return part if part and part.node.span.holds(span) else None

    def values_under(self, *path: str) -> list[str]:
        """Every scalar below a path of keys, as it reads."""
        below = [part for part in self.parts if part.path[: len(path)] == path]
        return [part.node.written_value for part in below]

    def source(self, span: Span) -> str:
        """The text at `span`, as it is written."""
        return self.text[span.start : span.end]


def _parts(roots: Sequence[Node]) -> Iterator[Part]:
    waiting: list[tuple[Node, Role, Keys | None, Node | None, Node | None]] = [
        (root, Role.VALUE, None, None, None) for root in reversed(roots)
    ]
    while waiting:
        node, role, keys, parent, holder = waiting.pop()
        match node.kind:
            case Kind.SCALAR:
                yield Part(node, role, keys, parent, holder)
            case Kind.MAPPING:
                for entry in reversed(node.entries):
                    key = entry.key.written_value
                    waiting.append((entry.node, Role.VALUE, Keys(key, keys), node, parent))
                    waiting.append((entry.key, Role.KEY, keys, node, parent))
            case Kind.SEQUENCE:
                below = Keys("-", keys)
                waiting += [
                    (element, Role.VALUE, below, node, parent)
                    for element in reversed(node.elements)
                ]
            case Kind.ALIAS:
                pass
