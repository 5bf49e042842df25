"""What an import statement names, and where the tokens stand.

LibCST parses the statement alone, not the file: that is exact, keeps every byte, and costs
microseconds where a whole file costs milliseconds (design: field-notes, section 6). A statement
that is written in the plainest way is read without it, because importing LibCST costs more than
all of them together; a law in the tests holds both readings equal.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from unify_backend.model.spans import Span

if TYPE_CHECKING:
    import libcst as cst
    from tree_sitter import Node

    from unify_backend.languages.syntax_tree import SyntaxTree


_ONE = r"[^\W\d]\w*(?:[ ]+as[ ]+[^\W\d]\w*)?"
_PLAIN = re.compile(
    rf"from[ ]+(?P<module>[^\W\d]\w*(?:\.[^\W\d]\w*)*)[ ]+import[ ]+"
    rf"(?P<open>\()?(?P<names>(?(open)\s*){_ONE}(?:(?(open)\s*|[ ]*),(?(open)\s*|[ ]*){_ONE})*"
    r"(?(open)\s*,?\s*))(?(open)\))"
)
_NAME = re.compile(r"(?P<name>\w+)(?:[ ]+as[ ]+(?P<alias>\w+))?")
_COMMENT = re.compile(r"#[^\r\n]*(?=\r?\n)")
_KEYWORDS = frozenset(keyword.kwlist)


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
    `import x`; `alias` belongs to `import x as alias`.
    """

    dotted: str
    span: Span
    level: int
    names: tuple[ImportedName, ...]
    alias: str | None
    is_from: bool


@lru_cache(maxsize=4096)
def imported_modules(statement: str) -> tuple[ImportedModule, ...]:
    """The modules named by one import statement, positions in its text (which begins with it).

    Returns an empty tuple for any other statement, and for text that does not parse.
    """
    if (
        statement.endswith(",") and "#" not in statement
    ):  # cut short, as in a document; LibCST would refuse it too
        return ()
    # Between the parentheses a comment equals blanks; no string can stand there.
    blank = _COMMENT.sub(lambda comment: " " * len(comment[0]), statement)
    plain = _PLAIN.fullmatch(blank)
    if plain is None or ("#" in statement and not plain["open"]):
        return parsed_modules(statement)
    at = plain.start("names")
    names = [
        ImportedName(
            match["name"], Span(match.start("name") + at, match.end("name") + at), match["alias"]
        )
        for match in _NAME.finditer(plain["names"])
    ]
    named = (word for imported in names for word in (imported.name, imported.alias))
    words = {*plain["module"].split("."), *named}
    if not _KEYWORDS.isdisjoint(words):
        return parsed_modules(statement)
    span = Span(*plain.span("module"))
    return (ImportedModule(plain["module"], span, 0, tuple(names), None, True),)


def modules_in(tree: SyntaxTree, statement: Node) -> tuple[ImportedModule, ...]:
    """`imported_modules` of a node of a syntax tree; none where the tree shows an error in it."""
    return () if statement.has_error else imported_modules(tree.text_of(statement))


def parsed_modules(statement: str) -> tuple[ImportedModule, ...]:
    """`imported_modules` as LibCST reads the statement, however it is written."""
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
            _dotted(alias.name), Span(at, at + len(written)), 0, (), _alias(alias), False
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
    yield ImportedModule(dotted, span, len(node.relative), tuple(names), None, True)


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
