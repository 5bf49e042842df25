"""A TOML document edited in place, and proven: what comes out reads as what was meant."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any

from unify_backend.languages.data.toml_parser import Table, toml_data
from unify_backend.languages.language import FormError
from unify_backend.model.spans import Edit, Span

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


def edited(text: str, change: Callable[[TOMLDocument], None]) -> Edit | None:
    """The one edit, as small as can be, that makes of the TOML `text` what `change` makes of the
    parsed document; None where it changes nothing.

    Raises FormError where the text is no TOML, where the change cannot be made, or
    where the edited text would not read as the changed document.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    toml_data(text)
    try:
        document = tomlkit.parse(text)
    except (TOMLKitError, RecursionError) as error:
        raise FormError(f"not TOML: {error}") from error
    change(document)
    after = tomlkit.dumps(document)
    if "\r\n" in text:
        after = after.replace("\r\n", "\n").replace("\n", "\r\n")
    edit = _difference(text, after)
    if edit is not None and not _reads_as(after, document.unwrap()):
        raise FormError("how it is laid out leaves no safe place for the change")
    return edit


def _reads_as(text: str, data: Table) -> bool:
    try:
        return toml_data(text) == data
    except FormError:
        return False


def at(data: Any, *keys: str) -> Any:
    """The value under a path of keys, or None."""
    for key in keys:
        if not isinstance(data, dict) or key not in data:
            return None
        data = data[key]
    return data


def texts(value: Any) -> list[str]:
    """The strings of a list, or the one string; empty for anything else."""
    elements = value if isinstance(value, list) else [value]
    return [element for element in elements if isinstance(element, str)]


def entries(value: Any) -> Table:
    """A table; empty for anything else."""
    return value if isinstance(value, dict) else {}


def table(document: TOMLDocument, *keys: str) -> Any:
    """The table under a path of keys; what is missing is made.

    Raises FormError where a key on the way holds something else.
    """
    import tomlkit

    place: Any = document
    for n, key in enumerate(keys):
        if not isinstance(place, MutableMapping):
            raise FormError(f"{'.'.join(keys[:n])} is no table")
        if key not in place:
            place[key] = tomlkit.table(is_super_table=n < len(keys) - 1)
        place = place[key]
    if not isinstance(place, MutableMapping):
        raise FormError(f"{'.'.join(keys)} is no table")
    return place


def append(place: MutableMapping[str, Any], key: str, new: Sequence[str]) -> None:
    """Adds strings to the list under a key, which is made where it is missing.

    Raises FormError where something else is there.
    """
    if not new:
        return
    if key not in place:
        place[key] = list(new)
    elif isinstance(place[key], list):
        place[key].extend(new)
    else:
        raise FormError(f"{key} is no list")


def replace_items(place: MutableMapping[str, Any], key: str, wanted: Sequence[str]) -> None:
    """Makes a list hold just what is wanted, in place, so that its layout and comments stay; an
    item may be written with slashes around it.

    Raises FormError where something else is there.
    """
    listed = place[key]
    if not isinstance(listed, list):
        raise FormError(f"{key} is no list")

    def known(entry: object) -> str:
        return str(entry).strip("/")

    names = {known(entry) for entry in wanted}
    stale = [n for n, entry in enumerate(listed) if known(entry) not in names]
    there = {known(entry) for entry in listed}
    new = [entry for entry in wanted if known(entry) not in there]
    for n, entry in zip(stale, new, strict=False):
        listed[n] = entry  # replaces a stale entry, so that the comment beside it stays
    for n in reversed(stale[len(new) :]):
        del listed[n]
    listed.extend(new[len(stale) :])


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
