"""Markdown: code blocks go to the form of their language; inline code, links and prose stay."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from unify_backend.codemods.blocks import Block, code_blocks, guess_language
from unify_backend.codemods.places import addresses, lines_at
from unify_backend.model.spans import Span
from unify_backend.model.zones import Context, Fragment, Zone

_TICKS = re.compile(r"(?<!`)`+(?!`)")
_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)|^[ \t]{0,3}\[[^\]\n]{1,300}\]:\s*(\S+)", re.MULTILINE)
# Inline code never reaches over a line that begins a block: an odd backtick stays in its own item.
_BREAK = re.compile(
    r"^[ \t]*(?:>[ \t]*)*(?:\r?$|#{1,6}[ \t]|[-*+][ \t]|\d{1,9}[.)][ \t]|\||(?:`{3,}|~{3,}))",
    re.MULTILINE,
)
# A line behind which nothing of its block goes on: blank, a heading, a fence
_CLOSED = re.compile(r"[ \t]*(?:>[ \t]*)*(?:\r?\n|#{1,6}[ \t]|`{3,}|~{3,})")
_QUOTE = r"[ \t]*(?:>[ \t]?)+"
_PROMPT = re.compile(
    r"[ \t]*(?:(?P<python>>>>|\.\.\.)|(?P<powershell>PS(?: [^>\n]*)?>)|(?P<batch>[A-Z]:\\[^>\n]*>)|"
    r"(?P<shell>(?:[\w.@~:-]+[ \t]?)?[$%]))[ \t]+"
)
_TRANSCRIPT = re.compile(r"^[ \t]*(?:>>>|PS(?: [^>\n]*)?>|[A-Z]:\\[^>\n]*>|\$)[ \t]", re.MULTILINE)
_PATCHES = frozenset({"diff", "patch", "udiff"})


class MarkdownForm:
    """Blocks first, then inline code and links around each hit, then prose."""

    def zones(self, fragment: Fragment) -> Iterator[Zone]:
        """Zones for every hit; those in code blocks carry the block's language."""
        blocks = code_blocks(fragment.text)
        starts = [block.span.start for block in blocks]
        inside: dict[int, list[Span]] = {}
        outside: list[Span] = []
        for hit in fragment.hits:
            at = bisect_right(starts, hit.start) - 1
            if at >= 0 and blocks[at].span.holds(hit):
                inside.setdefault(at, []).append(hit)
            else:
                outside.append(hit)
        for at, hits in inside.items():
            yield from _block(fragment.text, blocks[at], hits)
        yield from _running(fragment.text, outside)
        yield from addresses(fragment.text, fragment.hits, "markdown-address")


def _block(text: str, block: Block, hits: Sequence[Span]) -> Iterator[Zone]:
    code = text[block.span.start : block.span.end]
    margin = _QUOTE if block.quoted else ""
    plain = re.sub(rf"^(?:{margin})", "", code, flags=re.MULTILINE) if margin else code
    if block.label in _PATCHES:
        yield Zone(block.span, "markdown-code", Context.CODE_SPAN)
        yield from _patch(text, hits)
    elif (
        block.language in {None, "shell", "python", "powershell", "batch"}
        and not (block.label and block.language is None)
        and _TRANSCRIPT.search(plain)
    ):
        yield Zone(block.span, "markdown-output", Context.CODE_SPAN)
        yield from _prompted(text, hits)
    elif block.label and block.language is None:
        yield Zone(
            block.span,
            "markdown-code",
            Context.STRING,
            note=f"the name alone in a block of {block.label}",
        )
    else:
        language = block.language or guess_language(plain)
        form = "markdown-code" if language else "markdown-tree"
        yield Zone(block.span, form, Context.CODE_SPAN, language, margin=margin)


