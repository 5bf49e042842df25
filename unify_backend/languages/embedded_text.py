"""A text that stands in another one, escaped and in pieces, read as what it is.

A notebook holds Python as JSON strings, line by line. Whoever understands Python needs the program;
whoever rewrites the notebook needs to know where each of its characters stands.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from unify_backend.model.spans import Span

_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", re.DOTALL
)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Reading:
    """`text` is what is read; its character number n stands at `begins[n]` to `ends[n]` in the text
    around, ascending. A character that was put in stands nowhere: it begins where it ends."""

    text: str
    begins: tuple[int, ...]
    ends: tuple[int, ...]

    def inner(self, span: Span) -> Span | None:
        """Where a stretch of the text around is in `text`; None where it is not all in it."""
        first = bisect_left(self.begins, span.start)
        while first < len(self.text) and self.ends[first] == self.begins[first] == span.start:
            first += 1
        last = bisect_left(self.ends, span.end, lo=min(first, len(self.text)))
        if last >= len(self.text) or first > last:
            return None
        whole = self.begins[first] == span.start and self.ends[last] == span.end
        joined = all(self.ends[n] == self.begins[n + 1] for n in range(first, last))
        return Span(first, last + 1) if whole and joined else None

    def outer(self, span: Span) -> Span:
        """Where a stretch of `text` stands in the text around."""
        if span.start >= span.end:
            at = self.begins[span.start] if span.start < len(self.text) else self._end
            return Span(at, at)
        return Span(self.begins[span.start], self.ends[span.end - 1])

    def whole(self, span: Span) -> bool:
        """Whether a stretch of `text` stands in one piece in the text around."""
        return all(self.ends[n] == self.begins[n + 1] for n in range(span.start, span.end - 1))

    @property
    def _end(self) -> int:
        return self.ends[-1] if self.ends else 0

    def parts(self, spans: Iterable[Span]) -> "Reading":
        """The reading of some stretches of `text`, joined."""
        indices = [n for span in spans for n in range(span.start, span.end)]
        return Reading(
            "".join(self.text[n] for n in indices),
            tuple(self.begins[n] for n in indices),
            tuple(self.ends[n] for n in indices),
        )


def json_reading(text: str, strings: Sequence[Span]) -> Reading:
    """What JSON strings (`strings` without their quotes, in order) hold together."""
    read = [character for span in strings for character in _characters(text, span)]
    return Reading(
        "".join(character for character, _, _ in read),
        tuple(begin for _, begin, _ in read),
        tuple(end for _, _, end in read),
    )


def joined(readings: Iterable[Reading], between: str = "\n") -> Reading:
    """Readings in order as one, `between` put in behind each."""
    texts: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    for reading in readings:
        stop = reading.ends[-1] if reading.ends else (ends[-1] if ends else 0)
        texts += [reading.text, between]
        begins += [*reading.begins, *[stop] * len(between)]
        ends += [*reading.ends, *[stop] * len(between)]
    return Reading("".join(texts), tuple(begins), tuple(ends))


def json_escaped(text: str) -> str:
    """The text as it stands between the quotes of a JSON string."""
    return json.dumps(text)[1:-1]


def _characters(text: str, span: Span) -> Iterator[tuple[str, int, int]]:
    at = span.start
    while at < span.end:
        match = _ESCAPE.match(text, at, span.end) if text[at] == "\\" else None
        if match is None:
            yield text[at], at, at + 1
            at += 1
        else:
            yield _unescaped(match.group()), at, match.end()
            at = match.end()


def _unescaped(escape: str) -> str:
    if len(escape) == 12:
        high, low = int(escape[2:6], 16), int(escape[8:], 16)
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    if len(escape) == 6:
        return chr(int(escape[2:], 16))
    return _PLAIN.get(escape[1], escape[1])
