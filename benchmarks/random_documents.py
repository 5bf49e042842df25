"""Random documents of several formats, and random edits of them.

A document is a tree of entries, each with an identity that the text does not hold; many of them
have equal names. Each format can be written and read again, by readers that share no code with the
tool.
"""

import ast
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random

import yaml

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
    """The entry as it is written: what stands behind all others is behind them."""
    children = sorted(entry.children, key=lambda child: child.kind in form.last)
    return replace(entry, children=tuple(arranged(child, form) for child in children))


def _replaced(root: Entry, old: Entry, new: Entry) -> Entry:
    if root.uid == old.uid:
        return new
    return replace(root, children=tuple(_replaced(child, old, new) for child in root.children))


def shape(entry: Entry) -> Shape:
    """What a text shows of an entry."""
    return entry.label, entry.value, tuple(map(shape, entry.children))


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
