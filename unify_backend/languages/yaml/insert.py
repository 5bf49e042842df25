"""An entry put into a YAML file by position.

The tree says where a block sequence ends. What comes out is parsed again: its tree must be that of
before with the entry's own in one place, so that no anchor, alias, tag or comment can be misread
in silence. The idea of editing YAML in place by position is pre-commit's
(`pre_commit/yaml_rewrite.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import indent

from unify_backend.languages.data.tree import Kind, Node
from unify_backend.languages.data.yaml_parser import parse_yaml
from unify_backend.languages.insertion import at_end, insert
from unify_backend.languages.language import FormError

_COMMENT = re.compile(r"(?P<lead>[ ]*)#")
Shape = tuple[object, ...]


def blank(text: str) -> bool:
    """Whether a YAML text holds nothing but comments. Raises FormError where it is no YAML."""
    return not parse_yaml(text).roots


def fill(text: str, whole: str) -> str:
    """A blank text with `whole` behind its comments."""
    gap = "\n" if text and not text.endswith("\n") else ""
    return insert(text, [(len(text), gap + whole)])


def top_keys(text: str) -> frozenset[str]:
    """The keys at the top of the one document. Raises FormError as `append_item` does."""
    return frozenset(_top(text).mapping)


def scalars_under(text: str, key: str) -> frozenset[str]:
    """Every scalar in the value of a key at the top; none where the key is missing."""
    _top(text)
    parts = parse_yaml(text).parts
    return frozenset(part.node.written_value for part in parts if part.path[:1] == (key,))


def words_of(text: str, key: str) -> tuple[str, ...] | None:
    """The scalars of a list at the top, or None where there is no list under `key`."""
    node = _top(text).get(key)
    if node is None or node.kind is not Kind.SEQUENCE:
        return None
    parts = parse_yaml(text).parts
    return tuple(part.node.written_value for part in parts if part.path[:2] == (key, "-"))


def append_item(text: str, key: str, item: str) -> str:
    """`text` with `item` (a block, `- …`, indented from 0) behind the last item under `key`.

    Raises FormError where that cannot be done for sure: not one document, no block mapping at the
    top, the key missing, written in brackets, empty, or with an anchor.
    """
    top = _top(text)
    listed = next((entry.node for entry in top.entries if entry.key.value == key), None)
    if listed is None:
        raise FormError(f"it has no `{key}:`")
    if listed.kind is not Kind.SEQUENCE:
        raise FormError(f"`{key}:` is no list")
    if listed.style:
        raise FormError(f"the list under `{key}:` is written in brackets")
    if listed.anchor:
        raise FormError(f"the list under `{key}:` has an anchor, and may be used elsewhere")
    start = listed.span.start
    column = start - (text.rfind("\n", 0, start) + 1)
    end = start + len(text[start : listed.span.end].rstrip())
    at = _behind(text, end, column)
    block = indent(item.rstrip("\n"), " " * column)
    after = insert(text, [(at, f"\n{block}")])
    new = [_shape(node) for node in parse_yaml(item).root.elements]
    expected = [
        (key_shape, (*value, *new) if key_shape[-1] == key else value)
        for key_shape, value in _entries(top)
    ]
    return _checked(after, top, expected)


def append_key(text: str, block: str) -> str:
    """`text` with a new key at its end (`block`, whole lines from column 0). Raises FormError as
    `append_item` does, and where the end of the file is no place for a key."""
    top = _top(text)
    after = insert(text, [(len(text), at_end(text, block))])
    return _checked(after, top, [*_entries(top), *_entries(parse_yaml(block).root)])


def _top(text: str) -> Node:
    """The block mapping at the top of the one document."""
    roots = parse_yaml(text).roots
    if len(roots) != 1:
        raise FormError("it does not hold exactly one document")
    top = roots[0]
    if top.kind is not Kind.MAPPING or top.style:
        raise FormError("it has no keys at the top, one on each line")
    keys = [entry.key.value for entry in top.entries if entry.key.kind is Kind.SCALAR]
    if twice := next((key for key in keys if keys.count(key) > 1), None):
        raise FormError(f"it has `{twice}:` twice")
    return top


def _behind(text: str, at: int, column: int) -> int:
    """The end of the line that holds `at`, or of the comments below it that are indented deeper
    than the list: they belong to its last item."""
    best = end = _line_end(text, at)
    while end < len(text):
        start = text.index("\n", end) + 1
        end = _line_end(text, start)
        line = text[start:end]
        match = _COMMENT.match(line)
        if match and len(match["lead"]) > column:
            best = end
        elif line.strip():
            break
    return best


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    if end < 0:
        return len(text)
    return end - 1 if end > at and text[end - 1] == "\r" else end


def _checked(after: str, before: Node, expected: list[tuple[Shape, Shape]]) -> str:
    try:
        roots = parse_yaml(after).roots
    except FormError:
        roots = []
    same = len(roots) == 1 and _own(roots[0]) == _own(before)
    if not same or list(_entries(roots[0])) != expected:
        raise FormError("with the entry in it, it would mean something else")
    return after


def _entries(node: Node) -> Iterator[tuple[Shape, Shape]]:
    return ((_shape(entry.key), _shape(entry.node)) for entry in node.entries)


def _own(node: Node) -> Shape:
    """What a node says by itself, without its place and layout."""
    plain = node.kind is Kind.SCALAR and not node.style
    return (node.kind, node.anchor, node.tag, plain, node.value)


def _shape(node: Node) -> Shape:
    """What a node says, with all that is in it."""
    entries = [shape for entry in _entries(node) for shape in entry]
    return (*_own(node), *entries, *(_shape(element) for element in node.elements))
