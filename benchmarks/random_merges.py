"""Random three-way merges whose right result is known, beside `git merge-file`.

    python benchmarks/random_merges.py [--count 10000] [--seed 1] [--formats ini toml …] [--show 3]

A document is built as a tree of entries, each with an identity that the text does not hold. Two
copies are edited independently: entries are inserted, deleted, moved and changed, and many of them
have equal names. The right result follows from the identities alone (`Truth`), so that a result
can be judged without either merge: whether an edit is lost, a deleted entry is back, an entry is
there twice, is under another parent or out of order, and whether the edits contradict each other,
so that only a conflict is right. Prints a table in Markdown; `--show` prints that many of the
merges of each format that went wrong.
"""

import argparse
import ast
import difflib
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from random import Random

import yaml

from unify_backend.merging.threeway.merge import merge3
from unify_backend.model.merge_plan import MergeAction


class Verdict(StrEnum):
    """What a merge made of a case."""

    RIGHT = "right"
    CONFLICT = "conflict"
    LOST = "lost"  # an edit or an addition is missing
    BACK = "back"  # what a side deleted or replaced is in
    TWICE = "twice"
    MISPLACED = "misplaced"  # under another parent, or out of order
    UNASKED = "unasked"  # the edits contradict each other, and nothing says so


_SILENT = tuple(verdict for verdict in Verdict if verdict not in {Verdict.RIGHT, Verdict.CONFLICT})
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


class Contradiction(Exception):
    """The edits cannot both be carried out; only a conflict is right."""


@dataclass(frozen=True)
class Format:
    """A format: how a random entry of each kind is made, and how a document is written and read.

    `inside` says which kinds an entry of a kind holds, `ordered` are the kinds whose order among
    their siblings has a meaning, `unique` those whose labels may not be repeated among them,
    `headed` those whose first child is a part of their first line, `last` those that stand behind
    all others, `fixed` those that are added and deleted, never changed.
    """

    language: str
    inside: dict[str, tuple[str, ...]]
    labels: dict[str, tuple[str, ...]]
    ordered: frozenset[str]
    unique: frozenset[str]
    write: Callable[[Entry], str]
    read: Callable[[str], Shape]
    headed: frozenset[str] = frozenset()
    last: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()


_PLAIN = ("true", "30", "auto", "localhost")  # values that many entries share


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
            value = self.random.choice(_PLAIN) if plain else self.mark()
            return Entry(next(self.numbers), kind, label, value)
        made = Entry(next(self.numbers), kind, label)
        for number in range(self.random.randint(1, 4)):
            made = self.with_new(made, marked=number == 0, at=len(made.children))
        return made

    def with_new(self, parent: Entry, marked: bool = False, at: int | None = None) -> Entry:
        """`parent` with one entry more, if there is a label left for one."""
        new = self.entry(self.random.choice(self.form.inside[parent.kind]), marked)
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
        return _arranged(root, self.form)

    def edited(self, root: Entry, count: int) -> Entry:
        """The document after some random edits."""
        for _ in range(count):
            holders = [entry for entry in root.walk() if entry.kind in self.form.inside]
            holder = self.random.choice(holders)
            root = _replaced(root, holder, self._edit(holder))
        return _arranged(root, self.form)

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
        if child.value in _PLAIN:
            new = replace(child, value=self.random.choice(_PLAIN))
        else:
            new = replace(child, value=self.mark())
        return replace(holder, children=(*children[:at], new, *children[at + 1 :]))


def _arranged(entry: Entry, form: Format) -> Entry:
    """The entry as it is written: what stands behind all others is behind them."""
    children = sorted(entry.children, key=lambda child: child.kind in form.last)
    return replace(entry, children=tuple(_arranged(child, form) for child in children))


def _replaced(root: Entry, old: Entry, new: Entry) -> Entry:
    if root.uid == old.uid:
        return new
    return replace(root, children=tuple(_replaced(child, old, new) for child in root.children))


