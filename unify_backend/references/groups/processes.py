"""A command that starts a process, and the pattern by which something else finds or kills it.

A pattern is matched as the program would, today and after the rename, against every command that it
finds today: those of its own file, else those of all files that something runs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from unify_backend.languages.python.subprocesses import (
    SEARCHES,
    STARTS,
    ProcessPattern,
    commands_of,
    needles_of,
)
from unify_backend.languages.registry import answer
from unify_backend.languages.scripts.process_patterns import (
    MAY_SEARCH,
    Search,
    is_called_pattern,
    matches,
    search_beside,
    search_of,
    starts_beside,
    starts_process,
)
from unify_backend.languages.scripts.script_commands import ScriptCommand, commands_beside
from unify_backend.languages.scripts.variable_uses import VariableUse
from unify_backend.model.evidence import Evidence, NameKind
from unify_backend.model.references import Area, Reference
from unify_backend.model.spans import Span
from unify_backend.references.decision import is_doubtful
from unify_backend.references.groups.links import Kind, Link, ReferenceTexts, future, read_as

# In front of what an assignment may hold: on its line, or where its quotes or brackets began
_SETS = re.compile(r"(?i)(?:=|\b(?:env|arg|setx)\b)[^\n]*$|=[ \t]*(?:\"[^\"]*|'[^']*|\([^()]*)$")
_NEAR = 600  # characters


@dataclass(frozen=True, slots=True)
class _Finder:
    """A reference that is (part of) a pattern; `lowered` where the command line is lower-cased."""

    n: int
    search: Search
    lowered: bool = False


@dataclass(frozen=True, slots=True)
class _Started:
    """The commands that a pattern finds, and what they become."""

    starts: tuple[int, ...]
    later: frozenset[str]


def find(sites: ReferenceTexts) -> Iterator[Link]:
    """Links from each pattern to each command that it finds; where a file repeats a pattern, its
    first occurrence is linked to all."""
    places = _Places(sites)
    for finder in places.finders(sites.executed):
        yield from _links(sites, places, finder, follows=sites.spoken(finder.n))
    for finder in places.finders(sites.told):
        yield from _links(sites, places, finder, follows=True)


class _Places:
    """Commands and patterns; the commands of other files are looked for only when asked."""

    def __init__(self, sites: ReferenceTexts) -> None:
        self._sites = sites
        self._found: dict[tuple[str, str, Search], _Started] = {}
        self._assigned: dict[str, list[VariableUse]] = {}
        self._may: dict[str, bool] = {}
        self._started: dict[int, bool] = {}
        self._searches: dict[int, Search | None] = {}
        self._needles: dict[str, tuple[ProcessPattern, ...]] = {}
        self._commands: dict[str, tuple[Span, ...]] = {}

    def finders(self, among: tuple[int, ...]) -> Iterator[_Finder]:
        for n in among:
            reference = self._sites.references[n]
            if reference.kind is NameKind.LOOKALIKE or not self._sites.known(n):
                continue
            if search := self._searched(n):
                yield _Finder(n, search)
            elif needle := self._needle(reference):
                yield _Finder(n, needle.search, needle.lowered)

    def _searched(self, n: int) -> Search | None:
        if n not in self._searches:
            self._searches[n] = self._search_at(n)
        return self._searches[n]

    def _search_at(self, n: int) -> Search | None:
        """How what stands at a reference is looked for, there or where a variable holds it."""
        search = None
        if may_search := self._may_search(self._sites.references[n].path):
            known = self._sites.command(n)
            search = search_of(*known) if known else search_beside(*self._sites.line(n))
        if search is None and is_called_pattern(self._sites.before(n)):
            return Search.TEXT
        for use in self._uses(n) if search is None and may_search else ():
            search = search or (search_of(*use) if use else None)
        return search

    def _may_search(self, path: str) -> bool:
        if path not in self._may:
            self._may[path] = MAY_SEARCH.search(self._sites.text(path)) is not None
        return self._may[path]

    def found_by(self, finder: _Finder) -> tuple[_Started, bool]:
        """The commands that the pattern finds today, of its own file if there are any; and whether
        the file asked for the same before."""
        reference = self._sites.references[finder.n]
        key = reference.path, reference.text, finder.search
        again = key in self._found
        if not again:
            starts = self._search(reference, finder.search)
            later = frozenset(future(self._sites.references[n]) for n in starts)
            self._found[key] = _Started(tuple(starts), later)
        return self._found[key], again

    def _search(self, pattern: Reference, search: Search) -> list[int]:
        def finds(n: int) -> bool:
            return matches(search, pattern.text, self._sites.references[n].text)

        near = self._of_file[pattern.path]
        if starts := [n for n in near if finds(n) and self._is_start(n)]:
            return starts
        far = [n for n in self._outside if finds(n) and self._is_start(n)]
        # The processes of a package that starts itself are coupled within the package only.
        outside = [n for n in far if self._sites.references[n].area is not Area.BACKEND]
        return outside or far

    @cached_property
    def _of_file(self) -> dict[str, list[int]]:
        by_path: dict[str, list[int]] = defaultdict(list)
        for n in (*self._sites.executed, *self._sites.told):
            by_path[self._sites.references[n].path].append(n)
        return by_path

    @cached_property
    def _outside(self) -> list[int]:
        """All but a container's own command, whose processes do not run beside the others."""
        references = self._sites.references
        return [n for n in self._sites.executed if not read_as(references[n], "dockerfile")]

    def _is_start(self, n: int) -> bool:
        if n not in self._started:
            self._started[n] = self._starts(n)
        return self._started[n]

    def _starts(self, n: int) -> bool:
        reference = self._sites.references[n]
        if (
            reference.kind is NameKind.LOOKALIKE
            or not self._sites.known(n)
            or self._sites.spoken(n)
        ):
            return False
        if self._searched(n) or self._needle(reference):
            return False
        if reference.evidence is Evidence.STARTED_COMMAND:
            return True
        known = self._sites.command(n)
        if starts_process(*known) if known else starts_beside(*self._sites.line(n)):
            return True
        if any(use is None or starts_process(*use) for use in self._uses(n)):
            return True
        return any(span.holds(reference.span) for span in self._run(reference))

    def _needle(self, reference: Reference) -> ProcessPattern | None:
        if not read_as(reference, "python"):
            return None
        if reference.path not in self._needles:
            known = SEARCHES.search(self._sites.text(reference.path))
            flows = self._sites.flows(reference.path) if known else None
            self._needles[reference.path] = needles_of(flows) if flows else ()
        return next(
            (
                needle
                for needle in self._needles[reference.path]
                if needle.span.holds(reference.span)
            ),
            None,
        )

    def _run(self, reference: Reference) -> tuple[Span, ...]:
        if not read_as(reference, "python"):
            return ()
        if reference.path not in self._commands:
            known = STARTS.search(self._sites.text(reference.path))
            flows = self._sites.flows(reference.path) if known else None
            self._commands[reference.path] = commands_of(flows) if flows else ()
        return self._commands[reference.path]

    def _may_be_held(self, n: int) -> bool:
        """Whether an assignment may hold the name: what sets variables is read only then."""
        reference = self._sites.references[n]
        language = next(iter(reference.languages), "")
        if language and answer(language, "variables") is None:
            return False
        near = self._sites.text(reference.path)[max(0, reference.span.start - _NEAR) :]
        return _SETS.search(near[: min(_NEAR, reference.span.start)]) is not None

    def _uses(self, n: int) -> Iterator[tuple[ScriptCommand, Span] | None]:
        """The command at each use of the variable that holds the name, with the place of the use;
        None where the variable is the command."""
        reference = self._sites.references[n]
        if read_as(reference, "python", "json", "yaml") or not self._may_be_held(n):
            return
        path, end = reference.path, reference.span.end
        uses = self._sites.variables(path).values()
        if path not in self._assigned:
            self._assigned[path] = [use for use in uses if use.held]
        for setter in self._assigned[path]:
            if setter.held and setter.held.holds(reference.span):
                for use in uses:
                    if use.name == setter.name and not use.sets and use.span.start > end:
                        yield from self._used(n, use.span)

    def _used(self, n: int, span: Span) -> Iterator[tuple[ScriptCommand, Span] | None]:
        known = self._sites.command_at(n, span)
        if known is None:
            text = self._sites.text(self._sites.references[n].path)
            start = text.rfind("\n", 0, span.start) + 1
            line = text[start:].split("\n", 1)[0]
            place = span.shift(-start)
            yield from ((command, place) for command in commands_beside(line, place))
        elif known[0].number(known[1]) == 0 and not known[0].prefixes:
            yield None
        else:
            yield known


