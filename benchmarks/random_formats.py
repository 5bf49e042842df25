"""The formats of `random_merges.py`: how their documents are made, written and read again.

The readers share no code with the tool.
"""

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import yaml

from benchmarks.random_documents import Entry, Format, Shape
from benchmarks.random_python import PYTHON

_NOTE = re.compile(r"^( *)# (m\d+)$")


def _note(entry: Entry, indent: str = "") -> str:
    """The comment above an entry."""
    notes = (child.value for child in entry.children if child.kind == "note")
    return "".join(f"{indent}# {note}\n" for note in notes)


def _without_note(entry: Entry) -> tuple[Entry, ...]:
    return tuple(child for child in entry.children if child.kind != "note")


def _write_ini(root: Entry) -> str:
    return "\n".join(
        f"{_note(section)}[{section.label}]\n{''.join(map(_ini, _without_note(section)))}"
        for section in root.children
    )


def _ini(entry: Entry) -> str:
    if entry.kind == "leaf":
        return f"{entry.label} = {entry.value}\n"
    return f"{entry.label} =\n{''.join(f'    {word.value}{chr(10)}' for word in entry.children)}"


def _read_ini(text: str) -> Shape:
    root: list[Any] = ["", "", []]
    section = root
    note: list[Shape] = []
    for line in text.split("\n"):
        if comment := _NOTE.match(line):
            if note:
                raise ValueError("two comments")
            note = [("#", comment[2], ())]
        elif line.startswith("["):
            section = [line.strip("[]"), "", [*note]]
            root[2].append(section)
            note = []
        elif note:
            raise ValueError("a comment stands alone")
        elif line.startswith(" "):
            section[2][-1][2].append(("", line.strip(), ()))
        elif line.strip():
            label, _, value = line.partition(" =")
            section[2].append([label, value.strip(), []])
    if note:
        raise ValueError("a comment stands alone")
    return _frozen(root)


def _write_markdown(root: Entry) -> str:
    return "\n".join(_markdown(child, 1) for child in root.children)


def _markdown(entry: Entry, level: int) -> str:
    match entry.kind:
        case "leaf":
            return f"- {entry.label} {entry.value}\n"
        case "text":
            return f"The {entry.label} is {entry.value} in all of them.\n"
        case "grid":
            rows = "".join(f"| {row.label} | {row.value} |\n" for row in entry.children)
            return f"| {entry.label} | value |\n| --- | --- |\n{rows}"
        case "steps":
            steps = "".join(
                f"{number}. {step.label} {step.value}\n"
                for number, step in enumerate(entry.children, 1)
            )
            return f"To {entry.label}:\n" + (steps and f"\n{steps}")
        case _:
            return _markdown_section(entry, level)


def _markdown_section(entry: Entry, level: int) -> str:
    blocks: list[str] = []
    for child in entry.children:
        text = _markdown(child, level + 1)
        if blocks and child.kind == "leaf" and blocks[-1].startswith("- "):
            blocks[-1] += text
        else:
            blocks.append(text)
    return "\n".join([f"{'#' * level} {entry.label}\n", *blocks])


_BLOCK = re.compile(r"\| (\w+) \| value \|$|To (\w+):$")
_LEAF = re.compile(r"- (\w+) (\w+)$|The (\w+) is (\w+) in all of them\.$")
_INSIDE = {"grid": re.compile(r"\| (\w+) \| (\w+) \|$"), "steps": re.compile(r"\d+\. (\w+) (\w+)$")}


def _read_markdown(text: str) -> Shape:
    """What it shows. The numbers of an ordered list say nothing: they are counted when shown."""
    root: list[Any] = ["", "", []]
    path: list[tuple[int, list[Any]]] = [(0, root)]
    kind, block = "", root
    for line in text.split("\n"):
        inside = path[-1][1][2]
        if not line.strip() or line == "| --- | --- |":
            continue
        if marks := re.match(r"(#+) (.*)", line):
            level = len(marks[1])
            while path[-1][0] >= level:
                path.pop()
            section: list[Any] = [marks[2], "", []]
            path[-1][1][2].append(section)
            path.append((level, section))
            kind = ""
        elif head := _BLOCK.match(line):
            kind, block = ("grid" if head[1] else "steps"), [head[1] or head[2], "", []]
            inside.append(block)
        elif leaf := _LEAF.match(line):
            inside.append((leaf[1] or leaf[3], leaf[2] or leaf[4], ()))
            kind = ""
        elif kind and (row := _INSIDE[kind].match(line)):
            block[2].append((row[1], row[2], ()))
        else:
            raise ValueError(line)
    return _frozen(root)


def _frozen(node: Any) -> Shape:
    label, value, children = node
    return label, value, tuple(map(_frozen, children))


def _shape_of(label: str, data: object) -> Shape:
    match data:
        case dict():
            return label, "", tuple(_shape_of(str(key), value) for key, value in data.items())
        case list():
            return label, "", tuple(_shape_of("", value) for value in data)
        case str() if "\n" in data:
            return label, "", tuple(("", line, ()) for line in data.split("\n") if line)
        case _:
            return label, str(data), ()


