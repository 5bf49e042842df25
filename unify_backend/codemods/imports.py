"""What an import statement names, and where the tokens stand.

LibCST parses the statement alone, not the file: that is exact, keeps every byte, and costs
microseconds where a whole file costs milliseconds (design: field-notes, section 6).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from unify_backend.model.spans import Span

if TYPE_CHECKING:
    import libcst as cst


@dataclass(frozen=True, slots=True)
class ImportedName:
    """One name behind `import` in a from-import; `alias` is what follows `as`."""

    name: str
    span: Span
    alias: str | None


@dataclass(frozen=True, slots=True)
class ImportedModule:
    """One module that a statement imports.

    `span` is the dotted name as written in the statement's text (spaces around dots included),
    `dotted` the name itself, `level` the leading dots of a relative import. `names` is empty for
    `import x`; `star` is true for `from x import *`; `alias` belongs to `import x as alias`.
    """

    dotted: str
    span: Span
    level: int
    names: tuple[ImportedName, ...]
    star: bool
    alias: str | None
    is_from: bool


@lru_cache(maxsize=4096)
def imported_modules(statement: str) -> tuple[ImportedModule, ...]:
    """The modules named by one import statement, positions in its text (which begins with it).

    Returns an empty tuple for any other statement, and for text that does not parse.
    """
    import libcst as cst

    try:
        parsed = cst.parse_statement(statement)
    except cst.ParserSyntaxError:
        return ()
    if not isinstance(parsed, cst.SimpleStatementLine) or len(parsed.body) != 1:
        return ()
    match parsed.body[0]:
        case cst.ImportFrom() as node:
            return tuple(_from_import(node))
        case cst.Import() as node:
            return tuple(_plain_import(node))
        case _:
            return ()


def _plain_import(node: cst.Import) -> Iterator[ImportedModule]:
    at = len("import") + len(_code(node.whitespace_after_import))
    for alias in node.names:
        written = _code(alias.name)
        yield ImportedModule(
            _dotted(alias.name), Span(at, at + len(written)), 0, (), False, _alias(alias), False
        )
        at += len(_code(alias))


def _from_import(node: cst.ImportFrom) -> Iterator[ImportedModule]:
    import libcst as cst

    at = len("from") + len(_code(node.whitespace_after_from))
    at += sum(len(_code(dot)) for dot in node.relative)
    written = _code(node.module) if node.module else ""
    span = Span(at, at + len(written))
    at += len(written) + len(_code(node.whitespace_before_import)) + len("import")
    at += len(_code(node.whitespace_after_import))
    names: list[ImportedName] = []
    if not isinstance(node.names, cst.ImportStar):
        at += len(_code(node.lpar)) if node.lpar else 0
        for alias in node.names:
            name = _code(alias.name)
            names.append(ImportedName(name, Span(at, at + len(name)), _alias(alias)))
            at += len(_code(alias))
    dotted = _dotted(node.module) if node.module else ""
    star = isinstance(node.names, cst.ImportStar)
    yield ImportedModule(dotted, span, len(node.relative), tuple(names), star, None, True)


def _alias(alias: cst.ImportAlias) -> str | None:
    return alias.evaluated_alias


def _dotted(node: cst.Attribute | cst.Name) -> str:
    import libcst as cst

    if isinstance(node, cst.Name):
        return node.value
    value = node.value
    assert isinstance(value, cst.Attribute | cst.Name)
    return f"{_dotted(value)}.{node.attr.value}"


def _code(node: cst.CSTNode) -> str:
    import libcst as cst

    return cst.Module(body=()).code_for_node(node)
