"""An entry put into a file of sections and keys (configparser's dialect) as text: lines are only
ever added, and what comes out is read again and must be the old data with the new in it."""

from __future__ import annotations

import configparser
import re

from unify_backend.languages.insertion import at_end, insert
from unify_backend.languages.language import FormError

Sections = dict[str, dict[str, str]]


def read(text: str) -> Sections:
    """Every section with its keys and values, no interpolation. Raises FormError where it is no
    such file."""
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text)
    except configparser.Error as error:
        said = str(error).splitlines()[0]
        raise FormError(f"it cannot be read: {said}") from error
    return {name: dict(parser[name]) for name in parser.sections()}


def append_section(text: str, name: str, lines: str) -> str:
    """`text` with a new section at its end. Raises FormError where it has that one already or
    where something else would change."""
    block = f"[{name}]\n{lines}"
    after = insert(text, [(len(text), at_end(text, block))])
    return _checked(text, after, {name: read(block)[name]})


def put_under(text: str, name: str, line: str) -> str:
    """`text` with one line right below a section's header. Raises FormError likewise."""
    found = re.search(rf"^\[{re.escape(name)}\][^\n]*\n", text, re.MULTILINE)
    if found is None:
        raise FormError(f"the section [{name}] was not found")
    after = insert(text, [(found.end(), f"{line}\n")])
    return _checked(text, after, {name: read(f"[{name}]\n{line}\n")[name]})


def _checked(before: str, after: str, new: Sections) -> str:
    expected = read(before)
    for name, values in new.items():
        taken = expected.get(name, {})
        if taken.keys() & values.keys():
            raise FormError(f"[{name}] says {', '.join(sorted(taken.keys() & values.keys()))} too")
        expected[name] = {**taken, **values}
    if read(after) != expected:
        raise FormError("how it is laid out leaves no safe place for the entry")
    return after
