"""Web addresses without a scheme (`www.example.org/old/x`, `localhost:8000/old/`)."""

import re
from collections.abc import Iterator, Sequence

from unify_backend.languages.language import ContextKind, SyntaxContext
from unify_backend.model.spans import Span

_HOST = re.compile(
    r"(?:(?<=^)|(?<=[\s(<>\"'`\[|=]))(?:www\.[\w.-]+|localhost|(?:[\w-]+\.)+"
    r"(?:com|org|net|io|dev|app|ai|co|edu|gov|local|internal|test|example|localhost))"
    r"(?::\d+)?/[^\s\"'`<>]*$"
)
_REST = re.compile(r"[^\s\"'`<>)\]]*")
_FAR = 200


def web_addresses(text: str, hits: Sequence[Span], form: str) -> Iterator[SyntaxContext]:
    """One zone for each hit that stands behind a host's name and a slash: it needs review."""
    for hit in hits:
        begin = max(0, hit.start - _FAR, text.rfind("\n", 0, hit.start) + 1)
        match = _HOST.search(text[begin : hit.start])
        if match:
            rest = _REST.match(text, hit.end)
            end = rest.end() if rest else hit.end
            span = Span(begin + match.start(), end)
            yield SyntaxContext(
                span, form, ContextKind.CONFLICT, note="behind a host: a web address or an image"
            )
