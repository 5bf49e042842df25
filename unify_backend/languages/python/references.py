"""Python: imports, names bound by them, strings, comments and docstrings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from unify_backend.languages.key_values import addresses
from unify_backend.languages.language import ContextKind, Fragment, SplitReference, SyntaxContext
from unify_backend.languages.python.django_apps import app_names
from unify_backend.languages.python.dunder_import import steps_of_imports
from unify_backend.languages.python.import_bindings import Bindings, IdentifierUse
from unify_backend.languages.python.import_splitting import LINTERS, TYPE_CHECKERS
from unify_backend.languages.python.imports import modules_in
from unify_backend.languages.python.path_segments import completes, segments_around, split_paths
from unify_backend.languages.python.split_names import (
    canonical_names,
    imports_of_moved,
    relative_imports,
    relative_lists,
    relative_loads,
    sibling_imports,
    split_imports,
    split_literals,
)
from unify_backend.languages.python.string_context import string_context
from unify_backend.languages.syntax_tree import SyntaxTree, around
from unify_backend.model.evidence import Evidence
from unify_backend.model.spans import Span, SpanSet

if TYPE_CHECKING:
    from tree_sitter import Node


_IMPORTS = frozenset({"import_statement", "import_from_statement", "future_import_statement"})


class PythonReferences:
    """Finds the node around each hit and says what it is; reads nothing else of the file."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext | SplitReference]:
        """Zones for every hit, and the split names of moves whose legacy name has dots."""
        tree = SyntaxTree("python", fragment.text)
        splits = list(_splits(tree, fragment))
        yield from splits
        uses: list[IdentifierUse] = []
        statements: list[tuple[Node, Span]] = []
        for hit in fragment.hits:
            node = tree.node_at(hit)
            outer = _outer(node)
            if outer is None:
                uses.append(IdentifierUse(node, hit))
            elif outer.type == "comment":
                yield from _comment_zones(tree.text, tree.span(outer))
            elif any(_is_part(hit, split) for split in splits):
                yield SyntaxContext(
                    hit,
                    "python-path-segments",
                    ContextKind.OTHER_NAME,
                    note="a part of a place that is listed as a whole",
                )
            elif outer.type == "string":
                if (program := _program_zone(tree, outer, hit)) is not None:
                    yield program
                yield _string(tree, outer, hit, fragment)
            else:
                statements.append((outer, hit))
        yield from addresses(fragment.text, fragment.hits, "python-address")
        for move in fragment.moves:
            yield from steps_of_imports(tree, fragment.hits, move)
        bindings = Bindings(tree, fragment, uses, statements)
        bound = list(bindings.contexts())
        yield from bound
        known = SpanSet(context.span for context in bound)
        for use in uses:
            if (
                not known.overlaps(use.hit)
                and (span := _expression(tree, use.node, use.hit)) is not None
            ):
                yield SyntaxContext(span, "python-code", ContextKind.CODE_SPAN)
        for statement, hit in statements:
            if any(split.companion and split.follows == hit for split in splits):
                yield SyntaxContext(hit, "python-import", ContextKind.IMPORT)
                continue
            yield _import_zone(tree, statement, hit, fragment, bindings)


def _splits(tree: SyntaxTree, fragment: Fragment) -> Iterator[SplitReference]:
    yield from split_imports(tree, fragment)
    yield from relative_lists(tree, fragment)
    yield from canonical_names(tree, fragment)
    for move in fragment.moves:
        yield from split_paths(tree, fragment.hits, move)
        yield from relative_imports(tree, fragment.path, move)
        yield from imports_of_moved(tree, fragment.path, move)
        yield from relative_loads(tree, fragment.path, move)
        yield from sibling_imports(tree, fragment.path, move)
        yield from split_literals(tree, move)
        yield from app_names(tree, fragment.hits, move)


def _is_part(hit: Span, split: SplitReference) -> bool:
    """Whether what becomes of the name at `hit` is said by the split name."""
    if not split.span.holds(hit):
        return False
    edits = split.statement.edits if split.statement else ()
    return not edits or any(edit.span.overlaps(hit) for edit in edits)


def _outer(node: Node) -> Node | None:
    """The comment, string or import statement that holds `node`; None for other code."""
    for current in around(node):
        if current.type in {"comment", "string"} or current.type in _IMPORTS:
            return current
        if current.type == "interpolation":
            return None
    return None


def _expression(tree: SyntaxTree, node: Node, hit: Span) -> Span | None:
    """The name and the attributes behind it, where the parser has read an expression that begins
    with the name, so that what stands in front is known: an operator, a decorator's @."""
    if node.type not in {"identifier", "attribute"} or tree.span(node).start != hit.start:
        return None
    outer = list(around(node))
    if any(ancestor.type == "ERROR" for ancestor in outer):
        return None
    chain = node
    for ancestor in outer[1:]:
        if ancestor.type != "attribute" or tree.span(ancestor).start != hit.start:
            break
        chain = ancestor
    return tree.span(chain)


