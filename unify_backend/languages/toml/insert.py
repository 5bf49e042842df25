"""An entry put into a TOML file as text: lines are only ever added, and what comes out is read
again and must be the old data with the new in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from unify_backend.languages.insertion import at_end, insert
from unify_backend.languages.language import FormError

Table = dict[str, Any]


def read(text: str) -> Table:
    """The data of a TOML text. Raises FormError where it is none."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise FormError(f"it is not TOML: {error}") from error


def at(data: object, keys: tuple[str, ...]) -> Any:
    """What lies under a path of keys, or None."""
    for key in keys:
        if not isinstance(data, Mapping) or key not in data:
            return None
        data = data[key]
    return data


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
    header = _header(text, table)
    opening = re.compile(rf"^[ \t]*{re.escape(key)}[ \t]*=[ \t]*\[", re.MULTILINE)
    found = opening.search(text, header) if header is not None else None
    if found is None:
        raise FormError(f"its `{key}` is not written below [{'.'.join(table)}]")
    follows = text[found.end() : found.end() + 1]
    comma = "" if not at(read(text), (*table, key)) else "," if follows in {"\r", "\n"} else ", "
    after = insert(text, [(found.end(), f'"{value}"{comma}')])
    return _checked(text, after, table, {key: [value]})


def has_header(text: str, table: tuple[str, ...]) -> bool:
    """Whether a line `[table]` is there."""
    return _header(text, table) is not None


def _header(text: str, table: tuple[str, ...]) -> int | None:
    """Where the header line of a table ends, before its line end."""
    dotted = r"[ \t]*\.[ \t]*".join(rf"[\"']?{re.escape(key)}[\"']?" for key in table)
    found = re.search(rf"^[ \t]*\[[ \t]*{dotted}[ \t]*\][^\r\n]*", text, re.MULTILINE)
    return found.end() if found else None


def _below(text: str, end: int, lines: str) -> tuple[int, str]:
    line_end = text.find("\n", end)
    return (len(text), f"\n{lines}") if line_end < 0 else (line_end + 1, lines)


def _checked(before: str, after: str, table: tuple[str, ...], new: Table) -> str:
    expected = deepcopy(read(before))
    place: Any = expected
    for key in table:
        place = place.setdefault(key, {}) if isinstance(place, dict) else None
    try:
        found = read(after)
    except FormError:
        found = None
    if not isinstance(place, dict) or found != _merged(expected, place, new):
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
    return all(isinstance(one, str) for one in value)
