"""Django's `AppConfig`: its `name` is the app's module, its label names tables and models.

The label follows from the last part of the name unless it is given (Django documentation,
"Applications", `AppConfig.label`): with a new last part, stored data, migrations and every
`"app.Model"` would lead nowhere. So the old label is written down beside the new name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from unify_backend.languages.language import SplitReference
from unify_backend.languages.syntax_tree import SyntaxTree, around
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Names
from unify_backend.model.spans import Span

if TYPE_CHECKING:
    from tree_sitter import Node

_FORM = "python-django-app"
_IMPORTED = re.compile(
    r"from\s+django\.apps(?:\.config)?\s+import\s+\(?[^\n)]*?\bAppConfig(?:\s+as\s+(?P<alias>\w+))?"
)
_BASE = re.compile(r"(?:django\.)?apps\.AppConfig")


def names_app(tree: SyntaxTree, string: Node, attribute: str = "name") -> Node | None:
    """The class whose `name` (or other attribute) the string literal is, where that is a Django
    AppConfig."""
    assignment = string.parent
    if assignment is None or assignment.type != "assignment":
        return None
    left = assignment.child_by_field_name("left")
    if left is None or tree.text_of(left) != attribute:
        return None
    statement = assignment.parent
    block = statement.parent if statement is not None else None
    class_node = block.parent if block is not None else None
    if class_node is None or class_node.type != "class_definition":
        return None
    bases = class_node.child_by_field_name("superclasses")
    known = _IMPORTED.search(tree.text)
    called = (known["alias"] or "AppConfig") if known else ""
    for base in bases.named_children if bases is not None else ():
        text = tree.text_of(base)
        if text == called or _BASE.fullmatch(text):
            return class_node
    return None


def app_names(
    tree: SyntaxTree, hits: Iterable[Span], move: PackageMove
) -> Iterator[SplitReference]:
    """`name = "shop"` of an AppConfig without a label, where the move changes the last part."""
    old, new = move.legacy.rpartition(".")[2], move.canonical.rpartition(".")[2]
    if old == new or "AppConfig" not in tree.text:
        return
    for hit in hits:
        string = next(
            (ancestor for ancestor in around(tree.node_at(hit)) if ancestor.type == "string"), None
        )
        class_node = names_app(tree, string) if string is not None else None
        if string is None or class_node is None:
            continue
        span = tree.span(string)
        written = tree.text[span.start : span.end]
        if written.strip("rbuRBU")[1:-1] != move.legacy or _has_label(tree, class_node):
            continue
        line = tree.text.rfind("\n", 0, span.start) + 1
        indent = tree.text[line : span.start][: -len(tree.text[line : span.start].lstrip())]
        label = written.replace(move.legacy, old)
        renamed = written.replace(move.legacy, move.canonical)
        newline = "\r\n" if "\r\n" in tree.text else "\n"
        yield SplitReference(
            span,
            _FORM,
            move,
            f"{renamed}{newline}{indent}label = {label}",
            f"a Django app's module; its label stays {old}, which tables and migrations name",
            names=Names.IMPLIED,
        )


def _has_label(tree: SyntaxTree, class_node: Node) -> bool:
    body = class_node.child_by_field_name("body")
    return body is not None and bool(
        re.search(r"(?m)^\s*label\s*(?::[^=\n]*)?=", tree.text_of(body))
    )