def _json(entry: Entry, indent: str) -> str:
    if entry.kind in {"leaf", "word"}:
        return json.dumps(entry.value)
    listed = entry.kind in {"list", "array", "inner", "rows"}
    opened, closed = "[]" if listed else "{}"
    deeper = indent + "  "
    parts = [
        ("" if listed else f"{json.dumps(child.label)}: ") + _json(child, deeper)
        for child in entry.children
    ]
    if not parts:
        return opened + closed
    if entry.kind == "row":
        return f"{opened}{', '.join(parts)}{closed}"
    lines = ",\n".join(deeper + part for part in parts)
    return f"{opened}\n{lines}\n{indent}{closed}"


def _write_json(root: Entry) -> str:
    return _json(root, "") + "\n"


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
    listed = entry.kind in {"list", "array", "inner", "rows"}
    for child in _without_note(entry):
        lead = f"{indent}- " if listed else f"{indent}{child.label}:"
        inside = _without_note(child)
        lines.append(_note(child, indent))
        if child.kind == "anchor":
            lead += f" &{child.label}"
        if child.kind == "word":
            lines.append(f"{lead}'{child.value}'\n")
        elif child.kind == "leaf":
            lines.append(f"{lead} '{child.value}'\n")
        elif child.kind == "alias":
            lines.append(f"{lead} {child.value}\n")
        elif child.kind == "row":
            pairs = ", ".join(f"{leaf.label}: '{leaf.value}'" for leaf in inside)
            lines.append(f"{lead}{{{pairs}}}\n")
        elif child.kind == "text":
            words = "".join(f"{indent}  {word.value}\n" for word in inside)
            lines.append(f"{lead} |\n{words}" if words else f"{lead} ''\n")
        elif not inside:
            empty = "[]" if child.kind in {"list", "array", "inner", "rows"} else "{}"
            lines.append(f"{lead.rstrip()} {empty}\n")
        elif listed:
            # a comment above the first entry of an item would stand behind its dash
            lines.append(lead + _yaml(child, indent + "  ")[len(lead) :])
        else:
            lines.append(f"{lead}\n{_yaml(child, indent + '  ')}")
    return "".join(lines)


def _read_yaml(text: str) -> Shape:
    yaml.load(text, yaml.CSafeLoader)  # an alias without its anchor is an error
    plain = re.sub(r"(?m)<<: \*(\w+)$", r"'<<': '*\1'", re.sub(r"(?m) &\w+$", "", text))
    return _shape_of("", yaml.load(_notes_as_keys(plain), yaml.CSafeLoader))


def _notes_as_keys(text: str) -> str:
    """The YAML text with the comment above a table or an item as its first key."""
    lines: list[str] = []
    note, dash = "", ""
    for line in text.split("\n"):
        joined = bool(dash)
        line, dash = dash + line[len(dash) :], ""
        if inside := re.match(r"( *- )# (m\d+)$", line):  # the comment above its first key
            if note:
                lines.append(inside[1] + note)
            else:
                dash = inside[1]
            note = f"'#': '{inside[2]}'"
        elif comment := _NOTE.match(line):
            if note:
                raise ValueError("two comments")
            note = f"'#': '{comment[2]}'"
        elif not note:
            lines.append(line)
        elif place := re.match(r"( *(?:- )?)(\w+:)( \{\})?$", line):
            if place[1].endswith("- ") and not joined:  # it is above an item
                lines += [place[1] + note, f"{len(place[1]) * ' '}{place[2]}{place[3] or ''}"]
            else:
                lines += [f"{place[1]}{place[2]}", f"{len(place[1]) * ' '}  {note}"]
            note = ""
        elif place := re.match(r"( *- )(.*)$", line):
            rest = [] if place[2] == "{}" else [f"{len(place[1]) * ' '}{place[2]}"]
            lines += [place[1] + note, *rest]
            note = ""
        else:
            raise ValueError("a comment stands alone")
    if note:
        raise ValueError("a comment stands alone")
    return "\n".join(lines)


_LINES = frozenset({"leaf", "list", "rows", "text"})  # these are written in front of the tables


def _write_toml(root: Entry) -> str:
    plain = [child for child in root.children if child.kind in _LINES]
    blocks = ["".join(map(_toml_line, plain))] if plain else []
    for child in root.children:
        if child.kind == "table":
            blocks.append(_toml_table(f"[{child.label}]", child))
        elif child.kind == "array":
            for item in child.children:
                blocks.append(_toml_table(f"[[{child.label}]]", item))
                for below in item.children:
                    name = f"{child.label}.{below.label}"
                    if below.kind == "table":
                        blocks.append(_toml_table(f"[{name}]", below))
                    elif below.kind == "inner":
                        blocks += [_toml_table(f"[[{name}]]", inner) for inner in below.children]
    return "\n".join(blocks)


def _toml_table(header: str, entry: Entry) -> str:
    lines = "".join(_toml_line(child) for child in entry.children if child.kind in _LINES)
    return f"{_note(entry)}{header}\n{lines}"


