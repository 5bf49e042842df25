"""Shell text as statements, by the grammar of bash."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from unify_backend.languages.language import FormError
from unify_backend.languages.relocation import Relocation
from unify_backend.languages.scripts.command_line import Word, unjoined
from unify_backend.languages.scripts.expansion import expand_shell
from unify_backend.languages.scripts.relative_paths import script_climbs
from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import CommandCollector, read_script
from unify_backend.languages.scripts.statements import (
    Assignment,
    Bound,
    Branches,
    Dialect,
    Function,
    Loop,
    Operands,
    Pipeline,
    Redirected,
    Redirection,
    Script,
    Simple,
    Statement,
    Subshell,
    Token,
    commands_only,
    listed,
    written,
)
from unify_backend.languages.syntax_tree import SyntaxTree
from unify_backend.model.checks import DepthUse

if TYPE_CHECKING:
    from tree_sitter import Node

_DEEPEST = 60  # nested statements; below, nothing is followed any more
_SUBSTITUTIONS = frozenset({"command_substitution", "process_substitution"})
_LOOPS = frozenset({"for_statement", "c_style_for_statement", "while_statement"})
_REDIRECTS = frozenset({"file_redirect", "heredoc_redirect", "herestring_redirect"})
_SILENT = frozenset({"comment", "heredoc_body", "string_content", "word", "raw_string"})
_PROMPT = re.compile(
    r"^[ \t]*(?:\([\w.-]+\)[ \t]*)?(?:[$%>]|\w+@[\w.-]+:\S*[$#])[ \t]+", re.MULTILINE
)
PROMPT = re.compile(
    r"^[ \t]*(?:\([\w. -]+\)[ \t]*)?(?:[\w.-]+@[\w.-]+[^\n$#]{0,60}[$#]|PS(?:[ \t][^\n>]*)?>"
    r"|[A-Za-z]:\\[^\n>]*>|[$%❯➜])(?=[ \t])",
    re.MULTILINE,
)
_CONTROL = re.compile(r"[(){}]|\b(?:if|for|while|case|function)\b")


def parse_shell(text: str, tree: SyntaxTree | None = None) -> Script:
    """The statements of shell text, prompts left out; `tree` where somebody parsed it already.

    Text that is no shell is read as commands, line by line. Raises FormError for text with a line
    that nobody wrote.
    """
    if tree is None:
        tree = SyntaxTree("bash", PROMPT.sub(lambda prompt: " " * len(prompt[0]), text))
    if tree.broken:
        ordered = not _CONTROL.search(tree.text)
        return Script(tree.text, commands_only(unjoined(tree.text, "\\")), ordered)
    return Script(tree.text, tuple(_Lowering(tree).of(tree.root, 0)))


def shell_word(tree: SyntaxTree, node: Node) -> Token:
    """The word at a node, without its quotes where these hold all of it."""
    span = tree.span(node)
    return written(tree.text[span.start : span.end], span.start)


class _Lowering:
    """Turns nodes into statements, in the order in which they run."""

    def __init__(self, tree: SyntaxTree) -> None:
        self._tree = tree

    def of(self, node: Node, depth: int) -> Iterator[Statement]:
        """The statements of one node."""
        depth += 1
        kind = node.type
        if depth > _DEEPEST or kind in _SILENT:
            return
        if kind == "command":
            yield from self._substitutions(node.children, depth)
            command = Simple(self._words(node.children))
            redirects = [child for child in node.children if child.type in _REDIRECTS]
            yield from self._with_files((command,), redirects, depth)
        elif kind == "declaration_command":
            yield from self._substitutions(node.named_children, depth)
            yield Simple(self._words(node.children))
        elif kind == "subshell" or kind in _SUBSTITUTIONS:
            yield Subshell(self._inside(node, depth))
        elif kind == "pipeline":
            yield Pipeline(self._parts(node, depth))
        elif kind == "function_definition":
            yield from self._function(node, depth)
        elif kind == "list":
            yield from self._list(node, depth)
        elif kind == "if_statement":
            yield self._if(node, depth)
        elif kind == "case_statement":
            yield self._case(node, depth)
        elif kind in _LOOPS:
            body = node.child_by_field_name("body")
            yield from self._operands([node] if kind == "for_statement" else [])
            variable = node.child_by_field_name("variable") if kind == "for_statement" else None
            if variable is not None:
                yield Bound(self._word(variable))
            inner = [child for child in node.named_children if child != body]
            yield Loop(
                (
                    *(statement for child in inner for statement in self.of(child, depth)),
                    *(self.of(body, depth) if body is not None else ()),
                )
            )
        elif kind == "variable_assignment":
            yield from self._assignment(node, depth)
        elif kind == "redirected_statement":
            yield from self._redirected(node, depth)
        elif kind in _REDIRECTS:
            yield from self._with_files((), [node], depth)
        elif kind == "test_command":
            yield from self._operands([node])
        else:
            yield from self._inside(node, depth)

    def _inside(self, node: Node, depth: int) -> tuple[Statement, ...]:
        return tuple(
            statement for child in node.named_children for statement in self.of(child, depth)
        )

    def _word(self, node: Node) -> Word:
        return Word(self._tree.text_of(node), self._tree.span(node).start)

    def _words(self, nodes: Iterable[Node]) -> tuple[Token, ...]:
        return tuple(
            shell_word(self._tree, child) for child in nodes if child.type not in _REDIRECTS
        )

    def _substitutions(self, nodes: Iterable[Node], depth: int) -> Iterator[Statement]:
        """What runs before the words in which it stands are known."""
        for node in nodes:
            if node.type in _SUBSTITUTIONS:
                yield from self.of(node, depth)
            elif node.type not in _SILENT and depth < _DEEPEST:
                yield from self._substitutions(node.named_children, depth + 1)

    def _operands(self, nodes: Iterable[Node]) -> Iterator[Statement]:
        words = [shell_word(self._tree, child) for node in nodes for child in _leaves(node)]
        if words:
            yield Operands(tuple(words))

    def _redirected(self, node: Node, depth: int) -> Iterator[Statement]:
        """A redirection behind a pipeline belongs to the last part of it."""
        inner = [child for child in node.named_children if child.type not in _REDIRECTS]
        redirects = [child for child in node.named_children if child.type in _REDIRECTS]
        if len(inner) == 1 and inner[0].type == "pipeline":
            *parts, last = self._parts(inner[0], depth)
            first, *others = self._with_files(last, redirects, depth)
            yield Pipeline((*parts, (first,)))
            yield from others
            return
        body = tuple(statement for child in inner for statement in self.of(child, depth))
        yield from self._with_files(body, redirects, depth)

    def _with_files(
        self, body: tuple[Statement, ...], redirects: list[Node], depth: int
    ) -> Iterator[Statement]:
        """Statements with their redirections, and what follows a here-document on its line."""
        if not redirects:
            yield from body
            return
        files = [file for redirect in redirects for file in self._files(redirect)]
        texts = [text for redirect in redirects for text in self._inputs(redirect)]
        done: list[Statement] = [Redirected(body, tuple(files), tuple(texts))]
        for redirect in redirects:
            for child in redirect.named_children if redirect.type == "heredoc_redirect" else ():
                if child.type == "pipeline":
                    done = [Pipeline((tuple(done), *self._parts(child, depth)))]
            right = redirect.child_by_field_name("right")
            if right is not None:
                either = any(child.type == "||" for child in redirect.children)
                following = tuple(self.of(right, depth))
                done = [*listed([done, following], ["||" if either else "&&"])]
        yield from done

    def _files(self, redirect: Node) -> Iterator[Redirection]:
        """The files that a redirection opens, not the numbers of others."""
        if redirect.type == "heredoc_redirect":
            for child in redirect.named_children:
                if child.type == "file_redirect":
                    yield from self._files(child)
        elif redirect.type == "file_redirect":
            operator = next((child.type for child in redirect.children if not child.is_named), ">")
            for child in _leaves(redirect):
                yield Redirection(operator.strip("&|"), shell_word(self._tree, child))

    def _inputs(self, redirect: Node) -> Iterator[Token]:
        if redirect.type == "herestring_redirect":
            yield from (shell_word(self._tree, child) for child in redirect.named_children[:1])
        for child in redirect.named_children:
            if child.type == "heredoc_body":
                yield Token(self._tree.text_of(child), self._tree.span(child).start)

    def _parts(self, pipeline: Node, depth: int) -> tuple[tuple[Statement, ...], ...]:
        children = pipeline.named_children
        return tuple((Subshell(tuple(self.of(child, depth))),) for child in children)

    def _function(self, node: Node, depth: int) -> Iterator[Statement]:
        name = node.child_by_field_name("name")
        body = node.child_by_field_name("body")
        if name is not None and body is not None:
            yield Function(self._tree.text_of(name), tuple(self.of(body, depth)))

    def _list(self, node: Node, depth: int) -> Iterator[Statement]:
        """`a && b || c`: the grammar nests lists from the left."""
        parts: list[Node] = []
        joints: list[str] = []
        while node.type == "list":
            first, *others = (child for child in node.named_children if child.type != "comment")
            joint = "||" if any(child.type == "||" for child in node.children) else "&&"
            parts += reversed(others)
            joints += [joint] * len(others)
            node = first
        statements = [tuple(self.of(part, depth)) for part in (node, *reversed(parts))]
        yield from listed(statements, joints[::-1])

    def _if(self, node: Node, depth: int) -> Statement:
        condition: list[Statement] = []
        arm: list[Statement] = []
        arms: list[tuple[Statement, ...]] = []
        complete = then = False
        for child in node.children:
            if child.type == "then":
                then = True
            elif child.type in {"elif_clause", "else_clause"}:
                arms.append(self._inside(child, depth))
                complete = complete or child.type == "else_clause"
            elif child.is_named:
                (arm if then else condition).extend(self.of(child, depth))
        return Branches(tuple(condition), (tuple(arm), *arms), complete)

    def _case(self, node: Node, depth: int) -> Statement:
        items = [child for child in node.named_children if child.type == "case_item"]
        patterns = [item.child_by_field_name("value") for item in items]
        complete = any(
            pattern is not None and self._tree.text_of(pattern) == "*" for pattern in patterns
        )
        value = [child for child in node.named_children if child.type != "case_item"]
        return Branches(
            tuple(self._substitutions(value, depth)),
            tuple(self._inside(item, depth) for item in items),
            complete,
        )

    def _assignment(self, node: Node, depth: int) -> Iterator[Statement]:
        name = node.child_by_field_name("name")
        value = node.child_by_field_name("value")
        if name is None:
            return
        yield from self._substitutions(node.named_children, depth)
        values: tuple[Token, ...] = ()
        if value is not None and value.type == "array":
            values = self._words(value.named_children)
        elif value is not None:
            values = (shell_word(self._tree, value),)
        yield Assignment(self._word(name), values)


def _leaves(node: Node) -> Iterator[Node]:
    """The words of a test, a redirection or a loop's list."""
    for child in node.named_children:
        if child.type in {"unary_expression", "binary_expression", "negation_expression"}:
            yield from _leaves(child)
        elif child.type in {"word", "string", "raw_string", "concatenation"}:
            yield child


DIALECT = Dialect("shell", parse_shell, expand_shell)


def read_shell(text: str, session: Session, sink: CommandCollector) -> Session:
    """Gathers the commands of shell text; the session at its end. Lines behind a prompt count, and
    where there are prompts the other lines are output."""
    if _PROMPT.search(text):
        text = "\n".join(
            line[match.end() :] if (match := _PROMPT.match(line)) else ""
            for line in text.split("\n")
        )
    try:
        return read_script(DIALECT, text, session, sink)
    except FormError:
        return session


def shell_climbs(text: str, where: Relocation) -> tuple[DepthUse, ...]:
    """The climbs from the folder of a script that moves, by place."""
    return script_climbs(DIALECT, text, where)
