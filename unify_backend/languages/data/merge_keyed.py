"""TOML, INI and environment files as units: tables or sections, and the keys inside them."""

import re

from unify_backend.languages.data.literals import Syntax, read_literal
from unify_backend.languages.merge_hunk import lines_of
from unify_backend.languages.merge_unit import Freedom, Unclear, Unit, container

_TABLE = re.compile(r"[ \t]*(?P<open>\[\[?)(?P<name>(?:\"[^\"]*\"|[^\[\]\"])+)\]\]?[ \t]*(?:#.*)?$")
_TOML_KEY = re.compile(r"[ \t]*(?P<key>(?:\"[^\"]*\"|'[^']*'|[\w.-]|[ \t](?!=))+?)[ \t]*=[ \t]*")
_TOML_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'{3}.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}\n]',
    re.DOTALL,
)
_SECTION = re.compile(r"\[(?P<name>[^\]]+)\]")
_INI_KEY = re.compile(r"(?P<key>[^\s=:#;\[][^=:]*?)[ \t]*(?:[=:]|$)")
_ENV_KEY = re.compile(r"[ \t]*(?:export[ \t]+)?(?P<key>[\w.-]+)[ \t]*=")
_NAME = re.compile(r"^[ \t]*(?:name|id)[ \t]*=[ \t]*(?P<value>\S.*)$", re.MULTILINE)


def toml_units(text: str) -> Unit:
    """The document as one unit. Raises Unclear where a line is not understood."""
    return _sections(_toml_entries(text), text, _TABLE)


def ini_units(text: str) -> Unit:
    """The file as one unit: sections, keys with the lines that go on below them."""
    return _sections(_line_entries(text, _INI_KEY, "#;", goes_on=True), text, _SECTION)


def env_units(text: str) -> Unit:
    """The file as one unit: one variable a line."""
    entries = _line_entries(text, _ENV_KEY, "#", goes_on=False)
    children, tail = _with_fronts(entries)
    return container(Unit(("document",), text), "", children, tail)


# An entry is (kind, key, text); kinds are "front" (blank or comment), "section" and "key".
_Entry = tuple[str, str, str]


def _toml_entries(text: str) -> list[_Entry]:
    entries: list[_Entry] = []
    at = 0
    while at < len(text):
        end = text.index("\n", at) + 1
        line = text[at : end - 1]
        if not line.strip() or line.lstrip().startswith("#"):
            entries.append(("front", "", text[at:end]))
        elif found := _TABLE.match(line):
            entries.append(("section", found["open"] + found["name"].strip(), text[at:end]))
        elif key := _TOML_KEY.match(text, at, end):
            end = _toml_end(text, key.end())
            entries.append(("key", key["key"].strip(), text[at:end]))
        else:
            raise Unclear("a line is neither a table nor a key")
        at = end
    return entries


def _toml_end(text: str, at: int) -> int:
    depth = 0
    for token in _TOML_TOKEN.finditer(text, at):
        match token[0]:
            case "[" | "{":
                depth += 1
            case "]" | "}":
                depth -= 1
            case "\n" if depth <= 0:
                return token.end()
            case _:
                pass
    return len(text)


def _line_entries(text: str, keys: re.Pattern[str], comments: str, goes_on: bool) -> list[_Entry]:
    entries: list[_Entry] = []
    for line in lines_of(text):
        body = line.strip()
        if not body or body[0] in comments:
            entries.append(("front", "", line))
        elif goes_on and line[0] in " \t":
            _go_on(entries, line)
        elif goes_on and (found := _SECTION.match(line)):
            entries.append(("section", found["name"], line))
        elif key := keys.match(line.rstrip("\n")):
            entries.append(("key", key["key"], line))
        else:
            raise Unclear("a line is neither a section nor a key")
    return entries


def _go_on(entries: list[_Entry], line: str) -> None:
    """Adds an indented line, and what stands in front of it, to the key above."""
    front = ""
    while entries and entries[-1][0] == "front":
        front = entries.pop()[2] + front
    if not entries or entries[-1][0] != "key":
        raise Unclear("an indented line follows no key")
    kind, key, text = entries.pop()
    entries.append((kind, key, text + front + line))


def _sections(entries: list[_Entry], text: str, header: re.Pattern[str]) -> Unit:
    groups: list[list[_Entry]] = [[]]
    for entry in entries:
        if entry[0] == "section":
            front: list[_Entry] = []
            while groups[-1] and groups[-1][-1][0] == "front":
                front.insert(0, groups[-1].pop())
            groups.append([*front, entry])
        else:
            groups[-1].append(entry)
    top, tail = _with_fronts(groups[0])  # comments at its end belong to the first section
    children = [_section(group) for group in groups[1:]]
    return container(Unit(("document",), text), "", [*top, *children], tail)


def _section(group: list[_Entry]) -> Unit:
    at = next(number for number, entry in enumerate(group) if entry[0] == "section")
    gap, lead = _front(group[:at])
    children, tail = _with_fronts(group[at + 1 :])
    core = "".join(entry[2] for entry in group[at:])
    name = group[at][1]
    freedom = Freedom.FREE
    key: tuple[str, ...] = ("section", name)
    if name.startswith("[["):
        known = _NAME.search(core)
        key = (*key, known["value"] if known else " ".join(core.split()))
        freedom = Freedom.FREE if known else Freedom.LOOSE
    return container(Unit(key, core, gap, lead, freedom=freedom), group[at][2], children, tail)


def _with_fronts(entries: list[_Entry]) -> tuple[list[Unit], str]:
    units: list[Unit] = []
    front: list[_Entry] = []
    for entry in entries:
        if entry[0] == "front":
            front.append(entry)
            continue
        gap, lead = _front(front)
        front = []
        unit = Unit(("key", entry[1]), entry[2], gap, lead, freedom=Freedom.FREE)
        units.append(_valued(unit))
    return units, "".join(entry[2] for entry in front)


def _front(entries: list[_Entry]) -> tuple[str, str]:
    at = 0
    while at < len(entries) and not entries[at][2].strip():
        at += 1
    return ("".join(one[2] for one in entries[:at]), "".join(one[2] for one in entries[at:]))


def _valued(unit: Unit) -> Unit:
    """A TOML key whose value is a list or an inline table."""
    found = re.match(r"[^=\n]*=[ \t]*(?=[\[{])", unit.core)
    if found is None:
        return unit
    return read_literal(unit.core, found.end(), Syntax.TOML, unit) or unit
