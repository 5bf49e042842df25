"""An entry put into a TOML file as text: lines are only ever added, and what comes out is read
again and must be the old data with the new in it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from unify_backend.languages.data.toml_parser import Table, parse_toml, toml_data
from unify_backend.languages.data.tree import Kind, StatementKind
from unify_backend.languages.insertion import at_end, insert
from unify_backend.languages.language import FormError


def put_under(text: str, table: tuple[str, ...], lines: str, new: Table) -> str:
    """`text` with `lines` (which say `new`) in the table: right below its header where it has one,
    else in a table of its own at the end. Raises FormError where that cannot be done for sure."""
    header = _header(text, table)
    if header is None:
        block = f"[{'.'.join(table)}]\n{lines}"
        after = insert(text, [(len(text), at_end(text, block))])
    else:
        after = insert(text, [_below(text, header, lines)])
    return _checked(text, after, table, new)


def append_table(text: str, table: tuple[str, ...], lines: str, new: Table) -> str:
    """`text` with one more entry at the end of an array of tables. Raises FormError as above."""
    block = f"[[{'.'.join(table)}]]\n{lines}"
    after = insert(text, [(len(text), at_end(text, block))])
    return _checked(text, after, table[:-1], {table[-1]: [new]})


def put_in_list(text: str, table: tuple[str, ...], key: str, value: str) -> str:
    """`text` with a plain string first in a list that stands below its table's header. Raises
    FormError as above."""
    values = [
        statement.value
        for statement in parse_toml(text).statements
        if (statement.section, statement.key) == (".".join(table), key)
    ]
    if len(values) != 1 or values[0] is None or values[0].kind is not Kind.SEQUENCE:
        raise FormError(f"its `{key}` is not written below [{'.'.join(table)}]")
    start = values[0].span.start + 1
    follows = text[start : start + 1]
    comma = "" if not values[0].elements else "," if follows in {"\r", "\n"} else ", "
    after = insert(text, [(start, f'"{value}"{comma}')])
    return _checked(text, after, table, {key: [value]})


def has_header(text: str, table: tuple[str, ...]) -> bool:
    """Whether a line `[table]` is there."""
    return _header(text, table) is not None


def _header(text: str, table: tuple[str, ...]) -> int | None:
    """Where the header line of a table ends, before its line end."""
    for statement in parse_toml(text).statements:
        names = statement.kind is StatementKind.HEADER and not statement.repeats
        if names and statement.section == ".".join(table):
            line = text[statement.span.start : statement.span.end]
            return statement.span.start + len(line.rstrip("\r\n"))
    return None


def _below(text: str, end: int, lines: str) -> tuple[int, str]:
    line_end = text.find("\n", end)
    return (len(text), f"\n{lines}") if line_end < 0 else (line_end + 1, lines)


def _checked(before: str, after: str, table: tuple[str, ...], new: Table) -> str:
    expected = deepcopy(toml_data(before))
    place: Any = expected
    for key in table:
        place = place.setdefault(key, {}) if isinstance(place, dict) else None
    try:
        parsed = toml_data(after)
    except FormError:
        parsed = None
    if not isinstance(place, dict) or parsed != _merged(expected, place, new):
        raise FormError("how it is laid out leaves no safe place for the entry")
    return after


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
