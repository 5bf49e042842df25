"""Supervisor: programs with their commands, folders and environments; names of programs."""

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
from unify_backend.languages.supervisor.settings import programs, variables

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
                        yield place.at(stretch.span, "supervisor-key")
                case Kind.VALUE:
                    yield from _value(stretch, fragment.text)
        yield from addresses(fragment.text, fragment.hits, "supervisor-address")
        for program in programs(fragment.text) if fragment.hits else ():
            folder, command = map(program.settings.get, ("directory", "command"))
            if folder and command:
                yield from implied_between(
                    fragment, folder.place, command.place, "supervisor-command"
                )


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
        yield place.at(stretch.span, "supervisor-value")


def _environment(stretch: SectionPart, text: str) -> Iterator[SyntaxContext]:
    """`KEY="value",KEY2="value"`: each variable by its own name."""
    for name, _, span in variables(text, stretch.span):
        for hit in stretch.hits:
            if span.holds(hit):
                place = of_variable(name, text, hit)
                yield place.at(span, "supervisor-environment")
