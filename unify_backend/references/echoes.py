"""Lines that would repeat a neighbour: `- old/**` beside `- new/**`, `import old` above its heir.

Renaming such a line makes nonsense of a text that states the rename, and a duplicate of an entry in
a list. Same-line pairs are the judge's; this looks at the lines around.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from unify_backend.model.moves import PackageMove
from unify_backend.model.spans import Span
from unify_backend.model.zones import Context, Fragment, Zone
from unify_backend.spelling.table import NameTable

_NEAR = 12  # lines: a "before" block and its "after" block are rarely further apart
_LONGEST = 400  # characters: longer lines are no entries of a list
_DRESS = re.compile(r"^[\s>#*+-]+|[\s,;\\]+$")
_TEXTS = frozenset({Context.PROSE, Context.CODE_SPAN, Context.COMMENT})
_CODE = frozenset({Context.IMPORT, Context.NAME})  # an example, where the file is no Python
_UNTOUCHED = frozenset({Context.OTHER_NAME, Context.CONFLICT, Context.LABEL})


def without_echoes(fragment: Fragment, zones: Sequence[Zone]) -> Iterator[Zone]:
    """The zones of the hits, those on echoing lines turned into places that stay as they are."""
    moves = tuple(move for move in fragment.moves if not _nested(move))
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
