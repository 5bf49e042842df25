"""A TOML document edited in place, and proven: what comes out reads as what was meant."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from unify_backend.model.spans import Edit, Span
from unify_backend.model.zones import FormError

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

Table = dict[str, Any]


def edited(text: str, change: Callable[[TOMLDocument], None]) -> Edit | None:
    """The one edit, as small as can be, that makes of the TOML `text` what `change` makes of the
    parsed document; None where it changes nothing.

    Raises FormError where the text is no TOML, or where the edited text would not read as the
    changed document.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        tomllib.loads(text)
        document = tomlkit.parse(text)
    except (tomllib.TOMLDecodeError, TOMLKitError, RecursionError) as error:
        raise FormError(f"it is not TOML: {error}") from error
    change(document)
    after = tomlkit.dumps(document)
    if "\r\n" in text:
        after = after.replace("\r\n", "\n").replace("\n", "\r\n")
    edit = _difference(text, after)
    if edit is not None:
        try:
            read = tomllib.loads(after)
        except tomllib.TOMLDecodeError:
            read = None
        if read != document.unwrap():
            raise FormError("how it is laid out leaves no safe place for the change")
    return edit


def at(data: Any, *keys: str) -> Any:
    """What lies under a path of keys, or None."""
    for key in keys:
        if not isinstance(data, dict) or key not in data:
            return None
        data = data[key]
    return data


def table(document: TOMLDocument, *keys: str) -> Any:
    """The table under a path of keys; what is missing is made."""
    import tomlkit

    place: Any = document
    for n, key in enumerate(keys):
        if key not in place:
            place[key] = tomlkit.table(is_super_table=n < len(keys) - 1)
        place = place[key]
    return place


def _difference(before: str, after: str) -> Edit | None:
    """The one edit that turns `before` into `after`, as small as a prefix and suffix make it."""
    if before == after:
        return None
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    room = min(len(before), len(after)) - start
    while end < room and before[len(before) - 1 - end] == after[len(after) - 1 - end]:
        end += 1
    return Edit(Span(start, len(before) - end), after[start : len(after) - end])
