"""Supervisor: programs with their commands, folders and environments; names of programs."""

import re
from collections.abc import Iterator

from unify_backend.languages.data.sections import Kind, SectionPart, stretches, whole_command
from unify_backend.languages.key_values import (
    Place,
    addresses,
    continues,
    key_itself,
    of_key,
    of_variable,
)
from unify_backend.languages.language import ContextKind, Fragment, SplitReference, SyntaxContext
from unify_backend.languages.scripts.implied_paths import implied_between
from unify_backend.model.spans import Span

_NAMES = {
    "programs": "a program's name",
    "process_name": "a process's name",
    "identifier": "a name of this supervisor",
    "user": "a user's name",
    "username": "a user's name",
    "chown": "a user's name",
    "events": "an event's name",
    "prompt": "a prompt",
}
_PATHS = frozenset(
    "directory files file childlogdir history_file logfile stdout_logfile stderr_logfile".split()
)
_SECTION = re.compile(r"^\[[^\n]*\n(?:(?!\[)[^\n]*(?:\n|\Z))*", re.MULTILINE)
_FOLDER = re.compile(r"^directory[ \t]*=[ \t]*(?P<path>[^\r\n;]*?)[ \t]*(?:;|\r?$)", re.MULTILINE)
_COMMAND = re.compile(r"^command[ \t]*=[ \t]*(?P<value>[^\n]*(?:\n[ \t]+[^\n]*)*)", re.MULTILINE)
_VARIABLE = re.compile(r"(?:^|,)\s*(?P<name>\w+)=(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[^,\n]*)")


class SupervisorReferences:
    """Sections with one command each, in the lines of an INI file."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext | SplitReference]:
        """Zones around every hit; never raises."""
        for stretch in stretches(fragment.text, fragment.hits):
            match stretch.kind:
                case Kind.COMMENT:
                    yield SyntaxContext(stretch.span, "supervisor-comment", ContextKind.COMMENT)
                case Kind.SECTION:
                    note = "a program's or a group's name"
                    yield SyntaxContext(
                        stretch.span, "supervisor-section", ContextKind.LABEL, note=note
                    )
                case Kind.KEY:
                    for hit in stretch.hits:
                        place = key_itself(fragment.text, hit)
                        yield SyntaxContext(
                            stretch.span, "supervisor-key", place.context, note=place.note
                        )
                case Kind.VALUE:
                    yield from _value(stretch, fragment.text)
        yield from addresses(fragment.text, fragment.hits, "supervisor-address")
        yield from _implied(fragment)


def _implied(fragment: Fragment) -> Iterator[SplitReference]:
    """What a program's command says from the folder in which it runs."""
    for section in _SECTION.finditer(fragment.text):
        folder = _FOLDER.search(fragment.text, *section.span())
        command = _COMMAND.search(fragment.text, *section.span())
        if folder and command:
            place, code = Span(*folder.span("path")), Span(*command.span("value"))
            yield from implied_between(fragment, place, code, "supervisor-command")


def _value(stretch: SectionPart, text: str) -> Iterator[SyntaxContext]:
    key = stretch.key.lower()
    if key == "command":
        span = whole_command(text, stretch)
        yield SyntaxContext(span, "supervisor-command", ContextKind.COMMAND, "shell")
        return
    if key == "environment":
        yield from _environment(stretch, text)
        return
    for hit in stretch.hits:
        place = of_key(key, text, hit)
        if key in _NAMES and not continues(text, hit):
            place = Place(ContextKind.LABEL, _NAMES[key])
        elif key in _PATHS:
            place = Place(ContextKind.PATH_VALUE)
        elif key.endswith("_factory"):
            place = Place(ContextKind.MODULE_VALUE)
        yield SyntaxContext(stretch.span, "supervisor-value", place.context, note=place.note)


def _environment(stretch: SectionPart, text: str) -> Iterator[SyntaxContext]:
    """`KEY="value",KEY2="value"`: each variable by its own name."""
    for entry in _VARIABLE.finditer(text[stretch.span.start : stretch.span.end]):
        span = Span(*entry.span("value")).shift(stretch.span.start)
        for hit in stretch.hits:
            if span.holds(hit):
                place = of_variable(entry["name"], text, hit)
                yield SyntaxContext(span, "supervisor-environment", place.context, note=place.note)
