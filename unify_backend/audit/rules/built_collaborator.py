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
    for class_ in package.classes.all:
        if not class_.node.name.endswith(services):
            continue
        methods = {
            node.name: node
            for node in class_.node.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        start = methods.get("__init__")
        if not isinstance(start, ast.FunctionDef):
            continue
        built: dict[str, _Built] = {}
        for method in (start, *_helpers(start, methods)):
            for call in _calls(package, class_, method, kinds):
                built.setdefault(call.name, call)
        if built:
            yield _finding(class_, start, list(built.values()))


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
    package: Package, class_: Class, method: ast.FunctionDef, kinds: tuple[str, ...]
) -> Iterator[_Built]:
    """The collaborators that a method builds in any case: not as a default for what was not given,
    and not in a function that runs later."""
    waiting: list[ast.AST] = list(reversed(method.body))
    attributes = {
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
                if name.endswith(kinds) and _is_class(package, class_, method, function):
                    yield _Built(name, node, attributes.get(id(node), ""))
            case _:
                pass
        waiting += reversed(list(ast.iter_child_nodes(node)))


def _is_class(package: Package, class_: Class, method: ast.FunctionDef, function: ast.expr) -> bool:
    """Whether what is called is a class of the package, imported in the method or at the top."""
    collaborator = package.classes.of(package.meaning(class_.module, function))
    if collaborator is not None:
        return collaborator.node is not class_.node
    if not isinstance(function, ast.Name):
        return False
    for node in ast.walk(method):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name) == function.id:
                    target = _target(package, class_, node)
                    meaning = package.index.meaning(target, alias.name)
                    return package.classes.of(meaning) is not None
    return False


def _target(package: Package, class_: Class, node: ast.ImportFrom) -> str:
    for imported in class_.module.symbols.imports:
        if imported.alias in node.names:
            return package.target(class_.module, imported)
    return ""


def _finding(class_: Class, start: ast.FunctionDef, built: list[_Built]) -> Finding:
    names = ", ".join(collaborator.name for collaborator in built)
    them = "it" if len(built) == 1 else "them"
    return at(
        class_.module,
        built[0].call,
        f"{class_.name}: {names}",
        f"{class_.name} builds {names} itself while it is constructed: no test can put in another, "
        "and no caller can share one",
        f"Take {them} as optional parameters: {_signature(start, built)}",
    )


def _signature(start: ast.FunctionDef, built: list[_Built]) -> str:
    """`__init__` with an optional keyword parameter for each collaborator."""
    parameters = ast.unparse(start.args)
    bare = "" if start.args.kwonlyargs or start.args.vararg else "*, "
    taken = {argument.arg for argument in (*start.args.args, *start.args.kwonlyargs)}
    more = []
    for collaborator in built:
        name = collaborator.attribute or _BORDER.sub("_", collaborator.name).lower()
        while name in taken:
            name += "_"
        taken.add(name)
        more.append(f"{name}: {collaborator.name} | None = None")
    first = built[0]
    default = f"{more[0].partition(':')[0]} or {ast.unparse(first.call)}"
    if start.args.kwarg:
        lead, _, last = parameters.rpartition("**")
        parameters = f"{lead}{bare}{', '.join(more)}, **{last}"
    else:
        parameters = f"{parameters}, {bare}{', '.join(more)}"
    return f"def __init__({parameters}), then {default}."


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
