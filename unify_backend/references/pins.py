"""Finds the place of a pinned decision by the line that holds it.

A line number would not survive the next edit, and a text alone would decide places that were not
reviewed. A pin holds the line as it was, and the number of the line among equal ones. The edits of
`rewrite` in such a line do not lose it: each name may have the old spelling or the new one, and
each decided text may have been replaced.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from unify_backend.model.globs import Globs
from unify_backend.model.references import Action
from unify_backend.model.settings import Decision, Settings
from unify_backend.model.spans import LineIndex, Span
from unify_backend.names.table import AFTER, NameTable, Occurrence, joint_of

CUT = "…"  # marks the cut end of a line that is too long to be recorded
_LONGEST = 200  # characters of a line that are recorded whole
_AROUND = 60  # characters on each side of the text that are recorded of a longer one
_BLANK = " \t\r"
_SPECIAL = frozenset("*?[")


class State(Enum):
    """The state of the text at the place of a decision."""

    OPEN = "open"  # the text that was decided about
    WRITTEN = "written"  # what it becomes by the decision
    RENAMED = "renamed"  # another spelling of the same


@dataclass(frozen=True, slots=True)
class Place:
    """Where a decision's line is, and what stands there at its column."""

    span: Span
    state: State


@dataclass(frozen=True, slots=True)
class _File:
    """The pinned decisions that are about one text."""

    at: Mapping[Span, Sequence[tuple[Decision, State]]]
    written: Sequence[tuple[Span, Decision]]


class Pins:
    """The pinned decisions of a configuration, looked up file by file."""

    def __init__(self, settings: Settings) -> None:
        pinned = [decision for decision in settings.decisions if decision.line is not None]
        self._plain: dict[str, list[Decision]] = defaultdict(list)  # by path, where it is no glob
        for decision in pinned:
            if not _SPECIAL.intersection(decision.path):
                self._plain[decision.path].append(decision)
        self._globs = [
            (Globs([decision.path]), decision)
            for decision in pinned
            if _SPECIAL.intersection(decision.path)
        ]
        self._also = settings.also
        self._names = NameTable(settings.moves) if pinned else None
        self._last: tuple[str, str, _File] = ("", "", _File({}, ()))

    def at(
        self, path: str, text: str, span: Span, form: str | None
    ) -> tuple[Decision, State] | None:
        """The decision about the reference at `span`, of the file's whole `text`, and whether it
        has been carried out there. `form` is None where it is not known."""
        if self._names is None:
            return None
        if self._last[0] != path or self._last[1] is not text:
            self._last = (path, text, self._read(path, text))
        file = self._last[2]
        for decision, state in file.at.get(span, ()):
            if form is None or decision.form in {None, form}:
                return decision, state
        for place, decision in file.written:
            if place.holds(span):
                return decision, State.WRITTEN  # the new text holds a name: that was decided too
        return None

    def of(self, decision: Decision, path: str, text: str) -> Sequence[Place]:
        """The places in a file that a pinned decision is about: one, or none where it is gone or
        cannot be told from others any more."""
        places = self.all_places(decision, path, text)
        if decision.of is not None and len(places) != decision.of:
            return ()
        if decision.occurrence is None:
            return places
        return places[decision.occurrence - 1 : decision.occurrence]

    def all_places(self, decision: Decision, path: str, text: str) -> Sequence[Place]:
        """Every line of the file that reads as the decision says, in their order."""
        assert self._names is not None
        return tuple(_places(decision, text, _Variants(self._names, self._for(path), self._also)))

    def numbered(self, decision: Decision, path: str, text: str, span: Span) -> Decision | None:
        """`decision` with the number of its line, so that it is about the reference at `span` of
        the file's `text` and no other; None where its line cannot say that."""
        places = self.all_places(decision, path, text)
        for number, place in enumerate(places, 1):
            if place.span == span:
                return replace(decision, occurrence=number, of=len(places))
        return None

    def _for(self, path: str) -> Sequence[Decision]:
        globbed = [decision for globs, decision in self._globs if globs.match(path)]
        return [*self._plain.get(path, ()), *globbed]

    def _read(self, path: str, text: str) -> _File:
        pinned: dict[Span, list[tuple[Decision, State]]] = defaultdict(list)
        for decision in self._for(path):
            for place in self.of(decision, path, text):
                if place.state is not State.RENAMED:
                    pinned[place.span].append((decision, place.state))
        written = [
            (span, decision)
            for span, pairs in pinned.items()
            for decision, state in pairs
            if state is State.WRITTEN
        ]
        return _File(pinned, written)


def line_around(text: str, span: Span) -> tuple[str, int | None]:
    """The line that holds `span`, as a pin writes it down, and the column of the text in it where
    the text stands in it more than once. A span over several lines has them all."""
    index = LineIndex(text)
    first, last = index.position(span.start).line, index.position(span.end).line
    begin, end = index.line_span(first).start, index.line_span(last).end
    end = max(end, span.end)
    begin, end = _stripped(text, Span(begin, end), span)
    lead = tail = ""
    if end - begin > _LONGEST:
        low, high = max(begin, span.start - _AROUND), min(end, span.end + _AROUND)
        lead, tail = CUT if low > begin else "", CUT if high < end else ""
        begin, end = low, high
    # Bytes that are no text cannot be written into a configuration.
    if bad := [n for n in range(begin, span.start) if _is_byte(text[n])]:
        begin, lead = bad[-1] + 1, CUT
    if bad := [n for n in range(span.end, end) if _is_byte(text[n])]:
        end, tail = bad[0], CUT
    line = _lines(lead + text[begin:end] + tail)
    own = _lines(text[span.start : span.end])
    column = len(_lines(lead + text[begin : span.start])) + 1
    return line, column if line.find(own, line.find(own) + 1) >= 0 else None


