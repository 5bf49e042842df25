"""Where the string literals of one Python file flow: through names, parameters and containers.

A small analysis for one file, by assignment only (no order, no branches): enough to say that this
literal is compared with a command line, or that one is turned into a module's name. It errs towards
more flow; what it says couples literals, and never renames one.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

from unify_backend.languages.python.scopes import Scope, Scopes
from unify_backend.languages.python.source import PythonSource, called
from unify_backend.model.spans import Span

_Key = tuple[Scope | None, str]
_MOST_STEPS = 400  # of one search; limits the time for generated code


class Flows:
    """The assignments of a source; `nodes` are those of its tree."""

    def __init__(self, source: PythonSource) -> None:
        self.nodes = source.nodes
        self._source = source
        self._assigned: dict[_Key, list[ast.expr]] = defaultdict(list)
        self._parameters: dict[_Key, tuple[str, str, int]] = {}
        self._functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
        named = (getattr(node, "id", getattr(node, "arg", None)) for node in self.nodes)
        scopes = Scopes(source, {name for name in named if name})
        self._homes: dict[ast.AST | None, Scope | None] = {
            read.node: read.scope.find(read.name)
            for read in (*scopes.reads.values(), *scopes.misplaced)
        }
        for scope in scopes.all:
            for bindings in scope.bound.values():
                self._homes |= {binding.node: scope for binding in bindings}
        for node in self.nodes:
            self._assign(node)
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
        return "\n".join(self._source.text_of(node) for node in self.reach(expression))

    def span(self, node: ast.expr) -> Span:
        """The range of the node in the text."""
        return self._source.span(node)

    def spans(self, expression: ast.expr) -> list[Span]:
        """Where the literals stand whose value may reach the expression."""
        return [self.span(literal) for literal in self.origins(expression)]

    def passed(self, function: str, parameter: str, place: int) -> Iterator[ast.expr]:
        """What the calls of a function, which may be another file's, give to a parameter: by its
        name, or at its place."""
        for node in self.nodes:
            if not isinstance(node, ast.Call) or called(node) != function:
                continue
            yield from (word.value for word in node.keywords if word.arg == parameter)
            before = node.args[: place + 1]
            if len(before) > place and not any(isinstance(arg, ast.Starred) for arg in before):
                yield node.args[place]

    def parameters_reaching(self, expression: ast.expr) -> Iterator[tuple[str, str, int]]:
        """Function, parameter and its place, for each parameter whose value may get there."""
        for node in self.reach(expression):
            if not isinstance(node, ast.Name):
                continue
            if (parameter := self._parameters.get(self._key(node, node.id))) is not None:
                yield parameter

    def _assign(self, node: ast.AST) -> None:
        """Notes what the node assigns, and the parameters of a function."""
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._functions.setdefault(node.name, node)
                arguments = _arguments(node)
                skipped = arguments[:1] != [] and arguments[0].arg in {"self", "cls"}
                for place, argument in enumerate(arguments):
                    key = self._key(argument, argument.arg)
                    self._parameters[key] = (node.name, argument.arg, place - skipped)
                self._defaults(node)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._bind(target, value)
            case (
                ast.AnnAssign(target=target, value=ast.expr() as value)
                | ast.AugAssign(target=target, value=value)
                | ast.NamedExpr(target=target, value=value)
                | ast.For(target=target, iter=value)
                | ast.AsyncFor(target=target, iter=value)
                | ast.comprehension(target=target, iter=value)
                | ast.withitem(context_expr=value, optional_vars=ast.expr() as target)
            ):
                self._bind(target, value)
            case _:
                pass

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        match target:
            case ast.Name(id=name):
                self._assigned[self._key(target, name)].append(value)
            case ast.Attribute(attr=name):
                self._assigned[None, f".{name}"].append(value)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for part in parts:
                    self._bind(part, value)
            case ast.Starred(value=inner) | ast.Subscript(value=inner):
                self._bind(inner, value)
            case _:
                pass

    def _defaults(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        arguments = function.args
        plain = [*arguments.posonlyargs, *arguments.args]
        firsts = zip(reversed(plain), reversed(arguments.defaults), strict=False)
        keyed = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        for argument, default in [*firsts, *keyed]:
            if default is not None:
                self._assigned[self._key(argument, argument.arg)].append(default)

    def _pass(self, call: ast.Call) -> None:
        """What a call of this file's function gives to its parameters."""
        function = self._functions.get(called(call))
        if function is None:
            return
        arguments = _arguments(function)
        if isinstance(call.func, ast.Attribute) and arguments[:1] != []:
            arguments = arguments[arguments[0].arg in {"self", "cls"} :]
        pairs = list(zip(arguments, call.args, strict=False))
        named = {argument.arg: argument for argument in arguments}
        for keyword in call.keywords:
            if keyword.arg in named:
                pairs.append((named[keyword.arg], keyword.value))
        for argument, value in pairs:
            self._assigned[self._key(argument, argument.arg)].append(value)

    def _key(self, node: ast.AST, name: str) -> _Key:
        return self._homes.get(node), name

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
                return [part for part in values if isinstance(part, ast.FormattedValue)]
            case ast.FormattedValue(value=value) | ast.NamedExpr(value=value):
                return [value]
            case ast.ListComp(elt=element) | ast.GeneratorExp(elt=element):
                return [element]
            case _:
                return []


def _arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    arguments = function.args
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
