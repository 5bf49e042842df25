"""A window's title where a process is started, and the filter that finds the window by it."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from unify_backend.languages.scripts.script_commands import (
    ScriptCommand,
    commands_beside,
    literal_around,
)
from unify_backend.languages.scripts.window_titles import (
    filtered_title,
    may_seek,
    title_given,
    title_sought,
)
from unify_backend.model.spans import Span
from unify_backend.references.groups.links import Kind, Link, ReferenceTexts, future


def find(sites: ReferenceTexts) -> Iterator[Link]:
    """Links from each filter to each title that it matches."""
    # Whether a place is still there is asked last: for a look-alike its file has to be read again.
    paths = {sites.references[n].path for n in sites.executed}
    seeking = {path for path in paths if may_seek(sites.text(path))}
    sought: list[tuple[int, str, str]] = []
    for n in sites.executed if seeking else ():
        if sites.references[n].path not in seeking or not sites.known(n):
            continue
        if titles := _sought(sites, n):
            sought.append((n, *titles))
    for n in sites.executed if sought else ():
        if sites.known(n) and (titles := _given(sites, n)):
            title, renamed = titles
            for seeker, pattern, later in sought:
                if seeker != n and _matches(title, pattern):
                    yield Link(seeker, n, _matches(renamed, later), None, sites.spoken(seeker))


def _sought(sites: ReferenceTexts, n: int) -> tuple[str, str] | None:
    """The pattern of the title that is sought where the reference stands, as it is and as it
    becomes."""
    for command, span in _commands(sites, n):
        if place_and_rest := title_sought(command, span):
            place, around = place_and_rest
            return _whole(sites, n, command.text, place, span, around)
    line, span = sites.line(n)
    literal = literal_around(line, span)
    title = filtered_title(literal.text, literal.start) if literal else None
    return _whole(sites, n, line, title, span) if title else None


def _given(sites: ReferenceTexts, n: int) -> tuple[str, str] | None:
    for command, span in _commands(sites, n):
        if place := title_given(command, span):
            return _whole(sites, n, command.text, place, span)
    return None


def _commands(sites: ReferenceTexts, n: int) -> Iterator[tuple[ScriptCommand, Span]]:
    """The command that holds the reference, or those that its line may hold."""
    if known := sites.command(n):
        yield known
        return
    line, span = sites.line(n)
    yield from ((command, span) for command in commands_beside(line, span))


def _whole(
    sites: ReferenceTexts, n: int, text: str, place: Span, span: Span, around: str = ""
) -> tuple[str, str]:
    """The title around the reference, as it is and as it becomes."""
    reference = sites.references[n]
    lead, rest = text[place.start : span.start].lstrip(), text[span.end : place.end].rstrip(" \\")
    names = (reference.text, future(reference))
    now, later = (f"{around}{lead}{name}{rest}{around}" for name in names)
    return now, later


def _matches(title: str, pattern: str) -> bool:
    return fnmatchcase(title.lower(), pattern.lower().replace("[", "[[]"))


TITLE = Kind("window title", "a window's title and the filter that finds it", find)
