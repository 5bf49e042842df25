"""HTML and XML: attributes by their names, scripts and styles in their languages, text as prose."""

import re
from collections.abc import Iterator, Sequence

from unify_backend.languages.detect import language_called, language_of_code
from unify_backend.languages.documents.code_blocks import guess_language
from unify_backend.languages.html.syntax import Attribute, Comment, Piece, Tag, Template, pieces
from unify_backend.languages.key_values import addresses, holding, of_key
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.languages.webs import web_addresses
from unify_backend.model.evidence import Reason
from unify_backend.model.spans import Span

_ADDRESSES = frozenset(
    "href src action data-src srcset poster cite background formaction manifest data-href "
    "xlink:href longdesc data-url hx-get hx-post hx-put hx-delete hx-patch classid codebase".split()
)
_PROSE = frozenset("alt title placeholder content aria-label summary data-tooltip caption".split())
_NAMES = frozenset(
    "class id for name headers form list role rel type lang slot part itemprop property target "
    "aria-labelledby aria-describedby aria-controls data-target data-bs-target key ref "
    "http-equiv charset accept method autocomplete usemap xmlns".split()
)
_CODE = frozenset({"code", "pre", "kbd", "samp", "tt", "listing", "xmp"})
_SCRIPTS = {"module": "javascript", "importmap": "json", "speculationrules": "json"}
_CLASS = re.compile(r"(?:language|lang|highlight|brush:)[-_ ]?([\w+-]+)|(?<![\w-])(\w+)(?![\w-])")
_DATA = (".xml", ".plist", ".iml")  # elements and attributes are keys there


class HtmlReferences:
    """Pieces of the page around the hits."""

    paths_from_file = True

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """Zones around every hit; never raises."""
        text, hits = fragment.text, fragment.hits
        if not hits:
            return
        data = fragment.path.lower().endswith(_DATA) or _is_data(text[:600])
        at = 0
        for piece in pieces(text):
            while at < len(hits) and hits[at].start < piece.span.start:
                at += 1
            if at == len(hits):
                break
            end = at
            while end < len(hits) and hits[end].end <= piece.span.end:
                end += 1
            if end > at:
                yield from _piece(piece, text, hits[at:end], data)
        yield from addresses(text, hits, "html-address")
        yield from web_addresses(text, hits, "html-address")


def _is_data(head: str) -> bool:
    """Whether this is XML that holds settings or results, going by its beginning."""
    return head.lstrip("\ufeff \t\r\n").startswith("<?xml") and "<html" not in head.lower()


def _piece(piece: Piece, text: str, hits: Sequence[Span], data: bool) -> Iterator[SyntaxContext]:
    match piece:
        case Comment(span):
            yield SyntaxContext(span, "html-comment", ContextKind.COMMENT)
        case Template(span):
            yield SyntaxContext(span, "html-template", ContextKind.CODE_SPAN, "template")
        case Tag():
            yield from _tag(piece, text, hits, data)
        case _ if data and piece.inside:
            place = of_key(piece.inside[-1].name, text, hits[0])
            yield place.as_string().at(piece.span, "html-element")
        case _ if piece.raw:
            yield _raw(piece.inside[-1], piece.span, text)
        case _:
            yield _text(piece.inside, piece.span, text)


def _tag(tag: Tag, text: str, hits: Sequence[Span], data: bool) -> Iterator[SyntaxContext]:
    note = "an element's or an attribute's name"
    yield SyntaxContext(tag.span, "html-tag", ContextKind.LABEL, note=note)
    for attribute in tag.attributes:
        if attribute.span is not None and (held := holding(hits, attribute.span)):
            yield _attribute(tag, attribute, attribute.span, text, held[0], data)


def _attribute(
    tag: Tag, attribute: Attribute, span: Span, text: str, hit: Span, data: bool
) -> SyntaxContext:
    name = attribute.name
    if data:
        key = tag.value("name", text) or tag.value("key", text) if name == "value" else name
        place = of_key(key, text, hit)
        return place.as_string().at(span, "html-attribute")
    if name in _ADDRESSES or (name == "data" and tag.name == "object"):
        return SyntaxContext(
            span, "html-address", ContextKind.STRING, note="in an address", reason=Reason.ALONE
        )
    if name == "style":
        return SyntaxContext(span, "html-style", ContextKind.CODE_SPAN, "css")
    if name.startswith("on") or name.startswith(("@", ":", "v-", "x-")):
        return SyntaxContext(span, "html-script", ContextKind.STRING, "javascript")
    if name in _PROSE or (name == "value" and tag.value("type", text) in {"submit", "button"}):
        return SyntaxContext(span, "html-text", ContextKind.PROSE)
    if name in _NAMES:
        return SyntaxContext(span, "html-attribute", ContextKind.LABEL, note="a name in the page")
    return SyntaxContext(
        span, "html-attribute", ContextKind.STRING, note="in an attribute", reason=Reason.ALONE
    )


def _raw(tag: Tag, span: Span, text: str) -> SyntaxContext:
    if tag.name == "style":
        return SyntaxContext(span, "html-style", ContextKind.CODE_SPAN, "css")
    if tag.name in {"title", "textarea"}:
        return SyntaxContext(span, "html-text", ContextKind.PROSE)
    if tag.name in {"py-script", "xmp", "py-config"}:
        language = {"py-script": "python", "py-config": "toml"}.get(tag.name)
        return SyntaxContext(span, "html-script", ContextKind.CODE_SPAN, language)
    kind = tag.value("type", text).strip().lower()
    word = re.split(r"[/+-]", kind)[-1] if kind else "javascript"
    language = _SCRIPTS.get(word) or language_called(word.removeprefix("x-"))
    if kind == "py" or kind.startswith("text/x-python"):
        language = "python"
    return SyntaxContext(span, "html-script", ContextKind.STRING, language)


def _text(inside: Sequence[Tag], span: Span, text: str) -> SyntaxContext:
    """Text between tags: code in the elements that hold code, else prose."""
    if not any(tag.name in _CODE for tag in inside):
        end = span.start + len(text[span.start : span.end].rstrip())
        return SyntaxContext(Span(span.start, end), "html-text", ContextKind.PROSE)
    for tag in reversed(inside):
        for match in _CLASS.finditer(tag.value("class", text)):
            code = text[span.start : span.end]
            if language := language_of_code(match[1] or match[2], code):
                return SyntaxContext(span, "html-code", ContextKind.CODE_SPAN, language)
    return SyntaxContext(
        span, "html-code", ContextKind.CODE_SPAN, guess_language(text[span.start : span.end])
    )
