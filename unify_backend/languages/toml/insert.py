"""An entry put into a TOML file as text: lines are only ever added, and what comes out is read
again and must be the old data with the new in it."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from unify_backend.languages.data.toml_parser import Table, parse_toml, toml_data
from unify_backend.languages.data.tree import Kind, StatementKind
from unify_backend.languages.insertion import Entry, Shape, at_end, put_in
from unify_backend.languages.language import FormError
from unify_backend.model.spans import Edit, splice


def insert_toml(text: str, entry: Entry) -> Edit:
    """The edit that puts keys right below a table's header, or in a table of its own at the end; a
    table at the end of an array of tables; or a value first in a list that stands below its table's
    header. Raises FormError where that cannot be done for sure."""
    *above, last = entry.path
    name = ".".join(entry.path)
    match entry.shape:
        case Shape.KEYS:
            header = _header(text, name)
            new = toml_data(entry.lines)
            if header is None:
                edit = at_end(text, f"[{name}]\n{entry.lines}")
            else:
                edit = put_in(text, *_below(text, header, entry.lines))
            return _checked(text, edit, entry.path, new)
        case Shape.TABLE:
            edit = at_end(text, f"[[{name}]]\n{entry.lines}")
            return _checked(text, edit, above, {last: [toml_data(entry.lines)]})
        case Shape.ITEM:
            edit = _item(text, ".".join(above), last, entry.lines)
            return _checked(text, edit, above, toml_data(f"{last} = [{entry.lines}]"))


def _item(text: str, table: str, key: str, value: str) -> Edit:
    values = [
        statement.value
        for statement in parse_toml(text).statements
        if (statement.section, statement.key) == (table, key)
    ]
    if len(values) != 1 or values[0] is None or values[0].kind is not Kind.SEQUENCE:
        raise FormError(f"its `{key}` is not written below [{table}]")
    start = values[0].span.start + 1
    follows = text[start : start + 1]
    comma = "" if not values[0].elements else "," if follows in {"\r", "\n"} else ", "
    return put_in(text, start, f"{value}{comma}")


def _header(text: str, table: str) -> int | None:
    """Where the header line of a table ends, before its line end."""
    for statement in parse_toml(text).statements:
        names = statement.kind is StatementKind.HEADER and not statement.repeats
        if names and statement.section == table:
            line = text[statement.span.start : statement.span.end]
            return statement.span.start + len(line.rstrip("\r\n"))
    return None


def _below(text: str, end: int, lines: str) -> tuple[int, str]:
    line_end = text.find("\n", end)
    return (len(text), f"\n{lines}") if line_end < 0 else (line_end + 1, lines)


def _checked(before: str, edit: Edit, table: Sequence[str], new: Table) -> Edit:
    expected = deepcopy(toml_data(before))
    place: Any = expected
    for key in table:
        place = place.setdefault(key, {}) if isinstance(place, dict) else None
    try:
        parsed = toml_data(splice(before, [edit]))
    except FormError:
        parsed = None
    if not isinstance(place, dict) or parsed != _merged(expected, place, new):
        raise FormError("how it is laid out leaves no safe place for the entry")
    return edit


def _merged(whole: Table, place: Table, new: Table) -> Table | None:
    """`whole`, in which `place` lies, with `new` in that place; None where a key is taken."""
    for key, value in new.items():
        if key not in place:
            place[key] = value
        elif isinstance(place[key], list) and isinstance(value, list):
            place[key] = [*value, *place[key]] if value and _plain(value) else [*place[key], *value]
        else:
            return None
    return whole


def _plain(value: list[Any]) -> bool:
    return all(isinstance(element, str) for element in value)
