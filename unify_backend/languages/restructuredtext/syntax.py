"""reStructuredText's blocks, as far as names need them: markup, literal and doctest blocks.

The reading follows the reStructuredText specification (docutils, "Explicit Markup Blocks",
"Literal Blocks", "Doctest Blocks"). Indentation decides what belongs to what; nothing is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from unify_backend.model.spans import Span


class Kind(StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"  # running text; titles and tables too
    ARGUMENT = "argument"  # what follows `.. name::`
    OPTION = "option"  # the value of `:option:` below a directive
    BODY = "body"  # the content of a directive that holds no running text
    LITERAL = "literal"  # what is indented below `::`
    DOCTEST = "doctest"  # from `>>>` to the next blank line
    COMMENT = "comment"
    LABEL = "label"  # the name in `.. _name: target`
    TARGET = "target"  # where it leads


@dataclass(frozen=True, slots=True)
class RestBlock:
    """One block. `name` is its directive's, in lower case and without domain; `option` the name of
    an option; `argument` the directive's argument; `highlight` the language that `.. highlight::`
    has set for blocks that name none."""

    kind: Kind
    span: Span
    name: str = ""
    option: str = ""
    argument: str = ""
    highlight: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str  # without its line end
    indent: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def blank(self) -> bool:
        return not self.text or self.text.isspace()


# Directives whose content is code, data or a list rather than running text.
CODE = frozenset(
    "code-block code sourcecode parsed-literal literalinclude doctest testcode testsetup "
    "testcleanup testoutput prompt ipython jupyter-execute code-cell exec plot raw math jinja "
    "graphviz digraph graph mermaid uml plantuml highlight-block runblock command-output "
    "program-output console tab-code".split()
)
LISTS = frozenset({"toctree", "autosummary", "autosummaryfunc"})

_EXPLICIT = re.compile(r"[ \t]*\.\.(?:[ \t]+|$)")
_DIRECTIVE = re.compile(
    r"(?:\|(?P<substitution>[^|\n]{1,200})\|[ \t]+)?"
    r"(?P<name>[A-Za-z][\w+.:-]{0,80}?)[ \t]?::(?:[ \t]+|$)"
)
_TARGET = re.compile(r"_(?P<label>`[^`\n]{1,300}`|(?:\\.|[^`:\n\\]|:(?=\S)){1,300}|_)(?::(?=\s|$))")
_ANONYMOUS = re.compile(r"[ \t]*__[ \t]+")
_NOTE = re.compile(r"\[[#*\w.-]{1,100}\](?:[ \t]|$)")
_OPTION = re.compile(r"[ \t]*:(?P<name>[A-Za-z][\w .-]{0,60}):(?:[ \t]+|$)")
_MARKER = re.compile(r"[ \t]*(?:[-*+•]|\(?(?:\d{1,4}|#|[a-zA-Z])[.)])[ \t]+")


def rest_blocks(text: str) -> list[RestBlock]:
    """All blocks of a document, in order; blank lines belong to none. Never raises."""
    return list(_Reader(text).blocks())


class _Reader:
    """Walks over the lines once."""

    def __init__(self, text: str) -> None:
        self._lines = list(_lines(text))
        self._at = 0
        self._highlight = ""

    def blocks(self) -> Iterator[RestBlock]:
        lines = self._lines
        while self._at < len(lines):
            line = lines[self._at]
            if line.blank:
                self._at += 1
            elif match := _EXPLICIT.match(line.text):
                yield from self._explicit(line, match.end())
            elif line.text.lstrip().startswith(">>>"):
                yield RestBlock(Kind.DOCTEST, self._paragraph())
            elif match := _ANONYMOUS.match(line.text):
                self._at += 1
                yield RestBlock(Kind.TARGET, Span(line.start + match.end(), line.end))
            else:
                yield from self._running()

    def _running(self) -> Iterator[RestBlock]:
        """A paragraph, and the literal block that its last line announces."""
        span = self._paragraph()
        yield RestBlock(Kind.PARAGRAPH, span)
        last = self._lines[self._at - 1]
        if last.text.rstrip().endswith("::") and (body := self._body(_width(last))) is not None:
            yield RestBlock(Kind.LITERAL, body, highlight=self._highlight)

    def _paragraph(self) -> Span:
        """The lines up to a blank one, or up to where explicit markup or a literal block begins."""
        first = self._lines[self._at]
        last = first
        self._at += 1
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if line.blank or _EXPLICIT.match(line.text):
                break
            last = line
            self._at += 1
        return Span(first.start, last.end)

    def _body(self, indent: int) -> Span | None:
        """The block below that is indented deeper than `indent`; None where there is none."""
        at = self._at
        first: _Line | None = None
        last: _Line | None = None
        while at < len(self._lines):
            line = self._lines[at]
            if not line.blank:
                if line.indent <= indent:
                    break
                first, last = first or line, line
                self._at = at + 1
            at += 1
        return Span(first.start, last.end) if first and last else None

    def _explicit(self, line: _Line, at: int) -> Iterator[RestBlock]:
        if match := _DIRECTIVE.match(line.text, at):
            yield from self._directive(line, match)
            return
        self._at += 1
        if match := _TARGET.match(line.text, at):
            yield RestBlock(Kind.LABEL, Span(*match.span("label")).shift(line.start))
            if match.end() < len(line.text):
                yield RestBlock(Kind.TARGET, Span(line.start + match.end(), line.end))
        elif match := _NOTE.match(line.text, at):
            yield RestBlock(Kind.LABEL, Span(at, match.end()).shift(line.start))
            yield RestBlock(Kind.PARAGRAPH, Span(line.start + match.end(), line.end))
        else:
            body = self._body(line.indent) if at < len(line.text) or self._below(line) else None
            yield RestBlock(Kind.COMMENT, Span(line.start, body.end if body else line.end))

    def _below(self, line: _Line) -> bool:
        """Whether text stands directly below a bare `..`; behind a blank line it is a quotation."""
        return self._at < len(self._lines) and not self._lines[self._at].blank

    def _directive(self, line: _Line, match: re.Match[str]) -> Iterator[RestBlock]:
        name = match["name"].lower().rsplit(":", 1)[-1]
        argument = line.text[match.end() :].strip()
        if name == "highlight":
            self._highlight = argument
        if match["substitution"]:
            yield RestBlock(Kind.LABEL, Span(*match.span("substitution")).shift(line.start))
        yield RestBlock(Kind.ARGUMENT, Span(line.start + match.end(), line.end), name)
        self._at += 1
        while self._at < len(self._lines):  # further arguments, then options, without a blank line
            next_line = self._lines[self._at]
            if next_line.blank or next_line.indent <= line.indent:
                break
            if option := _OPTION.match(next_line.text):
                span = Span(next_line.start + option.end(), next_line.end)
                yield RestBlock(Kind.OPTION, span, name, option["name"].lower(), argument)
            elif name in CODE or name in LISTS or not argument:
                break
            else:
                yield RestBlock(Kind.ARGUMENT, Span(next_line.start, next_line.end), name)
            self._at += 1
        if (name in CODE or name in LISTS) and (body := self._body(line.indent)) is not None:
            yield RestBlock(Kind.BODY, body, name, "", argument, self._highlight)


def _width(line: _Line) -> int:
    """How far a line's own text is indented, its list marker included."""
    marker = _MARKER.match(line.text)
    return len(marker.group().expandtabs(8)) if marker else line.indent


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for raw in text.split("\n"):
        plain = raw.removesuffix("\r")
        expanded = plain.expandtabs(8) if "\t" in plain else plain
        yield _Line(start, plain, len(expanded) - len(expanded.lstrip()))
        start += len(raw) + 1
