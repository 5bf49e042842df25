"""Engines and clients that are created where they are needed, or because a module is imported."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator

from unify_backend.audit.package import Class, Module, Package
from unify_backend.audit.rule import AuditRule, Finding, Options, at, last_name
from unify_backend.languages.python.module_index import OutsideName
from unify_backend.model.auditing import Option
from unify_backend.model.diagnostics import Rule, Severity
from unify_backend.model.globs import Globs

_GIVERS = ("get_", "create_", "make_", "build_", "provide_")
_CLIENTS = (
    "sqlalchemy.create_engine",
    "sqlalchemy.ext.asyncio.create_async_engine",
    "sqlmodel.create_engine",
    "redis.Redis",
    "redis.from_url",
    "redis.asyncio.Redis",
    "redis.asyncio.from_url",
    "httpx.Client",
    "httpx.AsyncClient",
    "aiohttp.ClientSession",
    "requests.Session",
    "pymongo.MongoClient",
    "motor.motor_asyncio.AsyncIOMotorClient",
    "boto3.client",
    "boto3.resource",
    "openai.OpenAI",
    "openai.AsyncOpenAI",
    "anthropic.Anthropic",
    "anthropic.AsyncAnthropic",
)


def _find(package: Package, options: Options) -> Iterable[Finding]:
    spared = Globs(options.texts("homes"))
    clients, engines = frozenset(options.texts("clients")), options.texts("engines")
    created: dict[Class, list[tuple[Module, ast.Call]]] = defaultdict(list)
    for module in package:
        top = {id(call) for call in _at_import(module)}
        provided = set(_provided(module))
        for node in module.nodes:
            if not isinstance(node, ast.Call):
                continue
            name = last_name(node.func)
            if id(node) in top and not spared.match(package.below(module)):
                meaning = package.meaning(module, node.func)
                if isinstance(meaning, OutsideName) and meaning.dotted in clients:
                    yield _on_import(module, node, meaning.dotted)
            if name.endswith(engines) and not node.args and not node.keywords:
                if id(node) in provided:
                    continue
                class_ = package.classes.of(package.meaning(module, node.func))
                if class_ is not None and class_.module is not module:
                    created[class_].append((module, node))
    for class_, places in created.items():
        if len({module.name for module, _ in places}) >= options.number("places"):
            for module, call in places:
                yield _everywhere(class_, module, call, len(places))


def _at_import(module: Module) -> Iterable[ast.Call]:
    """The calls whose value a variable at the module's top gets."""
    for node in module.tree.body:
        match node:
            case ast.Assign(value=ast.Call() as call) | ast.AnnAssign(value=ast.Call() as call):
                yield call
            case _:
                pass


def _provided(module: Module) -> Iterator[int]:
    """The ids of calls that are allowed: those that only give a default (`x or f()`), and those in
    a function that returns the created object."""
    for node in module.nodes:
        match node:
            case ast.BoolOp(op=ast.Or()) | ast.IfExp() | ast.If():
                pass
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                if not name.startswith(_GIVERS):
                    continue
            case _:
                continue
        yield from (id(call) for call in ast.walk(node) if isinstance(call, ast.Call))


def _on_import(module: Module, call: ast.Call, name: str) -> Finding:
    return at(
        module,
        call,
        name,
        f"importing this module calls {name}(…): its settings are fixed before start-up, and every "
        "test gets the same one",
        "Create it in a function that start-up calls (or on first use), and close it at shutdown.",
    )


def _everywhere(class_: Class, module: Module, call: ast.Call, count: int) -> Finding:
    name = class_.node.name
    return at(
        module,
        call,
        f"{name}()",
        f"{name}() is created on the spot, here and in {count - 1} more places: when it needs a "
        "setting or a cache, each of them has to change",
        f"Give {class_.module.name} one function that returns it, and call that (or take it as a "
        "parameter).",
    )


RULE = AuditRule(
    Rule(
        "adhoc-engine",
        "an engine or client is created ad hoc, or on import",
        "Connections belong to the start-up, not to an import: the settings are not read yet, "
        "nothing closes them, and tests cannot replace them. Stateless engines that are created "
        "in many places cannot be configured in one.\n\n"
        "One function per engine (`get_stat_engine()`), or a parameter.",
        Severity.NOTE,
    ),
    _find,
    (
        Option("clients", _CLIENTS, "what must not be called at a module's top"),
        Option(
            "homes",
            tuple(
                "infrastructure/** core/** **/database/** **/db/** **/db.py **/database.py "
                "**/session.py".split()
            ),
            "globs (below the package) of modules whose task such objects are",
        ),
        Option("engines", ("Engine",), "endings of the names of stateless classes"),
        Option("places", 3, "in how many modules one may be created before it is ad hoc"),
    ),
)