@dataclass(frozen=True)
class Truth:
    """The right result of a merge: what it shows, and which orders it has to keep."""

    form: Format
    base: Entry
    canonical: Entry
    legacy: Entry

    def exchanged(self) -> "Truth":
        """The other reading of a word that was changed: it is gone, and another one is there."""
        values = {entry.uid: entry.value for entry in self.base.walk() if entry.kind == "word"}
        sides = (
            _renumbered(side, values, number)
            for number, side in enumerate((self.canonical, self.legacy))
        )
        return Truth(self.form, self.base, *sides)

    def merged(self) -> Entry:
        """The result, in one of the orders that are right. Raises Contradiction."""
        merged = self._entry(self.base, self.canonical, self.legacy)
        assert merged is not None
        return _arranged(merged, self.form)

    def _entry(self, base: Entry | None, ours: Entry | None, theirs: Entry | None) -> Entry | None:
        if ours == theirs or theirs == base:
            return ours
        if ours == base:
            return theirs
        if base is not None and ours is None and theirs is not None and _is_less(theirs, base):
            return None
        if base is not None and theirs is None and ours is not None and _is_less(ours, base):
            return None
        if base is None or ours is None or theirs is None:
            raise Contradiction("added in two ways, or deleted and changed")
        if not (base.children or ours.children or theirs.children):
            raise Contradiction("changed in two ways")
        versions = [{child.uid: child for child in one.children} for one in (base, ours, theirs)]
        merged: dict[int, Entry] = {}
        for uid in dict.fromkeys(uid for version in versions for uid in version):
            entry = self._entry(*(version.get(uid) for version in versions))
            if entry is not None:
                merged[uid] = entry
        merged = self._without_twins(merged)
        for kind in self.form.unique:
            labels = [entry.label for entry in merged.values() if entry.kind == kind]
            if len(labels) != len(set(labels)):
                raise Contradiction("one label, added by both sides")
        order = _sorted(list(merged), self._before(versions, merged))
        return replace(base, children=tuple(merged[uid] for uid in order))

    def _without_twins(self, merged: dict[int, Entry]) -> dict[int, Entry]:
        """The entries; of those that both sides added alike and that cannot be there twice, one."""
        shown: set[tuple[str, Shape]] = set()
        alone: dict[int, Entry] = {}
        for uid, entry in merged.items():
            twin = (entry.kind, shape(entry))
            if entry.kind not in self.form.unique or twin not in shown:
                alone[uid] = entry
            shown.add(twin)
        return alone

    def _before(
        self, versions: Sequence[dict[int, Entry]], merged: dict[int, Entry]
    ) -> set[tuple[int, int]]:
        """Pairs of entries whose order is certain. Raises Contradiction."""
        pairs: set[tuple[int, int]] = set()
        for kind in self.form.ordered:
            known = {uid for uid, entry in merged.items() if entry.kind == kind}
            base, ours, theirs = ([u for u in version if u in known] for version in versions)
            common = set(base) & set(ours) & set(theirs)
            was, mine, yours = (
                {uid: at for at, uid in enumerate(order) if uid in common}
                for order in (base, ours, theirs)
            )
            for first in common:
                for second in common:
                    orders = [at[first] < at[second] for at in (was, mine, yours)]
                    kept = orders[2] if orders[1] == orders[0] else orders[1]
                    if first != second and kept:
                        pairs.add((first, second))
            for order, other in ((ours, yours), (theirs, mine)):
                pairs |= _around(order, common, other)
        return pairs


def _renumbered(entry: Entry, values: dict[int, str], side: int) -> Entry:
    children = tuple(_renumbered(child, values, side) for child in entry.children)
    if values.get(entry.uid, entry.value) != entry.value:
        return replace(entry, uid=-(2 * entry.uid + side))
    return replace(entry, children=children)


def _is_less(entry: Entry, base: Entry) -> bool:
    """Whether nothing but deletions tell the entry from what it was."""
    before = {inner.uid: inner for inner in base.walk()}
    return all(
        inner.uid in before and inner.value == before[inner.uid].value for inner in entry.walk()
    )


def _around(order: list[int], common: set[int], other: dict[int, int]) -> set[tuple[int, int]]:
    """Where additions stand: behind and before the next entries that all versions have."""
    pairs: set[tuple[int, int]] = set()
    for at, uid in enumerate(order):
        if uid in common:
            continue
        before = next((u for u in reversed(order[:at]) if u in common), None)
        behind = next((u for u in order[at + 1 :] if u in common), None)
        if before is not None:
            pairs.add((before, uid))
        if behind is not None:
            pairs.add((uid, behind))
    return pairs