def _patch(text: str, hits: Sequence[Span]) -> Iterator[Zone]:
    for line in lines_at(text, hits):
        if re.match(r"[ \t>]*-(?!--)", line.text):
            yield Zone(
                line.span,
                "markdown-patch",
                Context.OTHER_NAME,
                note="what a patch takes away: it says what was",
            )


def _prompted(text: str, hits: Sequence[Span]) -> Iterator[Zone]:
    """The commands of a transcript; what stands between them is output."""
    for line in lines_at(text, hits, "\\"):
        quote = re.match(_QUOTE, line.text) if ">>>" not in line.text[:8] else None
        if found := _PROMPT.match(line.text, quote.end() if quote else 0):
            span = Span(line.start + found.end(), line.span.end)
            yield Zone(span, "markdown-code", Context.CODE_SPAN, found.lastgroup)


def _running(text: str, hits: Sequence[Span]) -> Iterator[Zone]:
    """Zones for the hits outside blocks, one stretch of text between two block starts at a time."""
    at = 0
    while at < len(hits):
        start, end = _stretch(text, hits[at])
        here = at
        while at < len(hits) and hits[at].start < end:
            at += 1
        at = max(at, here + 1)
        yield from _inline(text, Span(start, end), hits[here:at])


def _inline(text: str, stretch: Span, hits: Sequence[Span]) -> Iterator[Zone]:
    yield Zone(stretch, "markdown-prose", Context.PROSE, _indented(text, stretch))
    for found in _LINK.finditer(text, stretch.start, stretch.end):
        target = Span(*found.span(1 if found.group(1) else 2))
        yield from _around(target, "markdown-link", None, hits)
    for span in _code_spans(text, stretch):
        language = guess_language(text[span.start : span.end])
        yield from _around(span, "markdown-inline-code", language, hits)


def _around(span: Span, form: str, language: str | None, hits: Sequence[Span]) -> Iterator[Zone]:
    at = bisect_left(hits, span.start, key=lambda hit: hit.start)
    if at < len(hits) and span.holds(hits[at]):
        yield Zone(span, form, Context.CODE_SPAN, language)


def _code_spans(text: str, stretch: Span) -> Iterator[Span]:
    """What stands between runs of backticks of equal length (CommonMark 0.31, section 6.1)."""
    runs = [Span(*found.span()) for found in _TICKS.finditer(text, stretch.start, stretch.end)]
    later: dict[int, list[int]] = {}
    for n in range(len(runs) - 1, -1, -1):
        later.setdefault(runs[n].end - runs[n].start, []).append(n)
    at = 0
    while at < len(runs):
        opening = runs[at]
        escaped = text[:0] if opening.start == 0 else text[opening.start - 1]
        same = later[opening.end - opening.start]
        while same and same[-1] <= at:
            same.pop()
        if same and not (escaped == "\\" and opening.end - opening.start == 1):
            yield Span(opening.end, runs[same[-1]].start)
            at = same[-1]
        at += 1


def _indented(text: str, stretch: Span) -> str | None:
    """The language of an indented code block, where the stretch is one and it can be told."""
    code = text[stretch.start : stretch.end].strip("\r\n")
    lines = code.split("\n")
    if len(code) > 20_000 or not all(re.match(r" {4}|\t", line) for line in lines):
        return None
    return guess_language(code)


def _stretch(text: str, hit: Span) -> tuple[int, int]:
    """The text around the hit from one block start (or blank line) to the next."""
    start = text.rfind("\n", 0, hit.start) + 1
    while start > 0 and not _BREAK.match(text, start):
        before = text.rfind("\n", 0, start - 1) + 1
        if _CLOSED.match(text, before):
            break
        start = before
    line_end = text.find("\n", hit.end)
    if line_end < 0:
        return start, len(text)
    if re.match(r"[ \t]*(?:>[ \t]*)*#{1,6}[ \t]", text[start : start + 200]):
        return start, line_end
    found = _BREAK.search(text, line_end + 1)
    return start, found.start() if found else len(text)
