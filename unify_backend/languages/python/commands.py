"""Python source as nodes: calls, dictionaries and lists that describe a command, and strings that
hold one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from unify_backend.languages.data.commands import LIKELY, read_node
from unify_backend.languages.data.tree import Node, mapping, scalar, sequence
from unify_backend.languages.language import FormError
from unify_backend.languages.python.source import SyntaxProblem, syntax_tree
from unify_backend.languages.scripts.shell_state import Session
from unify_backend.languages.scripts.started import CommandCollector
from unify_backend.model.entrypoints import REPOSITORY

_ROOT = re.compile(
    r"(?i)(?:.*_)?(?:root|repo|base|project|workspace|top)(?:_?(?:dir|path|folder))?$"
)
_PYTHON = re.compile(
    r"(?i)(?:sys\.executable|(?:.*[._])?python(?:_?(?:exe|bin|path|cmd|executable))*)$"
)
_DEEPEST = 40


def python_nodes(text: str) -> tuple[list[Node], list[Node]]:
    """The statements' values as nodes, and the docstrings. What is only known at run time becomes
    `{name}`, the interpreter `python`, a name for the top folder `{repository}`.

    Raises FormError.
    """
    tree = syntax_tree(text)
    if isinstance(tree, SyntaxProblem):
        raise FormError(str(tree))
    reader = _Reader(tree)
    return list(reader.nodes(tree)), list(reader.docstrings(tree))


def read_python(text: str, session: Session, sink: CommandCollector) -> Session:
    """Commands that code starts, and those that docstrings show. Raises FormError."""
    nodes, docstrings = python_nodes(text)
    for node in nodes:
        read_node(node, (), session, sink)
    for docstring in docstrings:
        sink.label = ""
        for number, line in enumerate(docstring.text.split("\n")):
            if LIKELY.search(f" {line}") and not re.match(r"\s*(?:from|import)\b", line):
                sink.line = docstring.line + number
                shown = replace(session, lenient=True)
                command = re.split(r"\s{2,}[#(]", line.strip().strip("`").removeprefix("$ "))[0]
                sink.inside("shell", command, shown, shown=True)
    return session


class _Reader:
    def __init__(self, tree: ast.Module) -> None:
        self._constants: dict[str, str] = {}
        for node in tree.body:
            target = node.targets[0] if isinstance(node, ast.Assign) else None
            if isinstance(node, ast.Assign) and isinstance(target, ast.Name):
                value = self.text(node.value, 0)
                if value is not None and "{" not in value.replace(REPOSITORY, ""):
                    self._constants[target.id] = value

    def docstrings(self, tree: ast.Module) -> Iterator[Node]:
        """The docstrings and other strings that stand alone."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                value = node.value.value
                if isinstance(value, str):
                    yield scalar(value, node.lineno, node.end_lineno or node.lineno)

    def nodes(self, tree: ast.AST) -> Iterator[Node]:
        """The outermost calls, dictionaries, lists and strings of the code."""
        waiting: list[ast.AST] = [tree]
        while waiting:
            node = waiting.pop(0)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                continue
            if isinstance(node, ast.Call | ast.Dict | ast.List | ast.Tuple | ast.JoinedStr):
                yield self.node(node, 0)
            elif isinstance(node, ast.Constant):
                if isinstance(node.value, str):
                    yield self.node(node, 0)
            else:
                waiting += ast.iter_child_nodes(node)

    def node(self, node: ast.AST, depth: int) -> Node:
        """One expression as a node."""
        line, end = getattr(node, "lineno", 1), getattr(node, "end_lineno", 1)
        if depth > _DEEPEST:
            return scalar(None, line, end)
        match node:
            case ast.Dict(keys=keys, values=values):
                pairs = {
                    key.value: self.node(value, depth + 1)
                    for key, value in zip(keys, values, strict=True)
                    if isinstance(key, ast.Constant) and isinstance(key.value, str)
                }
                return mapping(pairs, line, end)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return sequence([self.node(element, depth + 1) for element in items], line, end)
            case ast.BinOp(op=ast.Add()) if isinstance(node.left, ast.List) or isinstance(
                node.right, ast.List
            ):
                left, right = self.node(node.left, depth + 1), self.node(node.right, depth + 1)
                return sequence([*left.items, *right.items], line, end)
            case ast.Call():
                text = self.text(node, depth)
                if text is not None:
                    return scalar(text, line, end)
                return self._call(node, depth, line, end)
            case _:
                return scalar(self.text(node, depth), line, end)

    def _call(self, node: ast.Call, depth: int, line: int, end: int) -> Node:
        """A call as a mapping of its keywords; the first argument is the `command`, as it is for
        everything in `subprocess` and `os`."""
        pairs = {
            keyword.arg: self.node(keyword.value, depth + 1)
            for keyword in node.keywords
            if keyword.arg is not None
        }
        inner = [self.node(argument, depth + 1) for argument in node.args]
        is_command = inner and (inner[0].items or " " in inner[0].text)
        if is_command and not {"command", "cmd", "args", "program"} & pairs.keys():
            pairs["command"] = inner[0]
        first = 1 if pairs.get("command") in inner[:1] else 0
        pairs |= {f"#{n}": argument for n, argument in enumerate(inner[first:])}
        if isinstance(node.func, ast.Attribute):
            pairs["#of"] = self.node(node.func.value, depth + 1)
        return mapping(pairs, line, end)

    def text(self, node: ast.AST, depth: int) -> str | None:
        """The text that an expression evaluates to, with marks for unknown parts."""
        if depth > _DEEPEST:
            return None
        match node:
            case ast.Constant(value=value):
                return (
                    value if isinstance(value, str) else str(value) if value is not None else None
                )
            case ast.JoinedStr(values=values):
                return "".join(self.text(part, depth + 1) or "{}" for part in values)
            case ast.FormattedValue(value=value):
                return self.text(value, depth + 1) or "{}"
            case ast.Name(id=name):
                return self._named(name, name)
            case ast.Attribute(attr="parent") | ast.Subscript() if "__file__" in ast.unparse(node):
                return REPOSITORY
            case ast.Attribute(attr=attribute):
                return self._named(attribute, ast.unparse(node))
            case ast.BinOp(op=ast.Div(), left=left, right=right):
                return self._joined([left, right], depth)
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                parts = self.text(left, depth + 1), self.text(right, depth + 1)
                return None if None in parts else "".join(part or "" for part in parts)
            case ast.Call(func=function, args=args):
                return self._called(function, args, depth)
            case _:
                return None

    def _named(self, name: str, written: str) -> str:
        if name in self._constants:
            return self._constants[name]
        if _PYTHON.match(written):
            return "python"
        return REPOSITORY if _ROOT.match(name) else f"{{{name}}}"

    def _called(self, function: ast.expr, args: list[ast.expr], depth: int) -> str | None:
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name in {"str", "Path", "abspath", "realpath", "fspath"} and len(args) == 1:
            return self.text(args[0], depth + 1)
        if name in {"join", "joinpath"} and args and isinstance(function, ast.Attribute):
            path = "path" in ast.unparse(function.value).lower() or name == "joinpath"
            first = [function.value] if name == "joinpath" else []
            return self._joined([*first, *args], depth) if path else None
        if name in {"resolve", "as_posix", "absolute", "expanduser"} and not args:
            return self.text(getattr(function, "value", function), depth + 1)
        if "python" in name.lower() and not args:
            return "python"
        if name == "format" and isinstance(function, ast.Attribute):
            return self.text(function.value, depth + 1)
        return None

    def _joined(self, parts: list[ast.expr], depth: int) -> str | None:
        texts = [self.text(part, depth + 1) for part in parts]
        return None if None in texts else "/".join(text or "" for text in texts)