def _stripped(text: str, line: Span, protected: Span) -> tuple[int, int]:
    begin, end = line.start, line.end
    while begin < protected.start and text[begin] in _BLANK:
        begin += 1
    while end > protected.end and text[end - 1] in _BLANK:
        end -= 1
    return begin, end


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")


def _is_byte(letter: str) -> bool:
    return "\ud800" <= letter <= "\udfff"


class _Variants:
    """How a part of a line may be written, before and after `rewrite`."""

    def __init__(
        self, names: NameTable, decisions: Iterable[Decision], also: Iterable[tuple[str, str]]
    ) -> None:
        self._names = names
        self._becomes: dict[str, dict[str, None]] = {}
        for old, new in also:
            self._becomes.setdefault(old, {})[new] = None
        for decision in decisions:
            if (
                decision.text
                and decision.line
                and decision.replacement
                and decision.action is Action.REWRITE
            ):
                self._becomes.setdefault(_lines(decision.text), {})[
                    _lines(decision.replacement)
                ] = None
        texts = sorted(self._becomes, key=len, reverse=True)
        self._texts = re.compile("|".join(map(re.escape, texts))) if texts else None

    def pattern(self, line: str, own: Span) -> str:
        """A regular expression for `line` in which the text at `own` is the group `own`."""
        hits = self._names.scan(line)
        inner = self._alternatives(line, own, hits)
        before = self._around(line, Span(0, own.start), hits)
        after = self._around(line, Span(own.end, len(line)), hits)
        return f"{before}(?P<own>{'|'.join(inner)}){after}"

    def _alternatives(self, line: str, own: Span, hits: Sequence[Occurrence]) -> list[str]:
        becomes = self._becomes.get(line[own.start : own.end], {})
        longest = sorted(becomes, key=len, reverse=True)
        return [*map(_escape, longest), self._named(line, own, hits)]

    def _around(self, line: str, part: Span, hits: Sequence[Occurrence]) -> str:
        out, at = "", part.start
        matches = self._texts.finditer(line, part.start, part.end) if self._texts else ()
        for match in matches:
            out += self._named(line, Span(at, match.start()), hits)
            out += f"(?:{'|'.join(self._alternatives(line, Span(*match.span()), hits))})"
            at = match.end()
        return out + self._named(line, Span(at, part.end), hits)

    def _named(self, line: str, part: Span, hits: Sequence[Occurrence]) -> str:
        """The part with each name in it written as either of the two."""
        out, at = "", part.start
        for hit in hits:
            if hit.span.start < at or not part.holds(hit.span):
                continue
            written = line[hit.span.start : hit.span.end]
            before, after = line[: hit.span.start][-1:], line[hit.span.end :][:AFTER]
            joints = (joint_of(hit.spelling, written, before, after), ".", "/")
            others = dict.fromkeys([written, *(joint.join(hit.spelling.other) for joint in joints)])
            longest = sorted(others, key=len, reverse=True)
            out += _escape(line[at : hit.span.start])
            out += f"(?:{'|'.join(map(_escape, longest))})"
            at = hit.span.end
        return out + _escape(line[at : part.end])


def _escape(text: str) -> str:
    return re.escape(text).replace("\\\n", "\r?\n")


def _places(decision: Decision, text: str, variants: _Variants) -> Iterator[Place]:
    if decision.text is None or decision.line is None:
        return
    line, own = decision.line, _lines(decision.text)
    column = line.find(own) if decision.column is None else decision.column - 1
    begins, ends = not line.startswith(CUT), not line.endswith(CUT)
    if not begins:
        line, column = line[1:], column - 1
    if not ends:
        line = line[:-1]
    if column < 0 or not line.startswith(own, column):
        return
    pattern = variants.pattern(line, Span(column, column + len(own)))
    tail = rf"(?=[{_BLANK}]*(?:\n|\Z))" if ends else ""
    lead = f"[{_BLANK}]*" if begins else ""
    matches = _matches(re.compile(f"{lead}{pattern}{tail}"), text, begins)
    for span, written in dict.fromkeys(matches):
        yield Place(span, _state(decision, _lines(written)))


def _matches(search: re.Pattern[str], text: str, begins: bool) -> Iterator[tuple[Span, str]]:
    """Where the line is found, at the beginning of a line or anywhere. Cut lines may overlap."""
    at = 0
    while 0 <= at <= len(text):
        match = search.match(text, at) if begins else search.search(text, at)
        if match:
            yield Span(*match.span("own")), match["own"]
        following = match.start() + 1 if match else -1
        at = text.find("\n", at) + 1 or -1 if begins else following


def _state(decision: Decision, written: str) -> State:
    if written == _lines(decision.text or ""):
        return State.OPEN
    if decision.action is Action.REWRITE and written == _lines(decision.replacement or ""):
        return State.WRITTEN
    return State.RENAMED
