"""What a Python module binds, uses and imports: enough to doubt a merge of it."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from unify_backend.languages.definition import Unparsable
from unify_backend.languages.python.merge_keys import bound, key_of
from unify_backend.languages.python.source import PythonSource, SyntaxProblem, python_source
from unify_backend.languages.python.undefined_names import undefined_names

_NOT_NOW = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Import = tuple[str, str, str]


@dataclass
class Facts:
    """Names are qualified within the file. Counters hold what may be there once only."""

    source: PythonSource
    nodes: list[ast.AST] = field(default_factory=list)  # without contexts and operators
    defined: Counter[str] = field(default_factory=Counter)
    imports: Counter[Import] = field(default_factory=Counter)
    early: frozenset[str] = frozenset()
    repeated: Counter[str] = field(default_factory=Counter)
    misfits: frozenset[str] = frozenset()

    @property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return self.source.tree

    @cached_property
    def unbound(self) -> frozenset[str]:
        """Names and attributes of `self` that the module uses and does not bind."""
        names = (name.name for name in undefined_names(self.source) if not name.starred)
        return frozenset(names) | frozenset(_unset_attributes(self.nodes))


@lru_cache(maxsize=16)
def facts_of(text: str) -> Facts:
    """The facts of a module. Raises Unparsable."""
    source = python_source(text)
    if isinstance(source, SyntaxProblem):
        raise Unparsable(source.as_problem)
    facts = Facts(source, _nodes(source.tree))
    _define(facts, facts.tree.body, "")
    facts.imports = Counter(_imports(facts.nodes))
    facts.early = frozenset(_early(facts.tree))
    facts.repeated = Counter(_repeated(facts.nodes))
    facts.misfits = frozenset(_misfits(facts.nodes))
    return facts


def _nodes(tree: ast.Module) -> list[ast.AST]:
    """As `ast.walk`, without contexts and operators, which are a third of all nodes."""
    nodes: list[ast.AST] = [tree]
    for node in nodes:
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                nodes += [child for child in value if isinstance(child, ast.AST)]
            elif isinstance(value, ast.AST) and value._fields:
                nodes.append(value)
    return nodes


def _define(facts: Facts, body: Sequence[ast.stmt], scope: str) -> None:
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                name = key_of(node, "")[1]
                facts.defined[scope + name] += 1
                if isinstance(node, ast.ClassDef):
                    _define(facts, node.body, f"{scope}{node.name}.")
            case ast.Import() | ast.ImportFrom() | ast.Assign() | ast.AnnAssign():
                for name in dict.fromkeys(bound(node)):
                    facts.defined[scope + name] += 1
            case _:
                pass


def _imports(nodes: Sequence[ast.AST]) -> Iterator[Import]:
    """Module, name and alias of each import anywhere in a module."""
    for node in nodes:
        match node:
            case ast.Import(names=names):
                yield from ((alias.name, "", alias.asname or "") for alias in names)
            case ast.ImportFrom(names=names):
                module = "." * node.level + (node.module or "")
                yield from ((module, alias.name, alias.asname or "") for alias in names)
            case _:
                pass


def _unset_attributes(nodes: Sequence[ast.AST]) -> set[str]:
    """The `self.x` that a module reads and that none of its classes sets or defines."""
    read: set[str] = set()
    known: set[str] = set()
    for node in nodes:
        match node:
            case ast.ClassDef(body=body):
                known |= {f"self.{name}" for inner in body for name in bound(inner)}
            case ast.Attribute(value=ast.Name(id="self"), attr=attr, ctx=ctx):
                (read if isinstance(ctx, ast.Load) else known).add(f"self.{attr}")
            case _:
                pass
    return read - known


def _early(tree: ast.Module) -> Iterator[str]:
    """Names that a statement of the module uses at import, while only a later one binds them."""
    lazy = any(
        isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        for statement in tree.body
    )
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
        for inner in ast.walk(node):
            if isinstance(inner, ast.stmt):
                names.update(bound(inner))
    return names


def _immediate(node: ast.AST, lazy: bool) -> Iterator[str]:
    """The names that running the statement looks up at once."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield node.id
    if isinstance(node, _NOT_NOW):
        now: list[ast.AST] = [
            *node.args.defaults,
            *(default for default in node.args.kw_defaults if default),
        ]
        if not isinstance(node, ast.Lambda):
            now += node.decorator_list
            if not lazy:
                annotated = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                now += [argument.annotation for argument in annotated if argument.annotation]
                now += [node.returns] if node.returns else []
    else:
        now = [child for name, child in _children(node) if not (lazy and name == "annotation")]
    for inner in now:
        yield from _immediate(inner, lazy)


