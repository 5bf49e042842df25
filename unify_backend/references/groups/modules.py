"""A path that code turns into a module's name, and the literals that flow into it.

`folder.replace("/", ".")`, `".".join(path.parts)`: the folder is a path where it is read and a
module where it is imported, so both must move together, and everything that passes or compares one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unify_backend.model.package_move import is_within
from unify_backend.references.decision import is_doubtful
from unify_backend.references.groups.links import Kind, Link, ReferenceTexts, future, plain, read_as

if TYPE_CHECKING:
    import ast

    from unify_backend.languages.python.data_flow import Flows

_QUICK = re.compile(
    r"replace\(\s*(?:r?[\"'](?:/|\\\\?)[\"']|os\.(?:path\.)?sep|sep)\s*,\s*[\"']\.[\"']"
    r"|[\"']\.[\"']\.join\("
)
_SLASHES = frozenset({"/", "\\"})
_BARE = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Conversion:
    """The literals that one conversion turns into modules, those compared with the result, and
    the parameters (function, name, place) that lead to it."""

    paths: tuple[int, ...]
    modules: tuple[int, ...]
    parameters: tuple[tuple[str, str, int], ...]


def find(sites: ReferenceTexts) -> Iterator[Link]:
    """Links between the literals of one conversion, callers in other files included."""
    literals: dict[str, list[int]] = defaultdict(list)
    for n in sites.executed:
        if read_as(sites.references[n], "python") and sites.known(n):
            literals[sites.references[n].path].append(n)
    for path, held in literals.items():
        if not _QUICK.search(sites.text(path)):
            continue
        for conversion in _conversions(sites, path, held):
            callers = [n for n in _callers(sites, literals, path, conversion)]
            yield from _links(sites, conversion, callers)


def _links(sites: ReferenceTexts, conversion: _Conversion, callers: list[int]) -> Iterator[Link]:
    passed = [*conversion.paths, *callers]
    if not passed:
        return
    head = passed[0]
    for n in passed[1:]:
        proposal = _as_folder(sites, n)
        fits = _in_step(sites, n, proposal) and _in_step(sites, head, _as_folder(sites, head))
        yield Link(n, head, fits, proposal)
        if _BARE.fullmatch(sites.references[head].text):
            yield Link(head, n, fits, _as_folder(sites, head))
    for n in conversion.modules:
        path, module = sites.references[head], sites.references[n]
        today = _related(_dotted(path.text), module.text)
        later = _related(_dotted(_as_folder(sites, head) or ""), future(module))
        if today:
            yield Link(n, head, later, future(module))
            if _BARE.fullmatch(path.text):
                yield Link(head, n, later, _as_folder(sites, head))


def _in_step(sites: ReferenceTexts, n: int, proposal: str | None) -> bool:
    """Whether the new path still gives the new module, where the old one gave the old."""
    reference = sites.references[n]
    move = sites.moves.get(reference.legacy)
    if move is None or not is_within(_dotted(reference.text), move.legacy):
        return True
    return proposal is not None and is_within(_dotted(proposal), move.canonical)


def _as_folder(sites: ReferenceTexts, n: int) -> str | None:
    """The replacement of the literal as a path: the classifier takes a lone name for a module."""
    reference = sites.references[n]
    move = sites.moves.get(reference.legacy)
    if not _BARE.fullmatch(reference.text) or move is None:
        return future(reference)
    if move.legacy_path != reference.text:
        return None
    return move.canonical_path if is_doubtful(reference) else future(reference)


def _dotted(path: str) -> str:
    return re.sub(r"[/\\]+", ".", plain(path).removeprefix("./")).strip(".").removesuffix(".py")


def _related(name: str, other: str) -> bool:
    return is_within(name, other.strip(".")) or is_within(other, name)


def _conversions(sites: ReferenceTexts, path: str, held: list[int]) -> Iterator[_Conversion]:
    flows = sites.flows(path)
    if flows is None:
        return

    def places(expression: ast.expr) -> list[int]:
        spans = [flows.span(literal) for literal in flows.origins(expression)]
        return [n for n in held if any(s.holds(sites.references[n].span) for s in spans)]

    conversions = [(node, value) for node in flows.nodes if (value := _converted(flows, node))]
    converted = {node for node, _ in conversions}
    compared = list(_compared(flows, converted))
    for node, value in conversions:
        paths = places(value)
        modules = [n for result, other in compared if node in result for n in places(other)]
        yield _Conversion(
            tuple(sorted(set(paths))),
            tuple(sorted({n for n in modules if n not in paths})),
            tuple(sorted(set(flows.parameters_reaching(value)))),
        )


def _converted(flows: Flows, node: ast.AST) -> ast.expr | None:
    """The path that this call turns into a module's name."""
    import ast

    match node:
        case ast.Call(
            func=ast.Attribute(value=value, attr="replace"),
            args=[separator, ast.Constant(value=".")],
        ) if _is_separator(separator):
            return value
        case ast.Call(
            func=ast.Attribute(value=ast.Constant(value="."), attr="join"), args=[parts]
        ) if re.search(r"\.parts\b|\.split\([^)]*(?:[/\\]|sep)", flows.text_of(parts)):
            return parts
        case _:
            return None


def _is_separator(node: ast.expr) -> bool:
    import ast

    match node:
        case ast.Constant(value=str(text)):
            return text in _SLASHES
        case ast.Attribute(attr="sep" | "altsep") | ast.Name(id="sep"):
            return True
        case _:
            return False


def _compared(flows: Flows, converted: set[ast.AST]) -> Iterator[tuple[set[ast.AST], ast.expr]]:
    """Modules' names made by conversions, and what each is compared with."""
    import ast

    for node in flows.nodes:
        pairs: list[tuple[ast.expr, ast.expr]] = []
        match node:
            case ast.Compare(left=left, comparators=[right]):
                pairs = [(left, right), (right, left)]
            case ast.Call(
                func=ast.Attribute(value=value, attr="startswith" | "removeprefix"), args=[prefix]
            ):
                pairs = [(value, prefix)]
            case _:
                continue
        for side, other in pairs:
            if results := converted & set(flows.reach(side)):
                yield results, other


def _callers(
    sites: ReferenceTexts, literals: dict[str, list[int]], path: str, conversion: _Conversion
) -> Iterator[int]:
    """Literals of other files that are passed to the functions that convert."""
    for function, parameter, place in conversion.parameters:
        named = re.compile(rf"\b{re.escape(function)}\s*\([^()]*$")
        keyword = re.compile(rf"\b{re.escape(parameter)}\s*=\s*[rfRF]?[\"'][^\"']*$")
        for other, held in literals.items():
            if other == path or f"{function}(" not in sites.text(other):
                continue
            for n in held:
                start = sites.references[n].span.start
                before = sites.text(other)[max(0, start - 400) : start]
                if call := named.search(before):
                    nth = call.group().count(",")
                    if keyword.search(before) or (nth == place and "=" not in call.group()):
                        yield n


MODULE = Kind("path and module", "a path that code turns into a module's name", find)
