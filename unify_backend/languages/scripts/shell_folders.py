"""The working folder in shell: what subshells, functions, branches and loops do to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from unify_backend.languages.language import Split
from unify_backend.languages.scripts.command_line import Word, split_commands, unjoined
from unify_backend.languages.scripts.folders import SOMEWHERE, Standing, enter, meeting
from unify_backend.languages.scripts.interpreter import Trail
from unify_backend.languages.syntax_tree import SyntaxTree
from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import Span

if TYPE_CHECKING:
    from tree_sitter import Node

_DEEPEST = 60  # nested statements; below, nothing is followed any more
_APART = frozenset({"subshell", "command_substitution", "process_substitution"})
_LOOPS = frozenset({"for_statement", "c_style_for_statement", "while_statement"})
_SKIPPED = frozenset({"comment", "heredoc_body", "string_content", "word", "raw_string"})
_WORDS = frozenset({"test_command", "file_redirect", "herestring_redirect"})
_WORTH = re.compile(
    r"\b(?:cd|pushd|chdir)\b|-C\b|--(?:directory|chdir|cwd|dir|app-dir|workdir|working-directory)\b"
    r"|[\w}]\"?/\.\."
)


def implied_in_shell(
    tree: SyntaxTree, hits: Sequence[Span], moves: Sequence[PackageMove], form: str = "shell"
) -> Iterator[Split]:
    """What counts from the legacy folder behind a `cd` into it, in the text of `tree`.

    `hits` are the names in it. Nothing where the shell cannot be read: there no order is sure.
    """
    if moves and _WORTH.search(tree.text):
        yield from _follow(tree, hits, moves, form, SOMEWHERE)


def implied_from(
    text: str, hits: Sequence[Span], moves: Sequence[PackageMove], folder: Standing, form: str
) -> Iterator[Split]:
    """What counts from `folder` in shell text that starts there, beyond what the text itself tells.

    `folder` comes from `starting_folder`. Positions are in `text`. For formats that say elsewhere
    where commands run: `WORKDIR`, `working-directory:`, `WorkingDirectory=`.
    """
    if folder.move is None:
        return
    tree = SyntaxTree("bash", text)
    known = {one.span for one in implied_in_shell(tree, hits, moves, form)}
    for one in _follow(tree, hits, moves, form, folder):
        if one.span not in known:
            yield one


def starting_folder(
    path: str,
    hits: Sequence[Span],
    moves: Sequence[PackageMove],
    before: Standing = SOMEWHERE,
) -> Standing:
    """The folder that a setting names: `path` is its text and `hits` are the names in it.

    `before` is where a relative path counts from. Its `move` is None outside legacy folders.
    """
    return enter(before, path, hits[0] if hits else None, moves)


def shell_word(tree: SyntaxTree, node: Node) -> Word:
    """The word at a node, without its quotes where these hold all of it."""
    span = tree.span(node)
    text = tree.text[span.start : span.end]
    opening = re.match(r"\$?[\"']", text)
    if opening and len(text) > opening.end() and text[-1] == text[opening.end() - 1]:
        return Word(text[opening.end() : -1], span.start + opening.end(), quoted=True)
    return Word(text, span.start)


def _follow(
    tree: SyntaxTree,
    hits: Sequence[Span],
    moves: Sequence[PackageMove],
    form: str,
    start: Standing,
) -> Iterator[Split]:
    trail = Trail(tree.text, hits, moves, form, start)
    if tree.broken:
        if not re.search(r"[(){}]|\b(?:if|for|while|case|function)\b", tree.text):
            for words in split_commands(unjoined(tree.text, "\\")):
                trail.command(words)
    else:
        _Walk(tree, trail).node(tree.root, 0)
    yield from trail.found


class _Walk:
    """Visits statements in the order in which they run."""

    def __init__(self, tree: SyntaxTree, trail: Trail) -> None:
        self._tree, self._trail = tree, trail

    def node(self, node: Node, depth: int) -> None:
        """Follows one statement; what cannot be followed leads SOMEWHERE."""
        trail = self._trail
        if depth > _DEEPEST:
            trail.here = SOMEWHERE
        elif node.type == "command":
            self._command(node, depth)
        elif node.type in _APART:
            trail.aside(lambda: self._children(node, depth))
        elif node.type == "pipeline":
            for child in node.named_children:
                trail.aside(lambda child=child: self.node(child, depth + 1))  # type: ignore[misc]
        elif node.type == "function_definition":
            self._function(node, depth)
        elif node.type == "list" and any(child.type == "||" for child in node.children):
            self._either(node, depth)
        elif node.type in {"if_statement", "case_statement"}:
            self._branches(node, depth)
        elif node.type in _LOOPS:
            self._loop(node, depth)
        elif node.type == "variable_assignment":
            self._children(node, depth)
            trail.assignment(shell_word(self._tree, node))
        elif node.type in _WORDS:
            self._words(node)
        elif node.type not in _SKIPPED:
            self._children(node, depth)

    def _children(self, node: Node, depth: int) -> None:
        for child in node.named_children:
            self.node(child, depth + 1)

    def _command(self, node: Node, depth: int) -> None:
        for child in node.children:
            if child.type not in {"command_name", "word"}:
                self._children(child, depth)  # substitutions run first
        self._trail.command(
            [
                shell_word(self._tree, child)
                for child in node.children
                if child.type not in {"file_redirect", "heredoc_redirect", "herestring_redirect"}
            ]
        )

    def _words(self, node: Node) -> None:
        for child in node.named_children:
            self._trail.paths(shell_word(self._tree, child))
            if child.type in {"unary_expression", "binary_expression"}:
                self._words(child)

    def _function(self, node: Node, depth: int) -> None:
        name = node.child_by_field_name("name")

        def body() -> None:
            self._trail.here = SOMEWHERE
            self._children(node, depth)

        ended = self._trail.aside(body)
        if name is not None:
            self._trail.function(self._tree.text_of(name).lower(), ended)

    def _either(self, node: Node, depth: int) -> None:
        first, *rest = node.named_children
        before = self._trail.here
        self.node(first, depth + 1)
        done = self._trail.here
        for other in rest:  # runs where the first failed: a `cd` that fails leads nowhere
            self._trail.here = before
            self.node(other, depth + 1)
            done = done if self._trail.here == before else SOMEWHERE
        self._trail.here = done

    def _branches(self, node: Node, depth: int) -> None:
        trail, ways, otherwise = self._trail, list[Standing](), False
        asked: Standing | None = None if node.type == "if_statement" else trail.here
        for child in node.children:
            if child.type == "then" and asked is None:
                asked = trail.here
            elif child.type in {"elif_clause", "else_clause", "case_item"} and asked is not None:
                if child.type != "case_item":
                    ways.append(trail.here)
                otherwise = otherwise or child.type == "else_clause"
                trail.here = asked
                self._children(child, depth)
                if child.type == "case_item":
                    ways.append(trail.here)
            elif child.is_named:
                self.node(child, depth + 1)
        if node.type == "if_statement":
            ways.append(trail.here)
        if asked is not None and not otherwise:
            ways.append(asked)
        trail.here = meeting(ways) if ways else trail.here

    def _loop(self, node: Node, depth: int) -> None:
        before = self._trail.here
        self._words(node)
        self._children(node, depth)
        self._trail.here = meeting([before, self._trail.here])
