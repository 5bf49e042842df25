"""AsciiDoc: blocks of code go to the form of their language; links, inline code and prose stay."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from unify_backend.languages.asciidoc.syntax import Block, code_blocks
from unify_backend.languages.documents.code_blocks import guess_language
from unify_backend.languages.documents.tree_diagrams import is_drawing, moved_folders
from unify_backend.languages.key_values import Line, addresses, lines_at
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.languages.webs import web_addresses
from unify_backend.model.evidence import Evidence, Reason
from unify_backend.model.spans import Span

_MACRO = re.compile(r"\b(?P<name>include|image|video|audio|link|xref)::?(?P<target>[^\s\[\]]*)\[")
_CODE = re.compile(
    r"(?<![\w`+])(?P<mark>`{1,2}|\+{1,2})(?P<code>(?:(?!(?P=mark)).){1,300})(?P=mark)(?!\w)"
)
_ANCHOR = re.compile(
    r"\[\[(?P<a>[^\]\[\n]{0,200})\]\]|\[#(?P<b>[^\],.\n\[]{0,200})|<<(?P<c>[^,<>\n]{0,200})|anchor:(?P<d>[^\[\n]{0,200})\["
)
_ATTRIBUTE = re.compile(r":(?P<name>!?[\w-]+!?):(?:[ \t]|$)")
_COMMENT = re.compile(r"//(?!/)")


class AsciidocReferences:
    """Blocks first, then macros and inline code around each hit, then prose."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """Zones around every hit; never raises."""
        text, hits = fragment.text, fragment.hits
        if not hits:
            return
        blocks = list(code_blocks(text))
        starts = [block.span.start for block in blocks]
        outside: list[Span] = []
        seen: set[int] = set()
        for hit in hits:
            number = bisect_right(starts, hit.start) - 1
            if number < 0 or not blocks[number].span.holds(hit):
                outside.append(hit)
            elif number not in seen:
                seen.add(number)
                yield from _block(blocks[number], fragment)
        yield from _running(text, outside)
        yield from addresses(text, hits, "asciidoc-address")
        yield from web_addresses(text, outside, "asciidoc-address")


def _block(block: Block, fragment: Fragment) -> Iterator[SyntaxContext]:
    code = fragment.text[block.span.start : block.span.end]
    if block.comment:
        yield SyntaxContext(block.span, "asciidoc-comment", ContextKind.COMMENT)
    elif block.label and block.language is None:
        yield SyntaxContext(
            block.span,
            "asciidoc-code",
            ContextKind.STRING,
            note=f"in a block of {block.label}",
            reason=Reason.ALONE,
        )
    else:
        yield SyntaxContext(block.span, "asciidoc-code", ContextKind.CODE_SPAN, block.language)
        for moved in moved_folders(code, fragment.moves) if is_drawing(code) else ():
            name = moved.branch.name.shift(block.span.start)
            if moved.problem:
                yield SyntaxContext(
                    name,
                    "asciidoc-tree",
                    ContextKind.CONFLICT,
                    note=moved.problem,
                    evidence=Evidence.DIAGRAM,
                )
            elif not moved.branch.text.endswith(("/", "\\")):
                yield SyntaxContext(
                    name, "asciidoc-tree", ContextKind.PATH_STRING, evidence=Evidence.DIAGRAM
                )


def _running(text: str, hits: Sequence[Span]) -> Iterator[SyntaxContext]:
    for line in lines_at(text, hits):
        if _COMMENT.match(line.text):
            yield SyntaxContext(line.span, "asciidoc-comment", ContextKind.COMMENT)
            continue
        yield SyntaxContext(line.span, "asciidoc-prose", ContextKind.PROSE)
        yield from _parts(line)


def _parts(line: Line) -> Iterator[SyntaxContext]:
    if attribute := _ATTRIBUTE.match(line.text):
        name = Span(*attribute.span("name")).shift(line.start)
        yield SyntaxContext(name, "asciidoc-attribute", ContextKind.KEY, note="an attribute's name")
    for macro in _MACRO.finditer(line.text):
        target = Span(*macro.span("target")).shift(line.start)
        yield SyntaxContext(target, "asciidoc-link", ContextKind.CODE_SPAN, from_file=True)
    for code in _CODE.finditer(line.text):
        span = Span(*code.span("code")).shift(line.start)
        language = guess_language(code["code"])
        yield SyntaxContext(span, "asciidoc-code", ContextKind.CODE_SPAN, language)
    for anchor in _ANCHOR.finditer(line.text):
        span = Span(*anchor.span(anchor.lastgroup or "a")).shift(line.start)
        yield SyntaxContext(span, "asciidoc-anchor", ContextKind.LABEL, note="an anchor")
