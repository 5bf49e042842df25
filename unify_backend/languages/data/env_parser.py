"""Environment files: one variable a line, a value in quotes over several lines, or a value whose
lines are joined by backslashes."""

from __future__ import annotations

import re
from functools import lru_cache

from unify_backend.languages.data.tree import (
    Document,
    Entry,
    Kind,
    Node,
    Statement,
    StatementKind,
)
from unify_backend.model.spans import Span

_NAME = re.compile(r"\ufeff?[ \t]*(?:export[ \t]+|set[ \t]+)?(?P<name>[\w.-]+)[ \t]*=[ \t]*")
_QUOTED = re.compile(
    r"(?P<value>\"(?P<double>(?:\\.|[^\"\\])*)\"|'(?P<single>[^']*)')[ \t]*(?P<comment>#[^\n]*)?"
    r"(?=\r?(?:\n|\Z))",
    re.DOTALL,
)
_PLAIN = (
    re.compile(  # a backslash joins lines unless the next one is an assignment: `DIR=C:\\app\\`
        r"(?P<value>(?:[^\n\\]|\\\r?\n(?![ \t]*(?:export[ \t]+)?[A-Za-z_]\w*=)"
        r"|\\(?!\r?\n).|\\(?=\r?\n|\Z))*)",
        re.DOTALL,
    )
)
_COMMENT = re.compile(r"(?:^|[ \t]+)#.*", re.DOTALL)
_SECTION = re.compile(r"[ \t]*\[(?P<name>[^\]\n]*)\]")
_ESCAPE = re.compile(r"\\(?P<char>.)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "\n": ""}


@lru_cache(maxsize=16)
def parse_env(text: str) -> Document:
    """The variables of an environment file. Any text is read: there is no error.

    A comment behind a value needs a blank in front of it, `#` is else part of the value.
    """
    root = Node(Kind.MAPPING, 1, entries=[])
    statements: list[Statement] = []
    comments: list[Span] = []
    entries: list[Entry] = []
    at, line, section = 0, 1, ""
    while at < len(text):
        match = _NAME.match(text, at)
        if match is None:
            end = text.find("\n", at) + 1 or len(text)
            statement = _other(text, Span(at, end), section)
            section = statement.section
            if statement.kind is StatementKind.COMMENT:
                comments.append(statement.span)
        else:
            value, behind = _value(text, match.end(), line)
            end = text.find("\n", value.span.end) + 1 or len(text)
            if behind:
                comments.append(behind)
            name = Span(*match.span("name"))
            key = Node(Kind.SCALAR, line, line, name, name, match["name"])
            entries.append(Entry(key, value))
            statement = Statement(
                StatementKind.ENTRY, Span(at, end), section, match["name"], name, value
            )
        statements.append(statement)
        line += text.count("\n", at, end)
        at = end
    root.entries = entries
    return Document(text, [root], comments, statements)


def _value(text: str, start: int, line: int) -> tuple[Node, Span | None]:
    """The value that begins at `start`, and the comment behind it."""
    if quoted := _QUOTED.match(text, start):
        span = Span(*quoted.span("value"))
        inner = quoted["double"]
        value = _ESCAPE.sub(_unescaped, inner) if inner is not None else quoted["single"]
        content, style = Span(span.start + 1, span.end - 1), text[span.start]
        comment = Span(*quoted.span("comment")) if quoted["comment"] else None
    else:
        plain = _PLAIN.match(text, start)
        whole = plain["value"] if plain else ""
        behind = _COMMENT.search(whole)
        value = whole[: behind.start()] if behind else whole
        value = value.rstrip(" \t\r")
        span = content = Span(start, start + len(value))
        style = ""
        comment = None
        if behind:
            lead = len(behind[0]) - len(behind[0].lstrip())
            end = start + len(whole.rstrip("\r"))
            comment = Span(start + behind.start() + lead, end)
    last = line + text.count("\n", start, span.end)
    return Node(Kind.SCALAR, line, last, span, content, value, style), comment


def _other(text: str, span: Span, section: str) -> Statement:
    body = text[span.start : span.end].strip().removeprefix("\ufeff")
    if not body:
        return Statement(StatementKind.BLANK, span, section)
    if body[0] in "#;":
        return Statement(StatementKind.COMMENT, span, section)
    if match := _SECTION.match(text, span.start):
        name = Span(*match.span("name"))
        return Statement(StatementKind.HEADER, span, match["name"], "", name)
    return Statement(StatementKind.OTHER, span, section)


def _unescaped(match: re.Match[str]) -> str:
    return _ESCAPED.get(match["char"], match["char"])
