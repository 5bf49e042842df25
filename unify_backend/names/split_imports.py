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
_NAMES = r"(?P<names>\([^()]{0,2000}|(?:[^\r\n;#()\\]|\\\r?\n|\\[^\r\nnr]){1,2000})"
_POSSIBLE = re.compile(rf"{_HEAD}(?!\w)[ \t]*(?:\\\r?\n[ \t]*)?{_NAMES}")
_ONE = rf"{_WORD}(?:[ \t]+as[ \t]+{_WORD})?"
# One statement on its own: behind it nothing goes on that would make a sentence of it.
_PLAIN = re.compile(
    rf"{_HEAD}[ \t]*(?:\(\s*{_ONE}(?:\s*,\s*{_ONE}){{0,200}}\s*,?\s*\)|"
    rf"(?<=[ \t]){_ONE}(?:[ \t]*,[ \t]*{_ONE}){{0,200}})(?=[ \t]*(?:\Z|[^\w \t(\[=+-]))"
)


@dataclass(frozen=True, slots=True)
class PossibleImport:
    """Text that may be an import of a package in two tokens. `module` is the name behind `from`;
    `statement` the whole, where the text can be nothing but one statement, as in a comment."""

    span: Span
    module: Span
    statement: Span | None


def possible_imports(text: str, moves: Sequence[PackageMove]) -> Iterator[PossibleImport]:
    """What may import the legacy package of one of the moves in two tokens, in order."""
    lasts: dict[str, set[str]] = {}
    for move in moves:
        parent, _, last = move.legacy.rpartition(".")
        if parent:
            lasts.setdefault(parent, set()).add(last)
    if not lasts or "import" not in text:
        return
    for match in _POSSIBLE.finditer(text):
        wanted = lasts.get(re.sub(r"[ \t]", "", match["module"]), ())
        if any(last in match["names"] for last in wanted):
            plain = _PLAIN.match(text, match.start())
            statement = Span(*plain.span()) if plain else None
            yield PossibleImport(Span(*match.span()), Span(*match.span("module")), statement)
