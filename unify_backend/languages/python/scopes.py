"""Lexical scopes: which variable a name means at a place, as the language reference has it.

The interpreter's own `ast` says what is read and what is bound (a walrus, a match capture, a type
parameter); this file says for which scope. It follows a handful of names, not all of them.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from unify_backend.languages.python.source import PythonSource, attribute_chain
from unify_backend.model.spans import Span

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class Kind(StrEnum):
    """What kind of block a scope is, as far as lookup treats it differently."""

    MODULE = "module"
    CLASS = "class"  # its names are not seen from functions inside it
    FUNCTION = "function"  # lambdas too
    COMPREHENSION = "comprehension"  # a walrus inside binds outside of it
    PARAMETERS = "parameters"  # of types (PEP 695); the one place that sees a class around it


@dataclass(frozen=True, slots=True)
class Binding:
    """One place that binds a name. `imported` is the dotted name of `import a.b` without `as`,
    which binds the root; `through` the module of `from m import a` without `as`, with its dots;
    `always` tells that it stands directly in the body of its scope."""

    line: int
    start: int  # of the name, or of the definition that has it
    node: ast.AST = field(repr=False, compare=False)
    imported: str = ""
    always: bool = False
    through: str = ""


@dataclass(slots=True, eq=False)
class Scope:
    """One block. `bound` holds what binds a name here, `outside` the names declared global or
    nonlocal here, with the line of the declaration."""

    kind: Kind
    parent: Scope | None
    inside: Span
    bound: dict[str, list[Binding]] = field(default_factory=lambda: defaultdict(list))
    outside: dict[str, int] = field(default_factory=dict)
    to_module: set[str] = field(default_factory=set)

    @property
    def module(self) -> Scope:
        """The outermost scope."""
        return self if self.parent is None else self.parent.module

    @property
    def block(self) -> Scope:
        """The scope without the comprehensions that it consists of."""
        inside = self.kind is Kind.COMPREHENSION and self.parent is not None
        return self.parent.block if inside and self.parent is not None else self

    def declared_in(self, name: str) -> Scope | None:
        """The scope that `global` or `nonlocal` in this one sends `name` to."""
        if name in self.to_module:
            return self.module
        return self.parent.find(name) if self.parent is not None else None

    def find(self, name: str, extra: Scope | None = None) -> Scope | None:
        """The scope whose variable `name` means here; None where nothing in the file binds it.

        With `extra`, as if that scope bound it as well.
        """
        scope: Scope | None = self
        direct = True  # whether only type parameters stand between here and `scope`
        while scope is not None:
            if scope.kind is not Kind.CLASS or direct:
                if name in scope.to_module:
                    module = scope.module
                    return module if name in module.bound or module is extra else None
                if name not in scope.outside and (name in scope.bound or scope is extra):
                    return scope
            direct = direct and scope.kind is Kind.PARAMETERS
            scope = scope.parent
        return None


@dataclass(frozen=True, slots=True)
class Read:
    """One place that reads a name: `a` in `a.b.c`, whose `chain` is `("a", "b", "c")`.

    `changed` tells that the end of the chain is assigned or deleted, `matched` that it is a
    pattern of `case`, which a bare name cannot stand for.
    """

    name: str
    start: int
    line: int
    chain: tuple[str, ...]
    scope: Scope
    node: ast.AST | None = field(default=None, repr=False, compare=False)
    changed: bool = False
    matched: bool = False


class Scopes:
    """The scopes of one text, and every use of `names` in it."""

    def __init__(self, source: PythonSource, names: Collection[str]) -> None:
        self._text = text = source.text
        self._names = frozenset(names)
        self._offset = source.offset
        self.module = Scope(Kind.MODULE, None, Span(0, len(text)))
        self.reads: dict[int, Read] = {}
        # Before 3.12 a name in an f-string has the position of something else.
        self.misplaced: list[Read] = []
        self.all = [self.module]
        self._binds: dict[int, Scope] = {}
        tree = source.tree
        self._direct = {id(statement) for statement in tree.body}
        todo: list[tuple[ast.AST, Scope]] = [(statement, self.module) for statement in tree.body]
        while todo:  # no recursion: an expression can be nested deeper than the stack
            node, scope = todo.pop()
            todo += self._visit(node, scope)
        self._send_out()
        self._starts = sorted(self.all, key=lambda scope: (scope.inside.start, -scope.inside.end))
        self.declaring = [scope for scope in self.all if scope.outside]
        self.classes = [scope for scope in self.all if scope.kind is Kind.CLASS]

    def scope_of(self, offset: int) -> Scope:
        """The scope in which the name at `offset` is read or bound."""
        if (read := self.reads.get(offset)) is not None:
            return read.scope
        return self._binds.get(offset) or self.scope_at(offset)

    def knows(self, offset: int) -> bool:
        """Whether a name that is read or bound begins at `offset`."""
        return offset in self.reads or offset in self._binds

    def scope_at(self, offset: int) -> Scope:
        """The innermost block around a place; for names without a position of their own."""
        last = bisect_right(self._starts, offset, key=lambda scope: scope.inside.start)
        scope = self._starts[last - 1] if last else self.module
        while scope.parent is not None and not scope.inside.start <= offset < scope.inside.end:
            scope = scope.parent
        return scope

    def _visit(self, node: ast.AST, scope: Scope) -> Iterator[tuple[ast.AST, Scope]]:
        match node:
            case ast.Name():
                self._name(node, scope)
            case ast.Attribute():
                yield from self._attribute(node, scope, matched=False)
            case ast.MatchValue(value=ast.Attribute() as value):
                yield from self._attribute(value, scope, matched=True)
            case ast.Import() | ast.ImportFrom():
                self._imports(node, scope)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                yield from self._function(node, scope)
            case ast.ClassDef():
                yield from self._class(node, scope)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                yield from self._comprehension(node, scope)
            case ast.NamedExpr(target=ast.Name() as target):
                home = scope
                while home.kind is Kind.COMPREHENSION and home.parent is not None:
                    home = home.parent
                yield target, home
                yield node.value, scope
            case ast.Global() | ast.Nonlocal():
                self._declared(node, scope)
            case ast.ExceptHandler(name=str() as name) | ast.MatchAs(name=str() as name):
                self._bind(name, node, scope)
                yield from ((child, scope) for child in ast.iter_child_nodes(node))
            case ast.MatchStar(name=str() as name):
                self._bind(name, node, scope)
            case ast.MatchMapping(rest=str() as name):
                self._bind(name, node, scope)
                yield from ((child, scope) for child in ast.iter_child_nodes(node))
            case _ if type(node).__name__ == "TypeAlias":
                yield from self._type_alias(node, scope)
            case _ if type(node).__name__ in {"TypeVar", "ParamSpec", "TypeVarTuple"}:
                self._bind(node.name, node, scope)  # type: ignore[attr-defined]
                yield from ((child, scope) for child in ast.iter_child_nodes(node))
            case _:
                yield from ((child, scope) for child in ast.iter_child_nodes(node))

    def _name(self, node: ast.Name, scope: Scope) -> None:
        if node.id not in self._names:
            return
        if isinstance(node.ctx, ast.Load):
            self._read(node, (node.id,), scope, changed=False, matched=False)
        else:  # `del` too: what is deleted is a variable of this scope
            self._bind(node.id, node, scope)

    def _attribute(
        self, node: ast.Attribute, scope: Scope, *, matched: bool
    ) -> Iterator[tuple[ast.AST, Scope]]:
        base, attributes = attribute_chain(node)
        if isinstance(base, ast.Name):
            if base.id in self._names:
                changed = not isinstance(node.ctx, ast.Load)
                whole = (base.id, *attributes)
                self._read(base, whole, scope, changed=changed, matched=matched)
        else:
            yield base, scope

    def _read(
        self, node: ast.Name, chain: tuple[str, ...], scope: Scope, *, changed: bool, matched: bool
    ) -> None:
        start = self._offset(node.lineno, node.col_offset)
        read = Read(node.id, start, node.lineno, chain, scope, node, changed, matched)
        if self._text.startswith(node.id, start):
            self.reads[start] = read
        else:
            self.misplaced.append(read)

    def _imports(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
        plain = isinstance(node, ast.Import)
        for alias in node.names:
            bound = alias.asname or (alias.name.split(".")[0] if plain else alias.name)
            imported = alias.name if plain and alias.asname is None else ""
            through = ""
            if isinstance(node, ast.ImportFrom) and alias.asname is None:
                through = "." * node.level + (node.module or "")
            direct = id(node) in self._direct
            self._bind(bound, alias, scope, imported, always=direct, through=through)

    def _function(self, node: _Function, scope: Scope) -> Iterator[tuple[ast.AST, Scope]]:
        outer = scope
        if not isinstance(node, ast.Lambda):
            self._bind(node.name, node, scope)
            yield from ((decorator, scope) for decorator in node.decorator_list)
            outer, parameters = self._type_parameters(node, scope)
            yield from parameters
        arguments = node.args
        yield from (
            (default, scope) for default in (*arguments.defaults, *arguments.kw_defaults) if default
        )
        body = [node.body] if isinstance(node, ast.Lambda) else node.body
        self._direct.update(map(id, body))
        inner = self._scope(Kind.FUNCTION, outer, body[0], body[-1])
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        for argument in (*every, arguments.vararg, arguments.kwarg):
            if argument is not None:
                self._bind(argument.arg, argument, inner)
                if argument.annotation is not None:
                    yield argument.annotation, outer
        if not isinstance(node, ast.Lambda) and node.returns is not None:
            yield node.returns, outer
        yield from ((child, inner) for child in body)

    def _class(self, node: ast.ClassDef, scope: Scope) -> Iterator[tuple[ast.AST, Scope]]:
        self._bind(node.name, node, scope)
        yield from ((decorator, scope) for decorator in node.decorator_list)
        outer, parameters = self._type_parameters(node, scope)
        yield from parameters
        yield from ((base, outer) for base in (*node.bases, *node.keywords))
        inner = self._scope(Kind.CLASS, outer, node.body[0], node.body[-1])
        yield from ((statement, inner) for statement in node.body)

    def _type_parameters(
        self, node: ast.AST, scope: Scope
    ) -> tuple[Scope, list[tuple[ast.AST, Scope]]]:
        parameters: list[ast.AST] = getattr(node, "type_params", [])
        if not parameters:
            return scope, []
        own = self._scope(Kind.PARAMETERS, scope, node, node)
        return own, [(parameter, own) for parameter in parameters]

    def _type_alias(self, node: ast.AST, scope: Scope) -> Iterator[tuple[ast.AST, Scope]]:
        yield node.name, scope  # type: ignore[attr-defined]
        outer, parameters = self._type_parameters(node, scope)
        yield from parameters
        yield node.value, outer  # type: ignore[attr-defined]

    def _comprehension(self, node: _Comprehension, scope: Scope) -> Iterator[tuple[ast.AST, Scope]]:
        inner = self._scope(Kind.COMPREHENSION, scope, node, node)
        for n, generator in enumerate(node.generators):
            yield generator.target, inner
            yield generator.iter, (scope if n == 0 else inner)  # the first is evaluated outside
            yield from ((test, inner) for test in generator.ifs)
        values = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        yield from ((value, inner) for value in values)

    def _declared(self, node: ast.Global | ast.Nonlocal, scope: Scope) -> None:
        for name in self._names.intersection(node.names):
            scope.outside[name] = node.lineno
            if isinstance(node, ast.Global):
                scope.to_module.add(name)

    def _scope(self, kind: Kind, parent: Scope, first: ast.AST, last: ast.AST) -> Scope:
        start = self._offset(first.lineno, first.col_offset)  # type: ignore[attr-defined]
        end = self._offset(last.end_lineno, last.end_col_offset)  # type: ignore[attr-defined]
        scope = Scope(kind, parent, Span(start, max(start, end)))
        self.all.append(scope)
        return scope

    def _bind(
        self,
        name: str,
        node: ast.AST,
        scope: Scope,
        imported: str = "",
        *,
        always: bool = False,
        through: str = "",
    ) -> None:
        if name not in self._names:
            return
        line: int = node.lineno  # type: ignore[attr-defined]
        start = self._offset(line, node.col_offset)  # type: ignore[attr-defined]
        scope.bound[name].append(Binding(line, start, node, imported, always, through))
        if self._text.startswith(name, start):  # a definition begins with its keyword instead
            self._binds[start] = scope

    def _send_out(self) -> None:
        """What a scope binds by `global` or `nonlocal` belongs to another one."""
        for scope in self.all:
            for name in scope.outside:
                bindings = scope.bound.pop(name, [])
                home = scope.declared_in(name) or self.module
                home.bound[name] += [replace(binding, always=False) for binding in bindings]


@dataclass(frozen=True, slots=True)
class Imported:
    """A name bound by an import: `module` with `level` dots in front, and the `name` taken out of
    it (None where the module itself, or with `root` only its first package, is bound)."""

    module: str
    level: int
    name: str | None
    line: int
    root: bool = False


@dataclass(frozen=True, slots=True)
class AssignedName:
    """A name bound by a plain assignment of one expression."""

    value: ast.expr
    start: int
    line: int


Bound = Imported | AssignedName


class PythonFile(PythonSource):
    """The file at `path`, with what its variables are bound to by imports and plain assignments,
    answered by scope. `bindings` has them by the place of the name."""

    def __init__(self, path: str, source: PythonSource) -> None:
        super().__init__(source.text, source.tree)
        self.path = path
        self._bound: dict[tuple[str, int], tuple[Bound, ...]] = {}
        self.bindings: dict[int, tuple[str, Bound]] = {}
        for node in self.nodes:
            for name, start, bound in self._bindings(node):
                self.bindings[start] = (name, bound)

    @cached_property
    def scopes(self) -> Scopes:
        """The scopes of every name that an import or an assignment binds."""
        return Scopes(self, {name for name, _ in self.bindings.values()})

    def bound(self, name: str, at: int) -> tuple[Bound, ...]:
        """All that binds the variable `name` as it is seen at offset `at`; empty where nothing
        does, or anything but imports and plain assignments."""
        home = self.scopes.scope_at(at).find(name)
        if home is None:
            return ()
        if (name, id(home)) not in self._bound:
            known = [self.bindings.get(binding.start) for binding in home.bound[name]]
            ours = [entry[1] for entry in known if entry is not None and entry[0] == name]
            self._bound[name, id(home)] = tuple(ours) if len(ours) == len(known) else ()
        return self._bound[name, id(home)]

    def _bindings(self, node: ast.AST) -> Iterator[tuple[str, int, Bound]]:
        match node:
            case ast.Import(names=names):
                for alias in names:
                    first = alias.name.partition(".")[0]
                    root = alias.asname is None
                    module = first if root else alias.name
                    bound = Imported(module, 0, None, alias.lineno, root)
                    yield alias.asname or first, self.start(alias), bound
            case ast.ImportFrom(module=module, names=names, level=level):
                for alias in names:
                    bound = Imported(module or "", level, alias.name, alias.lineno)
                    yield alias.asname or alias.name, self.start(alias), bound
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Name):
                        yield self._assigned(target, value)
            case (
                ast.AnnAssign(target=ast.Name() as target, value=ast.expr() as value)
                | ast.NamedExpr(target=ast.Name() as target, value=value)
            ):
                yield self._assigned(target, value)
            case _:
                pass

    def _assigned(self, target: ast.Name, value: ast.expr) -> tuple[str, int, Bound]:
        start = self.start(target)
        return target.id, start, AssignedName(value, start, target.lineno)
