"""What a Python module binds, uses and imports: enough to doubt a merge of it."""

import ast
import builtins
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from unify_backend.languages.python.merge_keys import bound, key_of
from unify_backend.languages.python.source import parse

_BUILTIN = frozenset(dir(builtins)) | {"__file__", "__class__", "__path__", "__annotations__"}
_NOT_NOW = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_SILENT = frozenset(
    {
        ast.Constant,
        ast.Call,
        ast.Expr,
        ast.Return,
        ast.Assign,
        ast.BinOp,
        ast.Compare,
        ast.If,
        ast.keyword,
        ast.JoinedStr,
        ast.FormattedValue,
    }
)
Import = tuple[str, str, str]


@dataclass(slots=True)
class Facts:
    """Names are qualified within the file. Counters hold what may be there once only."""

    tree: ast.Module
    nodes: list[ast.AST] = field(default_factory=list)  # all that mean something
    defined: Counter[str] = field(default_factory=Counter)
    imports: Counter[Import] = field(default_factory=Counter)
    unbound: frozenset[str] = frozenset()
    early: frozenset[str] = frozenset()
    repeated: Counter[str] = field(default_factory=Counter)
    misfits: frozenset[str] = frozenset()


@lru_cache(maxsize=16)
def facts_of(text: str) -> Facts:
    """The facts of a module. Raises Unparsable."""
    tree = parse(text)
    found = Facts(tree, _nodes(tree))
    _define(found, found.tree.body, "")
    names = _Names()
    names.read(found.nodes)
    if not names.everything:
        found.unbound = frozenset(names.used - names.bound - _BUILTIN)
    found.imports = names.imports
    found.early = frozenset(_early(found.tree))
    found.repeated = Counter(_repeated(found.nodes))
    found.misfits = frozenset(_misfits(found.nodes))
    return found


def _nodes(tree: ast.Module) -> list[ast.AST]:
    """As `ast.walk`, without contexts and operators, which are a third of all nodes."""
    found: list[ast.AST] = [tree]
    for node in found:
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                found += [one for one in value if isinstance(one, ast.AST)]
            elif isinstance(value, ast.AST) and value._fields:
                found.append(value)
    return found


def _define(found: Facts, body: Sequence[ast.stmt], scope: str) -> None:
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                name = key_of(node, "")[1]
                found.defined[scope + name] += 1
                if isinstance(node, ast.ClassDef):
                    _define(found, node.body, f"{scope}{node.name}.")
            case ast.Import() | ast.ImportFrom() | ast.Assign() | ast.AnnAssign():
                for name in dict.fromkeys(bound(node)):
                    found.defined[scope + name] += 1
            case _:
                pass


class _Names:
    """Names used and bound anywhere in a module; scopes are not told apart."""

    def __init__(self) -> None:
        self.used: set[str] = set()
        self.bound: set[str] = set()
        self.imports: Counter[Import] = Counter()
        self.everything = False  # a star import may bind anything

    def read(self, nodes: list[ast.AST]) -> None:
        for node in nodes:
            if type(node) not in _SILENT:
                self._node(node)

    def _node(self, node: ast.AST) -> None:
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                self.used.add(name)
            case ast.Name(id=name) | ast.arg(arg=name):
                self.bound.add(name)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.bound.add(node.name)
            case ast.ClassDef(name=name, body=body, bases=bases):
                self.bound.add(name)
                own = {one for inner in body for one in bound(inner)}
                self.bound |= {f"self.{one}" for one in own}
                if bases:
                    self.bound.add("self.*")
            case ast.Attribute(value=ast.Name(id="self"), attr=attr, ctx=ctx):
                names = self.used if isinstance(ctx, ast.Load) else self.bound
                names.add(f"self.{attr}")
            case ast.Import(names=names):
                self.bound.update(bound(node))
                self.imports.update((one.name, "", one.asname or "") for one in names)
            case ast.ImportFrom(names=names):
                self.bound.update(bound(node))
                module = "." * node.level + (node.module or "")
                self.imports.update((module, one.name, one.asname or "") for one in names)
                self.everything = self.everything or any(one.name == "*" for one in names)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                self.bound.add(name)
            case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                self.bound.add(name)
            case ast.Global(names=written) | ast.Nonlocal(names=written):
                self.bound.update(written)
            case _:
                parameter = getattr(node, "name", None)  # of a type, since Python 3.12
                if isinstance(parameter, str):
                    self.bound.add(parameter)


