"""Shell text: functions are followed where they are called, branches one after the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from unify_backend.languages.language import FormError
from unify_backend.languages.scripts.command_line import split_commands, unjoined
from unify_backend.languages.syntax_tree import SyntaxTree
from unify_backend.verification.entrypoints.commands import Sink, run, spoken
from unify_backend.verification.entrypoints.expansion import expand, expanded_words
from unify_backend.verification.entrypoints.session import Session

if TYPE_CHECKING:
    from tree_sitter import Node

_DEEPEST = 60
_APART = frozenset({"subshell", "command_substitution", "process_substitution"})
_BRANCHES = frozenset({"if_statement", "case_statement"})
_REDIRECTS = frozenset({"file_redirect", "heredoc_redirect", "herestring_redirect"})
_PROMPT = re.compile(r"^[ \t]*(?:\([\w.-]+\)[ \t]*)?(?:[$%>]|\w+@[\w.-]+:\S*[$#])[ \t]+", re.M)


def read_shell(text: str, session: Session, sink: Sink) -> Session:
    """Gathers the commands of shell text; the session at its end. Lines behind a prompt count, and
    where there are prompts the other lines are output."""
    first = sink.line
    if _PROMPT.search(text):
        text = "\n".join(
            line[found.end() :] if (found := _PROMPT.match(line)) else ""
            for line in text.split("\n")
        )
    try:
        tree = SyntaxTree("bash", text)
    except FormError:
        return session
    if tree.broken:
        return _line_by_line(text, first, session, sink)
    walk = _Walk(tree, sink, first)
    session = walk.node(tree.root, session, 0)
    walk.uncalled(session)
    return session


def _line_by_line(text: str, first: int, session: Session, sink: Sink) -> Session:
    joined = unjoined(text, "\\")
    for words in split_commands(joined):
        sink.line = first + joined.count("\n", 0, words[0].start)
        expanded = [one for word in words for one in expanded_words(word.text, session)]
        if expanded and not expanded[0].startswith("#"):
            session = run(expanded, session, sink)
    return session


class _Walk:
    def __init__(self, tree: SyntaxTree, sink: Sink, first: int) -> None:
        self._tree, self._sink, self._first = tree, sink, first
        self._functions: dict[str, Node] = {}
        self._called: set[str] = set()
        self._calls: list[str] = []

    def node(self, node: Node, session: Session, depth: int) -> Session:
        """The session after one statement."""
        if depth > _DEEPEST:
            return session
        kind = node.type
        if kind == "command":
            return self._command(node, session, depth)
        if kind in _APART:
            self._children(node, session, depth)
            return session
        if kind == "pipeline":
            for child in node.named_children:
                self.node(child, session, depth + 1)
            return session
        if kind == "function_definition":
            return self._function(node, session)
        if kind in _BRANCHES:
            return self._branches(node, session, depth)
        if kind == "variable_assignment":
            return self._assignment(node, session)
        if kind == "declaration_command":
            words = self._words(node.children, session)
            return run(words, session, self._at(node))
        if kind == "redirected_statement":
            for child in node.named_children:
                if child.type == "heredoc_redirect":
                    self._heredoc(node, child, session)
            return self._children(node, session, depth)
        if kind in {"comment", "heredoc_body", "string", "raw_string", "word"} | _REDIRECTS:
            return session
        return self._children(node, session, depth)

    def uncalled(self, session: Session) -> None:
        """Functions that nothing in the text calls may be called by others that source it."""
        for name, body in self._functions.items():
            if name not in self._called:
                self._call(name, body, session, 0)

    def _children(self, node: Node, session: Session, depth: int) -> Session:
        for child in node.named_children:
            session = self.node(child, session, depth + 1)
        return session

    def _at(self, node: Node) -> Sink:
        self._sink.line = self._first + node.start_point[0]
        return self._sink

    def _words(self, nodes: Sequence[Node], session: Session) -> list[str]:
        return [
            word
            for child in nodes
            if child.type not in _REDIRECTS
            for word in expanded_words(self._tree.text_of(child), session)
        ]

    def _command(self, node: Node, session: Session, depth: int) -> Session:
        words = self._words(node.children, session)
        name = words[0] if words else ""
        if name in self._functions:
            self._called.add(name)
            return self._call(name, self._functions[name], session, depth)
        return run(words, session, self._at(node))

    def _call(self, name: str, body: Node, session: Session, depth: int) -> Session:
        if name in self._calls or len(self._calls) > 8:
            return session
        label, self._sink.label = self._sink.label, name
        self._calls.append(name)
        ended = self._children(body, session, depth)
        self._calls.pop()
        self._sink.label = label
        return ended

    def _function(self, node: Node, session: Session) -> Session:
        name = node.child_by_field_name("name")
        body = node.child_by_field_name("body")
        if name is not None and body is not None:
            self._functions[self._tree.text_of(name)] = body
        return session

    def _assignment(self, node: Node, session: Session) -> Session:
        name = node.child_by_field_name("name")
        value = node.child_by_field_name("value")
        if name is None:
            return session
        if value is None:
            return session.assigned(self._tree.text_of(name), "")
        if value.type == "array":
            held = " ".join(self._words(value.named_children, session))
            return session.assigned(self._tree.text_of(name), held)
        return session.assigned(
            self._tree.text_of(name), expand(self._tree.text_of(value), session)
        )

    def _branches(self, node: Node, session: Session, depth: int) -> Session:
        """Variables that a branch sets are taken; the folder only where all branches agree."""
        ways: list[Session] = []
        current = session
        for child in node.named_children:
            if child.type in {"elif_clause", "else_clause", "case_item"}:
                ways.append(current)
                current = session
            current = self.node(child, current, depth + 1)
        ways.append(current)
        folders = {one.folder for one in ways} | ({session.folder} if len(ways) == 1 else set())
        variables = {k: v for one in ways for k, v in one.variables.items()}
        env = {k: v for one in ways for k, v in one.env.items()}
        folder = ways[0].folder if len(folders) == 1 else session.folder
        return replace(session, folder=folder, variables=variables, env=env)

    def _heredoc(self, node: Node, redirect: Node, session: Session) -> None:
        """What `cat <<EOF` prints is for people; what `bash <<EOF` gets is a script."""
        body = next((one for one in redirect.named_children if one.type == "heredoc_body"), None)
        command = next((one for one in node.named_children if one.type == "command"), None)
        if body is None or command is None:
            return
        words = self._words(command.children, session)
        sink = self._at(body)
        if words[:1] in (["cat"], ["echo"], ["tee"]):
            spoken(self._tree.text_of(body), "shell", session, sink)
        elif words[:1] in (["bash"], ["sh"]):
            sink.inside("shell", self._tree.text_of(body), session)
