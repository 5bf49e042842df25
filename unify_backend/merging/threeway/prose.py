"""Entries that both sides added to a list of a document in one place."""

import re
from collections import Counter
from itertools import product

from unify_backend.languages.merge_hunk import Conflict, lines_of

_ENTRY = re.compile(r"(?P<mark>[ \t]*[-*+])[ \t]+\S")
_NUMBER = re.compile(r"\d{2,}")
_ALIKE = 0.6  # share of words that two wordings of one entry have in common
ENTRIES = "both sides added entries of a list, and all of them stay: {what}"


def joined_entries(conflict: Conflict, below: str) -> tuple[str, str] | None:
    """The text with the entries of both sides, and a note, where both added entries to a list in
    one place. None where that is not certain, or where two may be one in two wordings. `below` is
    the text that follows: it must not belong to the last entry."""
    if conflict.base.strip() or (below[:1] in {" ", "\t"} and not _ENTRY.match(below)):
        return None
    ours, theirs = _entries(conflict.canonical), _entries(conflict.legacy)
    if not ours or not theirs or _mark(ours[0]) != _mark(theirs[0]):
        return None
    new = [entry for entry in theirs if entry.strip() not in {each.strip() for each in ours}]
    if any(_may_be_one(first, second) for first, second in product(ours, new)):
        return None
    what = " | ".join(side[0].strip().partition("\n")[0] for side in (ours, new or theirs))
    ends = [side[-1][len(side[-1].rstrip()) :] for side in (ours, theirs)]
    text = "".join([*ours, *new])
    return text.rstrip() + max(ends, key=len), ENTRIES.format(what=what)


def _entries(text: str) -> list[str]:
    """The entries that a text consists of; none where it is something else. A blank line between
    two entries belongs to the one above."""
    entries: list[str] = []
    for line in lines_of(text):
        match = _ENTRY.match(line)
        if match and (not entries or match["mark"] == _mark(entries[0])):
            entries.append(line)
        elif entries and (not line.strip() or _indent(line) > len(_mark(entries[0]))):
            entries[-1] += line
        else:
            return []
    return entries


def _mark(entry: str) -> str:
    match = _ENTRY.match(entry)
    return match["mark"] if match else ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _may_be_one(first: str, second: str) -> bool:
    """Whether two entries name one number (of an issue, say), or have most words in common."""
    if not set(_NUMBER.findall(first)).isdisjoint(_NUMBER.findall(second)):
        return True
    words, others = (Counter(re.findall(r"\w{3,}", entry.lower())) for entry in (first, second))
    return 2 * (words & others).total() >= _ALIKE * (words.total() + others.total()) > 0
