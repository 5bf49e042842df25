"""Tables that map old names to new ones: the names in their old column are history."""

import re
from collections.abc import Iterator, Sequence

from unify_backend.model.spans import Span

_RULE = re.compile(r"[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?[ \t]*\r?$")
_OLD = re.compile(
    r"(?i)[\W_]*(?:old|before|legacy|from|former|previous|previously|was|deprecated)\b"
)
_NEW = re.compile(
    r"(?i)[\W_]*(?:new|after|canonical|to|now|replacement|replaced|becomes|instead|use)\b"
)
_CELL = re.compile(r"(?:\\.|[^|\\\n])*")
_WORD = re.compile(r"[^\s`|)\]\"'>]*")
_LONGEST = 4_000  # characters of a line of dashes


def former_names(text: str, hits: Sequence[Span]) -> Iterator[Span]:
    """The words around hits in the old column of a table that has a new column too."""
    headers: dict[int, list[bool]] = {}
    rules: dict[int, int] = {}
    for hit in hits:
        row = text.rfind("\n", 0, hit.start) + 1
        end = text.find("\n", hit.end)
        line = text[row : end if end >= 0 else len(text)]
        if "|" not in line:
            continue
        rule = _rule_above(text, row, rules)
        if rule < 0:
            continue
        if rule not in headers:
            headers[rule] = list(_old_columns(text, rule))
        for old, cell in zip(headers[rule], _cells(line), strict=False):
            span = cell.shift(row)
            if old and span.holds(hit):
                word = _WORD.match(text, hit.end, span.end)
                yield Span(hit.start, word.end() if word else hit.end)


def _rule_above(text: str, row: int, known: dict[int, int]) -> int:
    """Where the line of dashes begins that a row belongs to, or -1; `known` remembers rows."""
    at, passed, rule = row, [row], -1
    while at > 0 and rule < 0:
        end, at = at - 1, text.rfind("\n", 0, at - 1) + 1
        line = text[at:end]
        if at in known or "|" not in line:
            rule = known.get(at, -1)
            break
        if len(line) < _LONGEST and _RULE.fullmatch(line):
            rule = at
        else:
            passed.append(at)
    known.update(dict.fromkeys(passed, rule))
    return rule


def _old_columns(text: str, rule: int) -> Iterator[bool]:
    start = text.rfind("\n", 0, max(0, rule - 1)) + 1
    header = text[start : max(start, rule - 1)]
    words = [header[cell.start : cell.end] for cell in _cells(header)]
    if any(_NEW.match(word) for word in words):
        yield from (_OLD.match(word) is not None for word in words)


def _cells(line: str) -> Iterator[Span]:
    """The cells of a row, without the empty one in front of a leading bar."""
    lead = re.match(r"[ \t>]*\|?", line)
    at = lead.end() if lead else 0
    while at < len(line):
        match = _CELL.match(line, at)
        end = match.end() if match else at
        yield Span(at, end)
        at = end + 1