def _toml_line(child: Entry) -> str:
    if child.kind == "leaf":
        return f'{child.label} = "{child.value}"\n'
    if child.kind == "text":
        words = "".join(f"{word.value}\n" for word in child.children)
        return f'{child.label} = """\n{words}"""\n'
    lines = "".join(
        f"    {_toml_row(inner) if child.kind == 'rows' else json.dumps(inner.value)},\n"
        for inner in child.children
    )
    return f"{child.label} = [\n{lines}]\n"


def _toml_row(entry: Entry) -> str:
    return "{ " + ", ".join(f'{leaf.label} = "{leaf.value}"' for leaf in entry.children) + " }"


def _read_toml(text: str) -> Shape:
    with_keys = re.sub(r"(?m)^# (m\d+)\n+(\[.*\])$", r'\2\n"#" = "\1"', text)
    if re.search("(?m)^#", with_keys):
        raise ValueError("a comment stands alone")
    return _shape_of("", tomllib.loads(with_keys))


_SETTINGS = ("host", "port", "mode", "user", "level", "retry", "cache", "proxy")
_TABLES = ("api", "worker", "queue", "store", "mail", "auth")
_LISTS = ("names", "paths", "tags")
_INSIDE_DATA: dict[str, tuple[str, ...]] = {
    "root": ("leaf", "leaf", "table", "table", "array", "array", "array", "list", "rows", "text"),
    "table": ("leaf", "leaf", "leaf", "leaf", "text", "note"),
    "array": ("item",),
    "item": ("leaf", "leaf", "leaf", "leaf", "leaf", "table", "inner", "text", "note"),
    "inner": ("entry",),
    "entry": ("leaf", "leaf", "leaf", "note"),
    "list": ("word",),
    "text": ("word",),
    "rows": ("row",),
    "row": ("leaf",),
}
_LABELS_OF_DATA = {
    "leaf": _SETTINGS,
    "table": _TABLES,
    "array": ("package", "step", "peer", "source"),
    "inner": ("files", "needs"),
    "list": _LISTS,
    "rows": ("routes", "users"),
    "text": ("script", "usage"),
    "note": ("#",),
    "anchor": ("defaults",),
    "alias": ("<<",),
}


def _without(*kinds: str) -> dict[str, tuple[str, ...]]:
    """What is inside what, for a format that lacks these kinds."""
    return {
        kind: tuple(inner for inner in inside if inner not in kinds)
        for kind, inside in _INSIDE_DATA.items()
        if kind not in kinds
    }


def _data_format(
    language: str,
    write: Callable[[Entry], str],
    read: Callable[[str], Shape],
    inside: dict[str, tuple[str, ...]],
    last: frozenset[str] = frozenset(),
) -> Format:
    return Format(
        language,
        inside,
        _LABELS_OF_DATA,
        frozenset({"item", "word", "row", "entry"}),
        frozenset({"leaf", "table", "array", "inner", "list", "rows", "text", "note", "alias"}),
        write,
        read,
        first=frozenset({"note", "anchor"}),
        last=last,
    )


_YAML = _data_format("yaml", _write_yaml, _read_yaml, _INSIDE_DATA)

FORMATS = {
    "python": PYTHON,
    "toml": _data_format(
        "toml", _write_toml, _read_toml, _INSIDE_DATA, frozenset({"table", "array", "inner"})
    ),
    "yaml": replace(
        _YAML,
        inside={
            **_YAML.inside,
            "anchor": ("leaf",),
            "table": (*_YAML.inside["table"], "alias"),
            "item": (*_YAML.inside["item"], "alias"),
        },
        headed={"root": "anchor"},
        fixed=frozenset({"alias"}),
        values={"alias": "*defaults"},
    ),
    "ini": Format(
        "ini",
        {
            "root": ("section",),
            "section": ("leaf", "leaf", "leaf", "leaf", "list", "note"),
            "list": ("word",),
        },
        {
            "section": ("Peer", "Peer", "Peer", "Interface", "Route"),
            "leaf": _SETTINGS,
            "list": _LISTS,
            "note": ("#",),
        },
        frozenset({"word"}),
        frozenset({"leaf", "list", "note"}),
        _write_ini,
        _read_ini,
        first=frozenset({"note"}),
    ),
    "json": _data_format("json", _write_json, _read_json, _without("text", "note")),
    "markdown": Format(
        "markdown",
        {
            "root": ("section",),
            "section": ("leaf", "leaf", "text", "text", "part", "part", "part", "grid", "steps"),
            "part": ("leaf", "leaf", "leaf", "text", "grid", "steps"),
            "grid": ("row",),
            "steps": ("row",),
        },
        {
            "section": ("Use", "Settings", "Notes", "Release"),
            "part": ("Added", "Fixed", "Example"),
            "leaf": _SETTINGS,
            "row": _SETTINGS,
            "text": _TABLES,
            "grid": ("name", "key"),
            "steps": ("install", "update"),
        },
        frozenset({"leaf", "part", "section", "grid", "steps", "row"}),
        frozenset(),
        _write_markdown,
        _read_markdown,
        last=frozenset({"part"}),
    ),
}
