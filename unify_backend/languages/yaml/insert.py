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
from unify_backend.languages.insertion import Entry, Shape, at_end, line_end, put_in
from unify_backend.languages.language import FormError
from unify_backend.model.spans import Edit, splice

_COMMENT = re.compile(r"(?P<lead>[ ]*)#")
_Said = tuple[object, ...]


def insert_yaml(text: str, entry: Entry) -> Edit:
    """The edit that puts keys at the end of the document, or one more item (a block, `- …`) behind
    the last one of the list under a key.

    Raises FormError where that cannot be done for sure: not one document, no block mapping at the
    top, the key missing, its list written in brackets, empty, or with an anchor.
    """
    new = parse_yaml(entry.lines).root
    if entry.shape is Shape.KEYS and not entry.path:
        if not parse_yaml(text).roots:  # nothing but comments
            gap = "\n" if text and not text.endswith("\n") else ""
            return put_in(text, len(text), gap + entry.lines)
        top = _top(text)
        if twice := top.mapping.keys() & new.mapping.keys():
            raise FormError(f"it has `{min(twice)}:` already")
        return _checked(text, at_end(text, entry.lines), top, [*_entries(top), *_entries(new)])
    if entry.shape is not Shape.ITEM or len(entry.path) != 1:
        raise FormError("only keys at the top and their lists can be added to")
    (key,), top = entry.path, _top(text)
    edit = _item(text, key, top.get(key), entry.lines)
    added = [_shape(node) for node in new.elements]
    expected = [
        (key_shape, (*value, *added) if key_shape[-1] == key else value)
        for key_shape, value in _entries(top)
    ]
    return _checked(text, edit, top, expected)


def _item(text: str, key: str, listed: Node | None, item: str) -> Edit:
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
    block = indent(item.rstrip("\n"), " " * column)
    return put_in(text, _behind(text, end, column), f"\n{block}")


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
    best = end = line_end(text, at)
    while end < len(text):
        start = text.index("\n", end) + 1
        end = line_end(text, start)
        line = text[start:end]
        match = _COMMENT.match(line)
        if match and len(match["lead"]) > column:
            best = end
        elif line.strip():
            break
    return best


def _checked(text: str, edit: Edit, before: Node, expected: list[tuple[_Said, _Said]]) -> Edit:
    try:
        roots = parse_yaml(splice(text, [edit])).roots
    except FormError:
        roots = []
    same = len(roots) == 1 and _own(roots[0]) == _own(before)
    if not same or list(_entries(roots[0])) != expected:
        raise FormError("with the entry in it, it would mean something else")
    return edit


def _entries(node: Node) -> Iterator[tuple[_Said, _Said]]:
    return ((_shape(entry.key), _shape(entry.node)) for entry in node.entries)


def _own(node: Node) -> _Said:
    """What a node says by itself, without its place and layout."""
    plain = node.kind is Kind.SCALAR and not node.style
    return (node.kind, node.anchor, node.tag, plain, node.value)


def _shape(node: Node) -> _Said:
    """What a node says, with all that is in it."""
    entries = [shape for entry in _entries(node) for shape in entry]
    return (*_own(node), *entries, *(_shape(element) for element in node.elements))
