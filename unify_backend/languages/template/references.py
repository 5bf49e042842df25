"""Templates (Jinja, Helm, Mako): what they make is read in its language, their marks are known."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from unify_backend.languages.detect import language_under
from unify_backend.languages.key_values import addresses, continues, lines_at, of_key
from unify_backend.languages.language import (
    ContextKind,
    FormError,
    Fragment,
    SplitReference,
    SyntaxContext,
)
from unify_backend.languages.template.syntax import Mark, MarkKind, marks, masked, strings_in
from unify_backend.model.spans import Span

Read = Callable[[str, Fragment], Iterable[SyntaxContext | SplitReference]]
_PATHS = re.compile(
    r"\{%[-+]?\s*(?:include|extends|import|from|static|ssi|load_static)\b|<%(?:include|inherit|namespace)\b"
    r"|\.Files\.(?:Get|Glob|Lines|AsConfig)\b|\b(?:render_template|static|asset|url_for_static)\("
)
_CHART = re.compile(r"\{\{-?.*?\b(?:include|template|define|block)\s*\(?\s*[\"`]\Z", re.DOTALL)
_SET = re.compile(r"\{%[-+]?\s*set\s+(?P<name>\w+)\s*=\s*[\"']\Z")
_NAMED = re.compile(r"\{%[-+]?\s*(?:url|load|block|endblock|call|macro|filter)\b")


class TemplateReferences:
    """Takes the marks out, asks the form of what is left, and judges the marks by themselves.

    `read` gives the places in a text of a given language; `under` the language of the file that a
    template makes, by the template's path.
    """

    def __init__(self, read: Read) -> None:
        self._read = read

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext | SplitReference]:
        """Zones around every hit. Raises FormError where the file holds no mark at all and is not
        what its name says; a template that cannot be read without its marks is plain lines."""
        text, hits = fragment.text, fragment.hits
        if not hits:
            return
        template_marks = marks(text, fragment.path)
        starts = [mark.span.start for mark in template_marks]
        outside: list[Span] = []
        for hit in hits:
            at = bisect_right(starts, hit.start) - 1
            if at >= 0 and template_marks[at].span.holds(hit):
                yield from _mark(text, template_marks[at], hit)
            else:
                outside.append(hit)
        for line in lines_at(text, outside):
            yield SyntaxContext(line.span, "template-text", ContextKind.PROSE)
        language = language_under(fragment.path)
        if language != "text" and outside:
            body = masked(text, template_marks, language)
            inner = Fragment(fragment.path, body, outside, fragment.moves)
            yield from self._body(language, inner, bool(template_marks))
        yield from addresses(text, hits, "template-address")

    def _body(
        self, language: str, inner: Fragment, marked: bool
    ) -> Iterator[SyntaxContext | SplitReference]:
        try:
            zones = list(self._read(language, inner))
        except FormError:
            if not marked:
                raise
            return
        for zone in zones:
            form = f"template-body/{zone.form}"
            if isinstance(zone, SyntaxContext):
                yield replace(zone, form=form, language=None)
            else:
                yield replace(zone, form=form)


def _mark(text: str, mark: Mark, hit: Span) -> Iterator[SyntaxContext]:
    """A name inside a mark: in a comment, in a string, or a variable's."""
    span = mark.span
    if mark.kind is MarkKind.COMMENT:
        yield SyntaxContext(span, "template-comment", ContextKind.COMMENT)
        return
    string = next((string for string in strings_in(text, span) if string.holds(hit)), None)
    if string is None:
        note = "a name of the template"
        yield SyntaxContext(hit, "template-name", ContextKind.OTHER_NAME, note=note)
        return
    before = text[span.start : string.start]
    if _CHART.match(before):
        note = "a named template of the chart"
        yield SyntaxContext(string, "template-string", ContextKind.LABEL, note=note)
    elif _NAMED.match(before):
        note = "a name that the templates give"
        yield SyntaxContext(string, "template-string", ContextKind.LABEL, note=note)
    elif (variable := _SET.match(text[mark.span.start : hit.start])) and (
        place := of_key(variable["name"], text, hit)
    ).label:
        yield place.at(string, "template-string", escapes=True)
    elif _PATHS.search(before) and not (continues(text, hit) and text[hit.end] == "."):
        yield SyntaxContext(string, "template-path", ContextKind.PATH_STRING, escapes=True)
    else:
        yield SyntaxContext(string, "template-string", ContextKind.STRING, escapes=True)
