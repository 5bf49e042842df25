"""Words that hold a name in any letter case and with any joint, as a product's rename means them.

`old_kit` is a part of `old_kit_export`, `OldKitError`, `OLD_KIT_URL` and `old-kit`; it is none of
`sold_kits`, where it is a part of another word.
"""

import re
from collections.abc import Iterable, Sequence

from unify_backend.model.spans import Span
from unify_backend.names.variants import restyled, word_around

_PLAIN = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


def is_joined(old: str, new: str) -> bool:
    """Whether the pair stands for all words that hold `old`: both are words in lower case joined by
    underscores. A pair in another style (`Old-Kit`) stands for that word alone."""
    return bool(_PLAIN.fullmatch(old) and _PLAIN.fullmatch(new))


class JoinedWords:
    """Finds the words that hold one of several names, and says what each becomes."""

    def __init__(
        self, pairs: Iterable[tuple[str, str]], spelled: Iterable[tuple[str, str]] = ()
    ) -> None:
        """`spelled` says what a name in one style becomes (`OldKit`, `NewKIT`), where a rule would
        say another thing."""
        self._becomes = dict(pairs)
        self._spelled = dict(spelled)
        names = sorted(self._becomes, key=len, reverse=True)
        # A group for each name: which of them was found follows from its number.
        self._names = ("", *names)
        body = "|".join(f"({'[-_ ]?'.join(name.split('_'))})" for name in names) or r"(?!)"
        self._search = re.compile(body, re.IGNORECASE | re.ASCII)

    def __bool__(self) -> bool:
        return bool(self._becomes)

    @property
    def needles(self) -> tuple[bytes, ...]:
        """Bytes in lower case of which a text that holds such a word has one."""
        return tuple(name.partition("_")[0].encode() for name in self._becomes)

    def scan(self, text: str) -> list[tuple[Span, str]]:
        """The words that hold a name, each with what it becomes, in the order of the text."""
        words: list[tuple[Span, str]] = []
        for match in self._search.finditer(text):
            if words and match.start() < words[-1][0].end:
                continue  # the same word holds a name again
            span = Span(*word_around(text, *match.span()))
            word = text[span.start : span.end]
            if (new := self.renamed(word)) != word:
                words.append((span, new))
        return words

    def renamed(self, text: str) -> str:
        """`text` with each name in it replaced, in the letter case and with the joints it has."""
        return self._search.sub(lambda match: self._one(match, text), text)

    def _one(self, match: re.Match[str], text: str) -> str:
        written, name = match.group(), self._names[match.lastindex or 0]
        if not _is_whole(text, *match.span()) or (" " in written and written.islower()):
            return written
        if written in self._spelled:
            return self._spelled[written]
        new, after = self._becomes[name], text[match.end() : match.end() + 1]
        if "_" in name or "_" not in new:
            return restyled(written, name, new) or written
        if written.islower() and after.isupper():  # `shopUrl`
            first, *others = new.split("_")
            return first + "".join(word.capitalize() for word in others)
        joint = _joint(text[match.start() - 1 : match.start()], written, after)
        return restyled(written, name, new, joint) or written


def _joint(before: str, written: str, after: str) -> str:
    """What stands between the words of the new name, where the old one is a single word."""
    for neighbour in (after, before):
        if neighbour and neighbour in "_-":
            return neighbour
    return "_" if written.isupper() or written.islower() else ""


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether the words at `start` to `end` begin and end where a word of an identifier does."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return _begins(before, text[start:end]) and _ends(text[start:end], after)


def _begins(before: str, word: str) -> bool:
    if not before.isalnum():
        return True
    return word[0].isupper() and (not before.isupper() or word[1:2].islower())


def _ends(word: str, after: str) -> bool:
    if not after.isalnum():
        return True
    return after.isupper() and not word[-1].isupper()


def product_pairs(moves: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The pairs that rename the products which packages are called after: the last segments of the
    dotted names, where they differ and are plain words."""
    last = ((old.rpartition(".")[2], new.rpartition(".")[2]) for old, new in moves)
    return tuple(dict.fromkeys(pair for pair in last if pair[0] != pair[1] and is_joined(*pair)))
