"""Legacy names that stand in an import in several tokens, or are counted from the file's place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from unify_backend.codemods.imports import ImportedModule, modules_in
from unify_backend.codemods.syntax import SyntaxTree
from unify_backend.model.moves import PackageMove, is_under
from unify_backend.model.spans import Span
from unify_backend.model.zones import Split

if TYPE_CHECKING:
    from tree_sitter import Node

_FORM = "python-import"
_RELATIVE = re.compile(r"\bfrom[ \t]+(?=\.)")


def split_imports(tree: SyntaxTree, move: PackageMove) -> Iterator[Split]:
    """`from acme import billing`, where the package is `acme.billing`."""
    parent, _, last = move.legacy.rpartition(".")
    if not parent:
        return
    dotted = r"\s*\.\s*".join(map(re.escape, parent.split(".")))
    for found in re.finditer(rf"\bfrom\s+(?={dotted}\s+import\b)", tree.text):
        for module, offset in _imports_at(tree, found.end()):
            named = [one for one in module.names if one.name == last]
            if module.dotted == parent and not module.level and named:
                yield _split(tree.text, module, offset, move)


def _split(text: str, module: ImportedModule, offset: int, move: PackageMove) -> Split:
    last = move.legacy.rpartition(".")[2]
    new_parent, _, new_last = move.canonical.rpartition(".")
    name = next(one for one in module.names if one.name == last)
    span = Span(module.span.start + offset, name.span.end + offset)
    if len(module.names) > 1 or not new_parent:
        return Split(
            span,
            _FORM,
            move,
            None,
            f"imports {last} together with other names: write its import on its own",
        )
    between = text[module.span.end + offset : name.span.start + offset]
    new_name = new_last if new_last == last or name.alias else f"{new_last} as {last}"
    return Split(span, _FORM, move, f"{new_parent}{between}{new_name}")


def relative_imports(tree: SyntaxTree, path: str, move: PackageMove) -> Iterator[Split]:
    """Relative imports of the legacy package, from files beside it."""
    beside = move.legacy_path.rpartition("/")[0]
    if "." not in move.legacy or not is_under(path, beside) or move.owns_legacy(path):
        return
    for found in _RELATIVE.finditer(tree.text):
        for module, offset in _imports_at(tree, found.end()):
            base = "/".join([*path.split("/")[: -module.level], *filter(None, [module.dotted])])
            base = base.replace(".", "/")
            targets = [base] if module.dotted else [f"{base}/{one.name}" for one in module.names]
            if any(is_under(one, move.legacy_path) for one in targets):
                end = module.span.end if module.dotted else module.names[-1].span.end
                yield Split(
                    Span(found.end(), end + offset),
                    _FORM,
                    move,
                    None,
                    f"a relative import of the package: write it absolutely, from {move.canonical}",
                )


def _imports_at(tree: SyntaxTree, at: int) -> Iterator[tuple[ImportedModule, int]]:
    """The modules of the from-import around offset `at`, and where the statement begins."""
    node: Node | None = tree.node_at(Span(at, min(at + 1, len(tree.text))))
    while node is not None and node.type != "import_from_statement":
        node = node.parent
    if node is not None:
        start = tree.span(node).start
        for module in modules_in(tree, node):
            if module.is_from:
                yield module, start
