"""A task file brought up to date: ticks, status lines, and summaries between markers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unify_backend.languages.insertion import line_end
from unify_backend.languages.markdown.task_list import (
    BEGIN,
    END,
    PhasePlaces,
    StatusLine,
    read_task_file,
)
from unify_backend.model.spans import Edit, LineIndex, Span, splice
from unify_backend.model.status import PhaseState, TouchedPlace

_MARKS = {PhaseState.NOT_STARTED: " ", PhaseState.IN_PROGRESS: "~", PhaseState.DONE: "x"}


@dataclass(frozen=True, slots=True)
class Entry:
    """What the file is to say of a phase. `summary` is Markdown without a line end at its end, None
    where the file gets none and keeps the one it has."""

    id: str
    state: PhaseState
    summary: str | None = None


@dataclass(frozen=True, slots=True)
class UpdatedText:
    """The new text, and what was touched, by line."""

    text: str
    touched: tuple[TouchedPlace, ...]


def update_task_file(text: str, entries: Sequence[Entry], day: str) -> UpdatedText:
    """`text` with every phase at least as far as `entries` say; every other character stays.

    A phase only ever moves forward: what a person ticked or called done is left as it is. `day`
    (ISO 8601) is written beside a state that is new. Twice is once.

    Raises ConfigurationError where markers of ours are broken or stand twice.
    """
    places = read_task_file(text, [entry.id for entry in entries])
    crossed = "X" if any(text[b.mark.start] == "X" for p in places if (b := p.box)) else "x"
    index = LineIndex(text)
    changes: list[tuple[Edit, TouchedPlace]] = []
    for entry, place in zip(entries, places, strict=True):
        box, status = place.box, place.status
        if box and not box.ticked and entry.state is PhaseState.DONE:
            touched = TouchedPlace(box.line, f"phase {entry.id} ticked")
            changes.append((Edit(box.mark, crossed), touched))
        if status and status.state and status.state.rank < entry.state.rank:
            edit = Edit(status.head, _value(status, entry.state, day))
            changes.append(
                (edit, TouchedPlace(status.line, f"phase {entry.id}: {entry.state.value}"))
            )
        if entry.summary is not None:
            changes += _summary(text, index, place, entry.summary)
    return UpdatedText(
        splice(text, [edit for edit, _ in changes]),
        tuple(
            sorted(
                (touched for _, touched in changes),
                key=lambda touched: (touched.line, touched.what),
            )
        ),
    )


def _value(status: StatusLine, state: PhaseState, day: str) -> str:
    box = f"{status.lead}{_MARKS[state]}{status.tail} " if status.lead else ""
    return f"{box}{state.value.capitalize()} ({day})"


def _summary(
    text: str, index: LineIndex, place: PhasePlaces, body: str
) -> Iterator[tuple[Edit, TouchedPlace]]:
    lines = [BEGIN.format(place.id), "", *body.split("\n"), "", END.format(place.id)]
    if (old := place.summary) is not None:
        if old.body != body:
            block = _newline(text, old.span.start).join(lines)
            yield Edit(old.span, block), TouchedPlace(old.line, f"summary of {place.id} renewed")
        return
    if place.section is None:
        return
    at = line_end(text, place.status.head.end) if place.status else place.end
    newline = _newline(text, at)
    following = text[at:].removeprefix(newline)
    gap = newline if following and not following.startswith(("\n", "\r")) else ""
    edit = Edit(Span(at, at), newline.join(["", "", *lines]) + gap)
    yield edit, TouchedPlace(index.position(at).line, f"summary of {place.id} added below")


def _newline(text: str, at: int) -> str:
    """How the line at `at` ends; the last one as the line above."""
    end = text.find("\n", at)
    end = end if end >= 0 else text.rfind("\n")
    return "\r\n" if end > 0 and text[end - 1] == "\r" else "\n"
