"""Markdown: code blocks go to the form of their language; inline code, links and prose stay."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from unify_backend.languages.documents.changelog_detection import history_reason
from unify_backend.languages.documents.code_blocks import Block, code_blocks, guess_language
from unify_backend.languages.documents.markdown import inline_code
from unify_backend.languages.documents.transcripts import PYTHON, WINDOWS, typed
from unify_backend.languages.documents.tree_diagrams import is_drawing, moved_folders
from unify_backend.languages.key_values import addresses, continues, lines_at
from unify_backend.languages.language import ContextKind, Fragment, SplitReference, SyntaxContext
from unify_backend.languages.markdown.anchors import (
    labels,
    named_anchors,
    own_anchors,
    renamed_anchors,
)
from unify_backend.languages.markdown.caveats import caveats
from unify_backend.languages.markdown.tables import former_names
from unify_backend.languages.webs import web_addresses
from unify_backend.model.evidence import Evidence, NameKind, Reason
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Names
from unify_backend.model.spans import Span

_DRAWN = Evidence.DIAGRAM
_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)|^[ \t]{0,3}\[[^\]\n]{1,300}\]:\s*(\S+)", re.MULTILINE)
# Inline code never reaches over a line that begins a block: an odd backtick stays in its own item.
_BREAK = re.compile(
    r"^[ \t]*(?:>[ \t]*)*(?:\r?$|#{1,6}[ \t]|[-*+][ \t]|\d{1,9}[.)][ \t]|\||(?:`{3,}|~{3,}))",
    re.MULTILINE,
)
# A line that ends the block it is in: blank, a heading, a fence
_CLOSED = re.compile(r"[ \t]*(?:>[ \t]*)*(?:\r?\n|#{1,6}[ \t]|`{3,}|~{3,})")
_QUOTE = r"[ \t]*(?:>[ \t]?)+"
_PROMPT = re.compile(rf"[ \t]*(?:{PYTHON}|{WINDOWS}|(?P<shell>(?:[\w.@~:-]+[ \t]?)?[$%]))[ \t]+")
_TRANSCRIPT = re.compile(r"^[ \t]*(?:>>>|PS(?: [^>\n]*)?>|[A-Z]:\\[^>\n]*>|\$)[ \t]", re.MULTILINE)
_PATCHES = frozenset({"diff", "patch", "udiff"})
_PATCH = re.compile(r"(?:diff --git |@@ -\d|--- \S[^\n]*\n[ \t>]*\+\+\+ )")
_TAKEN = re.compile(r"[ \t>]*(?:-(?!--)|(?:rename|copy) from )")
_HEADER = re.compile(r"[ \t>]*(?:--- (?:a/)?(?P<old>\S+)|diff --git )")
_OPTION = re.compile(r"[ \t>]*(?:#|//|--|%%)\|[ \t]*")
_IDENTITY = re.compile(r"\b(?:id|name|class|className|for|htmlFor|key)=\{?[\"']$")


class MarkdownReferences:
    """Blocks first, then inline code and links around each hit, then prose."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext | SplitReference]:
        """Contexts for every hit; those in code blocks carry the block's language. What depends
        on the names without spelling them is a `SplitReference`: anchors, talk of two trees."""
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
            yield from _block(fragment, blocks[at], hits)
        yield from _running(fragment, outside)
        yield from addresses(fragment.text, fragment.hits, "markdown-address")
        yield from _linked(fragment, outside)
        yield from web_addresses(fragment.text, outside, "markdown-address")
        for name in former_names(fragment.text, outside):
            note = "the old column of a table that maps old to new: it names the past"
            yield SyntaxContext(name, "markdown-table", ContextKind.OTHER_NAME, note=note)
        if not history_reason(fragment.path, fragment.text):
            yield from _caveats(fragment, [block.span for block in blocks])


def _caveats(fragment: Fragment, blocks: Sequence[Span]) -> Iterator[SplitReference]:
    for caveat in caveats(fragment.text, blocks, fragment.moves):
        words = " ".join(fragment.text[caveat.span.start : caveat.span.end].split())
        note = f"speaks of two trees (“{words}”): drop or reword it once there is one"
        yield SplitReference(
            caveat.span,
            "document-caveat",
            caveat.move,
            None,
            note,
            names=Names.IMPLIED,
            review=True,
            holds=tuple(hit for hit in fragment.hits if caveat.reach and caveat.reach.holds(hit)),
            reason=Reason.SPEAKS_OF_BOTH,
            kind=NameKind.STATEMENT,
        )


