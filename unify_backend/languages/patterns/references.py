"""Lists of path patterns: ignore files, .gitattributes, CODEOWNERS, MANIFEST.in."""

import re
from collections.abc import Iterator

from unify_backend.languages.key_values import Line, holding, lines_at
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.model.spans import Span

_PATTERN = re.compile(r"[ \t]*(?P<pattern>\"[^\"\n]*\"|(?:[^\s\\]|\\.)+)")
_MACRO = re.compile(r"[ \t]*\[attr\]")
_JOINED_BEFORE = re.compile(r"[^\s/!^\"@=]$")
_JOINED_AFTER = re.compile(r"[-*?\[]")
_LEFT_OUT = re.compile(r"exclude|prune")  # build output, which may be missing
_ENDING = re.compile(r"\.(?!pyi?\b)\w")
_DIRECTIVE = re.compile(
    r"[ \t]*(?:(?:global-|recursive-)?(?:include|exclude)|graft|prune)(?=[ \t])"
)


class PatternsReferences:
    """One pattern a line; what follows it are attributes or owners."""

    paths_from_file = True

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """Zones around every hit; never raises."""
        name = fragment.path.rsplit("/", 1)[-1]
        manifest = name.lower().startswith("manifest")
        owners = name == "CODEOWNERS"
        for line in lines_at(fragment.text, fragment.hits):
            text = line.text
            if text.lstrip().startswith("#"):
                yield SyntaxContext(line.span, "pattern-comment", ContextKind.COMMENT)
            elif owners and re.match(r"[ \t]*\^?\[", text):
                yield SyntaxContext(
                    line.span, "pattern-section", ContextKind.LABEL, note="a section of owners"
                )
            elif manifest or not name.startswith((".gitattributes", "CODEOWNERS")):
                head = _DIRECTIVE.match(text) if manifest else None
                span = Span(line.start + (head.end() if head else 0), line.span.end)
                left_out = bool(head and _LEFT_OUT.search(head.group()))
                ignores = left_out or (not manifest and not owners)
                yield SyntaxContext(span, "pattern-path", ContextKind.PATH_VALUE, foresees=ignores)
                yield from _parts_of_names(line, span)
            elif macro := _MACRO.match(text):
                span = Span(line.start + macro.end(), line.span.end)
                yield SyntaxContext(span, "pattern-owner", ContextKind.LABEL, note="an attribute")
            elif match := _PATTERN.match(text):
                span = Span(*match.span("pattern")).shift(line.start)
                yield SyntaxContext(span, "pattern-path", ContextKind.PATH_VALUE)
                rest = Span(line.start + match.end(), line.span.end)
                note = "an owner" if owners else "an attribute"
                yield SyntaxContext(rest, "pattern-owner", ContextKind.LABEL, note=note)
                yield from _parts_of_names(line, span)
                yield from _comment(line.start, text, match.end())


def _parts_of_names(line: Line, within: Span) -> Iterator[SyntaxContext]:
    """`*.old`, `old-*.zip`: patterns of which the name is only a part."""
    for hit in holding(line.hits, within):
        before, after = line.text[: hit.start - line.start], line.text[hit.end - line.start :]
        if _JOINED_BEFORE.search(before) or _JOINED_AFTER.match(after):
            note = "a pattern of which the name is only a part"
            yield SyntaxContext(hit, "pattern-part", ContextKind.CONFLICT, note=note)
        elif _ENDING.match(after):  # patterns match files: what follows is no module
            note = "a file that is called like the package, with an ending of its own"
            yield SyntaxContext(hit, "pattern-part", ContextKind.LABEL, note=note)


def _comment(start: int, text: str, after: int) -> Iterator[SyntaxContext]:
    if match := re.compile(r"[ \t]#").search(text, after):
        yield SyntaxContext(
            Span(start + match.start() + 1, start + len(text)),
            "pattern-comment",
            ContextKind.COMMENT,
        )
