"""Words that only look like the package: `old-backend`, `OLD_BACKEND_URL`, `my_old_backend`.

They are services, containers, variables, databases and other packages. Renaming them is never
ours to decide, so they are listed and kept, unless the configuration's `also` names the spelling.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import product

from unify_backend.model.spans import Span
from unify_backend.names.alternation import alternation

_JOINTS = ("_", "-", " ", "")
_WORD = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")


def lookalike_variants(legacy: str) -> tuple[str, ...]:
    """Lower-case spellings of the last segment, its words joined by `_`, `-`, a space or nothing.

    A name of more than three words keeps one joint throughout (the number of mixtures grows as a
    power, and nobody writes them)."""
    words = [word for word in legacy.rsplit(".", 1)[-1].lower().split("_") if word]
    if len(words) > 3:
        return tuple(joint.join(words) for joint in _JOINTS)
    mixtures = product(_JOINTS, repeat=len(words) - 1)
    return tuple(
        "".join(a + b for a, b in zip(words, (*joints, ""), strict=True)) for joints in mixtures
    )


def is_plain_word(legacy: str) -> bool:
    """Whether the last segment is a word as any other (`merge` of `acme.merge`), which looks like
    the module only where the module is named as well."""
    parent, _, last = legacy.rpartition(".")
    return bool(parent) and "_" not in last.strip("_")


class LookalikeTable:
    """Finds look-alikes of several legacy names."""

    def __init__(self, legacies: Sequence[str]) -> None:
        variants = sorted(
            {(one, legacy) for legacy in legacies for one in lookalike_variants(legacy)},
            key=lambda pair: -len(pair[0]),
        )
        self._legacy = dict(reversed(variants))
        self._search = re.compile(alternation(self._legacy))

    def scan(self, text: str, taken: Iterable[Span]) -> list[tuple[Span, str]]:
        """Whole words in `text` that hold a variant, beside the spans already `taken` by exact
        names, each with the legacy name it resembles."""
        lowered = text.lower()
        if len(lowered) != len(text):  # a character whose lower case is longer, like U+0130
            lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
        blocked = sorted(taken)
        found: list[tuple[Span, str]] = []
        at = end = 0
        for match in self._search.finditer(lowered):
            if match.start() < end:
                continue  # the same word holds a variant again
            start, end = _word_around(text, *match.span())
            span = Span(start, end)
            while at < len(blocked) and blocked[at].end <= start:
                at += 1
            if not (at < len(blocked) and blocked[at].overlaps(span)):
                found.append((span, self._legacy[match.group()]))
        return found


def _word_around(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start - 1] in _WORD:
        start -= 1
    while end < len(text) and text[end] in _WORD:
        end += 1
    return start, end
