"""Lines that would repeat a neighbour: `- old/**` beside `- new/**`, `import old` above its heir.

Renaming such a line makes nonsense of a text that states the rename, and a duplicate of an entry in
a list. This looks at the lines around, and at the words beside a name that call it the former one
(`formerly old`, `old was renamed`); `references/classify.py` decides what follows from it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import Span
from unify_backend.names.table import NameTable

_NEAR = 12  # lines: a "before" block and its "after" block are rarely further apart
_LONGEST = 400  # characters: longer lines are no entries of a list
_DRESS = re.compile(r"^[\s>#*+-]+|[\s,;\\]+$")
_TEXTS = frozenset({ContextKind.PROSE, ContextKind.CODE_SPAN, ContextKind.COMMENT})
_FORMER_BEFORE = re.compile(
    r"\b(?:(?:formerly|previously|originally)(?:\s+(?:known\s+as|called|named|at|in|under|inside|the))*|"
    r"(?:renamed|moved|migrated|switched|ported)\b[^.:;|`]{0,40}?\s(?:away\s+)?from|"
    r"(?:old|former|previous|legacy)\s+(?:module\s+|package\s+|import\s+|folder\s+)?"
    r"(?:name|path|location)s?(?:\s+(?:is|was|were))?\s*:?|"
    r"(?:legacy|former)\s+(?:package|module|tree)|used\s+to\s+be(?:\s+(?:called|named|in|at))?|"
    r"instead\s+of(?:\s+the\s+(?:old|legacy|former))?|\(was:?)\s*[\s`'\"*_(]*$",
    re.IGNORECASE,
)
_FORMER_AFTER = re.compile(
    r"[\w./\\:-]*[`'\"*_)]*\s*(?:\((?:old|legacy|former|formerly|deprecated|obsolete)\)|"
    r"(?:has|have|had|was|were|is|are)\s+(?:been\s+|now\s+)?(?:renamed|deprecated|superseded|retired)\b|"
    r"(?:has|have|had|was|were)\s+(?:been\s+)?(?:moved|migrated|merged)\s+(?:to|into)\b|"
    r"became\b|used\s+to\s+be\b)",
    re.IGNORECASE,
)
_SAID = 90  # characters around a name that can call it a former one


@dataclass(frozen=True, slots=True)
class _Line:
    """A line, and the numbers of the hits in it."""

    number: int
    text: str
    hits: Sequence[int]


def with_restatements(
    fragment: Fragment, zones: Sequence[SyntaxContext]
) -> Iterator[SyntaxContext]:
    """The zones of the hits, with what the text around each says of the rename."""
    moves = tuple(move for move in fragment.moves if not (move.incoming or _nested(move)))
    named = any(move.canonical.rsplit(".", 1)[-1] in fragment.text for move in moves)
    lines = dict(_repeated(fragment, _table(moves), zones)) if named else {}
    for hit, zone in zip(fragment.hits, zones, strict=True):
        former = zone.context in _TEXTS and _former(fragment.text, hit)
        line, alike = lines.get(hit.start, (0, False))
        if former or line:
            zone = replace(zone, former=former, repeats=line, repeats_alike=alike)
        yield zone


def _former(text: str, hit: Span) -> bool:
    """Whether the sentence calls the name a former one."""
    before = re.split(r"\n[ \t>#*/]*\n", text[max(0, hit.start - _SAID) : hit.start])[-1]
    after = text[hit.end : hit.end + _SAID]
    return bool(_FORMER_BEFORE.search(before) or _FORMER_AFTER.match(after))


def _repeated(
    fragment: Fragment, table: NameTable, zones: Sequence[SyntaxContext]
) -> Iterator[tuple[int, tuple[int, bool]]]:
    """Starts of hits, with the line that theirs would repeat, and whether that line is the same to
    the letter and its names stand in the same kinds of places."""
    lines = list(_lines(fragment))
    places: dict[str, list[_Line]] = defaultdict(list)
    for line in lines:
        places[_DRESS.sub("", line.text)].append(line)
    kinds = [(zone.form, zone.context) for zone in zones]
    for line in lines:
        renamed = table.canonicalise(line.text)
        if renamed == line.text:
            continue
        same = places.get(_DRESS.sub("", renamed), ())
        near = [other for other in same if abs(other.number - line.number) <= _NEAR]
        if near:
            alike = [
                other
                for other in near
                if other.text == renamed and _kinds(other, kinds) == _kinds(line, kinds)
            ]
            twin = (alike or near)[0].number, bool(alike)
            yield from ((fragment.hits[n].start, twin) for n in line.hits)


def _kinds(line: _Line, kinds: Sequence[tuple[str, ContextKind]]) -> list[tuple[str, ContextKind]]:
    return [kinds[n] for n in line.hits]


def _lines(fragment: Fragment) -> Iterator[_Line]:
    """The lines that hold hits, but for very long ones."""
    text, number, counted, end = fragment.text, 1, 0, -1
    hits: list[int] = []
    begin = 0
    for n, hit in enumerate(fragment.hits):
        if hit.start < end:
            hits.append(n)
            continue
        if hits and end - begin <= _LONGEST:
            yield _Line(number, text[begin:end], hits)
        number += text.count("\n", counted, hit.start)
        counted = hit.start
        begin = text.rfind("\n", counted - _LONGEST if counted > _LONGEST else 0, hit.start) + 1
        line_end = text.find("\n", hit.end)
        end, hits = len(text) if line_end < 0 else line_end, [n]
    if hits and end - begin <= _LONGEST:
        yield _Line(number, text[begin:end], hits)


def _nested(move: PackageMove) -> bool:
    """Whether one name contains the other, so that two similar lines are two places."""
    return f".{move.legacy}." in f".{move.canonical}."


@lru_cache(maxsize=8)
def _table(moves: tuple[PackageMove, ...]) -> NameTable:
    return NameTable(moves)
