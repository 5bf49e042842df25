"""Merges three versions of a statement by its syntax: arguments, entries and parameters are items.

Both sides may change one statement if they changed different items within its brackets. Where both
changed something else in it (two operands, what is called and its arguments), that is for others to
decide. The result parses to exactly the merged tree.
"""

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise, zip_longest
from typing import Any

from unify_backend.languages.python.source import PythonSource, SyntaxProblem, python_source
from unify_backend.languages.python.statement_effects import acts

_WRITTEN_OUT = (
    ast.Constant
    | ast.List
    | ast.Tuple
    | ast.Set
    | ast.Dict
    | ast.UnaryOp
    | ast.unaryop
    | ast.expr_context
    | ast.keyword
    | ast.alias
)
_CLAUSE = re.compile(r"(?:elif|else|except|finally|case)\b")


class _Clash(Exception):
    """Both sides changed the same thing, or things that may belong together."""


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Item:
    """One of several within brackets. `name` is what it is known by; it is empty where only its
    place and what it says can tell. `free`: where it stands among the others says nothing.
    `argument`: it is passed by its place."""

    parts: tuple[ast.AST | None, ...]
    start: int
    end: int
    name: str = ""
    free: bool = False
    argument: bool = False

    @property
    def says(self) -> str:
        """What it says, layout aside."""
        return " ".join("" if part is None else ast.dump(part) for part in self.parts)

    @property
    def key(self) -> str:
        """Equal for two versions of one item, as far as that can be told."""
        return self.name or self.says

    @property
    def is_fixed(self) -> bool:
        """Whether its value is written out: nothing that runs before or after can change it."""
        return all(
            isinstance(node, _WRITTEN_OUT)
            for part in self.parts
            if part is not None
            for node in ast.walk(part)
        )

    @property
    def acts(self) -> bool:
        """Whether it calls or binds something when it is evaluated."""
        return any(part is not None and acts(part) for part in self.parts)


_Build = Callable[[list[_Item]], ast.AST]


def merged_items(base: str, canonical: str, legacy: str) -> str | None:
    """A statement, or the head of a compound one up to its colon, with the changes of both sides.

    None where they contradict each other, or where it is not certain that they do not.
    """
    texts = (base, canonical, legacy)
    frames = {_frame(text) for text in texts}
    if len(frames) != 1:
        return None
    frame = frames.pop()
    if frame is None:
        return None
    before, behind = frame
    sources = [python_source(f"{before}{text}{behind}") for text in texts]
    origin, ours, theirs = sources
    if (
        isinstance(origin, SyntaxProblem)
        or isinstance(ours, SyntaxProblem)
        or isinstance(theirs, SyntaxProblem)
    ):
        return None
    merger = _Merger(origin, ours, theirs)
    try:
        wanted = merger.node(*(_statement(source, before) for source in (origin, ours, theirs)))
        text = merger.written()
        done = python_source(text)
        if isinstance(done, SyntaxProblem) or ast.dump(_statement(done, before)) != ast.dump(
            wanted
        ):
            return None
    except (_Clash, RecursionError):
        return None
    comments = [_comments(version) for version in (*texts, text)]
    if comments[0] != comments[2] or comments[1] != comments[3]:
        return None  # they are no part of the tree
    return text[len(before) : len(text) - len(behind)]


def _frame(text: str) -> tuple[str, str] | None:
    """What a statement needs around it to be parsed; None where it cannot be."""
    space = text[: len(text) - len(text.lstrip(" \t"))]
    if _CLAUSE.match(text, len(space)):
        return None
    header = text.rstrip().endswith(":")
    return ("if 1:\n" if space else ""), (f"{space} pass\n" if header else "")


def _statement(source: PythonSource, before: str) -> ast.AST:
    body = source.tree.body
    if before and isinstance(body[0], ast.If):
        body = body[0].body
    if len(body) != 1:
        raise _Clash
    return body[0]


def _comments(text: str) -> Counter[str]:
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(f"({text.strip()}\n)").readline))
    except (tokenize.TokenError, SyntaxError):
        return Counter()
    return Counter(token.string for token in tokens if token.type == tokenize.COMMENT)


