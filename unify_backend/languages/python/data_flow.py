"""Where the string literals of one Python file flow: through names, parameters and containers.

A small analysis for one file, by assignment only (no order, no branches): enough to say that this
literal is compared with a command line, or that one is turned into a module's name. It errs towards
more flow; what it says couples literals, and never renames one.
"""

from __future__ import annotations

import ast
import warnings
from collections import defaultdict
from collections.abc import Iterator

from unify_backend.model.spans import Span

_Scope = ast.AST | None
_Key = tuple[_Scope, str]
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_MOST_STEPS = 400  # of one search: a file of generated code is not worth more


class Flows:
    """The assignments of a parsed file. Raises SyntaxError where the text is no Python."""

    def __init__(self, text: str) -> None:
        self.nodes: list[ast.AST] = []
        self._text = text
        self._lines: list[int] = []
        self._assigned: dict[_Key, list[ast.expr]] = defaultdict(list)
        self._scope: dict[ast.AST, _Scope] = {}
        self.functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on odd escapes in other people's strings
            tree = ast.parse(text)
        self._walk(tree, None)
        for node in self.nodes:
            if isinstance(node, ast.Call):
                self._pass(node)

    def origins(self, expression: ast.expr) -> Iterator[ast.Constant | ast.JoinedStr]:
        """The string literals whose value may reach the expression, each once."""
        for node in self.reach(expression):
            if isinstance(node, ast.JoinedStr) or (
                isinstance(node, ast.Constant) and isinstance(node.value, str)
            ):
                yield node

    def reach(self, expression: ast.expr) -> Iterator[ast.expr]:
        """The expressions whose value may reach this one, itself first."""
        seen: set[ast.AST] = set()
        todo: list[ast.expr] = [expression]
        while todo and len(seen) < _MOST_STEPS:
            node = todo.pop()
            if node not in seen:
                seen.add(node)
                yield node
                todo.extend(self._parts(node))

    def text_of(self, expression: ast.expr) -> str:
        """The source of the expression and of all that reaches it, to look for words in."""
        return "\n".join(self._source(node) for node in self.reach(expression))

    def span(self, node: ast.expr) -> Span:
        """The range of the node in the text."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        return Span(self._offset(node.lineno, node.col_offset), self._offset(end_line, end_column))

    def parameters_reaching(self, expression: ast.expr) -> Iterator[tuple[str, str, int]]:
        """Function, parameter and its place, for each parameter whose value may get there."""
        for node in self.reach(expression):
            if not isinstance(node, ast.Name):
                continue
            owner, name = self._key(node, node.id)
            if isinstance(owner, ast.FunctionDef | ast.AsyncFunctionDef):
                names = [one.arg for one in _arguments(owner)]
                if name in names:
                    skipped = names[:1] in (["self"], ["cls"])
                    yield owner.name, name, names.index(name) - skipped

    def _source(self, node: ast.expr) -> str:
        span = self.span(node)
        return self._text[span.start : span.end]

    def _offset(self, line: int, column: int) -> int:
        if not self._lines:
            at = 0
            for one in self._text.splitlines(keepends=True) if "\r" in self._text else []:
                self._lines.append(at)
                at += len(one)
            if not self._lines:
                self._lines = [0]
                for one in self._text.split("\n"):
                    self._lines.append(self._lines[-1] + len(one) + 1)
        start = self._lines[min(line, len(self._lines)) - 1]
        head = self._text[start : start + column]
        if head.isascii():
            return start + column
        return start + len(self._text[start:].split("\n", 1)[0].encode()[:column].decode())

    def _walk(self, node: ast.AST, scope: _Scope) -> None:
        """Notes the scope of each node and what each name is assigned."""
        self.nodes.append(node)
        self._scope[node] = scope
        inner = node if isinstance(node, _FUNCTIONS) else scope
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.functions.setdefault(node.name, node)
                self._defaults(node)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._bind(target, value, scope)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._bind(target, value, scope)
            case ast.AugAssign(target=target, value=value):
                self._bind(target, value, scope)
            case ast.NamedExpr(target=target, value=value):
                self._bind(target, value, scope)
            case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
                self._bind(target, value, scope)
            case ast.comprehension(target=target, iter=value):
                self._bind(target, value, scope)
            case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                self._bind(target, value, scope)
            case _:
                pass
        for child in ast.iter_child_nodes(node):
            self._walk(child, inner)

    def _bind(self, target: ast.expr, value: ast.expr, scope: _Scope) -> None:
        match target:
            case ast.Name(id=name):
                self._assigned[scope, name].append(value)
            case ast.Attribute(attr=name):
                self._assigned[None, f".{name}"].append(value)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for part in parts:
                    self._bind(part, value, scope)
            case ast.Starred(value=inner) | ast.Subscript(value=inner):
                self._bind(inner, value, scope)
            case _:
                pass

    def _defaults(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        arguments = function.args
        plain = [*arguments.posonlyargs, *arguments.args]
        firsts = zip(reversed(plain), reversed(arguments.defaults), strict=False)
        keyed = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        for one, default in [*firsts, *keyed]:
            if default is not None:
                self._assigned[function, one.arg].append(default)

    def _pass(self, call: ast.Call) -> None:
        """What a call of this file's function gives to its parameters."""
        method = isinstance(call.func, ast.Attribute)
        function = self.functions.get(called(call))
        if function is None:
            return
        names = [one.arg for one in _arguments(function)]
        if method and names[:1] in (["self"], ["cls"]):
            names = names[1:]
        for name, value in zip(names, call.args, strict=False):
            self._assigned[function, name].append(value)
        for keyword in call.keywords:
            if keyword.arg:
                self._assigned[function, keyword.arg].append(keyword.value)

    def _key(self, node: ast.AST, name: str) -> _Key:
        scope = self._scope.get(node)
        while scope is not None:
            if (scope, name) in self._assigned or (
                isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef)
                and any(one.arg == name for one in _arguments(scope))
            ):
                return scope, name
            scope = self._scope.get(scope)
        return None, name

    def _parts(self, node: ast.expr) -> list[ast.expr]:
        match node:
            case ast.Name(id=name):
                return self._assigned.get(self._key(node, name), [])
            case ast.Attribute(value=value, attr=name):
                return [value, *self._assigned.get((None, f".{name}"), [])]
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
                return parts
            case ast.Dict(values=values):
                return values
            case ast.BinOp(left=left, right=right):
                return [left, right]
            case ast.BoolOp(values=values):
                return values
            case ast.IfExp(body=body, orelse=orelse):
                return [body, orelse]
            case ast.Call(func=ast.Attribute(value=value), args=arguments):
                return [value, *arguments]
            case ast.Call(args=arguments):
                return arguments
            case ast.Subscript(value=value) | ast.Starred(value=value) | ast.Await(value=value):
                return [value]
            case ast.JoinedStr(values=values):
                return [one for one in values if isinstance(one, ast.FormattedValue)]
            case ast.FormattedValue(value=value) | ast.NamedExpr(value=value):
                return [value]
            case ast.ListComp(elt=element) | ast.GeneratorExp(elt=element):
                return [element]
            case _:
                return []


def called(call: ast.Call) -> str:
    """The last name of what is called."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    arguments = function.args
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
