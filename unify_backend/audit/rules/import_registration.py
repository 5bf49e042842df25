"""Objects that are registered as a side effect of importing a module."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from unify_backend.audit.package import Module, Package
from unify_backend.audit.rule import AuditRule, Finding, Options, at
from unify_backend.languages.python.module_index import BoundName
from unify_backend.model.auditing import Option
from unify_backend.model.diagnostics import Rule, Severity
from unify_backend.model.globs import Globs


def _find(package: Package, options: Options) -> Iterable[Finding]:
    verbs = options.texts("verbs")
    spared = Globs(options.texts("startup"))
    for module in package:
        if spared.match(package.below(module)):
            continue
        for call in _calls(module.tree.body):
            registry = _registry(package, module, call.func, verbs)
            if registry is not None:
                yield at(
                    module,
                    call,
                    ast.unparse(call.func),
                    f"importing this module calls {ast.unparse(call.func)}(…), which enters "
                    f"something into {registry}: what is registered depends on what was imported",
                    "Put the call into a function and call that from the application's start-up.",
                )


def _calls(body: list[ast.stmt]) -> Iterator[ast.Call]:
    """The calls that are statements at a module's top level, also in loops and conditions; the
    block that runs only as a script is left out."""
    for node in body:
        match node:
            case ast.Expr(value=ast.Call() as call):
                yield call
            case ast.For(body=inner) | ast.With(body=inner):
                yield from _calls(inner)
            case ast.If(test=test) if "__name__" not in ast.unparse(test):
                yield from _calls([*node.body, *node.orelse])
            case ast.Try():
                yield from _calls([*node.body, *node.orelse])
            case _:
                pass


def _registry(
    package: Package, module: Module, function: ast.expr, verbs: tuple[str, ...]
) -> str | None:
    """The module that holds the registry, where it is another one of the package."""
    match function:
        case ast.Name(id=name) if name.startswith(verbs):
            meaning = package.index.meaning(module.name, name)
        case ast.Attribute(value=value, attr=name) if name.startswith(verbs):
            root = value.func if isinstance(value, ast.Call) else value
            meaning = package.meaning(module, root)
            if isinstance(meaning, BoundName) and not meaning.name:
                meaning = package.index.meaning(meaning.module, name)
        case _:
            return None
    if not isinstance(meaning, BoundName) or not meaning.name or meaning.module == module.name:
        return None
    if (owner := package.classes.of(meaning)) is not None and isinstance(function, ast.Attribute):
        methods = {
            getattr(node, "name", "")
            for class_ in package.classes.lineage(owner).inside
            for node in class_.node.body
        }
        if function.attr not in methods:  # ABCMeta.register: a virtual subclass
            return None
    home = package.modules.get(meaning.module)
    return meaning.module if home is not None and meaning.name in home.definitions else None


RULE = AuditRule(
    Rule(
        "import-registration",
        "importing a module registers something elsewhere",
        "When registration is a side effect of an import, nobody can read off the start-up which "
        "things are registered, the order of imports matters, and tests see whatever another test "
        "happened to import.\n\n"
        "Register in a function, and call it from the start-up:\n\n"
        "```python\n"
        "def setup_stat_packages() -> int:\n"
        "    register_core_stat_packages()\n"
        "    return len(list_stat_packages())\n"
        "```",
        Severity.WARNING,
    ),
    _find,
    (
        Option("verbs", ("register",), "how the names of functions that register begin"),
        Option(
            "startup",
            ("main.py", "__main__.py", "startup.py", "app.py", "asgi.py", "wsgi.py"),
            "globs (below the package) of modules that are the start-up",
        ),
    ),
)