@dataclass(slots=True)
class _Fate:
    """What a side made of the items of the base. `partners` are the places of those that it has
    still, `added` its new ones, by the place in the base in front of which they stand. `tied` are
    the places whose items it exchanged for others: nothing says which for which."""

    partners: dict[int, int] = field(default_factory=dict)
    added: dict[int, list[int]] = field(default_factory=dict)
    tied: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, base: list[_Item], side: list[_Item]) -> "_Fate":
        """Raises _Clash where the side has another order."""
        fate = cls()
        before, after = [item.key for item in base], [item.key for item in side]
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        for kind, start, end, begin, stop in matcher.get_opcodes():
            come = list(range(begin, stop))
            named = any(item.name for item in [*base[start:end], *side[begin:stop]])
            if kind == "equal" or (kind == "replace" and end - start == stop - begin and not named):
                fate.partners.update(zip(range(start, end), come, strict=True))
                continue
            if come:
                fate.added[start] = come
            free = all(item.free for item in [*base[start:end], *side[begin:stop]])
            if kind == "replace" and not free:
                fate.tied |= set(range(start, end + 1))
        common = set(before) & set(after)
        if [key for key in before if key in common] != [key for key in after if key in common]:
            raise _Clash
        return fate

    def shifts(self, base: list[_Item], side: list[_Item]) -> bool:
        """Whether the side has more or fewer items that count by their place."""
        gone = [item for at, item in enumerate(base) if at not in self.partners]
        return not all(item.free for item in [*gone, *self.come(side)])

    def come(self, side: list[_Item]) -> list[_Item]:
        """The new items of the side."""
        return [side[at] for places in self.added.values() for at in places]

    def touches(self, at: int, base: list[_Item], side: list[_Item]) -> bool:
        """Whether the side changed the item at that place, or added something in front of it."""
        if at in self.added:
            return True
        if at == len(base):
            return False
        return at not in self.partners or side[self.partners[at]].says != base[at].says


