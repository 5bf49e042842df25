"""Legacy names that stand in an import in several tokens, or are counted from the file's place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from unify_backend.languages.language import Fragment, SplitReference
from unify_backend.languages.python.import_splitting import (
    Destination,
    ImportStatement,
    split_import,
)
from unify_backend.languages.python.imports import ImportedModule, ImportedName, modules_in
from unify_backend.languages.syntax_tree import SyntaxTree, around
from unify_backend.model.evidence import Evidence
from unify_backend.model.package_move import PackageMove, is_under
from unify_backend.model.references import Names
from unify_backend.model.spans import Span
from unify_backend.model.text import PACKAGE_FILE
from unify_backend.names.prefilter import LITERAL_JOINT

if TYPE_CHECKING:
    from tree_sitter import Node


_FORM = "python-import"
_GAP = r"(?:\s|\\\r?\n)"
_RELATIVE = re.compile(r"\bfrom[ \t]+(?=\.)")
_LEAVES = "a relative import that leaves the package: its dots lead elsewhere after the move"
_CANONICAL = "the canonical package among names of the legacy one: it is imported on its own"
_LOADS = re.compile(
    r"\bimport_module\(\s*[\"'](?P<name>\.+[^\W\d]\w*(?:\.[^\W\d]\w*)*)[\"']\s*,\s*(?:package\s*=\s*)?"
    r"(?P<package>__package__|__name__)\s*\)"
)
_LOAD_FORM = "python-module-string"
_MOVED_ALONE = "counts from the folder that it lay in before: written in full"
_PYTHON_2 = re.compile(r"\bversion_info\b|\bhexversion\b|\bPY[23]\b")


def split_imports(tree: SyntaxTree, fragment: Fragment) -> Iterator[SplitReference]:
    """`from acme import billing`, where the package is `acme.billing`."""
    by_parent: dict[str, dict[str, PackageMove]] = defaultdict(dict)
    for move in fragment.moves:
        parent, _, last = move.legacy.rpartition(".")
        if parent and not move.same_name:
            by_parent[parent].setdefault(last, move)
    for parent, moves in by_parent.items():
        dotted = r"\s*\.\s*".join(map(re.escape, parent.split(".")))
        for match in re.finditer(rf"\bfrom{_GAP}+(?={dotted}{_GAP}+import\b)", tree.text):
            for module, span in _imports_at(tree, match.end()):
                moved = {
                    n: _Moved(moves[name.name], moves[name.name].canonical)
                    for n, name in enumerate(module.names)
                    if name.name in moves
                }
                if module.dotted != parent or module.level or not moved:
                    continue
                if len(module.names) == 1:
                    yield _alone(tree.text, module, span.start, moved[0].move)
                else:
                    yield from _among_others(_statement(fragment, module, span, parent), moved)


def _alone(text: str, module: ImportedModule, offset: int, move: PackageMove) -> SplitReference:
    (name,) = module.names
    new_parent, _, new_last = move.canonical.rpartition(".")
    span = Span(module.span.start + offset, name.span.end + offset)
    if not new_parent:
        return _import(Span(offset, span.end), move, _plain(move.canonical, name))
    between = text[module.span.end + offset : name.span.start + offset]
    new_name = new_last if new_last == name.name or name.alias else f"{new_last} as {name.name}"
    return _import(span, move, f"{new_parent}{between}{new_name}")


def canonical_names(tree: SyntaxTree, fragment: Fragment) -> Iterator[SplitReference]:
    """`from acme import core, users`, where `acme` becomes `acme.core`: the canonical package is
    imported on its own, where the rest is renamed."""
    for move in fragment.moves:
        parent, _, last = move.canonical.rpartition(".")
        if move.incoming or parent != move.legacy:
            continue
        for hit in fragment.hits:
            if tree.text[hit.start : hit.end] != parent:
                continue
            for module, span in _imports_at(tree, hit.start):
                numbers = [n for n, name in enumerate(module.names) if name.name == last]
                source = module.span.shift(span.start)
                if source != hit or module.level or not 0 < len(numbers) < len(module.names):
                    continue
                own = _Moved(move, move.canonical, Names.IMPLIED, _CANONICAL)
                moved = dict.fromkeys(numbers, own)
                statement = _statement(fragment, module, span, move.canonical)
                for place in _among_others(statement, moved):
                    if place.statement:
                        yield replace(place, follows=hit, companion=True)


@dataclass(frozen=True, slots=True)
class _Moved:
    """A name in a list of imported ones, and what it is called in full after the move."""

    move: PackageMove
    target: str
    names: Names = Names.LEGACY
    note: str = ""


def _statement(
    fragment: Fragment, module: ImportedModule, span: Span, home: str | None
) -> ImportStatement:
    first, last = fragment.whole_first_line, fragment.whole_last_line
    return ImportStatement(fragment.text, span, module, home, first, last)


def _among_others(
    statement: ImportStatement, moved: Mapping[int, _Moved]
) -> Iterator[SplitReference]:
    """A reference for each name of a list that moves."""
    source, listed = statement.source, statement.module.names
    ends = {n: listed[n].span.end + statement.span.start for n in moved}
    places = {n: Span(source.start, end) for n, end in ends.items()}
    destinations = {}
    for n, name in moved.items():
        parent, _, last = name.target.rpartition(".")
        destinations[n] = Destination(parent, last)
    split = split_import(statement, destinations, list(places.values()))
    for n, name in moved.items():
        called = listed[n].name
        note = f"imports {called} together with other names"
        if isinstance(split, str):
            note = f"{note}, and {split}: write its import on its own"
            yield _import(places[n], name.move, None, note, name.names)
            continue
        bound = destinations[n].name if listed[n].alias else called
        replacement = destinations[n].imported(bound)
        if any(edit.span.start == edit.span.end for edit in split.edits):
            note = f"{note}: it gets an import of its own"
        note = name.note or note
        place = _import(places[n], name.move, replacement, note, name.names)
        yield replace(place, statement=split)


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
        for module, statement in _imports_at(tree, match.end()):
            offset = statement.start
            if not module.level or _is_list(module):
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


def imports_of_moved(tree: SyntaxTree, path: str, move: PackageMove) -> Iterator[SplitReference]:
    """Relative imports of a file in the canonical folder that led out of the legacy one, and were
    not changed when the folder was moved."""
    if "." not in move.legacy or not move.owns_canonical(path):
        return
    before = move.legacy_path + path[len(move.canonical_path) :]
    for match in _RELATIVE.finditer(tree.text):
        for module, statement in _imports_at(tree, match.end()):
            if not module.level or _is_list(module) or _in_package(before, move, module.level):
                continue
            base = _absolute(before, move, module.level)
            if base is None:
                continue
            name = module.dotted or module.names[0].name
            last = module.span if module.dotted else module.names[-1].span
            span = Span(match.end(), last.end + statement.start)
            place = _absolutely(span, module, [f"{base}.{name}"], move, True)
            inner = name.replace(".", "/")
            yield replace(
                place,
                note=_MOVED_ALONE,
                counted=(
                    _below(path, module.level, inner),
                    _below(before, module.level, inner),
                ),
            )


def _below(path: str, level: int, inner: str) -> str:
    """Where `inner` lies from the folder to which `level` dots lead in the file at `path`."""
    folders = path.split("/")[:-level]
    return "/".join([*folders, inner])


def relative_loads(tree: SyntaxTree, path: str, move: PackageMove) -> Iterator[SplitReference]:
    """`import_module("..billing.rates", __package__)`, across the border of the package."""
    beside = move.legacy_path.rpartition("/")[0]
    inside = move.owns_legacy(path)
    if "." not in move.legacy or not is_under(path, beside):
        return
    for match in _LOADS.finditer(tree.text):
        inner = tree.node_at(Span(match.start("name"), match.end("name")))
        string = next((node for node in around(inner) if node.type == "string"), None)
        holder = string.parent if string is not None else None
        if holder is None or holder.type != "argument_list":
            continue
        package = path.endswith(f"/{PACKAGE_FILE}") and match["package"] == "__name__"
        if not package and match["package"] != "__package__":
            continue
        dotted = match["name"].lstrip(".")
        level = len(match["name"]) - len(dotted)
        base = _absolute(path, move, level)
        if base is None or (inside and _in_package(path, move, level)):
            continue
        target = f"{base}.{dotted}"
        ours = f"{target}.".startswith(f"{move.legacy}.")
        if not ours and (not inside or _same_parent(move)):
            continue
        new = move.canonical + target.removeprefix(move.legacy) if ours else target
        note = _LEAVES if inside else f"a relative name that leads to {target}: written in full"
        names = Names.IMPLIED if inside else Names.LEGACY
        span = Span(match.start("name"), match.end("name"))
        yield replace(
            _import(span, move, new, note, names), form=_LOAD_FORM, evidence=Evidence.KNOWN_CALL
        )


def relative_lists(tree: SyntaxTree, fragment: Fragment) -> Iterator[SplitReference]:
    """Relative imports of several modules that cross the border of a package, as
    `from . import billing, other`."""
    moves = [
        move
        for move in fragment.moves
        if "." in move.legacy and is_under(fragment.path, move.legacy_path.rpartition("/")[0])
    ]
    for match in _RELATIVE.finditer(tree.text) if moves else ():
        for module, span in _imports_at(tree, match.end()):
            if not module.level or not _is_list(module):
                continue
            moved: dict[int, _Moved] = {}
            leaves = False
            for move in moves:
                crossing = _crossing(fragment.path, module, move)
                leaves = leaves or any(name.note for name in crossing.values())
                moved |= {
                    n: name for n, name in crossing.items() if n not in moved or not name.note
                }
            if not moved:
                continue
            bases = (_absolute(fragment.path, move, module.level) for move in moves)
            home = None if leaves else next(filter(None, bases), None)
            statement = _statement(fragment, module, span, home)
            yield from _absolute_list(statement, moved) or _among_others(statement, moved)


def _is_list(module: ImportedModule) -> bool:
    return not module.dotted and len(module.names) > 1


def _crossing(path: str, module: ImportedModule, move: PackageMove) -> dict[int, _Moved]:
    """The names of a relative list that are found elsewhere after the move, by their numbers."""
    base = _absolute(path, move, module.level)
    inside = move.owns_legacy(path)
    if base is None or (inside and _in_package(path, move, module.level)):
        return {}
    moved: dict[int, _Moved] = {}
    for n, name in enumerate(module.names):
        target = f"{base}.{name.name}"
        if target == move.legacy:
            moved[n] = _Moved(move, move.canonical, Names.IMPLIED if inside else Names.LEGACY)
        elif inside and not _same_parent(move):
            moved[n] = _Moved(move, target, Names.IMPLIED, _LEAVES)
    return moved


def _absolute_list(statement: ImportStatement, moved: Mapping[int, _Moved]) -> list[SplitReference]:
    """The one reference for a list whose names are all found in one other package, under the names
    that they have; none for any other list."""
    listed = statement.module.names
    new = {moved[n].target if n in moved else "" for n in range(len(listed))}
    parents = {target.rpartition(".")[0] for target in new}
    same_names = {name.name for name in listed} == {target.rpartition(".")[2] for target in new}
    (parent, *more) = parents
    if more or not parent or not same_names or parent == statement.home:
        return []
    source, first = statement.source, moved[0]
    span = Span(source.start, listed[-1].span.end + statement.span.start)
    rest = statement.text[source.end : span.end]
    space = "" if rest[:1].isspace() or rest[:1] == "\\" else " "
    note = first.note or f"a relative import of {parent}'s modules: write it absolutely"
    return [_import(span, first.move, f"{parent}{space}{rest}", note, first.names)]


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
        return _import(span, move, new, _LEAVES, Names.IMPLIED)
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


def _imports_at(tree: SyntaxTree, at: int) -> Iterator[tuple[ImportedModule, Span]]:
    """The modules of the from-import around offset `at`, and where the statement stands."""
    node: Node | None = tree.node_at(Span(at, min(at + 1, len(tree.text))))
    while node is not None and node.type != "import_from_statement":
        node = node.parent
    if node is not None:
        span = tree.span(node)
        for module in modules_in(tree, node):
            if module.is_from:
                yield module, span


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
