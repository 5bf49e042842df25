"""JSON as a tree, with the comments, trailing commas and single quotes that editors allow.

The reader below finds places only and is content with any text that can be cut into tokens and
whose brackets match; whether the text is JSON the standard library says (`plain_json`).
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from unify_backend.languages.data.tree import Document, Entry, Kind, Node
from unify_backend.languages.language import FormError
from unify_backend.model.spans import Span

_TOKEN = re.compile(
    r"""[\s\ufeff]*(?:(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<mark>[\[\]{},:])
    |(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))
    |(?P<other>[^\s"',:\[\]{}/]+|/)
    |\Z)""",
    re.VERBOSE | re.DOTALL,
)
_TRAILING = re.compile(r",(?=\s*[\]}])")
_CLOSES = {"}": Kind.MAPPING, "]": Kind.SEQUENCE}


@dataclass(slots=True)
class _Open:
    """An open bracket, the key that waits for its value, and whether the next string is a key."""

    node: Node
    key: Node | None = None
    expects_key: bool = False


@lru_cache(maxsize=16)
def parse_json(text: str) -> Document:
    """The values of a JSON file (one, in a file that is right) and its comments; a bracket that
    does not close is the document's problem.

    Raises FormError where the text cannot be cut into tokens or a bracket does not match.
    """
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    roots: list[Node] = []
    comments: list[Span] = []
    opened: list[_Open] = []
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise _error(starts, at, f"not JSON at {text[at:].lstrip()[:20]!r}")
        at, kind = token.end(), token.lastgroup
        if kind == "mark":
            word, start = text[at - 1], at - 1
            if word == ",":
                if opened:
                    opened[-1].expects_key = opened[-1].node.kind is Kind.MAPPING
            elif word in "{[":
                line, span = bisect_right(starts, start), Span(start, at)
                if word == "{":
                    node = Node(Kind.MAPPING, line, line, span, span, style=word, entries=[])
                else:
                    node = Node(Kind.SEQUENCE, line, line, span, span, style=word, elements=[])
                _add(node, opened, roots)
                opened.append(_Open(node, expects_key=word == "{"))
            elif word in _CLOSES:
                if not opened or opened[-1].node.kind is not _CLOSES[word]:
                    raise _error(starts, at, f"{word} without its beginning")
                node = opened.pop().node
                node.span = Span(node.span.start, at)
                node.end_line = bisect_right(starts, start)
        elif kind == "comment":
            comments.append(Span(*token.span(kind)))
        elif kind:
            node = _scalar(token, kind, starts)
            if opened and opened[-1].expects_key:
                opened[-1].key, opened[-1].expects_key = node, False
            else:
                _add(node, opened, roots)
    problem = f"line {opened[-1].node.line}: a bracket is not closed" if opened else ""
    return Document(text, roots, comments, problem=problem)


def _scalar(token: re.Match[str], kind: str, starts: list[int]) -> Node:
    word, span = token[kind], Span(*token.span(kind))
    line = bisect_right(starts, span.start)
    if kind == "other":
        null = word == "null"
        return Node(Kind.SCALAR, line, line, span, span, None if null else word, null=word * null)
    content = Span(span.start + 1, span.end - 1)
    return Node(Kind.SCALAR, line, line, span, content, _unescaped(word[1:-1]), word[0])


def _add(node: Node, opened: list[_Open], roots: list[Node]) -> None:
    if not opened:
        roots.append(node)
        return
    parent = opened[-1]
    if isinstance(parent.node.elements, list):
        parent.node.elements.append(node)
    elif isinstance(parent.node.entries, list) and parent.key is not None:
        parent.node.entries.append(Entry(parent.key, node))
        parent.key = None


def plain_json(document: Document) -> str:
    """The text as the standard library reads it: comments and trailing commas are blanks."""
    text, at, pieces = document.text, 0, list[str]()
    for comment in document.comments:
        pieces += [text[at : comment.start], re.sub(r"[^\n]", " ", document.source(comment))]
        at = comment.end
    plain = "".join([*pieces, text[at:]])
    strings = [part.node.span for part in document.parts if part.node.style]
    return "".join(_outside(plain, strings))


def _outside(text: str, strings: list[Span]) -> list[str]:
    """`text` with the trailing commas outside of `strings` blanked."""
    pieces: list[str] = []
    at = 0
    for span in [*strings, Span(len(text), len(text))]:
        # a string never begins with a bracket, so that no comma is cut from its bracket
        pieces += [_TRAILING.sub(" ", text[at : span.start]), text[span.start : span.end]]
        at = span.end
    return pieces


def _error(starts: list[int], at: int, problem: str) -> FormError:
    return FormError(f"line {bisect_right(starts, max(0, at - 1))}: {problem}")


def _unescaped(content: str) -> str:
    if "\\" not in content:
        return content
    try:
        return str(json.loads(f'"{content}"', strict=False))
    except ValueError:
        return content