def _sorted(uids: list[int], before: set[tuple[int, int]]) -> list[int]:
    """The entries in an order that keeps all pairs. Raises Contradiction."""
    left, done = list(uids), list[int]()
    while left:
        free = [uid for uid in left if not any((other, uid) in before for other in left)]
        if not free:
            raise Contradiction("the order is contradictory")
        done.append(free[0])
        left.remove(free[0])
    return done


def shape(entry: Entry) -> Shape:
    """What a text shows of an entry."""
    return entry.label, entry.value, tuple(map(shape, entry.children))


def _unordered(one: Shape) -> Shape:
    label, value, children = one
    return label, value, tuple(sorted(map(_unordered, children)))


def judge(truth: Truth, text: str) -> Verdict:
    """The verdict on a merge without a conflict."""
    form = truth.form
    try:
        right = truth.merged()
    except Contradiction:
        return Verdict.UNASKED
    try:
        result = form.read(text)
    except (ValueError, SyntaxError, yaml.YAMLError):
        return Verdict.MISPLACED
    wanted = form.write(right)
    if _marks(wanted) != _marks(text) or _unordered(result) != _unordered(form.read(wanted)):
        return _difference(wanted, text)
    return Verdict.RIGHT if _in_order(truth, right, result) else Verdict.MISPLACED


def _marks(text: str) -> Counter[str]:
    return Counter(re.findall(r"\bm\d+\b", text))


def _difference(right: str, text: str) -> Verdict:
    wanted, found = _marks(right), _marks(text)
    if wanted - found:
        return Verdict.LOST
    if found - wanted:
        return Verdict.TWICE if found.keys() <= wanted.keys() else Verdict.BACK
    lines = [Counter(line.strip() for line in one.split("\n")) for one in (right, text)]
    if lines[0] - lines[1]:
        return Verdict.LOST
    return Verdict.BACK if lines[1] - lines[0] else Verdict.MISPLACED


def _in_order(truth: Truth, right: Entry, result: Shape) -> bool:
    """Whether every order that is certain is kept; equal entries stand for each other."""
    found = Counter(map(_unordered, result[2]))
    places = {_unordered(child): at for at, child in enumerate(result[2])}
    versions = [
        _inside(version, right.uid) for version in (truth.base, truth.canonical, truth.legacy)
    ]
    merged = {child.uid: child for child in right.children}
    shown = {uid: _unordered(shape(child)) for uid, child in merged.items()}
    if None not in versions:
        children = [{child.uid: child for child in one.children} for one in versions if one]
        for first, second in truth._before(children, merged):
            one, two = shown[first], shown[second]
            if found[one] == found[two] == 1 and places[one] > places[two]:
                return False
    by_shape = {_unordered(child): child for child in result[2]}
    return all(
        _in_order(truth, child, by_shape[shown[child.uid]])
        for child in right.children
        if child.children and found[shown[child.uid]] == 1
    )


def _inside(root: Entry, uid: int) -> Entry | None:
    return next((entry for entry in root.walk() if entry.uid == uid), None)


# The formats


def _leaves(entry: Entry, line: str) -> str:
    return "".join(line.format(child.label, child.value) for child in entry.children)


def _write_ini(root: Entry) -> str:
    line = "{} = {}\n"
    return "\n".join(f"[{each.label}]\n{_leaves(each, line)}" for each in root.children)


def _read_ini(text: str) -> Shape:
    sections: list[tuple[str, list[Shape]]] = []
    for line in text.split("\n"):
        if line.startswith("["):
            sections.append((line.strip("[]"), []))
        elif line.strip():
            label, _, value = line.partition(" = ")
            sections[-1][1].append((label, value, ()))
    return "", "", tuple((label, "", tuple(leaves)) for label, leaves in sections)


def _write_markdown(root: Entry) -> str:
    return "\n".join(_markdown(child, 1) for child in root.children)