def _children(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield name, child


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
                for statement in node.body:
                    if isinstance(statement, ast.Assign) and isinstance(
                        statement.value, ast.Constant
                    ):
                        yield f"value {statement.value.value!r} in {node.name}"
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
                        f"export {element.value!r}"
                        for element in items
                        if isinstance(element, ast.Constant)
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
        decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
        if not any(
            "dataclass" in decorator and "kw_only" not in decorator for decorator in decorators
        ):
            continue
        optional = False
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign) and "ClassVar" not in ast.unparse(
                statement.annotation
            ):
                if optional and statement.value is None:
                    yield f"{node.name}.{ast.unparse(statement.target)}"
                optional = optional or statement.value is not None


Signature = ast.arguments


def unfit_calls(facts: Facts) -> frozenset[str]:
    """The calls, as written, that the function of that name in the same file would refuse.

    Functions of the module go by their name, classes by their own `__init__`, methods by
    `self.name` where only one class of the file has it.
    A name that is bound in several ways is left alone, and so is a call with stars.
    """
    known: dict[str, tuple[Signature, bool]] = {}
    several: set[str] = set()
    for name, signature in _signatures(facts.tree):
        if name in known:
            several.add(name)
        known[name] = signature
    for name in several:
        del known[name]
    for name in _bound_again(facts.nodes, known):
        known.pop(name, None)
    calls: set[str] = set()
    for node in facts.nodes:
        if isinstance(node, ast.Call):
            called = known.get(_name(node.func))
            if called and not _fits(node, *called):
                calls.add(ast.unparse(node))
    return frozenset(calls)


def _signatures(tree: ast.Module) -> Iterator[tuple[str, tuple[Signature, bool]]]:
    for node in tree.body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() if not node.decorator_list:
                yield node.name, (node.args, False)
            case ast.ClassDef(body=body):
                for member in body:
                    if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef) and (
                        not member.decorator_list
                    ):
                        name = node.name if member.name == "__init__" else f"self.{member.name}"
                        yield name, (member.args, True)
            case _:
                pass


def _bound_again(nodes: Iterable[ast.AST], known: Iterable[str]) -> Iterator[str]:
    """Names of functions that something else in the file binds too."""
    seen: set[str] = set()
    wanted = set(known)
    for node in nodes:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                pass
            case ast.ClassDef(name=name) | ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                pass
            case _:
                continue
        if name in wanted and name in seen:
            yield name
        seen.add(name)


def _name(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            return f"self.{name}"
        case _:
            return ""


def _fits(call: ast.Call, signature: Signature, method: bool) -> bool:
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return True
    if any(keyword.arg is None for keyword in call.keywords):
        return True
    named = {keyword.arg for keyword in call.keywords}
    places = [parameter.arg for parameter in [*signature.posonlyargs, *signature.args]][method:]
    only = {parameter.arg for parameter in signature.posonlyargs}
    if len(call.args) > len(places) and not signature.vararg:
        return False
    filled = set(places[: len(call.args)])
    accepted = (set(places) - only) | {parameter.arg for parameter in signature.kwonlyargs}
    if not signature.kwarg and not named <= accepted:
        return False
    required = set(places[: len(places) - len(signature.defaults)]) | {
        parameter.arg
        for parameter, default in zip(signature.kwonlyargs, signature.kw_defaults, strict=True)
        if default is None
    }
    return required <= filled | named