def _links(
    sites: ReferenceTexts, places: _Places, finder: _Finder, follows: bool
) -> Iterator[Link]:
    matched, again = places.found_by(finder)
    pattern = sites.references[finder.n]
    ways = [future(pattern)]
    if is_doubtful(pattern):
        ways += _spellings(sites, finder)
    proposal = next((w for w in ways if all(_meets(finder, w, c) for c in matched.later)), None)
    # A bare name that finds all commands of the package in other files: no spelling of it finds
    # them all after the rename, and they must not wait for it. Only the name needs review.
    lost = proposal is None and is_doubtful(pattern)
    for n in matched.starts[:1] if again else matched.starts:
        apart = lost and sites.references[n].path != pattern.path
        fits = proposal is not None or _meets(finder, ways[0], future(sites.references[n]))
        yield Link(finder.n, n, fits, proposal, follows or apart)


def _meets(finder: _Finder, pattern: str, command: str) -> bool:
    if finder.lowered and pattern != pattern.lower():
        return False
    return matches(finder.search, pattern, command)


def _spellings(sites: ReferenceTexts, finder: _Finder) -> list[str]:
    """The new name alone, joined in the ways in which a command line can hold it."""
    n, pattern = finder.n, sites.references[finder.n]
    if pattern.replacement is None or re.search(r"[/\\.]", pattern.text):
        return []
    parts = re.split(r"[/\\.]", pattern.replacement)
    escaped = sites.escapes(n)
    wild = ["?"] if finder.search is Search.WILDCARD else []
    return [joint.join(parts) for joint in (".", "/", "\\\\" if escaped else "\\", *wild)]


PROCESS = Kind("process", "a command and the pattern that finds its process", find)
