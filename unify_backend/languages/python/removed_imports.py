"""Imports that one side of a merge removed together with the last use of their names.

What the other side only wrote in another way (another module, a line of its own) is no use of the
name: where the merged module does not use it either, the import goes.
"""

import ast
import re
from collections import Counter
from collections.abc import Collection
from itertools import pairwise

from unify_backend.languages.python.source import PythonSource, SyntaxProblem, python_source
from unify_backend.model.spans import Edit, Span, splice

_WORD = re.compile(r"(?<![\w.])\w+")  # no attributes
_Statement = ast.Import | ast.ImportFrom


def removed_names(base: str, canonical: str, legacy: str) -> frozenset[str]:
    """The names that the base and one side import, that the other side does not write anywhere,
    and that the first one does not use more often than the base does. None where a version does
    not parse."""
    versions = [_Imports.of(text) for text in (base, canonical, legacy)]
    origin, *sides = versions
    if origin is None or sides[0] is None or sides[1] is None:
        return frozenset()
    names: set[str] = set()
    for removing, remaining in ((sides[0], sides[1]), (sides[1], sides[0])):
        for name in origin.bound & remaining.bound:
            gone = name not in removing.bound and not removing.uses[name]
            if gone and remaining.uses[name] <= origin.uses[name]:
                names.add(name)
    return frozenset(names)


def unused(text: str, names: Collection[str]) -> frozenset[str]:
    """Those of the names that a module mentions in its imports at most."""
    imports = _Imports.of(text) if names else None
    if imports is None:
        return frozenset()
    return frozenset(name for name in names if not imports.uses[name])


def imports_only(line: str, names: Collection[str]) -> bool:
    """Whether a line is an import of some of these names and of nothing else."""
    if not names or not line.startswith(("import ", "from ")):
        return False
    imports = _Imports.of(line)
    return imports is not None and bool(imports.bound) and imports.bound <= set(names)


def without_imports(text: str, names: Collection[str]) -> str | None:
    """A module without the imports of these names; the same text where it has none. None where
    that is not certain: a comment stands on their lines, or they are not on the module's level."""
    source = python_source(text)
    if isinstance(source, SyntaxProblem):
        return None
    edits: list[Edit] = []
    for node in source.nodes:
        if not isinstance(node, _Statement):
            continue
        gone = [alias for alias in node.names if _bound(alias) in names]
        if gone:
            span = _lines(source, node)
            if node not in source.tree.body or "#" in text[span.start : span.end]:
                return None
            if text[span.start : span.end].strip() != source.text_of(node):
                return None  # another statement is on the line
            edits += [Edit(span, "")] if gone == node.names else _cut(source, node, gone)
    return splice(text, edits)


def _cut(source: PythonSource, node: _Statement, gone: Collection[ast.alias]) -> list[Edit]:
    """Takes names with their commas out of a list in which others stay."""
    spans = [source.span(alias) for alias in node.names]
    edits = [
        Edit(Span(span.start, following.start), "")
        for alias, (span, following) in zip(node.names, pairwise(spans), strict=False)
        if alias in gone
    ]
    last = max(at for at, alias in enumerate(node.names) if alias not in gone)
    if last < len(spans) - 1:  # all behind it go
        edits = [edit for edit in edits if edit.span.start < spans[last].start]
        edits.append(Edit(Span(spans[last].end, spans[-1].end), ""))
    return edits


def _lines(source: PythonSource, node: _Statement) -> Span:
    """The whole lines of a statement."""
    span = source.span(node)
    start = source.text.rfind("\n", 0, span.start) + 1
    end = source.text.find("\n", span.end)
    return Span(start, len(source.text) if end < 0 else end + 1)


def _bound(alias: ast.alias) -> str:
    """The name that an import binds, "" where it is a part of what is imported or unknown."""
    name = alias.asname or alias.name
    return "" if "." in name or name == "*" else name


class _Imports:
    """What the imports of a module bind, and how often each word is written outside them."""

    def __init__(self, source: PythonSource) -> None:
        nodes = [node for node in source.nodes if isinstance(node, _Statement)]
        self.bound = {_bound(alias) for node in nodes for alias in node.names} - {""}
        rest = splice(source.text, [Edit(source.span(node), "") for node in nodes])
        self.uses = Counter(_WORD.findall(rest))

    @classmethod
    def of(cls, text: str) -> "_Imports | None":
        """None where the text does not parse."""
        source = python_source(text)
        return None if isinstance(source, SyntaxProblem) else cls(source)
