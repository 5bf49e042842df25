"""Tags, comments and text of HTML and XML, by position; no tree, which templates rarely have.

The reading follows the HTML standard's tokenisation (13.2.5) as far as names need it; scripts and
styles end only at their own end tags.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from unify_backend.model.spans import Span

_MARKS = (  # of template languages; bounded, because many braces are no template marks
    r"\{\{(?:[^{}]|\{(?!\{)|\}(?!\})){0,800}\}\}"
    r"|\{%(?:[^%]|%(?!\})){0,800}%\}|\{\#(?:[^#]|\#(?!\})){0,4000}\#\}"
)
_NEXT = re.compile(
    r"(?P<comment><!--.*?(?:-->|\Z))"
    r"|(?P<cdata><!\[CDATA\[)"
    rf"|(?P<template>{_MARKS})"
    r"|(?P<other><[!?][^>]*(?:>|\Z))"
    r"|(?P<tag></?(?P<name>[A-Za-z][\w:.-]{0,100}))",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(
    rf"\s*(?:(?P<end>/?>)|(?P<template>{_MARKS})"
    r"|(?P<name>[^\s=\"'<>/{]{1,200})(?:\s*=\s*(?:\"(?P<double>[^\"]*)(?:\"|\Z)|'(?P<single>[^']*)(?:'|\Z)"
    r"|(?P<bare>[^\s\"'<>=`]+)))?|(?P<stray>[^\s<]))",
    re.DOTALL,
)
RAW = frozenset({"script", "style", "textarea", "title", "py-script", "py-config", "xmp"})


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute; `value` is None where it has none. `span` covers the value without quotes."""

    name: str
    name_span: Span
    span: Span | None


@dataclass(frozen=True, slots=True)
class Tag:
    """A start or end tag, with its name in lower case and its attributes."""

    name: str
    span: Span
    attributes: tuple[Attribute, ...]

    def value(self, name: str, text: str) -> str:
        """An attribute's value, or an empty string."""
        for attribute in self.attributes:
            if attribute.name == name and attribute.span is not None:
                return text[attribute.span.start : attribute.span.end]
        return ""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, its marks included."""

    span: Span


@dataclass(frozen=True, slots=True)
class Template:
    """An expression or a statement of a template language between the tags or in one."""

    span: Span


@dataclass(frozen=True, slots=True)
class Text:
    """What stands between tags; `inside` are the elements that are open around it, the innermost
    last; `raw` is true in a script, a style and the like."""

    span: Span
    inside: tuple[Tag, ...]
    raw: bool = False


Piece = Tag | Comment | Template | Text
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_MOST_OPEN = 60  # nested elements that are recorded; deeper ones do not affect the reading


def pieces(text: str) -> Iterator[Piece]:
    """Everything in the text that may hold a name, in order. Never raises."""
    inside: list[Tag] = []
    at = search = 0
    while match := _NEXT.search(text, search):
        if match["cdata"]:
            search = match.end()
            continue
        if match.start() > at:
            yield Text(Span(at, match.start()), tuple(inside[-3:]))
        at = search = match.end()
        if match["comment"]:
            yield Comment(Span(*match.span()))
        elif match["template"]:
            yield Template(Span(*match.span()))
        elif match["tag"]:
            tag, templates = _tag(text, match)
            at = search = tag.span.end
            yield tag
            if match["tag"].startswith("</"):
                _close(inside, tag.name)
                continue
            yield from templates
            closed = text.endswith("/>", tag.span.start, tag.span.end)
            if tag.name in RAW and not closed:
                end = re.compile(rf"</{re.escape(tag.name)}\b|\Z", re.IGNORECASE).search(text, at)
                stop = end.start() if end else len(text)
                yield Text(Span(at, stop), (*inside[-2:], tag), raw=True)
                at = search = stop
            elif tag.name not in _VOID and not closed and len(inside) < _MOST_OPEN:
                inside.append(tag)
    if at < len(text):
        yield Text(Span(at, len(text)), tuple(inside[-3:]))


def _tag(text: str, match: re.Match[str]) -> tuple[Tag, list[Template]]:
    attributes: list[Attribute] = []
    templates: list[Template] = []
    at = match.end()
    while attribute := _ATTRIBUTE.match(text, at):
        at = attribute.end()
        if attribute["end"]:
            break
        if attribute["template"]:
            templates.append(Template(Span(*attribute.span("template"))))
        elif attribute["name"]:
            kind = next((kind for kind in ("double", "single", "bare") if attribute[kind]), None)
            value = Span(*attribute.span(kind)) if kind else None
            attributes.append(
                Attribute(attribute["name"].lower(), Span(*attribute.span("name")), value)
            )
    return Tag(match["name"].lower(), Span(match.start(), at), tuple(attributes)), templates


def _close(inside: list[Tag], name: str) -> None:
    """Ends the innermost element of that name, and what is open inside it."""
    for at in range(len(inside) - 1, max(-1, len(inside) - 12), -1):
        if inside[at].name == name:
            del inside[at:]
            return
