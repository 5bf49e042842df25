"""Programs in string literals: what a test writes to a file, or gives to another interpreter.

Read as Python, so that the import and its uses are judged together. A literal counts as a program
where it has lines or statements of its own and one of them imports what is looked for; a docstring
does not, it tells people what to write.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from unify_backend.languages.language import Context, Zone
from unify_backend.languages.syntax_tree import SyntaxTree
from unify_backend.model.spans import Span

if TYPE_CHECKING:
    from tree_sitter import Node

_STATEMENTS = re.compile(r"\n|;")


def program_zone(tree: SyntaxTree, string: Node, hit: Span) -> Zone | None:
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
    return Zone(Span(start, end), "python-program", Context.STRING, "python", escapes=not raw)


def _is_docstring(string: Node) -> bool:
    parent = string.parent
    return parent is not None and parent.type == "expression_statement"
