"""What a Python statement is called, so that three versions of it find each other."""

import ast
from collections.abc import Iterator

from unify_backend.languages.merge_unit import Key, OrderFreedom

_COLLECTING = frozenset(
    {
        "include_router",
        "register",
        "append",
        "add",
        "mount",
        "subscribe",
        "on",
        "connect",
        "include",
        "register_blueprint",
        "add_middleware",
        "add_route",
        "add_api_route",
        "add_url_rule",
        "add_command",
        "add_typer",
        "add_parser",
        "add_argument",
        "add_event_handler",
        "register_plugin",
        "add_task",
        "setdefault",
    }
)
_ORDERED_BASES = frozenset({"NamedTuple", "Structure"})


def key_of(node: ast.stmt, first_line: str) -> Key:
    """The statement's key: its name where it binds one, else what it looks like."""
    match node:
        case ast.Expr(value=ast.Constant(value=str())):
            return ("text", first_line.strip())
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return ("name", node.name + _variant(node))
        case ast.Import():
            return ("import", *(f"{alias.name} as {alias.asname}" for alias in node.names))
        case ast.ImportFrom():
            return ("from", f"{'.' * node.level}{node.module or ''}")
        case ast.Assign() | ast.AnnAssign() if names := bound(node):
            return ("name", ", ".join(names))
        case ast.AugAssign():
            return ("change", ast.unparse(node.target))
        case ast.Expr(value=ast.Call(func=function, args=[first, *_])):
            return ("call", ast.unparse(function), ast.unparse(first))
        case ast.Try():
            names = [name for statement in node.body for name in bound(statement)]
            return ("try", *(names or [first_line.strip()]))
        case _:
            return ("statement", first_line.strip())


def bound(node: ast.stmt) -> list[str]:
    """The names that the statement itself binds."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [node.name]
        case ast.Import():
            return [alias.asname or alias.name.partition(".")[0] for alias in node.names]
        case ast.ImportFrom():
            return [alias.asname or alias.name for alias in node.names]
        case ast.Assign(targets=targets):
            return list(_names(targets))
        case ast.AnnAssign(target=target):
            return list(_names([target]))
        case _:
            return []


def _names(targets: list[ast.expr]) -> Iterator[str]:
    for target in targets:
        match target:
            case ast.Name(id=name):
                yield name
            case ast.Tuple(elts=inner) | ast.List(elts=inner):
                yield from _names(inner)
            case _:
                pass


def freedom_of(node: ast.stmt, owner: ast.ClassDef | None) -> OrderFreedom:
    """Whether the statement's position among others has a meaning."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            overloads = any(map(_is_overload, node.decorator_list))
            return OrderFreedom.BOUND if overloads else OrderFreedom.FREE  # the first that fits
        case ast.Import() | ast.ImportFrom():
            return OrderFreedom.FREE
        case ast.Assign() | ast.AnnAssign() if bound(node):
            return _field(node, owner)
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name))) if name in _COLLECTING:
            return OrderFreedom.LOOSE
        case ast.If(test=test, orelse=[]) if ast.unparse(test).endswith("TYPE_CHECKING"):
            return OrderFreedom.FREE
        case ast.Try() if all(
            isinstance(statement, ast.Import | ast.ImportFrom) for statement in node.body
        ):
            return OrderFreedom.FREE
        case ast.Pass():
            return OrderFreedom.FREE
        case _:
            return OrderFreedom.BOUND


def _field(node: ast.Assign | ast.AnnAssign, owner: ast.ClassDef | None) -> OrderFreedom:
    """Fields of a class are unordered, unless callers identify them by position."""
    value = ast.unparse(node.value) if node.value else ""
    if owner is None:
        return OrderFreedom.FREE
    if value.endswith("auto()") or _ORDERED_BASES & {_last(base) for base in owner.bases}:
        return OrderFreedom.BOUND
    decorators = {_last(decorator): decorator for decorator in owner.decorator_list}
    dataclass = decorators.get("dataclass")
    if dataclass is not None and not value and "kw_only=True" not in ast.unparse(dataclass):
        return OrderFreedom.BOUND
    return OrderFreedom.FREE


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _variant(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
    """Property setters, overloads and registered implementations share a name. What an overload
    takes is what is changed in it, and not its name."""
    for decorator in node.decorator_list:
        text = ast.unparse(decorator)
        if text.rpartition(".")[2] in {"setter", "getter", "deleter", "expression"}:
            return f".{text.rpartition('.')[2]}"
        if _is_overload(decorator):
            return " overload"
        if _last(decorator) in {"register", "dispatch"}:
            head = node.args if not isinstance(node, ast.ClassDef) else None
            return f" {text}({ast.unparse(head) if head else ''})"
    return ""


def _is_overload(decorator: ast.expr) -> bool:
    return _last(decorator) == "overload"