def _linked(fragment: Fragment, hits: Sequence[Span]) -> Iterator[SyntaxContext | SplitReference]:
    """Anchors, and labels of link definitions: they change alike or not at all."""
    text = fragment.text
    for span in named_anchors(text, hits):
        note = "an anchor: right as long as its heading is called that"
        yield SyntaxContext(span, "markdown-anchor", ContextKind.CONFLICT, note=note)
    for anchor in renamed_anchors(text, hits, fragment.moves):
        note = f"the anchor of a heading that is renamed: #{anchor.renamed} afterwards"
        at = bisect_left(hits, anchor.span.start, key=lambda hit: hit.start)
        if at < len(hits) and anchor.span.holds(hits[at]):
            yield SyntaxContext(anchor.span, "markdown-anchor", ContextKind.CONFLICT, note=note)
        else:
            yield SplitReference(
                anchor.span,
                "markdown-anchor",
                anchor.move,
                anchor.renamed,
                note,
                names=Names.IMPLIED,
                follows=next(hit for hit in hits if anchor.heading.holds(hit)),
                reason=Reason.HEADING,
                kind=NameKind.LABEL,
            )
    if any("#" in text[max(0, hit.start - 200) : hit.start] for hit in hits) or "<" in text:
        for span in own_anchors(text):
            note = "an anchor that the document sets itself"
            yield from _around(span, "markdown-anchor", None, hits, ContextKind.LABEL, note)
    for label in labels(text, hits):
        yield SyntaxContext(label, "markdown-link", ContextKind.MODULE_STRING, from_file=True)
    for hit in hits:
        before = text[max(0, hit.start - 40) : hit.start]
        if _IDENTITY.search(before) and not continues(text, hit):
            note = "an element's own name"
            yield SyntaxContext(hit, "markdown-attribute", ContextKind.LABEL, note=note)


def _block(
    fragment: Fragment, block: Block, hits: Sequence[Span]
) -> Iterator[SyntaxContext | SplitReference]:
    text = fragment.text
    code = text[block.span.start : block.span.end]
    margin = _QUOTE if block.quoted else ""
    plain = re.sub(rf"^(?:{margin})", "", code, flags=re.MULTILINE) if margin else code
    if block.label in _PATCHES or (not block.label and _PATCH.match(plain)):
        yield SyntaxContext(block.span, "markdown-code", ContextKind.CODE_SPAN)
        if _renames(code, fragment.moves) or not _adds(text, hits):
            yield from _patch(text, hits)
    elif (
        block.language in {None, "shell", "python", "powershell", "batch"}
        and not (block.label and block.language is None)
        and _TRANSCRIPT.search(plain)
    ):
        yield SyntaxContext(block.span, "markdown-output", ContextKind.CODE_SPAN)
        yield from _prompted(text, hits)
    elif block.label and block.language is None:
        yield SyntaxContext(
            block.span,
            "markdown-code",
            ContextKind.STRING,
            note=f"in a block of {block.label}",
            reason=Reason.ALONE,
        )
    else:
        drawn = block.language is None and is_drawing(plain)
        language = None if drawn else block.language or guess_language(plain)
        form = "markdown-code" if language else "markdown-tree" if drawn else "markdown-text"
        yield SyntaxContext(block.span, form, ContextKind.CODE_SPAN, language, margin=margin)
        if "|" in code:
            yield from _options(text, hits)
        if drawn:
            blank = re.sub(rf"^(?:{margin})", _blank, code, flags=re.M) if margin else code
            yield from _drawing(blank, block.span.start, fragment.moves)


