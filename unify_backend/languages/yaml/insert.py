"""An entry put into a YAML file by position.

The parser's events say where a block sequence ends. What comes out is parsed again: its events
must be those of before with the entry's own in one place, so that no anchor, alias, tag or comment
can be misread in silence. The idea of editing YAML in place by position is pre-commit's
(`pre_commit/yaml_rewrite.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import indent
from typing import Any

import yaml

from unify_backend.languages.insertion import at_end, insert
from unify_backend.languages.language import FormError

_COMMENT = re.compile(r"(?P<lead>[ ]*)#")


@dataclass(frozen=True, slots=True)
class _Shape:
    """A document with a block mapping at the top: its events, and per key the index of the event
    its value begins with. `close` is the index of the event that ends the mapping."""

    events: list[yaml.Event]
    values: dict[str, int]
    close: int


def blank(text: str) -> bool:
    """Whether a YAML text holds nothing but comments. Raises FormError where it is no YAML."""
    return not any(isinstance(one, yaml.DocumentStartEvent) for one in _events(text))


def fill(text: str, whole: str) -> str:
    """A blank text with `whole` behind its comments."""
    gap = "\n" if text and not text.endswith("\n") else ""
    return insert(text, [(len(text), gap + whole)])


def top_keys(text: str) -> frozenset[str]:
    """The keys at the top of the one document. Raises FormError as `append_item` does."""
    return frozenset(_shape(text).values)


def scalars_under(text: str, key: str) -> frozenset[str]:
    """Every scalar in the value of a key at the top; none where the key is missing."""
    shape = _shape(text)
    if key not in shape.values:
        return frozenset()
    start = shape.values[key]
    inside = shape.events[start : _end(shape.events, start) + 1]
    return frozenset(one.value for one in inside if isinstance(one, yaml.ScalarEvent))


def words_of(text: str, key: str) -> tuple[str, ...] | None:
    """The scalars of a list at the top, or None where there is no list under `key`."""
    shape = _shape(text)
    start = shape.values.get(key)
    if start is None or not isinstance(shape.events[start], yaml.SequenceStartEvent):
        return None
    inside = shape.events[start + 1 : _end(shape.events, start)]
    return tuple(one.value for one in inside if isinstance(one, yaml.ScalarEvent))


def append_item(text: str, key: str, item: str) -> str:
    """`text` with `item` (a block, `- …`, indented from 0) behind the last item under `key`.

    Raises FormError where that cannot be done for sure: not one document, no block mapping at the
    top, the key missing, written in brackets, empty, or with an anchor.
    """
    shape = _shape(text)
    if key not in shape.values:
        raise FormError(f"it has no `{key}:`")
    start = shape.values[key]
    opening = shape.events[start]
    if not isinstance(opening, yaml.SequenceStartEvent):
        raise FormError(f"`{key}:` is no list")
    if opening.flow_style:
        raise FormError(f"the list under `{key}:` is written in brackets")
    if opening.anchor:
        raise FormError(f"the list under `{key}:` has an anchor, and may be used elsewhere")
    close = _end(shape.events, start)
    start_at = _offset(opening.start_mark)
    column = start_at - (text.rfind("\n", 0, start_at) + 1)
    last = max(_index(text, one) for one in shape.events[start + 1 : close])
    at = _behind(text, last, column)
    block = indent(item.rstrip("\n"), " " * column)
    after = insert(text, [(at, f"\n{block}")])
    _compare(shape.events, after, close, _inner(item))
    return after


def append_key(text: str, block: str) -> str:
    """`text` with a new key at its end (`block`, whole lines from column 0). Raises FormError as
    `append_item` does, and where the end of the file is no place for a key."""
    shape = _shape(text)
    after = insert(text, [(len(text), at_end(text, block))])
    _compare(shape.events, after, shape.close, _inner(block))
    return after


def _events(text: str) -> list[yaml.Event]:
    try:
        return list(yaml.parse(text, Loader=yaml.SafeLoader))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark is not None else ""
        said = str(getattr(error, "problem", None) or error).replace("\n", " ")
        raise FormError(f"it is not YAML: {said}{where}") from error


def _shape(text: str) -> _Shape:
    events = _events(text)
    if sum(isinstance(one, yaml.DocumentStartEvent) for one in events) != 1:
        raise FormError("it does not hold exactly one document")
    top = events[2]
    if not isinstance(top, yaml.MappingStartEvent) or top.flow_style:
        raise FormError("it has no keys at the top, one on each line")
    values: dict[str, int] = {}
    at, close = 3, _end(events, 2)
    while at < close:
        value = _end(events, at) + 1
        name = events[at]
        if isinstance(name, yaml.ScalarEvent):
            if name.value in values:
                raise FormError(f"it has `{name.value}:` twice")
            values[name.value] = value
        at = _end(events, value) + 1
    return _Shape(events, values, close)


def _end(events: Sequence[yaml.Event], start: int) -> int:
    """The index of the event that ends the node which begins at `start`."""
    depth = 0
    for at in range(start, len(events)):
        depth += isinstance(events[at], yaml.CollectionStartEvent)
        depth -= isinstance(events[at], yaml.CollectionEndEvent)
        if depth == 0:
            return at
    raise FormError("it ends in the middle of a value")


def _index(text: str, event: yaml.Event) -> int:
    """Where the last character of an event is followed: 0 for the end of a block collection, which
    lies at whatever comes next, and for a start."""
    start, end = _offset(event.start_mark), _offset(event.end_mark)
    if isinstance(event, yaml.ScalarEvent) and event.style in {"|", ">"}:
        while end > start and text[end - 1] in " \r\n":
            end -= 1
        return end
    closes = isinstance(event, yaml.CollectionEndEvent) and start < end
    return end if closes or isinstance(event, yaml.ScalarEvent | yaml.AliasEvent) else 0


def _offset(mark: Any) -> int:
    """A mark's place; the parser gives every event one."""
    return int(mark.index)


def _behind(text: str, at: int, column: int) -> int:
    """The end of the line that holds `at`, or of the comments below it that are indented deeper
    than the list: they belong to its last item."""
    best = end = _line_end(text, at)
    while end < len(text):
        start = text.index("\n", end) + 1
        end = _line_end(text, start)
        line = text[start:end]
        found = _COMMENT.match(line)
        if found and len(found["lead"]) > column:
            best = end
        elif line.strip():
            break
    return best


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    if end < 0:
        return len(text)
    return end - 1 if end > at and text[end - 1] == "\r" else end


def _inner(block: str) -> list[tuple[object, ...]]:
    """The events of a block of our own, without the stream, document and collection around it."""
    return list(_facts(_events(block)))[3:-3]


def _compare(
    before: Sequence[yaml.Event], after: str, at: int, new: Sequence[tuple[object, ...]]
) -> None:
    found = list(_facts(_events(after)))
    old = list(_facts(before))
    if found != [*old[:at], *new, *old[at:]]:
        raise FormError("with the entry in it, it would mean something else")


def _facts(events: Sequence[yaml.Event]) -> Iterator[tuple[object, ...]]:
    """What an event says, without its place and layout."""
    for one in events:
        yield (
            type(one).__name__,
            getattr(one, "anchor", None),
            getattr(one, "tag", None),
            getattr(one, "value", None),
            getattr(one, "implicit", None) if isinstance(one, yaml.ScalarEvent) else None,
        )
