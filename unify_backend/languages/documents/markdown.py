"""The structure of a Markdown document: headings, inline code, and the text outside code blocks.

The reading follows CommonMark 0.31 (sections 4.2, 4.3 and 6.1). Code blocks are read in
`documents/code_blocks.py`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from unify_backend.languages.documents.code_blocks import code_blocks
from unify_backend.model.spans import Span

_HEADING = re.compile(
    r"^(?P<quote>(?:[ ]{0,3}>[ \t]?){0,8})[ ]{0,3}(?P<marks>\#{1,6})"
    r"(?:[ \t]+(?P<title>[^\r\n]*?))??"
    r"(?:[ \t]+\#+)?[ \t]*\r?$|"
    r"^[ ]{0,3}(?![ ]|>|[-*+][ \t]|\#|\|)(?P<above>[^\r\n|]*\S)[ \t]*\r?\n"
    r"[ ]{0,3}(?P<under>=+|-{2,})[ \t]*\r?$",
    re.MULTILINE,
)
_TICKS = re.compile(r"`+")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading outside code blocks. `level` is 1 to 6; `span` holds its line, or its title and the
    line below it; `title` is its text, `words` where that stands. `quoted` is true in a block
    quote."""

    level: int
    title: str
    words: Span
    span: Span
    quoted: bool = False


@lru_cache(maxsize=16)
def headings(text: str) -> tuple[Heading, ...]:
    """The headings of a document, in order; those of one line (`## Title`) and those that a line of
    `=` or `-` makes of the line above it."""
    code = [block.span for block in code_blocks(text)]
    all_headings: list[Heading] = []
    at = 0
    for match in _HEADING.finditer(text):
        while at < len(code) and code[at].end <= match.start():
            at += 1
        if at < len(code) and code[at].start <= match.start():
            continue
        if match["marks"]:
            level, group = len(match["marks"]), "title"
        else:
            level, group = (1 if match["under"][0] == "=" else 2), "above"
            if not _begins_paragraph(text, match.start()):
                continue
        start, end = match.span(group)
        words = Span(start, end) if start >= 0 else Span(match.end(), match.end())
        all_headings.append(
            Heading(level, match[group] or "", words, Span(*match.span()), bool(match["quote"]))
        )
    return tuple(all_headings)


def inline_code(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """What stands between runs of backticks of equal length, from `start` to `end`."""
    runs = [
        Span(*match.span())
        for match in _TICKS.finditer(text, start, len(text) if end is None else end)
    ]
    later: dict[int, list[int]] = {}
    for number in range(len(runs) - 1, -1, -1):
        later.setdefault(runs[number].end - runs[number].start, []).append(number)
    at = 0
    while at < len(runs):
        opening = runs[at]
        length = opening.end - opening.start
        same = later[length]
        while same and same[-1] <= at:
            same.pop()
        escaped = length == 1 and text[opening.start - 1 : opening.start] == "\\"
        if same and not escaped:
            yield Span(opening.end, runs[same[-1]].start)
            at = same[-1]
        at += 1


def without_code(text: str) -> str:
    """The text with the content of its code blocks blanked out, line by line; nothing moves."""
    parts: list[str] = []
    done = 0
    for block in code_blocks(text):
        if block.span.start < done:
            continue
        parts += [
            text[done : block.span.start],
            re.sub(r"[^\r\n]", " ", text[block.span.start : block.span.end]),
        ]
        done = block.span.end
    return "".join((*parts, text[done:]))


def _begins_paragraph(text: str, start: int) -> bool:
    """Whether nothing but an empty line, or a heading, stands above the line at `start`."""
    above = text[text.rfind("\n", 0, max(0, start - 1)) + 1 : max(0, start - 1)]
    return not above.strip() or above.lstrip().startswith(("#", "```", "~~~"))