def _markdown(entry: Entry, level: int) -> str:
    if entry.kind == "leaf":
        return f"- {entry.label} {entry.value}\n"
    if entry.kind == "text":
        return f"The {entry.label} is {entry.value} in all of them.\n"
    blocks: list[str] = []
    for child in entry.children:
        text = _markdown(child, level + 1)
        if blocks and child.kind == "leaf" and blocks[-1].startswith("- "):
            blocks[-1] += text
        else:
            blocks.append(text)
    return "\n".join([f"{'#' * level} {entry.label}\n", *blocks])


def _read_markdown(text: str) -> Shape:
    root: list[object] = ["", []]
    path: list[tuple[int, list[object]]] = [(0, root)]
    for line in text.split("\n"):
        marks = re.match(r"(#+) (.*)", line)
        if marks:
            level = len(marks[1])
            while path[-1][0] >= level:
                path.pop()
            new: list[object] = [marks[2], []]
            path[-1][1][1].append(new)  # type: ignore[attr-defined]
            path.append((level, new))
        elif leaf := re.match(r"- (\w+) (\w+)$|The (\w+) is (\w+) in all of them\.$", line):
            label, value = (leaf[1], leaf[2]) if leaf[1] else (leaf[3], leaf[4])
            path[-1][1][1].append((label, value, ()))  # type: ignore[attr-defined]
        elif line.strip():
            raise ValueError(line)
    return _frozen(root)


def _frozen(node: object) -> Shape:
    if isinstance(node, list):
        return str(node[0]), "", tuple(map(_frozen, node[1]))
    return node  # type: ignore[return-value]


def _data(entry: Entry) -> object:
    """The entry as plain data: a table, a list of tables or of words, a word."""
    if entry.kind in {"list", "array"}:
        return [_data(child) for child in entry.children]
    if entry.kind in {"leaf", "word"}:
        return entry.value
    return {child.label: _data(child) for child in entry.children}


def _shape_of(label: str, data: object) -> Shape:
    match data:
        case dict():
            return label, "", tuple(_shape_of(str(key), value) for key, value in data.items())
        case list():
            return label, "", tuple(_shape_of("", value) for value in data)
        case _:
            return label, str(data), ()


def _write_json(root: Entry) -> str:
    return json.dumps(_data(root), indent=2) + "\n"


