"""The marks of template languages (Jinja, Helm and Go, Mako), and a text without them.

The masked text is as long as the text, so that places in one are places in the other: statements
become blanks, a value becomes a word that fits where the value will stand.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from unify_backend.model.spans import Span


class MarkKind(StrEnum):
    """What a mark is."""

    VALUE = "value"  # {{ … }}, ${ … }
    STATEMENT = "statement"  # {% … %}, a Mako line, a Go action that prints nothing
    COMMENT = "comment"  # {# … #}, {{/* … */}}


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark of the template language, its braces included."""

    kind: MarkKind
    span: Span


_JINJA = re.compile(
    r"(?P<comment>\{\#(?:[^#]|\#(?!\})){0,8000}\#\}|\{\{-?\s*/\*(?:[^*]|\*(?!/)){0,8000}\*/\s*-?\}\})"
    r"|(?P<value>\{\{(?:[^{}\"'`]|\"(?:[^\"\\\n]|\\.){0,400}\"|'(?:[^'\\\n]|\\.){0,400}'|`[^`]{0,400}`"
    r"|\{(?!\{)|\}(?!\}))*+\}\})"
    r"|(?P<statement>\{%(?:[^%]|%(?!\})){0,2000}%\})"
)
_MAKO = re.compile(
    r"(?P<comment>^[ \t]*\#\#[^\n]*|<%doc>.*?(?:</%doc>|\Z))"
    r"|(?P<value>\$\{[^{}]{0,800}\})"
    r"|(?P<statement>^[ \t]*%(?!%)[^\n]*|<%[!\w](?:[^%]|%(?!>)){0,2000}%?>|</%\w+>)",
    re.MULTILINE | re.DOTALL,
)
_GO_STATEMENT = re.compile(
    r"\{\{-?\s*(?:if|else|end|range|with|define|block|break|continue|\$\w+\s*:?=)\b"
)
_WORDS = {"json": "1", "toml": "1"}  # where a bare word is no value


def marks(text: str, path: str) -> list[Mark]:
    """The marks in `text`, in order; `path` says whether it is Mako."""
    pattern = _MAKO if path.lower().endswith(".mako") else _JINJA
    return [_mark(text, match) for match in pattern.finditer(text)]


def masked(text: str, template_marks: Sequence[Mark], language: str) -> str:
    """`text` in which the marks are what stands for them in a file of `language`."""
    word = _WORDS.get(language, "x")
    parts: list[str] = []
    at = 0
    for mark in template_marks:
        inside = text[mark.span.start : mark.span.end]
        fill = word if mark.kind is MarkKind.VALUE and not _alone(text, mark.span) else " "
        parts += [text[at : mark.span.start], re.sub(r"[^\r\n]", fill, inside)]
        at = mark.span.end
    parts.append(text[at:])
    return "".join(parts)


def strings_in(text: str, span: Span) -> Iterator[Span]:
    """The contents of the string literals in a mark."""
    for match in re.finditer(
        r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'', text[span.start : span.end]
    ):
        yield Span(*match.span(1 if match[1] is not None else 2)).shift(span.start)


def _mark(text: str, match: re.Match[str]) -> Mark:
    span = Span(*match.span())
    kind = MarkKind(match.lastgroup or "value")
    if kind is MarkKind.VALUE and _GO_STATEMENT.match(text, span.start):
        kind = MarkKind.STATEMENT
    return Mark(kind, span)


def _alone(text: str, span: Span) -> bool:
    """Whether a mark is all that stands on its lines: `{{ include "x" . | nindent 4 }}`."""
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    rest = text[span.end : end if end >= 0 else len(text)]
    return not text[start : span.start].strip() and not rest.strip()
