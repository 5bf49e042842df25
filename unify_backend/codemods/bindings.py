"""Identifiers that are spelled like the package: bound by its import, or something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from unify_backend.codemods.syntax import SyntaxTree
from unify_backend.model.spans import Span
from unify_backend.model.zones import Context, Fragment, Zone

if TYPE_CHECKING:
    from tree_sitter import Node

_BINDERS = frozenset(
    {"parameters", "lambda_parameters", "default_parameter", "typed_parameter",
     "typed_default_parameter", "list_splat_pattern", "dictionary_splat_pattern",
     "as_pattern_target", "global_statement", "nonlocal_statement", "aliased_import",
     "pattern_list", "tuple_pattern", "list_pattern", "delete_statement", "except_clause"}
)
_PYTHON_FILES = (".py", ".pyi", ".pyw")
_FIELDS = {
    "assignment": "left", "augmented_assignment": "left", "for_statement": "left",
    "for_in_clause": "left", "function_definition": "name", "class_definition": "name",
    "named_expression": "name", "default_parameter": "name", "typed_default_parameter": "name",
    "type_alias_statement": "left",
}


class Bindings:
    """What binds the package's root name in one file. Scopes are not followed: a second binding
    anywhere makes the uses a matter for a person, which is cautious and never wrong.

    `nodes` are the identifiers that hits stand on, outside import statements.
    """

    def __init__(self, tree: SyntaxTree, fragment: Fragment, nodes: Sequence[Node]) -> None:
        self._tree = tree
        self._fragment = fragment
        self._nodes = nodes
        self._imported = _imports_root(fragment)
        self.conflict = (self._rival() or self._collision()) if self._imported else ""

    def zones(self) -> Iterator[Zone]:
        """A zone for each of the identifiers."""
        for node in self._nodes:
            span = self._tree.span(node)
            if _is_member(node):
                yield Zone(span, "python-name", Context.OTHER_NAME,
                           note="an attribute or keyword of something else")
            elif not self._imported:
                if not self._fragment.path.endswith(_PYTHON_FILES):
                    continue  # an example in a document leaves its imports out
                yield Zone(span, "python-name", Context.OTHER_NAME,
                           note="a variable that no import of the package binds")
            elif self.conflict:
                yield Zone(span, "python-name", Context.CONFLICT, note=self.conflict)
            else:
                yield Zone(span, "python-name", Context.NAME)

    def _rival(self) -> str:
        for node in self._nodes:
            if _binds(node):
                return (
                    f"line {node.start_point[0] + 1} binds {self._tree.text_of(node)!r} to "
                    "something else too, so the rename could change what the name means"
                )
        return ""

    def _collision(self) -> str:
        """Why the canonical root name is not free in this file, or an empty string."""
        for move in self._fragment.moves:
            root = move.canonical.split(".")[0]
            if root == move.legacy.split(".")[0]:
                continue
            for found in re.finditer(rf"\b{re.escape(root)}\b", self._fragment.text):
                node = self._tree.node_at(Span(*found.span()))
                if node.type == "identifier" and _binds(node):
                    return (
                        f"line {node.start_point[0] + 1} has a {root!r} of its own, which "
                        f"`import {move.canonical}` would bind: import it under an alias"
                    )
        return ""


def _imports_root(fragment: Fragment) -> bool:
    """Whether an `import old…` without alias binds a legacy root name in this file."""
    roots = "|".join(re.escape(move.legacy.split(".")[0]) for move in fragment.moves)
    statement = rf"^[ \t]*(?:[^\n#'\"]*[;:][ \t]*)?import\b[^\n#]*?\b(?:{roots})(?:\.[\w.]+)?"
    pattern = statement + r"[ \t]*(?:,|#|;|$|\r|\\)"
    return bool(roots) and re.search(pattern, fragment.text, re.MULTILINE) is not None


def _is_member(node: Node) -> bool:
    parent = node.parent
    if parent is None:
        return False
    if parent.type == "attribute":
        return parent.child_by_field_name("attribute") == node
    return parent.type == "keyword_argument" and parent.child_by_field_name("name") == node


def _binds(node: Node) -> bool:
    """Whether the identifier is a target: assigned, a parameter, a definition, deleted."""
    parent = node.parent
    if parent is None or _is_member(node):
        return False
    if field := _FIELDS.get(parent.type):
        return parent.child_by_field_name(field) == node
    return parent.type in _BINDERS