def _options(text: str, hits: Sequence[Span]) -> Iterator[SyntaxContext]:
    """Quarto's options of a cell, which are YAML in comments."""
    for line in lines_at(text, hits):
        if option := _OPTION.match(line.text):
            span = Span(line.start + option.end(), line.span.end)
            yield SyntaxContext(span, "markdown-option", ContextKind.VALUE, "yaml")


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _drawing(
    code: str, start: int, moves: Sequence[PackageMove]
) -> Iterator[SyntaxContext | SplitReference]:
    for moved in moved_folders(code, moves):
        name = moved.branch.name.shift(start)
        if moved.problem:
            yield SyntaxContext(
                name, "markdown-tree", ContextKind.CONFLICT, note=moved.problem, evidence=_DRAWN
            )
        elif not moved.branch.text.endswith(("/", "\\")):
            yield SyntaxContext(name, "markdown-tree", ContextKind.PATH_STRING, evidence=_DRAWN)
        if moved.padding:
            yield SplitReference(
                moved.branch.gap.shift(start),
                "markdown-tree",
                moved.move,
                moved.padding,
                "the note behind it keeps its column",
                names=Names.IMPLIED,
                kind=NameKind.PROSE,
                evidence=Evidence.DIAGRAM,
            )


def _renames(code: str, moves: Sequence[PackageMove]) -> bool:
    named = (move for move in moves if not move.incoming)
    return any(move.canonical in code or move.canonical_path in code for move in named)


def _adds(text: str, hits: Sequence[Span]) -> bool:
    """Whether a patch adds lines with a legacy name, so that it is about something else."""
    return any(re.match(r"[ \t>]*\+(?!\+\+)", line.text) for line in lines_at(text, hits))


def _patch(text: str, hits: Sequence[Span]) -> Iterator[SyntaxContext]:
    for line in lines_at(text, hits):
        header = _HEADER.match(line.text)
        if header and header["old"]:
            following = text[line.span.end : line.span.end + 400].split("\n", 2)
            taken = len(following) > 1 and not following[1].rstrip().endswith(header["old"])
        else:
            taken = header is None and _TAKEN.match(line.text) is not None
        if taken:
            yield SyntaxContext(
                line.span,
                "markdown-patch",
                ContextKind.OTHER_NAME,
                note="a line that a patch removes: it names the past",
            )


def _prompted(text: str, hits: Sequence[Span]) -> Iterator[SyntaxContext]:
    """The commands of a transcript; what stands between them is output."""
    for context, _, _ in typed(text, hits, _PROMPT, "markdown-code", _QUOTE):
        yield context


def _running(fragment: Fragment, hits: Sequence[Span]) -> Iterator[SyntaxContext | SplitReference]:
    """Zones for the hits outside blocks, one stretch of text between two block starts at a time."""
    text = fragment.text
    at = 0
    while at < len(hits):
        start, end = _stretch(text, hits[at])
        first = at
        while at < len(hits) and hits[at].start < end:
            at += 1
        at = max(at, first + 1)
        stretch = Span(start, end)
        yield from _inline(text, stretch, hits[first:at])
        if _is_indented(text[start:end]) and is_drawing(text[start:end]):
            yield SyntaxContext(stretch, "markdown-tree", ContextKind.CODE_SPAN, evidence=_DRAWN)
            yield from _drawing(text[start:end], start, fragment.moves)


def _inline(text: str, stretch: Span, hits: Sequence[Span]) -> Iterator[SyntaxContext]:
    yield SyntaxContext(stretch, "markdown-prose", ContextKind.PROSE, _indented(text, stretch))
    for match in _LINK.finditer(text, stretch.start, stretch.end):
        target = Span(*match.span(1 if match.group(1) else 2))
        yield from _around(target, "markdown-link", None, hits, from_file=True)
    for span in inline_code(text, stretch.start, stretch.end):
        language = guess_language(text[span.start : span.end])
        yield from _around(span, "markdown-inline-code", language, hits)


def _around(
    span: Span,
    form: str,
    language: str | None,
    hits: Sequence[Span],
    context: ContextKind = ContextKind.CODE_SPAN,
    note: str = "",
    from_file: bool = False,
) -> Iterator[SyntaxContext]:
    at = bisect_left(hits, span.start, key=lambda hit: hit.start)
    if at < len(hits) and span.holds(hits[at]):
        yield SyntaxContext(span, form, context, language, note=note, from_file=from_file)


def _indented(text: str, stretch: Span) -> str | None:
    """The language of an indented code block, where the stretch is one and it can be told."""
    code = text[stretch.start : stretch.end].strip("\r\n")
    return guess_language(code) if _is_indented(code) else None


def _is_indented(code: str) -> bool:
    lines = code.strip("\r\n").split("\n")
    return len(code) <= 20_000 and all(re.match(r" {4}|\t", line) for line in lines)


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
    match = _BREAK.search(text, line_end + 1)
    return start, match.start() if match else len(text)