def _string(tree: SyntaxTree, string: Node, hit: Span, fragment: Fragment) -> SyntaxContext:
    zone = string_context(tree, string, hit)
    name = fragment.text[hit.start : hit.end]
    for move in fragment.moves:
        if move.incoming:  # what is called so now is another package, which leaves
            continue
        names = set() if move.same_name else {move.canonical}
        for whole in {move.canonical_path.replace("/", "."), *names}:
            parts = tuple(whole.split("."))
            if name in parts and completes(segments_around(tree, string), hit, parts):
                return SyntaxContext(
                    hit,
                    "python-path-segments",
                    ContextKind.OTHER_NAME,
                    note="the canonical folder already, in several tokens",
                )
    return zone


def _import_zone(
    tree: SyntaxTree, statement: Node, hit: Span, fragment: Fragment, bindings: Bindings
) -> SyntaxContext:
    span = tree.span(statement)
    modules = modules_in(tree, statement)
    if not modules:  # an example with `...` in it, or code that does not parse
        named = statement.child_by_field_name("module_name")
        if named is None or tree.span(named).overlaps(hit):
            return SyntaxContext(
                hit if named is None else tree.span(named), "python-import", ContextKind.IMPORT
            )
    for module in modules:
        place = module.span.shift(span.start)
        if not place.overlaps(hit):
            continue
        if module.level:
            return SyntaxContext(
                place,
                "python-import",
                ContextKind.OTHER_NAME,
                note="a relative import: it names a module beside this file",
                evidence=Evidence.PARSED_IMPORT,
            )
        if place.start != hit.start:
            return SyntaxContext(
                hit,
                "python-import",
                ContextKind.OTHER_NAME,
                note="a segment of another module's name",
                evidence=Evidence.PARSED_IMPORT,
            )
        if module.is_from and module.dotted == (name := fragment.text[hit.start : hit.end]):
            whole = {f"{name}.{imported.name}" for imported in module.names}
            canonical = whole & {move.canonical for move in fragment.moves if not move.incoming}
            if canonical and len(whole) == 1:
                return SyntaxContext(
                    place,
                    "python-import",
                    ContextKind.OTHER_NAME,
                    note="the canonical package already, in two tokens",
                    evidence=Evidence.PARSED_IMPORT,
                )
            if canonical:
                return SyntaxContext(
                    place,
                    "python-import",
                    ContextKind.CONFLICT,
                    note=(
                        f"imports {canonical.pop()} together with names of the legacy package: "
                        "write its import on its own"
                    ),
                )
        if not module.is_from and module.alias is None:
            root = module.dotted.split(".")[0]
            if (zone := bindings.of_import(place, root)) is not None:
                return zone
        return SyntaxContext(place, "python-import", ContextKind.IMPORT)
    written = "".join("." * module.level + module.dotted for module in modules if module.is_from)
    return bindings.of_from_import(hit, written)


# The tool, and the codes behind it; what follows the codes is prose again.
_PRAGMA = re.compile(
    rf"#\s*(?:{LINTERS}|{TYPE_CHECKERS})\s*:\s*"
    r"(?:(?:noqa|disable|enable|ignore|skip|next|disable-next)\s*[:=\[]\s*)?"
    r"[\w-]+(?:\s*,\s*[\w-]+)*(?![\w.:/\\-])"
)


def _comment_zones(text: str, span: Span) -> Iterator[SyntaxContext]:
    """The zones of the comment at `span`: all of it, and the codes of pragmas in it."""
    yield SyntaxContext(span, "python-comment", ContextKind.COMMENT)
    for match in _PRAGMA.finditer(text, span.start, span.end):
        note = "a code in a tool's pragma"
        yield SyntaxContext(Span(*match.span()), "python-pragma", ContextKind.LABEL, note=note)


_STATEMENTS = re.compile(r"\n|;")


def _program_zone(tree: SyntaxTree, string: Node, hit: Span) -> SyntaxContext | None:
    """The content of the literal around `hit` as Python, where it is a program that imports the
    name at `hit`; None for any other, and where escapes stand for something else in it."""
    if len(string.children) < 2 or _is_docstring(string):
        return None
    start, end = tree.span(string.children[0]).end, tree.span(string.children[-1]).start
    content = tree.text[start:end]
    raw = "r" in tree.text_of(string.children[0]).lower()
    if ("\\" in content and not raw) or not _STATEMENTS.search(content):
        return None
    name = re.escape(tree.text[hit.start : hit.end])
    imports = re.compile(
        rf"(?:^|[\n;:])[ \t]*(?:from[ \t]+{name}[\w.]*[ \t]+import\b|"
        rf"import[ \t]+(?:[\w.]+(?:[ \t]+as[ \t]+\w+)?[ \t]*,[ \t]*)*{name}\b)"
    )
    if not imports.search(content):
        return None
    return SyntaxContext(
        Span(start, end), "python-program", ContextKind.STRING, "python", escapes=not raw
    )


def _is_docstring(string: Node) -> bool:
    parent = string.parent
    return parent is not None and parent.type == "expression_statement"
