"""Markdown: code blocks go to the form of their language; inline code, links and prose stay."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from unify_backend.codemods.blocks import code_blocks, guess_language
from unify_backend.model.spans import Span
from unify_backend.model.zones import Context, Fragment, Zone

_INLINE = re.compile(r"(?<![`\\])(`+)(?!`)((?:[^`\n]|\n(?![ \t]*\r?\n)|(?!(?<!`)\1(?!`))`)*?)"
                     r"(?<!`)\1(?!`)")
_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)|^\s{0,3}\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


class MarkdownForm:
    """Blocks first, then inline code and links around each hit, then prose."""

    def zones(self, fragment: Fragment) -> Iterator[Zone]:
        """Zones for every hit; those in code blocks carry the block's language."""
        text = fragment.text
        blocks = code_blocks(text)
        starts = [block.span.start for block in blocks]
        for hit in fragment.hits:
            at = bisect_right(starts, hit.start) - 1
            if at >= 0 and blocks[at].span.holds(hit):
                block = blocks[at]
                code = text[block.span.start : block.span.end]
                language = block.language or guess_language(code)
                form = "markdown-code" if language else "markdown-tree"
                yield Zone(block.span, form, Context.CODE_SPAN, language)
            else:
                yield from _inline(text, hit)


def _inline(text: str, hit: Span) -> Iterator[Zone]:
    start, end = _paragraph(text, hit)
    for found in _INLINE.finditer(text, start, end):
        if found.start(2) <= hit.start and hit.end <= found.end(2):
            yield Zone(Span(*found.span(2)), "markdown-inline-code", Context.CODE_SPAN)
            return
    for found in _LINK.finditer(text, start, end):
        place = Span(*found.span(1 if found.group(1) else 2))
        if place.holds(hit):
            yield Zone(place, "markdown-link", Context.CODE_SPAN)
            return
    yield Zone(Span(start, end), "markdown-prose", Context.PROSE)


def _paragraph(text: str, hit: Span) -> tuple[int, int]:
    """The lines around the hit up to blank lines; a table row or list item may end it sooner, but
    inline code never reaches over a blank line, so this is wide enough."""
    start = max(text.rfind("\n\n", 0, hit.start), text.rfind("\n\r\n", 0, hit.start)) + 1
    ends = [at for at in (text.find("\n\n", hit.end), text.find("\n\r\n", hit.end)) if at >= 0]
    return start, min(ends, default=len(text))
