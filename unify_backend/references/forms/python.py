"""Python: imports, names bound by them, strings, comments and docstrings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from unify_backend.codemods.imports import ImportedModule, imported_modules
from unify_backend.codemods.syntax import SyntaxTree
from unify_backend.model.spans import Span
from unify_backend.model.zones import Context, Fragment, Split, Zone
from unify_backend.codemods.bindings import Bindings
from unify_backend.codemods.strings import string_context

if TYPE_CHECKING:
    from tree_sitter import Node

    from unify_backend.model.moves import PackageMove

_IMPORTS = frozenset({"import_statement", "import_from_statement", "future_import_statement"})


class PythonForm:
    """Finds the node around each hit and says what it is; reads nothing else of the file."""

    def zones(self, fragment: Fragment) -> Iterator[Zone | Split]:
        """Zones for every hit, and the split names of moves whose legacy name has dots."""
        tree = SyntaxTree("python", fragment.text)
        names: list[Node] = []
        statements: list[tuple[Node, Span]] = []
        for hit in fragment.hits:
            node = tree.node_at(hit)
            around = _around(node)
            if around is None:
                names.append(node)
            elif around.type == "comment":
                yield Zone(tree.span(around), "python-comment", Context.COMMENT)
            elif around.type == "string":
                yield string_context(tree, around)
            else:
                statements.append((around, hit))
        bindings = Bindings(tree, fragment, names)
        yield from bindings.zones()
        for statement, hit in statements:
            yield _import_zone(tree, statement, hit, bindings.conflict)
        for move in fragment.moves:
            if "." in move.legacy:
                yield from _split_imports(tree, fragment, move)


def _around(node: Node) -> Node | None:
    """The comment, string or import statement that holds `node`; None for other code."""
    current: Node | None = node
    while current is not None:
        if current.type in {"comment", "string"} or current.type in _IMPORTS:
            return current
        if current.type == "interpolation":
            return None
        current = current.parent
    return None


def _import_zone(tree: SyntaxTree, statement: Node, hit: Span, conflict: str) -> Zone:
    span = tree.span(statement)
    modules = imported_modules(tree.text_of(statement))
    if not modules:  # an example with `...` in it, or code that does not parse
        named = statement.child_by_field_name("module_name")
        if named is None or tree.span(named).overlaps(hit):
            return Zone(hit if named is None else tree.span(named), "python-import", Context.IMPORT)
    for module in modules:
        place = module.span.shift(span.start)
        if not place.overlaps(hit):
            continue
        if module.level:
            return Zone(place, "python-import", Context.OTHER_NAME,
                        note="a relative import: it names a module beside this file")
        if conflict and not module.is_from and module.alias is None:
            return Zone(place, "python-import", Context.CONFLICT, note=conflict)
        return Zone(place, "python-import", Context.IMPORT)
    return Zone(hit, "python-name", Context.OTHER_NAME, note="a name imported from another module")


def _split_imports(tree: SyntaxTree, fragment: Fragment, move: PackageMove) -> Iterator[Split]:
    """`from acme import billing`, where the package is `acme.billing`."""
    parent, _, last = move.legacy.rpartition(".")
    at = fragment.text.find(parent)
    while at >= 0:
        node = tree.node_at(Span(at, at + len(parent)))
        around = _around(node)
        if around is not None and around.type == "import_from_statement":
            span = tree.span(around)
            for module in imported_modules(tree.text_of(around)):
                named = [one for one in module.names if one.name == last]
                if module.dotted == parent and not module.level and named:
                    yield _split(fragment.text, module, span.start, move)
            at = max(at, span.end - 1)
        at = fragment.text.find(parent, at + 1)


def _split(text: str, module: ImportedModule, offset: int, move: PackageMove) -> Split:
    last = move.legacy.rpartition(".")[2]
    new_parent, _, new_last = move.canonical.rpartition(".")
    name = next(one for one in module.names if one.name == last)
    span = Span(module.span.start + offset, name.span.end + offset)
    if len(module.names) > 1 or not new_parent:
        return Split(span, "python-import", move, None,
                     f"imports {last} together with other names: write its import on its own")
    between = text[module.span.end + offset : name.span.start + offset]
    new_name = new_last if new_last == last or name.alias else f"{new_last} as {last}"
    return Split(span, "python-import", move, f"{new_parent}{between}{new_name}")
