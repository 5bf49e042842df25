"""Other spellings of a package's name: look-alikes, and a name in another's style.

Words that only look like the package (`old-backend`, `OLD_BACKEND_URL`, `my_old_backend`) are
services, containers, variables, databases and other packages: they are listed and kept, unless the
configuration's `also` names the spelling.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import product

from unify_backend.model.spans import Span
from unify_backend.names.alternation import alternation

_JOINTS = ("_", "-", " ", "")
_LONGER = "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}"
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


def lookalikes_of(legacies: Sequence[str]) -> list[str]:
    """The legacy names whose look-alikes are listed. Of several moves, those of a module whose last
    segment is a word as any other (`merge` of `acme.merge`) are left out: they would be everywhere.

    The answer rests on the moves alone, so that a file says the same before and after a rewrite."""
    if len(legacies) < 2:
        return list(legacies)
    split = ((legacy, *legacy.rpartition(".")) for legacy in legacies)
    return [legacy for legacy, parent, _, last in split if not parent or "_" in last.strip("_")]


class LookalikeTable:
    """Finds look-alikes of the legacy names."""

    def __init__(self, legacies: Sequence[str]) -> None:
        variants = sorted(
            {(variant, legacy) for legacy in legacies for variant in lookalike_variants(legacy)},
            key=lambda pair: -len(pair[0]),
        )
        self._legacy = dict(reversed(variants))
        self._search = re.compile(alternation(self._legacy))

    def scan(self, text: str, taken: Iterable[Span]) -> list[tuple[Span, str]]:
        """Whole words in `text` that hold a variant, beside the spans already `taken` by exact
        names, each with the legacy name it resembles."""
        # The one character whose lower case is longer stays, so that places stay the same.
        lowered = _LONGER.join(part.lower() for part in text.split(_LONGER))
        blocked = sorted(taken)
        matches: list[tuple[Span, str]] = []
        at = end = 0
        for match in self._search.finditer(lowered):
            if match.start() < end:
                continue  # the same word holds a variant again
            start, end = word_around(text, *match.span())
            span = Span(start, end)
            while at < len(blocked) and blocked[at].end <= start:
                at += 1
            if not (at < len(blocked) and blocked[at].overlaps(span)):
                matches.append((span, self._legacy[match.group()]))
        return matches


def word_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the word of letters, digits, `_` and `-` around `start` to `end` begins and ends."""
    while start > 0 and text[start - 1] in _WORD:
        start -= 1
    while end < len(text) and text[end] in _WORD:
        end += 1
    return start, end


def restyled(word: str, legacy: str, canonical: str, joint: str = "") -> str | None:
    """What `word`, which holds a variant of the last segment of `legacy`, would be called after
    `canonical`: letter case and joints as in `word`, everything else of it kept. None where the
    style is not plain.

    The canonical words are those of its last segment, or of the whole name where the last segment
    alone says nothing of the old one (`old_backend` → `old.backend.main`). Where the old name is
    one word, `joint` stands between the words of the new one.
    """
    old = [part for part in legacy.rsplit(".", 1)[-1].lower().split("_") if part]
    pattern = re.compile(r"([-_ ]?)".join(map(re.escape, old)), re.IGNORECASE)
    match = pattern.search(word)
    if match is None or not old:
        return None
    written = match.group()
    pieces, at = [], 0
    for part in old:
        at = written.lower().index(part, at)
        pieces.append(written[at : at + len(part)])
        at += len(part)
    joint = match.group(1) if len(old) > 1 else joint
    words = _cased(pieces, _new_words(legacy, canonical), joint)
    if words is None:
        return None
    as_before = {piece.lower(): piece for piece in pieces}  # `PixStore` has a spelling of its own
    new = joint.join(as_before.get(new_word.lower(), new_word) for new_word in words)
    return word[: match.start()] + new + word[match.end() :]


def _new_words(legacy: str, canonical: str) -> list[str]:
    old = set(legacy.rsplit(".", 1)[-1].lower().split("_"))
    segments = [segment.split("_") for segment in canonical.lower().split(".")]
    shared = any(old & set(segment) for segment in segments[:-1])
    return [word for segment in (segments if shared else segments[-1:]) for word in segment]


def _cased(pieces: list[str], words: list[str], joint: str) -> list[str] | None:
    """`words` in the letter case of `pieces`; None where that has no rule."""
    if all(piece.isupper() or piece.isdigit() for piece in pieces):
        return [word.upper() for word in words]
    if all(piece.islower() or piece.isdigit() for piece in pieces):
        return words
    capital = [word[:1].upper() + word[1:] for word in words]
    if all(piece[:1].isupper() for piece in pieces):
        return capital
    if pieces[0][:1].isupper() and all(piece.islower() for piece in pieces[1:]):
        return [capital[0], *words[1:]]
    return [words[0], *capital[1:]] if joint == "" and pieces[0].islower() else None