def _no_repetition(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key is there twice")
    return dict(pairs)


def _read_json(text: str) -> Shape:
    return _shape_of("", json.loads(text, object_pairs_hook=_no_repetition))


def _write_yaml(root: Entry) -> str:
    return _yaml(root, "") or "{}\n"


def _yaml(entry: Entry, indent: str) -> str:
    lines = []
    for child in entry.children:
        lead = f"{indent}- " if entry.kind in {"list", "array"} else f"{indent}{child.label}:"
        if child.kind == "word":
            lines.append(f"{lead}'{child.value}'\n")
        elif child.kind == "leaf":
            lines.append(f"{lead} '{child.value}'\n")
        elif not child.children:
            empty = "[]" if child.kind in {"list", "array"} else "{}"
            lines.append(f"{lead.rstrip()} {empty}\n")
        elif entry.kind == "array":
            lines.append(lead + _yaml(child, indent + "  ")[len(lead) :])
        else:
            lines.append(f"{lead}\n{_yaml(child, indent + '  ')}")
    return "".join(lines)


def _read_yaml(text: str) -> Shape:
    return _shape_of("", yaml.safe_load(text))


def _write_toml(root: Entry) -> str:
    plain = [child for child in root.children if child.kind in {"leaf", "list"}]
    blocks = ["".join(_toml_line(child) for child in plain)] if plain else []
    for child in root.children:
        if child.kind == "table":
            blocks.append(_toml_table(f"[{child.label}]", child))
        elif child.kind == "array":
            for entry in child.children:
                blocks.append(_toml_table(f"[[{child.label}]]", entry))
                blocks += [
                    _toml_table(f"[{child.label}.{sub.label}]", sub)
                    for sub in entry.children
                    if sub.kind == "table"
                ]
    return "\n".join(blocks)


def _toml_table(header: str, entry: Entry) -> str:
    lines = "".join(_toml_line(child) for child in entry.children if child.kind != "table")
    return f"{header}\n{lines}"


def _toml_line(child: Entry) -> str:
    if child.kind == "leaf":
        return f'{child.label} = "{child.value}"\n'
    words = "".join(f'    "{word.value}",\n' for word in child.children)
    return f"{child.label} = [\n{words}]\n"


def _read_toml(text: str) -> Shape:
    return _shape_of("", tomllib.loads(text))


def _write_python(root: Entry) -> str:
    parts: list[str] = []
    before = ""
    for child in root.children:
        block = child.kind in {"function", "step", "class"}
        if parts and (block or before in {"function", "step", "class"}):
            parts.append("\n\n")
        parts.append(_python(child, ""))
        before = child.kind
    return "".join(parts)


def _python(entry: Entry, indent: str) -> str:
    deeper = indent + "    "
    match entry.kind:
        case "leaf":
            return f"{indent}{entry.label}('{entry.value}')\n"
        case "import":
            return f"{indent}from {entry.label} import {entry.value}\n"
        case "parser":
            calls = "".join(
                f"{indent}p.add_argument('--{child.label}', help='{child.value}')\n"
                for child in entry.children[1:]
            )
            first = "".join(child.value for child in entry.children[:1])
            return f"{indent}p = sub.add_parser('{first}')\n{calls}"
        case "list":
            words = "".join(f"{deeper}'{child.value}',\n" for child in entry.children)
            return f"{indent}{entry.label} = [\n{words}{indent}]\n"
        case "step":
            body = "".join(_python(child, deeper) for child in entry.children[1:])
            first = "".join(child.value for child in entry.children[:1])
            return (
                f"{indent}@given('{first}')\n{indent}def {entry.label}(context):\n"
                f"{body or deeper + 'pass' + chr(10)}"
            )
        case "class":
            inside = "\n".join(_python(child, deeper) for child in entry.children)
            return f"{indent}class {entry.label}:\n{inside or deeper + 'pass' + chr(10)}"
        case _:
            body = "".join(_python(child, deeper) for child in entry.children)
            head = f"if {entry.label}:" if entry.kind == "guard" else f"def {entry.label}():"
            return f"{indent}{head}\n{body or deeper + 'pass' + chr(10)}"


def _read_python(text: str) -> Shape:
    return "", "", tuple(_python_shapes(ast.parse(text).body))


def _python_shapes(body: Sequence[ast.stmt]) -> Iterator[Shape]:
    parser: list[Shape] | None = None
    waiting: list[list[Shape]] = []
    for node in body:
        call = node.value if isinstance(node, ast.Expr | ast.Assign) else None
        name = ast.unparse(call.func) if isinstance(call, ast.Call) else ""
        if isinstance(node, ast.Assign) and name == "sub.add_parser":
            parser = [("", _said(node.value), ())]
            waiting.append(parser)
        elif name == "p.add_argument":
            if parser is None or not isinstance(call, ast.Call):
                raise ValueError("no parser is there")
            parser.append((_said(node).lstrip("-"), _said(call.keywords[0].value), ()))
        else:
            yield from _python_shape(node)
    yield from (("p", "", tuple(leaves)) for leaves in waiting)


def _python_shape(node: ast.stmt) -> Iterator[Shape]:
    match node:
        case ast.ImportFrom(module=module, names=names):
            yield from ((module or "", alias.name, ()) for alias in names)
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=items)):
            yield name, "", tuple(("", _said(item), ()) for item in items)
        case ast.Expr(value=ast.Call(func=ast.Name(id=name))):
            yield name, _said(node), ()
        case ast.FunctionDef(name=name, body=body, decorator_list=decorators):
            first: list[Shape] = [("", _said(decorator), ()) for decorator in decorators]
            yield name, "", (*first, *_python_shapes(body))
        case ast.ClassDef(name=name, body=body) | ast.If(test=ast.Name(id=name), body=body):
            yield name, "", tuple(_python_shapes(body))
        case ast.Pass():
            return
        case _:
            raise ValueError(ast.unparse(node))


def _said(node: ast.AST) -> str:
    return next(
        inner.value
        for inner in ast.walk(node)
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str)
    )


_SETTINGS = ("host", "port", "mode", "user", "level", "retry", "cache", "proxy")
_TABLES = ("api", "worker", "queue", "store", "mail", "auth")
_DATA = {
    "inside": {
        "root": ("leaf", "table", "array", "array", "list"),
        "table": ("leaf",),
        "array": ("item",),
        "item": ("leaf", "leaf", "leaf", "table"),
        "list": ("word",),
    },
    "labels": {
        "leaf": _SETTINGS,
        "table": _TABLES,
        "array": ("package", "step", "peer", "source"),
        "list": ("names", "paths", "tags"),
    },
    "ordered": frozenset({"item", "word"}),
    "unique": frozenset({"leaf", "table", "array", "list"}),
}


