"""Paths in several tokens: `root / "acme" / "billing"`, `os.path.join("acme", "billing")`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from unify_backend.languages.language import SplitReference
from unify_backend.languages.syntax_tree import SyntaxTree
from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import Span

if TYPE_CHECKING:
    from tree_sitter import Node

JOINERS = frozenset(
    "join joinpath Path PurePath PosixPath WindowsPath PurePosixPath PureWindowsPath".split()
)
_DEEPEST = 60  # operands, more than real paths have; limits the recursion


@dataclass(frozen=True, slots=True)
class Segment:
    """One folder or file of a path; `span` is where its text stands, None where it is computed."""

    text: str
    span: Span | None
    literal: int  # the literal it stands in, counted from the left


def segments_around(tree: SyntaxTree, string: Node) -> list[Segment]:
    """The path that the literal is a part of, segment by segment; empty where it is none."""
    top = string
    for _ in range(_DEEPEST):
        if (outer := _joined(tree, top)) is None:
            break
        top = outer
    segments: list[Segment] = []
    for number, node in enumerate(_operands(tree, top, _DEEPEST)):
        content = _content(tree, node) if node is not None else None
        if content is None:
            segments.append(Segment("", None, number))
            continue
        at = content.start
        for part in re.split(r"([/\\]+)", tree.text[content.start : content.end]):
            if part and not re.match(r"[/\\]", part):
                segments.append(Segment(part, Span(at, at + len(part)), number))
            at += len(part)
    return segments


def completes(segments: list[Segment], hit: Span, parts: tuple[str, ...]) -> bool:
    """Whether the segment at `hit` belongs to a run of segments that spells `parts`."""
    at = next(
        (n for n, segment in enumerate(segments) if segment.span and segment.span.holds(hit)), None
    )
    if at is None:
        return False
    written = [segment.text for segment in segments]
    return any(
        part == written[at] and at >= n and tuple(written[at - n : at - n + len(parts)]) == parts
        for n, part in enumerate(parts)
    )


def split_paths(
    tree: SyntaxTree, hits: Sequence[Span], move: PackageMove
) -> Iterator[SplitReference]:
    """The legacy folder where its segments are literals of their own.

    Where the two folders begin alike, a hit on the last segment says it all already.
    """
    old, new = move.legacy_path.split("/"), move.canonical_path.split("/")
    if len(old) < 2:
        return
    for match in re.finditer(rf"(?<=[\"']){re.escape(old[0])}(?=[\"'])", tree.text):
        string = _string_at(tree, Span(*match.span()))
        if string is None:
            continue
        segments = segments_around(tree, string)
        at = next(
            (n for n, segment in enumerate(segments) if segment.span == Span(*match.span())), 0
        )
        run = segments[at : at + len(old)]
        spans = [segment.span for segment in run if segment.span]
        first = run[0].literal if run else 0
        apart = [segment.literal for segment in run] == list(range(first, first + len(old)))
        if [segment.text for segment in run] != old or not apart:
            continue
        span = Span(spans[0].start, spans[-1].end)
        if old[0] == new[0] and any(span.holds(hit) for hit in hits):
            continue
        yield SplitReference(
            span,
            "python-path-segments",
            move,
            _respelled(tree.text, spans, new),
            "" if len(new) >= len(old) else "fewer folders than before: rewrite it by hand",
        )


def _respelled(text: str, spans: Sequence[Span], new: Sequence[str]) -> str | None:
    """The new folders with what stood between the old ones; None where they are fewer."""
    joints = [text[a.end : b.start] for a, b in pairwise(spans)]
    if len(new) < len(spans):
        return None
    if re.fullmatch(r"[\"']\s*[/,]\s*[\"']", joints[0]):
        return joints[0].join(new)
    rest = "/".join(new[len(joints) :])  # a bracket closes in between: the rest is one literal
    return "".join(part + joint for part, joint in zip(new, joints, strict=False)) + rest


def _joined(tree: SyntaxTree, node: Node) -> Node | None:
    """The larger path expression that `node` is an operand of."""
    parent = node.parent
    if parent is None:
        return None
    match parent.type:
        case "parenthesized_expression":
            return parent
        case "binary_operator":
            operator = parent.child_by_field_name("operator")
            return parent if operator is not None and operator.type == "/" else None
        case "argument_list":
            call = parent.parent
            return call if call is not None and _joins(tree, call) else None
        case "attribute":
            call = parent.parent
            called = call is not None and call.type == "call" and _joins(tree, call)
            return call if called else None
        case _:
            return None


def _operands(tree: SyntaxTree, node: Node, depth: int) -> Iterator[Node | None]:
    if depth == 0:
        yield None
    elif node.type == "string":
        yield node
    elif node.type == "parenthesized_expression" and node.named_child_count == 1:
        yield from _operands(tree, node.named_children[0], depth - 1)
    elif node.type == "binary_operator":
        for field in ("left", "right"):
            operand = node.child_by_field_name(field)
            if operand is not None:
                yield from _operands(tree, operand, depth - 1)
    elif node.type == "call" and _joins(tree, node):
        function = node.child_by_field_name("function")
        if function is not None and function.type == "attribute":
            receiver = function.child_by_field_name("object")
            if receiver is not None:
                yield from _operands(tree, receiver, depth - 1)
        arguments = node.child_by_field_name("arguments")
        for argument in arguments.named_children if arguments is not None else ():
            yield from _operands(tree, argument, depth - 1)
    else:
        yield None


def _joins(tree: SyntaxTree, call: Node) -> bool:
    function = call.child_by_field_name("function")
    if function is None:
        return False
    name = function
    if function.type == "attribute":
        name = function.child_by_field_name("attribute") or function
    text = tree.text_of(name)
    if text == "join":  # ", ".join(...) joins something else
        return "path" in tree.text_of(function)
    return text in JOINERS


def _content(tree: SyntaxTree, string: Node) -> Span | None:
    """What stands between the quotes of a literal without interpolations."""
    children = string.children
    if len(children) < 2 or any(child.type == "interpolation" for child in children):
        return None
    return Span(tree.span(children[0]).end, tree.span(children[-1]).start)


def _string_at(tree: SyntaxTree, span: Span) -> Node | None:
    node: Node | None = tree.node_at(span)
    while node is not None and node.type in {"string_content", "string_start", "string_end"}:
        node = node.parent
    return node if node is not None and node.type == "string" else None
