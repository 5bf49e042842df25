"""Where a task file describes its phases: checklist, sections, status lines, and our summaries.

Code blocks, comments and our own summaries are not looked into. Positions follow CommonMark 0.31 as
far as block structure needs it: fences as `blocks.py` reads them, comments as HTML blocks (4.6).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from unify_backend.languages.documents.code_blocks import code_blocks
from unify_backend.languages.documents.markdown import Heading, headings
from unify_backend.languages.insertion import line_end
from unify_backend.model.errors import ConfigurationError
from unify_backend.model.spans import LineIndex, Span
from unify_backend.model.status import PhaseState

BEGIN, END = "<!-- unify-backend: summary of {} -->", "<!-- unify-backend: end of {} -->"
_COMMENT = re.compile(r"^[ ]{0,3}<!--.*?(?:-->|\Z)", re.MULTILINE | re.DOTALL)
_OURS = re.compile(r"<!-- unify-backend: (?P<kind>summary|end) of (?P<id>\S[^\r\n]*?) -->")
_BOX = re.compile(
    r"^[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[(?P<mark>[ xX~/])\][ \t]+(?P<words>[^\r\n]*)",
    re.MULTILINE,
)
_STATUS = re.compile(
    r"^[ \t>]*(?:[-*+][ \t]+)?(?:\*\*|__)Status(?::(?:\*\*|__)|(?:\*\*|__):)[ \t]*"
    r"(?P<value>[^\r\n]*?)[ \t]*\r?$",
    re.IGNORECASE | re.MULTILINE,
)
_VALUE = re.compile(
    r"(?:(?P<open>`?\[)(?P<mark>[ xX~/])(?P<close>\]`?)[ \t]*)?[^\w\s`\[(*]{0,3}[ \t]*"
    r"(?:(?P<word>not started|to ?do|open|pending|planned|in progress|started|ongoing|"
    r"done|completed?|finished)(?P<day>[ \t]*\(\d{4}-\d\d-\d\d\))?(?=[ \t]*(?:$|[^\w\s])))?",
    re.IGNORECASE,
)
_WORDS = {
    PhaseState.NOT_STARTED: {"not started", "to do", "todo", "open", "pending", "planned"},
    PhaseState.IN_PROGRESS: {"in progress", "started", "ongoing"},
}
_RULE = re.compile(r"[ \t]*(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})?\r?")


@dataclass(frozen=True, slots=True)
class Box:
    """A checklist entry; `mark` is the character between its brackets."""

    mark: Span
    line: int
    ticked: bool


@dataclass(frozen=True, slots=True)
class StatusLine:
    """What stands behind `**Status:**`: `head` is the box, the word and the day, as far as they are
    there, `lead` and `tail` what is written around the box's mark ("": no box). `state` is None
    where a person wrote something else."""

    head: Span
    line: int
    state: PhaseState | None
    lead: str
    tail: str


@dataclass(frozen=True, slots=True)
class Block:
    """A summary of ours: `span` with its markers, `body` between them without the line ends."""

    span: Span
    line: int
    body: str


@dataclass(frozen=True, slots=True)
class PhasePlaces:
    """Where the file describes one phase. `section` runs from its heading to the next one of the
    same level or of another phase; at `end` more can be added to it."""

    id: str
    box: Box | None
    section: Span | None
    end: int
    status: StatusLine | None
    summary: Block | None

    @property
    def told(self) -> bool:
        """Whether the file mentions the phase."""
        return self.box is not None or self.section is not None


def read_task_file(text: str, ids: Sequence[str]) -> tuple[PhasePlaces, ...]:
    """The places of each phase, in the order of `ids`; one that the file does not know has none.

    Raises ConfigurationError where markers of ours are broken or stand twice.
    """
    index = LineIndex(text)
    code = [block.span for block in code_blocks(text)]
    comments = [
        Span(*match.span())
        for match in _COMMENT.finditer(text)
        if not any(span.start <= match.start() < span.end for span in code)
    ]
    summaries = dict(_summaries(text, comments, index))
    hidden = [*code, *comments, *(block.span for block in summaries.values())]

    def seen(pattern: re.Pattern[str]) -> list[re.Match[str]]:
        return [
            match
            for match in pattern.finditer(text)
            if not any(span.start <= match.start() < span.end for span in hidden)
        ]

    shown = [
        heading
        for heading in headings(text)
        if not heading.quoted
        and not any(part.start <= heading.span.start < part.end for part in hidden)
    ]
    boxes, statuses = seen(_BOX), seen(_STATUS)
    names = {phase: _names(phase) for phase in ids}
    owners = [_owner(heading.title, names) for heading in shown]
    reading = _Reading(text, index, shown, owners, statuses, hidden)
    phases: list[PhasePlaces] = []
    for phase in ids:
        box = next((match for match in boxes if _owner(match["words"], names) == phase), None)
        phases.append(reading.phase(phase, box, summaries.get(phase)))
    return tuple(phases)


def _names(phase: str) -> re.Pattern[str]:
    """How a heading or a checklist entry begins that is about the phase."""
    name = re.escape(phase)
    return re.compile(rf"[*_]{{0,3}}(?:[^\W\d]+[ \t]+)?{name}(?![\w-]|\.\w)", re.IGNORECASE)


def _owner(words: str, names: Mapping[str, re.Pattern[str]]) -> str | None:
    return next((phase for phase, pattern in names.items() if pattern.match(words)), None)


@dataclass(frozen=True, slots=True)
class _Reading:
    text: str
    index: LineIndex
    headings: Sequence[Heading]
    owners: Sequence[str | None]  # the phase of each heading
    statuses: Sequence[re.Match[str]]
    hidden: Sequence[Span]

    def phase(self, name: str, box: re.Match[str] | None, summary: Block | None) -> PhasePlaces:
        """Everything about the phase called `name`."""
        if name not in self.owners:
            return PhasePlaces(name, self._box(box) if box else None, None, 0, None, summary)
        first = self.owners.index(name)
        section = self._section(first)
        inside = (status for status in self.statuses if section.holds(Span(*status.span())))
        status = next(inside, None)
        return PhasePlaces(
            name,
            self._box(box) if box else None,
            section,
            self._end(section, self.headings[first].span.end),
            self._status(status) if status else None,
            summary,
        )

    def _box(self, match: re.Match[str]) -> Box:
        line = self.index.position(match.start("mark")).line
        return Box(Span(*match.span("mark")), line, match["mark"] in "xX")

    def _section(self, first: int) -> Span:
        begin, name = self.headings[first], self.owners[first]
        for heading, owner in zip(
            self.headings[first + 1 :], self.owners[first + 1 :], strict=True
        ):
            if heading.level <= begin.level or owner not in {None, name}:
                return Span(begin.span.start, heading.span.start)
        return Span(begin.span.start, len(self.text))

    def _end(self, section: Span, heading: int) -> int:
        """Behind the last line that is neither blank nor a rule; behind the heading where a code
        block or a comment reaches to the end of the file: nobody may have closed it."""
        lines = self.text[section.start : section.end].split("\n")
        while len(lines) > 1 and _RULE.fullmatch(lines[-1]):
            lines.pop()
        last = section.start + len("\n".join(lines[:-1])) + (len(lines) > 1)
        unclosed = any(span.end == len(self.text) and span.start > heading for span in self.hidden)
        return line_end(self.text, heading if unclosed else last)

    def _status(self, match: re.Match[str]) -> StatusLine:
        value = match["value"]
        value_match = _VALUE.match(value)
        assert value_match is not None  # every part of the pattern may be missing
        word, mark = (value_match["word"] or "").lower(), value_match["mark"]
        plain = not value[value_match.end() :].strip() or bool(word)
        start = match.start("value")
        return StatusLine(
            Span(start, start + len(value[: value_match.end()].rstrip())),
            self.index.position(start).line,
            _state(word, mark) if plain else None,
            value_match["open"] or "",
            value_match["close"] or "",
        )


def _state(word: str, mark: str | None) -> PhaseState:
    for state, words in _WORDS.items():
        if word in words:
            return state
    if word or (mark and mark in "xX"):
        return PhaseState.DONE
    return PhaseState.IN_PROGRESS if mark and mark in "~/" else PhaseState.NOT_STARTED


def _summaries(
    text: str, comments: Sequence[Span], index: LineIndex
) -> Iterator[tuple[str, Block]]:
    """Our blocks by the phase they are of."""
    opened: tuple[str, Span, int] | None = None
    known: set[str] = set()
    for comment in comments:
        match = _OURS.fullmatch(text[comment.start : comment.end].strip(" "))
        if match is None:
            continue
        line = index.position(comment.start).line
        name = match["id"]
        if match["kind"] == "summary":
            if opened is not None or name in known:
                raise _misplaced(
                    line, name, "begins inside another one" if opened else "stands twice"
                )
            opened = (name, comment, line)
            known.add(name)
        elif opened is None or opened[0] != name:
            raise _misplaced(line, name, "ends without a beginning")
        else:
            _, start, first = opened
            body = text[start.end : comment.start].replace("\r\n", "\n").strip("\n")
            yield name, Block(Span(start.start, comment.end), first, body)
            opened = None
    if opened is not None:
        raise _misplaced(opened[2], opened[0], "never ends")


def _misplaced(line: int, name: str, how: str) -> ConfigurationError:
    return ConfigurationError(
        f"line {line}: the summary of {name} {how}",
        "each summary stands once, between its two markers",
        "Remove the markers that are too many, or the whole summary: it is written again.",
    )
