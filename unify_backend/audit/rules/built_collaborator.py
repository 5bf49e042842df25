"""Services that build the services they work with, so that no test can put others in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from unify_backend.audit.package import Class, Package
from unify_backend.audit.rule import AuditRule, Finding, Options, at, last_name
from unify_backend.model.auditing import Option
from unify_backend.model.diagnostics import Rule, Severity

_BORDER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True, slots=True)
class _Built:
    name: str
    call: ast.Call
    attribute: str  # where the service keeps it, or ""


def _find(package: Package, options: Options) -> Iterable[Finding]:
    services, kinds = options.texts("services"), options.texts("collaborators")
    for one in package.classes.all:
        if not one.node.name.endswith(services):
            continue
        methods = {
            node.name: node
            for node in one.node.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        start = methods.get("__init__")
        if not isinstance(start, ast.FunctionDef):
            continue
        built: dict[str, _Built] = {}
        for method in (start, *_helpers(start, methods)):
            for call in _calls(package, one, method, kinds):
                built.setdefault(call.name, call)
        if built:
            yield _finding(one, start, list(built.values()))


def _helpers(
    start: ast.FunctionDef, methods: dict[str, ast.FunctionDef | ast.AsyncFunctionDef]
) -> Iterator[ast.FunctionDef]:
    """The methods that `__init__` calls on itself."""
    for node in ast.walk(start):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name)):
                helper = methods.get(name)
                if isinstance(helper, ast.FunctionDef):
                    yield helper
            case _:
                pass


def _calls(
    package: Package, one: Class, method: ast.FunctionDef, kinds: tuple[str, ...]
) -> Iterator[_Built]:
    """The collaborators that a method builds in any case: not as a default for what was not given,
    and not in a function that runs later."""
    waiting: list[ast.AST] = list(reversed(method.body))
    kept = {
        id(node.value): target.attr.lstrip("_")
        for node in ast.walk(method)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute)
    }
    while waiting:
        node = waiting.pop()
        match node:
            case ast.Lambda() | ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                continue
            case ast.BoolOp(op=ast.Or()) | ast.IfExp() | ast.If():
                continue
            case ast.Call(func=function):
                name = last_name(function)
                if name.endswith(kinds) and _is_class(package, one, method, function):
                    yield _Built(name, node, kept.get(id(node), ""))
            case _:
                pass
        waiting += reversed(list(ast.iter_child_nodes(node)))


def _is_class(package: Package, one: Class, method: ast.FunctionDef, function: ast.expr) -> bool:
    """Whether what is called is a class of the package, imported in the method or at the top."""
    found = package.classes.of(package.meaning(one.module, function))
    if found is not None:
        return found.node is not one.node
    if not isinstance(function, ast.Name):
        return False
    for node in ast.walk(method):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name) == function.id:
                    target = _target(package, one, node)
                    meaning = package.index.meaning(target, alias.name)
                    return package.classes.of(meaning) is not None
    return False


def _target(package: Package, one: Class, node: ast.ImportFrom) -> str:
    for found in one.module.symbols.imports:
        if found.alias in node.names:
            return package.target(one.module, found)
    return ""


def _finding(one: Class, start: ast.FunctionDef, built: list[_Built]) -> Finding:
    names = ", ".join(it.name for it in built)
    them = "it" if len(built) == 1 else "them"
    return at(
        one.module,
        built[0].call,
        f"{one.name}: {names}",
        f"{one.name} builds {names} itself while it is constructed: no test can put in another, "
        "and no caller can share one",
        f"Take {them} as optional parameters: {_signature(start, built)}",
    )


def _signature(start: ast.FunctionDef, built: list[_Built]) -> str:
    """`__init__` with an optional keyword parameter for each collaborator."""
    given = ast.unparse(start.args)
    bare = "" if start.args.kwonlyargs or start.args.vararg else "*, "
    taken = {it.arg for it in (*start.args.args, *start.args.kwonlyargs)}
    more = []
    for it in built:
        name = it.attribute or _BORDER.sub("_", it.name).lower()
        while name in taken:
            name += "_"
        taken.add(name)
        more.append(f"{name}: {it.name} | None = None")
    first = built[0]
    default = f"{more[0].partition(':')[0]} or {ast.unparse(first.call)}"
    if start.args.kwarg:
        lead, _, last = given.rpartition("**")
        given = f"{lead}{bare}{', '.join(more)}, **{last}"
    else:
        given = f"{given}, {bare}{', '.join(more)}"
    return f"def __init__({given}), then {default}."


RULE = AuditRule(
    Rule(
        "built-collaborator",
        "a service builds its collaborators while it is constructed",
        "A service that creates other services in `__init__`, or in a helper called from it, is "
        "tied to these implementations. Take them as optional parameters and keep the present "
        "behaviour as the default:\n\n"
        "```python\n"
        "def __init__(self, db: AsyncSession, *, engine: StatEngine | None = None) -> None:\n"
        "    self.engine = engine or StatEngine()\n"
        "```",
        Severity.WARNING,
    ),
    _find,
    (
        Option("services", ("Service",), "endings of the names of classes that are looked at"),
        Option(
            "collaborators",
            ("Service", "Engine", "Repository", "Client", "Gateway"),
            "endings of the names of classes that should be given",
        ),
    ),
)
