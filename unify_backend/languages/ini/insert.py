"""An entry put into a file of sections and keys (configparser's dialect) as text: lines are only
ever added, and what comes out is read again and must be the old data with the new in it."""

from __future__ import annotations

from unify_backend.languages.data.ini_parser import parse_ini
from unify_backend.languages.data.tree import StatementKind
from unify_backend.languages.data.values import ini_sections
from unify_backend.languages.insertion import at_end, insert
from unify_backend.languages.language import FormError

Sections = dict[str, dict[str, str | None]]


def append_section(text: str, name: str, lines: str) -> str:
    """`text` with a new section at its end. Raises FormError where it has that one already or
    where something else would change."""
    block = f"[{name}]\n{lines}"
    after = insert(text, [(len(text), at_end(text, block))])
    return _checked(text, after, {name: ini_sections(block)[name]})


def put_under(text: str, name: str, line: str) -> str:
    """`text` with one line right below a section's header. Raises FormError likewise."""
    headers = [
        statement.span.end
        for statement in parse_ini(text).statements
        if statement.kind is StatementKind.HEADER and statement.section == name
    ]
    if not headers or not text[: headers[0]].endswith("\n"):
        raise FormError(f"the section [{name}] was not found")
    after = insert(text, [(headers[0], f"{line}\n")])
    return _checked(text, after, {name: ini_sections(f"[{name}]\n{line}\n")[name]})


def _checked(before: str, after: str, new: Sections) -> str:
    expected = ini_sections(before)
    for name, values in new.items():
        taken = expected.get(name, {})
        if taken.keys() & values.keys():
            raise FormError(f"[{name}] says {', '.join(sorted(taken.keys() & values.keys()))} too")
        expected[name] = {**taken, **values}
    if ini_sections(after) != expected:
        raise FormError("how it is laid out leaves no safe place for the entry")
    return after
