"""What a Python file does when it is run: whether it serves, and what it hands to its server."""

import ast
import re
from dataclasses import dataclass
from functools import lru_cache

from unify_backend.languages.python.source import SyntaxProblem, syntax_tree
from unify_backend.model.entrypoints import Kind

_SERVERS = frozenset({"uvicorn", "hypercorn", "waitress", "granian", "web", "werkzeug"})
_RUNS = frozenset({"run", "serve", "run_app", "run_simple", "run_forever"})
_APPLICATIONS = frozenset({"app", "application", "api", "asgi", "wsgi", "server", "asgi_app"})
_WORKERS = frozenset({"run_worker", "worker_main", "start_worker", "run_consumer"})
_FORWARDS = frozenset({"run_module", "run_path", "exit", "execv", "execvp", "call", "Popen"})
_QUIET = frozenset(
    {"print", "warn", "load_dotenv", "setup_logging", "configure_logging", "setattr"}
)
_STARTS = re.compile(
    r"(?:.*[/_-])?(?:main|__main__|app|server|asgi|wsgi|api|run_?server|serve)\.py"
)


@dataclass(frozen=True, slots=True)
class Program:
    """What running a file does. `serves` is the `module:attribute` given to the server as text, ""
    where it is given the object; `runs` is false where nothing is called at the top."""

    kind: Kind
    serves: str = ""
    runs: bool = True


@lru_cache(maxsize=512)
def program(path: str, text: str) -> Program:
    """What the file at `path` does when it is run as a program."""
    tree = syntax_tree(text)
    if isinstance(tree, SyntaxProblem):
        return Program(Kind.SERVER if _STARTS.fullmatch(path) else Kind.SCRIPT)
    kind, serves = Kind.SCRIPT, ""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name, owner = _called(node)
        if name in _WORKERS:
            kind = Kind.WORKER
        elif name in _RUNS and (owner in _SERVERS or owner in _APPLICATIONS):
            kind = Kind.SERVER
            first = node.args[0] if node.args else None
            application = next(
                (keyword.value for keyword in node.keywords if keyword.arg == "app"), first
            )
            if isinstance(application, ast.Constant) and isinstance(application.value, str):
                serves = application.value
    if kind is Kind.SCRIPT and _STARTS.fullmatch(path) and _bound(tree) & _APPLICATIONS:
        kind = Kind.SERVER
    return Program(kind, serves, _runs(tree))


def _called(node: ast.Call) -> tuple[str, str]:
    match node.func:
        case ast.Attribute(attr=name, value=ast.Name(id=owner)):
            return name, owner
        case ast.Attribute(attr=name, value=ast.Attribute(attr=owner)):
            return name, owner
        case ast.Name(id=name):
            return name, ""
        case _:
            return "", ""


def _bound(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.ImportFrom):
            names |= {name.asname or name.name for name in node.names}
    return names


def _runs(tree: ast.Module) -> bool:
    """Whether the file does more than define, import and prepare: a `__main__` guard, or a call at
    the top that can start something. Warnings and routers start nothing."""
    for node in tree.body:
        if isinstance(node, ast.If | ast.While | ast.With | ast.For):
            return True
        if isinstance(node, ast.Expr | ast.Assign) and isinstance(node.value, ast.Call):
            name, owner = _called(node.value)
            if isinstance(node, ast.Expr) and not owner and name not in _QUIET:
                return True
            if name in _RUNS | _FORWARDS | _WORKERS:
                return True
    return False
