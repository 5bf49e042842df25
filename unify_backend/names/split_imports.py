"""Imports that name a package in two tokens: `from acme import billing`, for `acme.billing`.

No search for the dotted name sees them. What is found here is a candidate by its text alone, in any
language: whether it is Python the readers of languages say.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import Span

_GAP = r"(?:[ \t]|\\\r?\n)"
_WORD = r"[^\W\d]\w*"
# The letter behind a backslash is an escape's, where the program stands in a string.
_HEAD = (
    rf"(?:(?<![\w.])|(?<=\\[nrt]))from{_GAP}{{1,80}}"
    rf"(?P<module>{_WORD}(?:[ \t]*\.[ \t]*{_WORD}){{0,30}}){_GAP}{{1,80}}import"
)
_NAMES = r"(?P<names>\([^()]{0,2000}|(?:[^\r\n;#()\\f]|f(?!rom\b)|\\\r?\n|\\[^\r\nnr]){1,2000})"
# What follows is only looked at: in it the next import may begin.
_POSSIBLE = re.compile(rf"{_HEAD}(?!\w)(?=[ \t]*(?:\\\r?\n[ \t]*)?{_NAMES})")
_ONE = rf"{_WORD}(?:[ \t]+as[ \t]+{_WORD})?"
# One statement on its own: behind it nothing goes on that would make a sentence of it.
_PLAIN = re.compile(
    rf"{_HEAD}[ \t]*(?:\(\s*{_ONE}(?:\s*,\s*{_ONE}){{0,200}}\s*,?\s*\)|"
    rf"(?<=[ \t]){_ONE}(?:[ \t]*,[ \t]*{_ONE}){{0,200}})(?=[ \t]*(?:\Z|[^\w \t(\[=+-]))"
)


_ALIAS = re.compile(r"\bas\s+\Z")  # in front of what a name is bound as


@dataclass(frozen=True, slots=True)
class PossibleImport:
    """Text that may be an import of the package of `move` in two tokens. `module` is the name
    behind `from`; `statement` the whole, where the text can be nothing but one statement, as in a
    comment. `listed` is the package's name in a list in brackets, however that is laid out."""

    move: PackageMove
    module: Span
    statement: Span | None
    listed: Span | None


def possible_imports(text: str, moves: Sequence[PackageMove]) -> Iterator[PossibleImport]:
    """What may import the legacy package of one of the moves in two tokens, in order."""
    by_parent: dict[str, list[PackageMove]] = {}
    for move in moves:
        parent = move.legacy.rpartition(".")[0]
        if parent:
            by_parent.setdefault(parent, []).append(move)
    if not by_parent or "import" not in text:
        return
    for match in _POSSIBLE.finditer(text):
        for move in by_parent.get(re.sub(r"[ \t]", "", match["module"]), ()):
            last = move.legacy.rpartition(".")[2]
            if last in match["names"]:
                plain = _PLAIN.match(text, match.start())
                statement = Span(*plain.span()) if plain else None
                listed = _listed(match, last) if plain is None else None
                yield PossibleImport(move, Span(*match.span("module")), statement, listed)
                break


def _listed(match: re.Match[str], last: str) -> Span | None:
    """Where the name stands in a list that a bracket opens."""
    if not match["names"].startswith("("):
        return None
    words = re.finditer(rf"(?:(?<!\w)|(?<=\\[nrt])){re.escape(last)}(?!\w)", match["names"])
    for word in words:
        if not _ALIAS.search(match["names"], 0, word.start()):
            return Span(*word.span()).shift(match.start("names"))
    return None
