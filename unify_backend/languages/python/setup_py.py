"""setup.py: the arguments of the call of `setup()`, where they are written out."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from unify_backend.languages.python.source import SyntaxProblem, called, syntax_tree
from unify_backend.model.spans import Edit, Span


@dataclass(frozen=True, slots=True)
class SetupPy:
    """A setup.py, and its first call of `setup()`."""

    text: str
    tree: ast.Module
    call: ast.Call

    def argument(self, name: str) -> ast.expr | None:
        """A keyword of the call; of a name that the module assigns once, what it assigns."""
        value = keyword(self.call, name)
        if isinstance(value, ast.Name):
            return _assigned(self.tree, value.id) or value
        return value

    def calls(self, name: str) -> list[ast.Call]:
        """Every call of something of that name."""
        return [
            node
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Call) and called(node) == name
        ]


def read_setup_py(text: str) -> SetupPy | None:
    """The call of `setup()` in a setup.py; None where there is none, or it is no Python."""
    tree = syntax_tree(text)
    if isinstance(tree, SyntaxProblem):
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) == "setup":
            return SetupPy(text, tree, node)
    return None


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The keyword argument of that name."""
    return next((argument.value for argument in call.keywords if argument.arg == name), None)


def strings(node: ast.expr | None) -> list[str] | None:
    """The strings of a list, tuple or single string that is written out; None for anything else."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.List(elts=items) | ast.Tuple(elts=items):
            constants = [element.value for element in items if isinstance(element, ast.Constant)]
            texts = [constant for constant in constants if isinstance(constant, str)]
            return texts if len(texts) == len(items) else None
        case _:
            return None


def added(text: str, node: ast.expr, parts: Sequence[ast.expr | None], new: Sequence[str]) -> Edit:
    """An edit that adds the expressions `new` (one or more) behind the last of `parts`, which are
    all that `node` (a list, a tuple, a dict, a call) holds."""
    ends = [
        _offset(text, part.end_lineno or 0, part.end_col_offset or 0)
        for part in parts
        if part is not None
    ]
    if not ends:
        at = _offset(text, node.end_lineno or 0, node.end_col_offset or 0) - 1
        return Edit(Span(at, at), ", ".join(new))
    at = max(ends)
    return Edit(Span(at, at), "".join(f", {expression}" for expression in new))


def span_of(text: str, node: ast.expr | ast.alias) -> Span:
    """The characters of a node."""
    return Span(
        _offset(text, node.lineno, node.col_offset),
        _offset(text, node.end_lineno or 0, node.end_col_offset or 0),
    )


def _offset(text: str, line: int, column: int) -> int:
    """The character offset of a place; columns of syntax nodes count UTF-8 bytes."""
    lines = text.split("\n")  # a form feed or U+2028 begins no line of Python
    before = sum(len(earlier) + 1 for earlier in lines[: line - 1])
    return before + len(lines[line - 1].encode()[:column].decode())


def _assigned(tree: ast.Module, name: str) -> ast.expr | None:
    """The value of a name that the module assigns once and changes by no method."""
    values: list[ast.expr] = []
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=identifier)], value=value) if identifier == name:
                values.append(value)
            case ast.Name(id=identifier, ctx=ast.Store() | ast.Del()) if identifier == name:
                values.append(node)
            case ast.Attribute(value=ast.Name(id=identifier)) if identifier == name:
                return None
            case _:
                pass
    targets = [node for node in values if isinstance(node, ast.Name)]
    literals = [node for node in values if not isinstance(node, ast.Name)]
    return literals[0] if len(literals) == len(targets) == 1 else None
