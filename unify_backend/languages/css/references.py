"""CSS, SCSS and Less: paths in `url()` and imports, comments; classes, ids and properties stay."""

import re
from collections.abc import Iterator

from unify_backend.languages.key_values import addresses, holding
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.model.evidence import Reason
from unify_backend.model.spans import Span

_TOKEN = re.compile(
    r"""(?P<comment>/\*.*?(?:\*/|\Z)|(?<![:\w"'(/])//[^\n]*)
    |(?P<url>\burl\(\s*(?P<quote>["']?)(?P<target>[^"'()\n]{0,2000})(?P=quote)\s*\))
    |(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')""",
    re.VERBOSE | re.DOTALL,
)
# What takes a file's name: CSS imports, modules of Sass, Tailwind's sources, CSS modules.
_PATH_RULE = re.compile(
    r"(?:@(?:import|use|forward|source|config|plugin|reference|tailwind|require)\b[^;{}]*"
    r"|@include\s+meta\.load-css\(\s*|\b(?:composes|from)\b[^;{}]*)\Z"
)
_SELECTOR = re.compile(r"\[[^\]\n]*\Z")
_LOOK_BACK = 200


class CssReferences:
    """Tokens that may hold a path or prose; everything else is the style's own name."""

    paths_from_file = True

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """Zones around every hit; never raises."""
        text, hits = fragment.text, fragment.hits
        if not hits:
            return
        at = 0
        for match in _TOKEN.finditer(text):
            span = Span(*match.span())
            while at < len(hits) and hits[at].end <= span.start:
                yield _name(hits[at])
                at += 1
            if at == len(hits):
                break
            if holding(hits[at : at + 1], span):
                yield _zone(text, match)
            while at < len(hits) and hits[at].start < span.end:
                at += 1
        yield from (_name(hit) for hit in hits[at:])
        yield from addresses(text, hits, "css-address")


def _zone(text: str, match: re.Match[str]) -> SyntaxContext:
    if match["comment"]:
        return SyntaxContext(Span(*match.span()), "css-comment", ContextKind.COMMENT)
    if match["url"]:
        return _path(Span(*match.span("target")), text, "css-url")
    span = Span(match.start() + 1, match.end() - 1)
    before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
    if _PATH_RULE.search(before):
        return _path(span, text, "css-import")
    if _SELECTOR.search(before):
        return SyntaxContext(
            span, "css-selector", ContextKind.LABEL, note="an attribute of the page"
        )
    note = "in a string of a style sheet"
    return SyntaxContext(
        span, "css-string", ContextKind.STRING, escapes=True, note=note, reason=Reason.ALONE
    )


def _path(span: Span, text: str, form: str) -> SyntaxContext:
    """A path; one that begins with a slash is the server's, so that only words can tell."""
    served = text.startswith("/", span.start)
    return SyntaxContext(span, form, ContextKind.STRING if served else ContextKind.PATH_STRING)


def _name(hit: Span) -> SyntaxContext:
    note = "a class, an id or another name in a style sheet"
    return SyntaxContext(hit, "css-name", ContextKind.LABEL, note=note)