@dataclass(slots=True)
class _Merger:
    """Merges trees, and collects what has to be edited in canonical's text."""

    base: PythonSource
    canonical: PythonSource
    legacy: PythonSource
    edits: list[_Edit] = field(default_factory=list)

    def node(self, base: ast.AST, ours: ast.AST, theirs: ast.AST) -> ast.AST:
        """The merged node. Raises _Clash."""
        was, mine, yours = map(ast.dump, (base, ours, theirs))
        if yours in {was, mine}:
            return ours
        edits = len(self.edits)
        try:
            return self._inside(base, ours, theirs)
        except _Clash:
            if mine != was or not hasattr(ours, "lineno") or isinstance(ours, ast.stmt):
                raise
            del self.edits[edits:]
            span = self.canonical.span(ours)
            self.edits.append(_Edit(span.start, span.end, self.legacy.text_of(theirs)))
            return theirs

    def _inside(self, base: ast.AST, ours: ast.AST, theirs: ast.AST) -> ast.AST:
        """The node of canonical with what the others changed inside it. Raises _Clash."""
        if not type(base) is type(ours) is type(theirs):
            raise _Clash
        changed = {
            name
            for name in base._fields
            if not _said(base, name) == _said(ours, name) == _said(theirs, name)
        }
        for names, read, build in _brackets(ours):
            if changed <= names:
                three = (
                    read(base, self.base),
                    read(ours, self.canonical),
                    read(theirs, self.legacy),
                )
                return build(self.items(*three))
        if len(changed) > 1:
            raise _Clash
        name = changed.pop()
        parts = [getattr(node, name) for node in (base, ours, theirs)]
        if name == "decorator_list" and len(set(map(len, parts))) == 1:
            return _with(
                ours, decorator_list=[self.node(*three) for three in zip(*parts, strict=True)]
            )
        if not all(isinstance(part, ast.AST) for part in parts):
            raise _Clash
        return _with(ours, **{name: self.node(*parts)})

    def items(self, base: list[_Item], ours: list[_Item], theirs: list[_Item]) -> list[_Item]:
        """The merged items. Raises _Clash."""
        mine, yours = _Fate.of(base, ours), _Fate.of(base, theirs)
        for fate, rival, side in ((mine, yours, theirs), (yours, mine, ours)):
            if any(rival.touches(at, base, side) for at in fate.tied):
                raise _Clash
        if mine.shifts(base, ours) and yours.shifts(base, theirs):
            raise _Clash  # what counts by its place would have another one
        our_new, their_new = mine.come(ours), yours.come(theirs)
        if _may_be_one(our_new, their_new) or _may_be_one(their_new, our_new):
            raise _Clash
        merged: list[_Item] = []
        last = -1  # in canonical
        for at in range(len(base) + 1):
            come = mine.added.get(at, [])
            merged += [ours[place] for place in come]
            last = max([last, *come])
            added = self._added(ours, theirs, come, yours.added.get(at, []), last)
            gone = at < len(base) and at not in mine.partners and at not in yours.partners
            if come and added and gone:
                raise _Clash  # both gave it another name
            merged += added
            if at == len(base):
                break
            place, other = mine.partners.get(at), yours.partners.get(at)
            last = last if place is None else place
            if place is not None and other is not None:
                merged.append(self._item(base[at], ours[place], theirs[other]))
            elif place is not None:
                self._deleted(base[at], ours, place)
            elif other is not None and theirs[other].says != base[at].says:
                raise _Clash  # one side deleted it, the other one changed it
        names = [item.name for item in merged if item.name]
        if len(names) != len(set(names)):
            raise _Clash
        return merged

    def _item(self, base: _Item, ours: _Item, theirs: _Item) -> _Item:
        if theirs.says in {base.says, ours.says}:
            return ours
        edits = len(self.edits)
        try:
            parts = [
                self._part(*three)
                for three in zip(base.parts, ours.parts, theirs.parts, strict=True)
            ]
        except _Clash:
            if ours.says != base.says:
                raise
            del self.edits[edits:]
            text = self.legacy.text[theirs.start : theirs.end]
            self.edits.append(_Edit(ours.start, ours.end, text))
            return theirs
        return _Item(tuple(parts), ours.start, ours.end, ours.name, ours.free)

    def _part(
        self, base: ast.AST | None, ours: ast.AST | None, theirs: ast.AST | None
    ) -> ast.AST | None:
        if base is None or ours is None or theirs is None:
            if not base is ours is theirs:
                raise _Clash
            return None
        return self.node(base, ours, theirs)

    def _added(
        self, ours: list[_Item], theirs: list[_Item], mine: list[int], yours: list[int], last: int
    ) -> list[_Item]:
        """What legacy added, behind the item of canonical at the place `last`."""
        if not yours:
            return []
        first, second = [ours[at] for at in mine], [theirs[at] for at in yours]
        if first:
            if [item.says for item in first] == [item.says for item in second]:
                return []
            if not all(item.free for item in [*first, *second]):
                raise _Clash
            if _is_sequence(first, second):
                raise _Clash
            known = {item.key: item.says for item in first}
            if any(known.get(item.key, item.says) != item.says for item in second):
                raise _Clash
            yours = [at for at in yours if theirs[at].key not in known]
        if not ours:
            raise _Clash
        text = self.legacy.text
        for at in yours:
            if last >= 0:
                begin = theirs[at - 1].end if at else theirs[at].start
                space = "" if at else ", "
                place = ours[last].end
                self.edits.append(_Edit(place, place, space + text[begin : theirs[at].end]))
            else:
                stop = theirs[at + 1].start if at + 1 < len(theirs) else theirs[at].end
                space = "" if at + 1 < len(theirs) else ", "
                place = ours[0].start
                self.edits.append(_Edit(place, place, text[theirs[at].start : stop] + space))
        return [theirs[at] for at in yours]

    def _deleted(self, base: _Item, ours: list[_Item], at: int) -> None:
        """Takes an item out of canonical that legacy deleted."""
        if ours[at].says != base.says or len(ours) < 2:
            raise _Clash
        start, end = (ours[at - 1].end, ours[at].end) if at else (ours[0].start, ours[1].start)
        self.edits.append(_Edit(start, end, ""))

    def written(self) -> str:
        """Canonical's text with the edits. Raises _Clash where two of them overlap."""
        ordered = sorted(self.edits, key=lambda edit: (edit.start, edit.end))
        if any(edit.end > after.start for edit, after in pairwise(ordered)):
            raise _Clash
        text = self.canonical.text
        for edit in reversed(ordered):
            text = text[: edit.start] + edit.text + text[edit.end :]
        return text


def _may_be_one(placed: Sequence[_Item], named: Sequence[_Item]) -> bool:
    """Whether an argument that one side passes by its place and one that the other side passes by
    a name may be for one parameter: that call fails."""
    return any(item.argument for item in placed) and any(item.name for item in named)


def _is_sequence(first: Sequence[_Item], second: Sequence[_Item]) -> bool:
    """Whether it may matter which of them are evaluated first."""
    return any(
        item.acts and not all(rival.is_fixed for rival in other)
        for items, other in ((first, second), (second, first))
        for item in items
    )


def _said(node: ast.AST, name: str) -> str:
    value = getattr(node, name, None)
    if isinstance(value, list):
        return " ".join(
            ast.dump(part) if isinstance(part, ast.AST) else repr(part) for part in value
        )
    return ast.dump(value) if isinstance(value, ast.AST) else repr(value)


def _with(node: ast.AST, **fields: object) -> ast.AST:
    """A copy of the node with other fields."""
    return type(node)(**{name: getattr(node, name) for name in node._fields} | fields)


_Read = Callable[[ast.AST, PythonSource], list[_Item]]