def _data_format(
    language: str,
    write: Callable[[Entry], str],
    read: Callable[[str], Shape],
    last: frozenset[str] = frozenset(),
) -> Format:
    return Format(language, write=write, read=read, last=last, **_DATA)  # type: ignore[arg-type]


FORMATS = {
    "python": Format(
        "python",
        {
            "root": (
                "function",
                "step",
                "guard",
                "class",
                "parser",
                "parser",
                "leaf",
                "list",
                "import",
            ),
            "function": ("leaf",),
            "step": ("leaf",),
            "guard": ("leaf",),
            "parser": ("leaf",),
            "class": ("function", "step"),
            "list": ("word",),
        },
        {
            "leaf": ("run", "use", "check", "load"),
            "function": ("_", "test_it", "main", "setup", "teardown"),
            "step": ("step_impl",),
            "guard": ("DEBUG", "WINDOWS"),
            "parser": ("p",),
            "class": ("Test", "Case", "Suite"),
            "list": ("NAMES", "PATHS", "TAGS"),
            "import": ("shop", "stock"),
        },
        frozenset({"leaf", "parser", "word", "guard"}),
        frozenset({"class", "list"}),
        _write_python,
        _read_python,
        frozenset({"step", "parser"}),
        fixed=frozenset({"import"}),
    ),
    "toml": _data_format("toml", _write_toml, _read_toml, frozenset({"table", "array"})),
    "yaml": _data_format("yaml", _write_yaml, _read_yaml),
    "ini": Format(
        "ini",
        {"root": ("section",), "section": ("leaf",)},
        {"section": ("Peer", "Peer", "Peer", "Interface", "Route"), "leaf": _SETTINGS},
        frozenset({"leaf"}) - {"leaf"},
        frozenset({"leaf"}),
        _write_ini,
        _read_ini,
    ),
    "json": _data_format("json", _write_json, _read_json),
    "markdown": Format(
        "markdown",
        {
            "root": ("section",),
            "section": ("leaf", "text", "part", "part"),
            "part": ("leaf", "leaf", "text"),
        },
        {
            "section": ("Use", "Settings", "Notes", "Release"),
            "part": ("Added", "Fixed", "Example"),
            "leaf": _SETTINGS,
            "text": _TABLES,
        },
        frozenset({"leaf", "part", "section"}),
        frozenset(),
        _write_markdown,
        _read_markdown,
        last=frozenset({"part"}),
    ),
}


@dataclass(frozen=True)
class Case:
    """Three versions of a document."""

    truth: Truth

    @property
    def texts(self) -> tuple[str, str, str]:
        """The texts of canonical, base and legacy."""
        write, truth = self.truth.form.write, self.truth
        return write(truth.canonical), write(truth.base), write(truth.legacy)


def case(name: str, seed: int, number: int) -> Case:
    """The case of that number; always the same."""
    form = FORMATS[name]
    maker = Maker(form, Random(f"{seed} {name} {number}"))
    base = maker.document()
    sides = [maker.edited(base, maker.random.randint(1, 3)) for _ in range(2)]
    return Case(Truth(form, base, *sides))


def by_git(texts: tuple[str, str, str], folder: Path) -> str | None:
    """What `git merge-file` makes of canonical, base and legacy; None for a conflict."""
    names = ("canonical", "base", "legacy")
    for name, text in zip(names, texts, strict=True):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    done = subprocess.run(
        ["git", "merge-file", "-p", *names], cwd=folder, capture_output=True, check=False
    )
    return done.stdout.decode() if done.returncode == 0 else None


def by_us(texts: tuple[str, str, str], language: str) -> str | None:
    """What our merge makes of them; None for a conflict."""
    canonical, base, legacy = texts
    merged = merge3(base, legacy, canonical, language=language)
    return None if merged.how is MergeAction.CONFLICT else merged.text


