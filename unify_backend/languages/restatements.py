"""Lines that would repeat a neighbour: `- old/**` beside `- new/**`, `import old` above its heir.

Renaming such a line makes nonsense of a text that states the rename, and a duplicate of an entry in
a list. Same-line pairs are the judge's; this looks at the lines around, and at the words beside a
name that call it the former one (`formerly old`, `old was renamed`).
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from unify_backend.languages.language import Context, Fragment, Zone
from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import Span
from unify_backend.names.table import NameTable

_NEAR = 12  # lines: a "before" block and its "after" block are rarely further apart
_LONGEST = 400  # characters: longer lines are no entries of a list
_DRESS = re.compile(r"^[\s>#*+-]+|[\s,;\\]+$")
_TEXTS = frozenset({Context.PROSE, Context.CODE_SPAN, Context.COMMENT})
_CODE = frozenset({Context.IMPORT, Context.NAME})  # an example, where the file is no Python
_UNTOUCHED = frozenset({Context.OTHER_NAME, Context.CONFLICT, Context.LABEL})
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


def without_echoes(fragment: Fragment, zones: Sequence[Zone]) -> Iterator[Zone]:
    """The zones of the hits, those on echoing lines turned into places that stay as they are."""
    moves = tuple(move for move in fragment.moves if not _nested(move))
    zones = [
        replace(zone, context=Context.OTHER_NAME, note="the words beside it say: a former name")
        if zone.context in _TEXTS and _former(fragment.text, hit)
        else zone
        for hit, zone in zip(fragment.hits, zones, strict=True)
    ]
    if not any(move.canonical.rsplit(".", 1)[-1] in fragment.text for move in moves):
        yield from zones
        return
    code = fragment.path.endswith((".py", ".pyi", ".pyw"))
    echoes = dict(_echoes(fragment, _table(moves)))
    for hit, zone in zip(fragment.hits, zones, strict=True):
        line = echoes.get(hit.start)
        if line is None or zone.context in _UNTOUCHED or (code and zone.context in _CODE):
            yield zone
        elif zone.context in _TEXTS or zone.context in _CODE:
            note = f"line {line} says this of the canonical package: they state the rename"
            yield replace(zone, context=Context.OTHER_NAME, note=note)
        else:
            yield replace(
                zone, context=Context.CONFLICT, note=f"after the rename it would repeat line {line}"
            )


def _former(text: str, hit: Span) -> bool:
    """Whether the sentence says that this is what was."""
    before = re.split(r"\n[ \t>#*/]*\n", text[max(0, hit.start - _SAID) : hit.start])[-1]
    after = text[hit.end : hit.end + _SAID]
    return bool(_FORMER_BEFORE.search(before) or _FORMER_AFTER.match(after))


def _echoes(fragment: Fragment, table: NameTable) -> Iterator[tuple[int, int]]:
    """Starts of hits, and the line that theirs would repeat."""
    lines = list(_lines(fragment))
    places: dict[str, list[int]] = defaultdict(list)
    for number, text, _ in lines:
        places[_DRESS.sub("", text)].append(number)
    for number, text, starts in lines:
        renamed = table.canonicalise(text)
        if renamed == text:
            continue
        same = places.get(_DRESS.sub("", renamed), ())
        near = [one for one in same if abs(one - number) <= _NEAR]
        if near:
            yield from ((start, near[0]) for start in starts)


def _lines(fragment: Fragment) -> Iterator[tuple[int, str, list[int]]]:
    """Number, text and hits of the lines that hold any."""
    text, number, counted, end = fragment.text, 1, 0, -1
    starts: list[int] = []
    line = Span(0, 0)
    for hit in fragment.hits:
        if hit.start < end:
            starts.append(hit.start)
            continue
        if starts and end - line.start <= _LONGEST:
            yield number, text[line.start : end], starts
        number += text.count("\n", counted, hit.start)
        counted = hit.start
        begin = text.rfind("\n", counted - _LONGEST if counted > _LONGEST else 0, hit.start) + 1
        found = text.find("\n", hit.end)
        line, end, starts = Span(begin, begin), len(text) if found < 0 else found, [hit.start]
    if starts and end - line.start <= _LONGEST:
        yield number, text[line.start : end], starts


def _nested(move: PackageMove) -> bool:
    """Whether one name holds the other, so that two like lines are two places, not one twice."""
    return f".{move.legacy}." in f".{move.canonical}."


@lru_cache(maxsize=8)
def _table(moves: tuple[PackageMove, ...]) -> NameTable:
    return NameTable(moves)