def _brackets(node: ast.AST) -> Iterator[tuple[set[str], _Read, _Build]]:
    """The fields of a node that hold items, how these are read, and how they become a node."""
    match node:
        case ast.Call() | ast.ClassDef():
            places = "args" if isinstance(node, ast.Call) else "bases"
            yield (
                {places, "keywords"},
                lambda node, source: _plain(node, source, (places, "keywords")),
                lambda items: _with(
                    node,
                    **{
                        places: [part for part in _parts(items) if not _is_keyword(part)],
                        "keywords": [part for part in _parts(items) if _is_keyword(part)],
                    },
                ),
            )
        case ast.Dict():
            yield (
                {"keys", "values"},
                _pairs,
                lambda items: _with(
                    node,
                    keys=[item.parts[0] for item in items],
                    values=[item.parts[1] for item in items],
                ),
            )
        case ast.arguments():
            yield set(node._fields), _parameters, _arguments
        case ast.List() | ast.Tuple() | ast.Set():
            yield (
                {"elts"},
                lambda node, source: _plain(node, source, ("elts",)),
                lambda items: _with(node, elts=_parts(items)),
            )
        case ast.ImportFrom() | ast.Import():
            yield (
                {"names"},
                lambda node, source: _plain(node, source, ("names",)),
                lambda items: _with(node, names=_parts(items)),
            )
        case ast.Compare(comparators=[_]):
            yield (
                {"comparators"},
                lambda node, source: _plain(node, source, ("comparators",)),
                lambda items: _with(node, comparators=_parts(items)),
            )
        case _:
            pass


def _parts(items: Sequence[_Item]) -> list[ast.AST]:
    return [item.parts[0] for item in items if item.parts[0] is not None]


def _is_keyword(node: ast.AST) -> bool:
    return isinstance(node, ast.keyword)


def _plain(node: ast.AST, source: PythonSource, fields: Sequence[str]) -> list[_Item]:
    items = []
    for part in (part for name in fields for part in getattr(node, name)):
        span = source.span(part)
        name, free, argument = "", False, False
        match part:
            case ast.keyword(arg=str(name)):
                free = True
            case ast.keyword():
                name = "**"
            case ast.alias():
                name, free = ast.dump(part), True
            case _ if isinstance(node, ast.Call):
                argument = True
            case ast.Constant(value=str()) | ast.Name():
                free = isinstance(node, ast.List | ast.Set)
            case _:
                pass
        items.append(_Item((part,), span.start, span.end, name, free, argument))
    return sorted(items, key=lambda item: item.start)


def _pairs(node: ast.AST, source: PythonSource) -> list[_Item]:
    assert isinstance(node, ast.Dict)
    items = []
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            raise _Clash
        items.append(
            _Item((key, value), source.start(key), source.span(value).end, ast.dump(key), True)
        )
    return items


def _parameters(node: ast.AST, source: PythonSource) -> list[_Item]:
    assert isinstance(node, ast.arguments)
    items: list[_Item] = []
    listed = [*node.posonlyargs, *node.args]
    if node.posonlyargs:
        raise _Clash
    defaults = [None] * (len(listed) - len(node.defaults)) + list(node.defaults)
    for arg, default in zip(listed, defaults, strict=True):
        items.append(_parameter("", arg, default, source))
    if node.vararg:
        items.append(_parameter("*", node.vararg, None, source))
    for arg, default in zip_longest(node.kwonlyargs, node.kw_defaults):
        items.append(_parameter("=", arg, default, source))
    if node.kwarg:
        items.append(_parameter("**", node.kwarg, None, source))
    return items


def _parameter(kind: str, arg: ast.arg, default: ast.expr | None, source: PythonSource) -> _Item:
    start = source.start(arg)
    if kind in {"*", "**"}:
        start = source.text.rindex(kind, 0, start)
    end = source.span(default or arg).end
    return _Item((ast.Name(kind), arg, default), start, end, f"{kind}{arg.arg}", kind == "=")


def _arguments(items: list[_Item]) -> ast.AST:
    kinds: dict[str, list[_Item]] = {"": [], "*": [], "=": [], "**": []}
    for item in items:
        kind = item.parts[0]
        assert isinstance(kind, ast.Name)
        kinds[kind.id].append(item)
    single = {name: kinds[name][0].parts[1] if kinds[name] else None for name in ("*", "**")}
    fields: dict[str, Any] = {
        "posonlyargs": [],
        "args": [item.parts[1] for item in kinds[""]],
        "vararg": single["*"],
        "kwonlyargs": [item.parts[1] for item in kinds["="]],
        "kw_defaults": [item.parts[2] for item in kinds["="]],
        "kwarg": single["**"],
        "defaults": [item.parts[2] for item in kinds[""] if item.parts[2] is not None],
    }
    return ast.arguments(**fields)