def verdict(case: Case, result: str | None) -> Verdict:
    """What is to be said of a result."""
    if result is None:
        return Verdict.CONFLICT
    canonical, base, legacy = case.texts
    if canonical == legacy or base in {canonical, legacy}:  # nobody can see more than the text
        return Verdict.RIGHT
    said = judge(case.truth, result)
    if said is not Verdict.RIGHT and judge(case.truth.exchanged(), result) is Verdict.RIGHT:
        return Verdict.RIGHT
    return said


Outcome = tuple[Verdict, Verdict]  # git's and ours


def run(name: str, count: int, seed: int, show: int = 0, first: int = 0) -> Counter[Outcome]:
    """The outcomes of so many cases of a format; `show` prints that many that went wrong."""
    outcomes: Counter[Outcome] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(first, first + count):
            one = case(name, seed, number)
            results = by_git(one.texts, Path(folder)), by_us(one.texts, FORMATS[name].language)
            git, ours = (verdict(one, result) for result in results)
            outcomes[git, ours] += 1
            if ours in _SILENT and show > 0:
                show -= 1
                print(_shown(f"{name} {number}: git {git}, ours {ours}", one, results), flush=True)
    return outcomes


def _shown(title: str, one: Case, results: Sequence[str | None]) -> str:
    canonical, base, legacy = one.texts
    try:
        right = one.truth.form.write(one.truth.merged())
    except Contradiction as error:
        title, right = f"{title}: {error}", canonical
    git, ours = (result or "conflict\n" for result in results)
    pairs = ((base, canonical), (base, legacy), (canonical, right), (right, git), (right, ours))
    names = ("base to canonical", "base to legacy", "canonical to right", "git", "ours")
    parts = [f"==== {title}"]
    for name, (before, after) in zip(names, pairs, strict=True):
        if before == after:
            continue
        lines = (text.splitlines(keepends=True) for text in (before, after))
        parts.append(f"---- {name}\n{''.join(list(difflib.unified_diff(*lines, n=4))[2:])}")
    return "\n".join(parts)


def silent(outcomes: Counter[Outcome], git: Callable[[Verdict], bool]) -> Counter[Verdict]:
    """Our wrong results without a conflict, where git's verdict is such."""
    wrong: Counter[Verdict] = Counter()
    for (theirs, ours), count in outcomes.items():
        if ours in _SILENT and git(theirs):
            wrong[ours] += count
    return wrong


def _row(name: str, outcomes: Counter[Outcome]) -> str:
    git, ours = Counter[Verdict](), Counter[Verdict]()
    for (theirs, mine), count in outcomes.items():
        git[theirs] += count
        ours[mine] += count
    cells = [
        outcomes.total(),
        git[Verdict.RIGHT],
        git[Verdict.CONFLICT],
        sum(git[verdict] for verdict in _SILENT),
        ours[Verdict.RIGHT],
        ours[Verdict.CONFLICT],
        sum(ours[verdict] for verdict in _SILENT),
        silent(outcomes, lambda theirs: theirs is Verdict.CONFLICT).total(),
        silent(outcomes, lambda theirs: theirs is Verdict.RIGHT).total(),
    ]
    kinds = ", ".join(f"{count} {kind}" for kind in _SILENT if (count := ours[kind]))
    return f"| {name} | {' | '.join(f'{cell:,}' for cell in cells)} | {kinds} |"


_HEAD = """\
| format | merges | git right | git conflict | git wrong | right | conflict | wrong \
| wrong where git conflicts | wrong where git is right | what is wrong |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|"""


def main() -> int:
    """Prints the table; 1 if a merge is wrong where git's is right or a conflict."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--count", type=int, default=10_000, help="merges of each format")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--formats", nargs="*", choices=list(FORMATS), default=list(FORMATS))
    parser.add_argument("--show", type=int, default=0, help="print so many that went wrong")
    parser.add_argument("--first", type=int, default=0, help="the number of the first merge")
    options = parser.parse_args()
    print(_HEAD, flush=True)
    failed = False
    for name in options.formats:
        outcomes = run(name, options.count, options.seed, options.show, options.first)
        print(_row(name, outcomes), flush=True)
        failed = failed or bool(
            silent(outcomes, lambda git: git in {Verdict.CONFLICT, Verdict.RIGHT})
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
