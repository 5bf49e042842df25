"""YAML as a tree, from the parser's events.

Events have exact marks, an alias is one event, and nothing recurses: a file with an unknown tag, an
undefined alias or a thousand levels is read like any other.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from unify_backend.languages.data.tree import Document, Entry, Kind, Node
from unify_backend.languages.language import FormError
from unify_backend.model.spans import Span

if TYPE_CHECKING:
    import yaml

_DEEP = re.compile(r"[\[{](?:\s*[\[{]){400}")  # the parser needs quadratic time for it
_PROPERTIES = re.compile(r"(?:[&!]\S*(?:\s+(?:#[^\n]*\n\s*)*|\Z))+")
_COMMENT = re.compile(r"(?<!\S)#[^\n]*")
_NULL = frozenset({"", "~", "null", "Null", "NULL"})


@lru_cache(maxsize=16)
def parse_yaml(text: str) -> Document:
    """The documents of a YAML file. Raises FormError with the line where the text is no YAML."""
    import yaml

    if _DEEP.search(text):
        raise FormError("nested too deeply for YAML")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder(text)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise FormError(f"not YAML: line {line} holds a byte that is not UTF-8") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise FormError(f"not YAML: {_message(error)}") from error
    return Document(text, builder.roots)


def yaml_comments(document: Document) -> list[Span]:
    """The comments of a YAML file: what stands behind a `#` between its scalars."""
    comments: list[Span] = []
    at = 0
    ends = [part.node.span for part in document.parts]
    for span in [*ends, Span(len(document.text), len(document.text))]:
        for match in _COMMENT.finditer(document.text, at, max(at, span.start)):
            comments.append(Span(*match.span()))
        at = max(at, span.end)
    return comments


class _Builder:
    """Takes the parser's events, one after the other."""

    def __init__(self, text: str) -> None:
        import yaml

        self._events = yaml
        self._text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.roots: list[Node] = []
        self._open: list[Node] = []
        self._keys: list[Node | None] = []  # per open collection: the key that waits for its value
        self._anchors: dict[str, Node] = {}

    def take(self, event: yaml.Event) -> None:
        """Adds what an event says."""
        events = self._events
        if isinstance(event, events.ScalarEvent):
            self._add(self._scalar(event), event.anchor)
        elif isinstance(event, events.CollectionStartEvent):
            mapping = isinstance(event, events.MappingStartEvent)
            node = self._node(Kind.MAPPING if mapping else Kind.SEQUENCE, event)
            node.style = ("{" if mapping else "[") if event.flow_style else ""
            if mapping:
                node.entries = []
            else:
                node.elements = []
            self._add(node, event.anchor)
            self._open.append(node)
            self._keys.append(None)
        elif isinstance(event, events.CollectionEndEvent):
            self._keys.pop()
            self._close(self._open.pop(), event)
        elif isinstance(event, events.AliasEvent):
            name: str = event.anchor or ""
            node = self._node(Kind.ALIAS, event)
            node.value, node.target = name, self._anchors.get(name)
            self._add(node, None)
        elif isinstance(event, events.DocumentStartEvent):
            self._anchors = {}

    def _add(self, node: Node, anchor: str | None) -> None:
        if anchor:
            node.anchor = anchor
            self._anchors[anchor] = node
        if not self._open:
            self.roots.append(node)
            return
        parent = self._open[-1]
        if parent.kind is Kind.SEQUENCE:
            assert isinstance(parent.elements, list)
            parent.elements.append(node)
        elif (key := self._keys[-1]) is None:
            self._keys[-1] = node
        else:
            assert isinstance(parent.entries, list)
            parent.entries.append(Entry(key, node))
            self._keys[-1] = None

    def _node(self, kind: Kind, event: Any) -> Node:
        start, end = _offset(event.start_mark), _offset(event.end_mark)
        tag: str = "" if kind is Kind.ALIAS else event.tag or ""
        anchored = kind is not Kind.ALIAS and event.anchor
        if (tag or anchored) and (properties := _PROPERTIES.match(self._text, start)):
            start = min(properties.end(), end) if kind is Kind.SCALAR else properties.end()
        span = Span(start, max(start, end))
        return Node(kind, self._line(start), self._line(span.end), span, span, tag=tag)

    def _line(self, offset: int) -> int:
        return bisect_right(self._starts, offset)

    def _scalar(self, event: Any) -> Node:
        node = self._node(Kind.SCALAR, event)
        node.style = event.style or ""
        node.value = event.value
        if not node.style and event.value in _NULL and node.tag in {"", "tag:yaml.org,2002:null"}:
            node.value, node.null = None, event.value
        start, end = node.span.start, node.span.end
        if node.is_block:
            head = self._text.find("\n", start, end)
            node.content = Span(head + 1 if head >= 0 else end, end)
        elif node.style and end - start > 1:
            node.content = Span(start + 1, end - 1)
        return node

    def _close(self, node: Node, event: yaml.Event) -> None:
        """A collection in lines ends with its last element, not where the next one begins."""
        last = [node.entries[-1].node] if node.entries else list(node.elements[-1:])
        end = _offset(event.end_mark) if node.style or not last else last[0].span.end
        node.span = Span(node.span.start, max(node.span.start, end))
        node.end_line = self._line(node.span.end)


def _offset(mark: Any) -> int:
    return int(mark.index) if mark is not None else 0


def _message(error: Exception) -> str:
    mark: Any = getattr(error, "problem_mark", None)
    where = f" in line {mark.line + 1}" if mark is not None else ""
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or error
    return f"{problem}{where}".replace("\n", " ")