def _early(tree: ast.Module) -> Iterator[str]:
    """Names that a statement of the module uses at import, while only a later one binds them."""
    lazy = any(isinstance(one, ast.ImportFrom) and one.module == "__future__" for one in tree.body)
    last = {name: at for at, node in enumerate(tree.body) for name in _binds(node)}
    seen: set[str] = set()
    for at, node in enumerate(tree.body):
        for name in _immediate(node, lazy):
            if name not in seen and last.get(name, -1) > at:
                yield name
        seen |= _binds(node)


def _binds(node: ast.stmt) -> set[str]:
    names = set(bound(node))
    if not names and isinstance(node, ast.If | ast.Try | ast.For | ast.While | ast.With):
        for one in ast.walk(node):
            if isinstance(one, ast.stmt):
                names.update(bound(one))
    return names


def _immediate(node: ast.AST, lazy: bool) -> Iterator[str]:
    """The names that running the statement looks up at once."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield node.id
    if isinstance(node, _NOT_NOW):
        now: list[ast.AST] = [*node.args.defaults, *(one for one in node.args.kw_defaults if one)]
        if not isinstance(node, ast.Lambda):
            now += node.decorator_list
            if not lazy:
                annotated = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                now += [one.annotation for one in annotated if one.annotation]
                now += [node.returns] if node.returns else []
    else:
        now = [one for name, one in _children(node) if not (lazy and name == "annotation")]
    for inner in now:
        yield from _immediate(inner, lazy)


def _children(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for name, value in ast.iter_fields(node):
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, ast.AST):
                yield name, one


def _repeated(nodes: list[ast.AST]) -> Iterator[str]:
    """What may be there once: keys of a dict, values of an enumeration, addresses of routes,
    exported names."""
    for node in nodes:
        match node:
            case ast.Dict(keys=keys):
                for key in keys:
                    if isinstance(key, ast.Constant):
                        yield f"key {key.value!r} on line {node.lineno}"
            case ast.ClassDef(bases=bases) if any(_is_enum(base) for base in bases):
                for one in node.body:
                    if isinstance(one, ast.Assign) and isinstance(one.value, ast.Constant):
                        yield f"value {one.value.value!r} in {node.name}"
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                for call in node.decorator_list:
                    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                        match call.args:
                            case [ast.Constant(value=str(path)), *_] if path.startswith("/"):
                                yield f"route {ast.unparse(call.func)} {path}"
                            case _:
                                pass
            case ast.Assign(value=ast.List(elts=items) | ast.Tuple(elts=items)):
                if bound(node) == ["__all__"]:
                    yield from (
                        f"export {one.value!r}" for one in items if isinstance(one, ast.Constant)
                    )
            case _:
                pass


def _is_enum(base: ast.expr) -> bool:
    return ast.unparse(base).rpartition(".")[2].endswith(("Enum", "Flag"))


def _misfits(nodes: list[ast.AST]) -> Iterator[str]:
    """Fields of a dataclass without a default behind one that has one."""
    for node in nodes:
        if not isinstance(node, ast.ClassDef):
            continue
        decorators = [ast.unparse(one) for one in node.decorator_list]
        if not any("dataclass" in one and "kw_only" not in one for one in decorators):
            continue
        optional = False
        for one in node.body:
            if isinstance(one, ast.AnnAssign) and "ClassVar" not in ast.unparse(one.annotation):
                if optional and one.value is None:
                    yield f"{node.name}.{ast.unparse(one.target)}"
                optional = optional or one.value is not None
