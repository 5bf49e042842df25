"""An entry put into a file of sections and keys (configparser's dialect) as text: lines are only
ever added, and what comes out is read again and must be the old data with the new in it."""

from __future__ import annotations

from unify_backend.languages.data.ini_parser import parse_ini
from unify_backend.languages.data.tree import StatementKind
from unify_backend.languages.data.values import ini_sections
from unify_backend.languages.insertion import Entry, Shape, at_end, put_in
from unify_backend.languages.language import FormError
from unify_backend.model.spans import Edit, splice


def insert_ini(text: str, entry: Entry) -> Edit:
    """The edit that puts keys right below a section's header, or in a new section at the end.
    Raises FormError where the section has one of them, or something else would change."""
    if entry.shape is not Shape.KEYS or len(entry.path) != 1:
        raise FormError("only keys of sections can be added")
    (name,), block = entry.path, f"[{entry.path[0]}]\n{entry.lines}"
    header = next(
        (
            statement.span.end
            for statement in parse_ini(text).statements
            if statement.kind is StatementKind.HEADER and statement.section == name
        ),
        None,
    )
    expected, new = ini_sections(text), ini_sections(block)[name]
    taken = expected.get(name, {})
    if taken.keys() & new.keys():
        raise FormError(f"[{name}] says {', '.join(sorted(taken.keys() & new.keys()))} too")
    edit = at_end(text, block) if header is None else put_in(text, header, entry.lines)
    if ini_sections(splice(text, [edit])) != expected | {name: {**taken, **new}}:
        raise FormError("how it is laid out leaves no safe place for the entry")
    return edit
