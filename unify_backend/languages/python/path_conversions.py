"""Where Python code turns a path into a module's name, and the literals that reach it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unify_backend.model.spans import Span

if TYPE_CHECKING:
    import ast

    from unify_backend.languages.python.data_flow import Flows

CONVERTS = re.compile(  # a text without a match converts nothing
    r"replace\(\s*(?:r?[\"'](?:/|\\\\?)[\"']|os\.(?:path\.)?sep|sep)\s*,\s*[\"']\.[\"']"
    r"|[\"']\.[\"']\.join\("
)
_SLASHES = frozenset({"/", "\\"})


@dataclass(frozen=True, slots=True)
class PathConversion:
    """The literals that one conversion turns into modules, the literals that are compared with the
    result, and the parameters (function, name, place) that lead to it."""

    paths: tuple[Span, ...]
    modules: tuple[Span, ...]
    parameters: tuple[tuple[str, str, int], ...]


def path_conversions(flows: Flows) -> Iterator[PathConversion]:
    """The conversions of a file: `folder.replace("/", ".")`, `".".join(path.parts)`."""
    conversions = [(node, value) for node in flows.nodes if (value := _converted(flows, node))]
    compared = list(_compared(flows, {node for node, _ in conversions}))
    for node, value in conversions:
        modules = [flows.spans(other) for results, other in compared if node in results]
        yield PathConversion(
            tuple(flows.spans(value)),
            tuple(span for spans in modules for span in spans),
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
