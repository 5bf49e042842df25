"""pip's requirements and constraints: options with paths, distributions, addresses."""

import re
from collections.abc import Iterator
from dataclasses import replace

from unify_backend.languages.key_values import DISTRIBUTION, Line, addresses, lines_at
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.model.spans import Span

_COMMENT = re.compile(r"(?:^|[ \t])#.*")
# what pip-compile and uv write behind a pin: who asked for it
_ASKED = re.compile(r"\s*#\s+(?:via\s+)?(?P<names>[\w.-]+(?:,\s*[\w.-]+)*)\s*")
_OPTION = re.compile(
    r"[ \t]*(?:-[rcef]|--(?:requirement|constraint|editable|find-links))(?:[ \t]+|=|(?=[^\s-]))"
    r"(?P<path>[^#;\s]*)"
)
_ARCHIVE = re.compile(r"(?<![^\s/\\#])[^\s/\\#]+\.(?:whl|tar\.gz|zip|egg)\b")
_ARCHIVED = replace(DISTRIBUTION, note="a distribution's file")
_DISTRIBUTION = re.compile(
    r"[ \t]*(?P<name>[A-Za-z0-9][\w.-]*)[ \t]*(?:\[[^\]]*\])?[ \t]*"
    r"(?=[=<>!~;@,]|$|[ \t]#|--hash|\\)"
)


class RequirementsReferences:
    """One requirement a line."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """Zones around every hit; never raises."""
        for line in lines_at(fragment.text, fragment.hits):
            yield from _line(line)
        yield from addresses(fragment.text, fragment.hits, "requirements-address")


def _line(line: Line) -> Iterator[SyntaxContext]:
    comment = _COMMENT.search(line.text)
    if comment:
        start = line.start + comment.start()
        yield SyntaxContext(Span(start, line.span.end), "requirements-comment", ContextKind.COMMENT)
        if listed := _ASKED.fullmatch(comment[0]):
            span = Span(*listed.span("names")).shift(start)
            yield DISTRIBUTION.at(span, "requirements-distribution")
    end = comment.start() if comment else len(line.text)
    if match := _OPTION.match(line.text, 0, end):
        span = Span(*match.span("path")).shift(line.start)
        yield SyntaxContext(span, "requirements-path", ContextKind.PATH_VALUE)
    elif match := _DISTRIBUTION.match(line.text, 0, end):
        span = Span(*match.span("name")).shift(line.start)
        yield DISTRIBUTION.at(span, "requirements-distribution")
        if "@" not in line.text[match.end() : end]:
            rest = Span(span.end, line.start + end)
            yield SyntaxContext(
                rest, "requirements-extra", ContextKind.LABEL, note="an extra's name"
            )
    elif end:
        yield SyntaxContext(
            Span(line.start, line.start + end), "requirements-line", ContextKind.VALUE
        )
    for archive in _ARCHIVE.finditer(line.text, 0, end):
        span = Span(*archive.span()).shift(line.start)
        yield _ARCHIVED.at(span, "requirements-distribution")
    if egg := re.search(r"#egg=(?P<name>[\w.-]+)", line.text):
        span = Span(*egg.span("name")).shift(line.start)
        yield DISTRIBUTION.at(span, "requirements-distribution")
