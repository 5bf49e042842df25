"""Legacy names that stand in an import in several tokens, or are counted from the file's place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from unify_backend.languages.language import SplitReference
from unify_backend.languages.python.imports import ImportedModule, ImportedName, modules_in
from unify_backend.languages.syntax_tree import SyntaxTree, around
from unify_backend.model.evidence import Evidence
from unify_backend.model.package_move import PackageMove, is_under
from unify_backend.model.references import Names
from unify_backend.model.spans import Span
from unify_backend.names.prefilter import LITERAL_JOINT

if TYPE_CHECKING:
    from tree_sitter import Node


_FORM = "python-import"
_GAP = r"(?:\s|\\\r?\n)"
_RELATIVE = re.compile(r"\bfrom[ \t]+(?=\.)")
_PYTHON_2 = re.compile(r"\bversion_info\b|\bhexversion\b|\bPY[23]\b")


def split_imports(tree: SyntaxTree, move: PackageMove) -> Iterator[SplitReference]:
    """`from acme import billing`, where the package is `acme.billing`."""
    parent, _, last = move.legacy.rpartition(".")
    if not parent:
        return
    dotted = r"\s*\.\s*".join(map(re.escape, parent.split(".")))
    for match in re.finditer(rf"\bfrom{_GAP}+(?={dotted}{_GAP}+import\b)", tree.text):
        for module, offset in _imports_at(tree, match.end()):
            named = [name for name in module.names if name.name == last]
            if module.dotted == parent and not module.level and named:
                yield _split(tree.text, module, offset, move)


def _split(text: str, module: ImportedModule, offset: int, move: PackageMove) -> SplitReference:
    last = move.legacy.rpartition(".")[2]
    new_parent, _, new_last = move.canonical.rpartition(".")
    name = next(imported for imported in module.names if imported.name == last)
    span = Span(module.span.start + offset, name.span.end + offset)
    if len(module.names) == 1 and not new_parent:
        return _import(Span(offset, span.end), move, _plain(move.canonical, name))
    if len(module.names) > 1:
        note = f"imports {last} together with other names: write its import on its own"
        return _import(span, move, None, note)
    between = text[module.span.end + offset : name.span.start + offset]
    new_name = new_last if new_last == last or name.alias else f"{new_last} as {last}"
    return _import(span, move, f"{new_parent}{between}{new_name}")


def _import(
    span: Span,
    move: PackageMove,
    replacement: str | None,
    note: str = "",
    names: Names = Names.LEGACY,
) -> SplitReference:
    evidence = Evidence.PARSED_IMPORT
    return SplitReference(span, _FORM, move, replacement, note, names, evidence=evidence)


def relative_imports(tree: SyntaxTree, path: str, move: PackageMove) -> Iterator[SplitReference]:
    """Relative imports that cross the border of the package: from files beside it into it, and
    from its own files to what stays behind when they move."""
    beside = move.legacy_path.rpartition("/")[0]
    inside = move.owns_legacy(path)
    if "." not in move.legacy or not is_under(path, beside):
        return
    for match in _RELATIVE.finditer(tree.text):
        for module, offset in _imports_at(tree, match.end()):
            if not module.level:
                continue
            base = _absolute(path, move, module.level)
            if base is None:
                continue
            names = [module.dotted] if module.dotted else [name.name for name in module.names]
            targets = [".".join(filter(None, [base, name])) for name in names]
            ours = [f"{target}.".startswith(f"{move.legacy}.") for target in targets]
            if inside and _in_package(path, move, module.level):
                continue
            if inside and _same_parent(move) and not any(ours):
                continue
            if not inside and not any(ours):
                continue
            last = module.span if module.dotted else module.names[-1].span
            span = Span(match.end(), last.end + offset)
            whole = not module.dotted and targets == [move.legacy] and "." not in move.canonical
            if whole:  # there is no package left that it could be imported from
                span = Span(offset, span.end)
            yield _absolutely(span, module, targets, move, inside)


def sibling_imports(tree: SyntaxTree, path: str, move: PackageMove) -> Iterator[SplitReference]:
    """`from billing import rates` in a file beside `acme/billing`, as Python 2 and scripts find it.

    Anything on the search path may be called so, too: only where the code says that Python 2 runs
    it, or tries the full name in the same statement, is the module beside it meant.
    """
    parent, _, last = move.legacy.rpartition(".")
    beside = move.legacy_path.rpartition("/")[0]
    if not parent or path.rpartition("/")[0] != beside or move.owns_legacy(path):
        return
    for match in re.finditer(rf"\b(?:from|import)[ \t]+(?={re.escape(last)}\b)", tree.text):
        span = Span(match.end(), match.end() + len(last))
        if not _is_for_siblings(tree, span, parent, last):
            continue
        new_parent, _, new_last = move.canonical.rpartition(".")
        note = f"imports {move.legacy} by its last name alone, as Python 2 or a script finds it"
        new = new_last if new_parent == parent else move.canonical
        place = _import(span, move, new, note)
        yield replace(place, review=True)


def _is_for_siblings(tree: SyntaxTree, span: Span, parent: str, last: str) -> bool:
    """Whether the import of `last` at `span` is one for Python 2, or stands in for the full one."""
    whole = re.compile(
        rf"\b(?:from|import)\s+(?:\.+|{re.escape(parent)}(?:\.|\s+import\s+)){re.escape(last)}\b"
    )
    imported = False
    for node in around(tree.node_at(span)):
        match node.type:
            case "import_statement":
                imported = True
            case "import_from_statement":
                module = node.child_by_field_name("module_name")
                imported = module is not None and tree.span(module).start == span.start
            case "if_statement" if imported:
                before = tree.text[tree.span(node).start : span.start]
                if _PYTHON_2.search(before.partition("\n")[0]):
                    return True
            case "try_statement" if imported and whole.search(tree.text_of(node)):
                return True
            case _:
                pass
    return False


def _plain(module: str, name: ImportedName) -> str:
    """`import module as name`, for what was imported from a package around it; an alias that is
    there stays behind it."""
    return f"import {module}" + ("" if name.alias or name.name == module else f" as {name.name}")


def _absolutely(
    span: Span,
    module: ImportedModule,
    targets: list[str],
    move: PackageMove,
    inside: bool,
) -> SplitReference:
    """The proposal: the same import, written absolutely."""
    target = targets[0]
    if f"{target}.".startswith(f"{move.legacy}."):
        target = move.canonical + target.removeprefix(move.legacy)
    new: str | None = target
    if not module.dotted:
        parent, _, last = target.rpartition(".")
        name = module.names[0]
        alias = f" as {name.name}" if last != name.name and name.alias is None else ""
        new = f"{parent} import {last}{alias}" if len(module.names) == 1 and parent else None
        if len(module.names) == 1 and not parent:
            new = _plain(target, name)
    if inside:
        note = "a relative import that leaves the package: its dots lead elsewhere after the move"
        return _import(span, move, new, note, Names.IMPLIED)
    note = f"a relative import of the package: write it absolutely, from {move.canonical}"
    return _import(span, move, new, note)


def _absolute(path: str, move: PackageMove, level: int) -> str | None:
    """The package that `level` dots in the file at `path` lead to; None beyond the top, and where
    the folders say nothing about modules."""
    names, folders = move.legacy.split("."), move.legacy_path.split("/")
    if folders[-len(names) :] != names:
        return None
    above = len(folders) - len(names)
    parts = path.split("/")[:-1][above:]
    depth = len(parts) - (level - 1)
    return ".".join(parts[:depth]) if depth > 0 else None


def _in_package(path: str, move: PackageMove, level: int) -> bool:
    depth = path.count("/") - move.legacy_path.count("/") - 1
    return level - 1 <= depth


def _same_parent(move: PackageMove) -> bool:
    """Whether dots that leave the package lead from its new place where they led from the old."""
    legacy, canonical = move.legacy.rpartition(".")[0], move.canonical.rpartition(".")[0]
    old, new = move.legacy_path.rpartition("/")[0], move.canonical_path.rpartition("/")[0]
    return legacy == canonical and old == new


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


_LONGEST = 60  # characters behind them; `re` nests no deeper than it must
_SHORTEST = 3  # characters in the first literal; names are not split earlier in practice


def split_literals(tree: SyntaxTree, move: PackageMove) -> Iterator[SplitReference]:
    """The legacy name where one literal ends inside it and the next one goes on.

    The proposal is the whole name in the first literal. It needs review, because the split may be
    intended.
    """
    text, name = tree.text, move.legacy
    for match in _beginnings(name).finditer(text):
        joint = LITERAL_JOINT.match(text, match.end())
        rest = name[len(match[0]) :]
        if joint is None or not text.startswith(rest, joint.end()):
            continue
        end = joint.end() + len(rest)
        if re.match(r"\w", text[end : end + 1]) or not _joined(tree, joint):
            continue
        yield SplitReference(
            Span(match.start(), end),
            "python-string",
            move,
            move.canonical + joint[0],
            "the name in two literals, which no search finds: written whole in the first",
            review=True,
        )


@lru_cache(maxsize=32)
def _beginnings(name: str) -> re.Pattern[str]:
    """A pattern for what may stand of `name` before a closing quote, with its first letters in
    front, so that `re` jumps from one to the next."""
    lead = name[: min(_SHORTEST, len(name) - 1)]
    more = ""
    for letter in reversed(name[len(lead) : -1][:_LONGEST]):
        more = f"(?:{re.escape(letter)}{more})?"
    return re.compile(rf"{re.escape(lead)}(?<!\w{re.escape(lead)}){more}(?=[\"'])")


def _joined(tree: SyntaxTree, joint: re.Match[str]) -> bool:
    """Whether `joint` lies between two literals, and not inside one."""
    node = tree.node_at(Span(joint.start(), joint.end()))
    first = tree.node_at(Span(joint.start(), joint.start() + 1))
    ends = any(part.type == "string_end" for part in (first, first.parent) if part is not None)
    inside = any(outer.type in {"string", "comment"} for outer in around(node))
    return ends and not inside
