"""Sentences that speak of the duplication itself: "two backend trees", "kept in sync with".

Their names are correct, but the sentences are outdated once one tree is left. They need review.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import Span
from unify_backend.names.alternation import alternation, common_lead

_THINGS = r"(?:trees|copies|code ?bases|namespaces|source folders)"
_TREE = r"(?:tree|package|backend|code ?base|namespace|modules?|files?|folder|copy|copies)"
_EMPHASIS = r"[*_`\"“”']{0,3}"
_GAP = rf"{_EMPHASIS}\s+{_EMPHASIS}"
# Enough alone, where one of the names stands in the same sentence or the list it introduces.
_OF_TREES = re.compile(
    rf"\b(?:two|both|duplicated?|parallel|diverged|diverging){_GAP}"
    rf"(?:[\w/.-]+{_GAP}){{0,2}}{_THINGS}\b|"
    rf"\b(?:\w+{_GAP})?duplicat(?:ion|ed|es?){_GAP}(?:(?:of|the|between|in|this){_GAP}){{0,2}}"
    rf"{_TREE}\b|"
    rf"\b(?:temporary|temporarily|no|without|avoid)(?:{_GAP}(?:file|code|tree|source|module)s?)?"
    rf"{_GAP}duplicat(?:ion|ed?|es)\b|"
    rf"\b(?:legacy|old|stale|outdated){_GAP}(?:backend{_GAP})?(?:tree|copy|copies)\b|"
    rf"\b(?:treated|considered|marked|kept|regarded){_GAP}(?:as{_GAP})?legacy\b",
    re.IGNORECASE,
)
# Common phrases: they count only where both packages are named.
_OF_BOTH = re.compile(
    rf"\bin{_GAP}sync\b|\bmirror(?:s|ed|ing)?\b|\bside{_GAP}by{_GAP}side\b|\bdiverge[sd]?\b|"
    rf"\b(?:until|once|while|before){_GAP}(?:[\w-]+{_GAP}){{0,4}}?"
    rf"(?:migration|unification|consolidation|transition|rename|move|merge)\b|"
    rf"\btemporar(?:y|ily)\b|\bduplicat(?:ion|ed|es?)\b|\b(?:both|two){_GAP}packages\b|"
    rf"\b(?:either|both){_GAP}(?:of{_GAP}(?:the|them){_GAP}?)?(?:paths?|names?|imports?)\b",
    re.IGNORECASE,
)
# One of these is in whatever `_OF_TREES` matches: looking for them is ten times as fast.
_STEMS = ("trees", "copies", "copy", "code", "namespace", "folders", "duplicat", "legacy", "old")
_UNIT = re.compile(r"^[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+", re.MULTILINE)
_SENTENCE_END = re.compile(r"(?<!e\.g)(?<!i\.e)(?<!etc)(?<!cf)(?<!vs)[.!?](?:[*_)\"”’]*)(?=\s|\Z)")
_PARAGRAPH = re.compile(r"(?:^[ \t]*[^\s][^\n]*(?:\n|\Z))+", re.MULTILINE)
_BLANK = re.compile(r"\n[ \t>]*\r?(?:\n|\Z)")
_MOST = 20  # matches that are tried in one paragraph
_NO_TEXT = re.compile(r"[ \t>]*(?:#{1,6}[ \t]|\|)")


@dataclass(frozen=True, slots=True)
class Caveat:
    """The words at `span`, and the move whose two trees they speak of. `reach` is the text whose
    names say that they do, where both packages have to be named for that."""

    span: Span
    move: PackageMove
    reach: Span | None = None


def caveats(text: str, blocks: Sequence[Span], moves: Sequence[PackageMove]) -> Iterator[Caveat]:
    """At most one caveat for each paragraph or list outside the code `blocks`, which are sorted.

    A list counts with the sentence that introduces it: names in it are near to that sentence.
    """
    places = sorted(_places(text, _Names.of(tuple(moves))))
    if not places:
        return
    named = [start for start, _ in places]
    units = list(_units(text, blocks))
    covered = -1  # the end of the last paragraph with a caveat
    for n, unit in enumerate(units):
        if unit.start < covered:
            continue
        reach = units[min(n + 5, len(units) - 1)].end
        at = bisect_left(named, unit.start)
        if at == len(named) or named[at] >= reach:
            continue  # most paragraphs name neither
        words = text[unit.start : unit.end]
        near, end = words, unit.end
        if words.rstrip(" *_\r\n").endswith(":"):
            following = units[n + 1 : n + 6]
            near += "".join(text[later.start : later.end] for later in following)
            end = following[-1].end if following else end
        near_by = {number for _, number in places[at : bisect_left(named, reach)]}
        for move in (moves[number] for number in sorted(near_by)):
            if not move.incoming and (phrase := _spoken(words, near, move)):
                spoken, both = phrase
                region = Span(unit.start, end) if both else None
                yield Caveat(spoken.shift(unit.start), move, region)
                blank = _BLANK.search(text, unit.start)
                covered = blank.start() if blank else len(text)
                break


def _spoken(words: str, near: str, move: PackageMove) -> tuple[Span, bool] | None:
    """The words that speak of two trees, and whether they do so only because both are named."""
    legacy, canonical = _names(move)
    old, new = legacy.search(near), canonical.search(near)
    if not (old or new):
        return None
    lowered = words.lower()
    speaks = any(stem in lowered for stem in _STEMS)
    for match in islice(_OF_TREES.finditer(words), _MOST) if speaks else ():
        sentence = _sentence(words, match.start())
        listed = near is not words and sentence.end >= len(words.rstrip())
        context = near if listed else words[sentence.start : sentence.end]
        if legacy.search(context) or canonical.search(context):
            return Span(*match.span()), False
    if old and new and (found_both := _OF_BOTH.search(words)):
        return Span(*found_both.span()), True
    return None


def _sentence(words: str, at: int) -> Span:
    start = 0
    for match in _SENTENCE_END.finditer(words):
        if match.end() > at:
            return Span(start, match.end())
        start = match.end()
    return Span(start, len(words))


def _units(text: str, blocks: Sequence[Span]) -> Iterator[Span]:
    """Paragraphs and list items, without headings, tables and the code blocks."""
    at = 0
    for block in [*blocks, Span(len(text), len(text))]:
        for paragraph in _PARAGRAPH.finditer(text[at : block.start]):
            start, end = at + paragraph.start(), at + paragraph.end()
            cuts = [match.start() for match in _UNIT.finditer(text, start, end)]
            for begin, stop in zip([start, *cuts], [*cuts, end], strict=True):
                if begin < stop and not _NO_TEXT.match(text, begin):
                    yield Span(begin, stop)
        at = max(at, block.end)


def _places(text: str, names: "_Names") -> Iterator[tuple[int, int]]:
    """Where a name of a move begins, with the move's number."""
    match = names.pattern.search(text)
    while match is not None:
        written, start = match.group(), match.start()
        for end in range(len(written), 0, -1):  # `acme.core` in `acme.core.main` is a name too
            if end == len(written) or not re.match(r"[\w-]", written[end]):
                for number in names.numbers.get(written[:end], ()):
                    yield start, number
        match = names.pattern.search(text, start + 1)


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of all moves in one pattern, and the numbers of the moves that have each."""

    pattern: re.Pattern[str]
    numbers: dict[str, list[int]]

    @staticmethod
    @lru_cache(maxsize=8)
    def of(moves: tuple[PackageMove, ...]) -> "_Names":
        """The names of these moves."""
        numbers: dict[str, list[int]] = {}
        for number, move in enumerate(moves):
            for name in (*_legacy_names(move), *_canonical_names(move)):
                numbers.setdefault(name, []).append(number)
        return _Names(_whole(numbers), numbers)


@lru_cache(maxsize=64)
def _names(move: PackageMove) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return _whole(_legacy_names(move)), _whole(_canonical_names(move))


def _legacy_names(move: PackageMove) -> set[str]:
    return {move.legacy, move.legacy_path}


def _canonical_names(move: PackageMove) -> set[str]:
    """The canonical name, and the folder above it where there is more above."""
    above = move.canonical.split(".")[:-1]
    more = {".".join(above), "/".join(above)} if len(above) > 1 else set()
    return {move.canonical, move.canonical_path} | more


def _whole(names: Collection[str]) -> re.Pattern[str]:
    lead = common_lead(names)
    first = re.escape(lead)
    body = alternation(name.removeprefix(lead) for name in names)
    return re.compile(rf"{first}(?<![\w.-]{first}){body}(?![\w-])")
