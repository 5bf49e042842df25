"""Identifiers that are spelled like the package: bound by its import, or something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unify_backend.codemods.imports import ImportedModule, modules_in
from unify_backend.codemods.syntax import SyntaxTree, around
from unify_backend.model.moves import PackageMove
from unify_backend.model.spans import Span
from unify_backend.model.zones import Context, Fragment, Zone

if TYPE_CHECKING:
    from tree_sitter import Node

_BINDERS = frozenset(
    {
        "parameters",
        "lambda_parameters",
        "typed_parameter",
        "list_splat_pattern",
        "dictionary_splat_pattern",
        "as_pattern_target",
        "global_statement",
        "nonlocal_statement",
        "aliased_import",
        "pattern_list",
        "tuple_pattern",
        "list_pattern",
        "delete_statement",
        "case_pattern",
    }
)
_FIELDS = {
    "assignment": "left",
    "augmented_assignment": "left",
    "for_statement": "left",
    "for_in_clause": "left",
    "function_definition": "name",
    "class_definition": "name",
    "named_expression": "name",
    "default_parameter": "name",
    "typed_default_parameter": "name",
    "type_alias_statement": "left",
}
_SCOPES = frozenset(
    {
        "function_definition",
        "lambda",
        "class_definition",
        "list_comprehension",
        "set_comprehension",
        "dictionary_comprehension",
        "generator_expression",
        "module",
    }
)
_PYTHON_FILES = (".py", ".pyi", ".pyw")
_MOST = 2000  # uses of one name that are followed one by one; a file with more is data


@dataclass(frozen=True, slots=True)
class Use:
    """An identifier outside import statements, and the hit that stands on it."""

    node: Node
    hit: Span


class Bindings:
    """What binds the package's root name in one file, as far as the rename could change it.

    A function that binds the name for itself hides the import; where one scope binds it twice, or
    the canonical root is taken, the uses are a matter for a person.
    """

    def __init__(
        self,
        tree: SyntaxTree,
        fragment: Fragment,
        uses: Sequence[Use],
        statements: Sequence[tuple[Node, Span]],
    ) -> None:
        self._tree = tree
        self._fragment = fragment
        self._uses = uses
        binding = [
            (statement, module)
            for statement, hit in statements
            for module in modules_at(tree, statement, hit)
            if not module.is_from and module.alias is None
        ]
        self._imports = [tree.span(statement) for statement, _ in binding]
        roots = {module.dotted.split(".")[0] for _, module in binding}
        self._bound = [m for m in fragment.moves if m.legacy.split(".")[0] in roots]
        rivals = [use.node for use in uses if _binds(use.node)]
        rivals += [
            node
            for statement, hit in statements
            if _binds(node := tree.node_at(hit)) and not _within_module(node)
        ]
        self._rivals = [(self._scope(node), node) for node in rivals]
        self.conflict = self._conflict() if self._bound else ""

    def zones(self) -> Iterator[Zone]:
        """A zone for each of the identifiers."""
        for use in self._uses:
            context, note = self._place(use)
            if context is not None:
                yield Zone(use.hit, "python-name", context, note=note)

    def _place(self, use: Use) -> tuple[Context | None, str]:
        if self._tree.span(use.node).start != use.hit.start or _is_member(use.node):
            return Context.OTHER_NAME, "an attribute or keyword of something else"
        if self._tree.broken and _in_error(use.node):
            return None, ""  # what does not parse says nothing about a name
        if (line := self._hidden(use.hit)) is not None:
            return Context.OTHER_NAME, f"a name of its own here: line {line} binds it"
        if not self._bound:
            return self._through_parent(use)
        if self.conflict:
            return Context.CONFLICT, self.conflict
        return Context.NAME, ""

    def _through_parent(self, use: Use) -> tuple[Context | None, str]:
        """`import acme` alone, and then `acme.billing`; or no import at all."""
        text = self._tree.text
        for move in self._fragment.moves:
            root = move.legacy.split(".")[0]
            if "." not in move.legacy or not text.startswith(root, use.hit.start):
                continue
            if any(
                not module.is_from and module.alias is None for module in self._statements_of(root)
            ):
                if root == move.canonical.split(".")[0]:
                    return Context.NAME, ""
                return Context.CONFLICT, f"reached through {root!r}, which the new name has left"
        if not self._fragment.path.endswith(_PYTHON_FILES):
            return None, ""  # an example in a document leaves its imports out
        return Context.OTHER_NAME, "a variable that no import of the package binds"

    def _hidden(self, hit: Span) -> int | None:
        """The line of a binding in a function around `hit` that has no import of the package."""
        for scope, node in self._rivals:
            if (
                scope is not None
                and scope.holds(hit)
                and not any(scope.holds(one) for one in self._imports)
            ):
                return _line(node)
        return None

    def _conflict(self) -> str:
        for scope, node in self._rivals:
            if scope is None or any(scope.holds(one) for one in self._imports):
                return (
                    f"line {_line(node)} binds {self._tree.text_of(node)!r} to something else too, "
                    "so the rename could change what the name means"
                )
        return next(filter(None, map(self._collision, self._bound)), "") or next(
            filter(None, map(self._left_behind, self._bound)), ""
        )

    def _collision(self, move: PackageMove) -> str:
        """Why the canonical root name is not free where it is needed, or an empty string."""
        root = move.canonical.split(".")[0]
        if root == move.legacy.split(".")[0]:
            return ""
        needed = [*self._imports, *(use.hit for use in self._uses)]
        for node in self._identifiers(root):
            if _binds(node):
                scope = self._scope(node)
                if scope is None or any(scope.holds(one) for one in needed):
                    return (
                        f"line {_line(node)} has a {root!r} of its own, which "
                        f"`import {move.canonical}` would bind: import it under an alias"
                    )
        return ""

    def _left_behind(self, move: PackageMove) -> str:
        """Whether the file uses the legacy root for more than the package, with no other import."""
        root = move.legacy.split(".")[0]
        if "." not in move.legacy or root == move.canonical.split(".")[0]:
            return ""
        if any(
            not f"{module.dotted}.".startswith(f"{move.legacy}.")
            and not module.is_from
            and module.alias is None
            for module in self._statements_of(root)
        ):
            return ""
        used = {use.hit.start for use in self._uses}
        for node in self._identifiers(root):
            stray = self._tree.span(node).start not in used and not _is_member(node)
            if stray and _statement(node) is None:
                return (
                    f"line {_line(node)} uses {root!r} beyond the package, and only the "
                    "renamed import binds it"
                )
        return ""

    def _identifiers(self, name: str) -> Iterator[Node]:
        pattern = rf"(?<![\w.]){re.escape(name)}(?!\w)"
        for count, found in enumerate(re.finditer(pattern, self._tree.text)):
            node = self._tree.node_at(Span(*found.span()))
            if node.type == "identifier" and count < _MOST:
                yield node

    def _statements_of(self, root: str) -> Iterator[ImportedModule]:
        for node in self._identifiers(root):
            statement = _statement(node)
            if statement is not None:
                yield from modules_at(self._tree, statement, self._tree.span(node))

    def _scope(self, node: Node) -> Span | None:
        """The function (or comprehension) that the binding is for; None for the whole file."""
        own = node.parent
        if own is not None and own.type in {"global_statement", "nonlocal_statement"}:
            return None
        named = (
            own is not None
            and own.type in {"function_definition", "class_definition"}
            and own.child_by_field_name("name") == node
        )
        start = own.parent if named and own is not None else own
        scopes = around(start) if start is not None else iter(())
        scope = next((one for one in scopes if one.type in _SCOPES), None)
        return None if scope is None or scope.type == "module" else self._tree.span(scope)


def modules_at(tree: SyntaxTree, statement: Node, hit: Span) -> list[ImportedModule]:
    """The modules of an import statement whose names begin at `hit`, positions in the statement."""
    if statement.type not in {"import_statement", "import_from_statement"}:
        return []
    start = tree.span(statement).start
    return [
        module
        for module in modules_in(tree, statement)
        if module.span.start + start == hit.start and not module.level
    ]


def _statement(node: Node) -> Node | None:
    outer = next((one for one in around(node) if one.type.endswith("_statement")), None)
    return outer if outer is not None and outer.type.startswith("import_") else None


def _within_module(node: Node) -> bool:
    """Whether the identifier is (part of) the module that an import statement names."""
    parent = node.parent if node.type == "identifier" else node
    if parent is None or parent.type != "dotted_name":
        return False
    outer = parent.parent
    if outer is not None and outer.type == "import_from_statement":
        return outer.child_by_field_name("module_name") == parent
    return True


def _is_member(node: Node) -> bool:
    parent = node.parent
    if parent is None:
        return False
    if parent.type == "attribute":
        return parent.child_by_field_name("attribute") == node
    return parent.type == "keyword_argument" and parent.child_by_field_name("name") == node


def _binds(node: Node) -> bool:
    """Whether the identifier is a target: assigned, a parameter, a definition, imported."""
    parent = node.parent
    if parent is None or node.type != "identifier" or _is_member(node):
        return False
    if parent.type == "dotted_name":
        outer = parent.parent
        return (
            outer is not None
            and outer.type == "import_from_statement"
            and outer.child_by_field_name("module_name") != parent
            and parent.child_count == 1
        )
    if field := _FIELDS.get(parent.type):
        return parent.child_by_field_name(field) == node
    return parent.type in _BINDERS


def _in_error(node: Node) -> bool:
    return any(one.type == "ERROR" for one in around(node))


def _line(node: Node) -> int:
    return int(node.start_point[0]) + 1
