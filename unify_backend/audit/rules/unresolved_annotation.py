"""An annotation of a Pydantic model that cannot be evaluated when the class is built."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator

from unify_backend.audit.package import PYDANTIC, Class, Module, Package
from unify_backend.audit.rule import AuditRule, Finding, Options, at, last_name
from unify_backend.languages.python.source import syntax_tree
from unify_backend.model.diagnostics import Rule, Severity

_BUILTINS = frozenset(dir(builtins))
_LATE = frozenset({"model_rebuild", "update_forward_refs", "__get_pydantic_core_schema__"})
_TYPING = frozenset("Any Optional Union Dict List Set Tuple Type Literal Callable Sequence".split())


def _find(package: Package, options: Options) -> Iterable[Finding]:
    rebuilt = _rebuilt(package)
    for class_ in package.classes.all:
        symbols = class_.module.symbols
        if symbols.dynamic or symbols.stars or class_.node.name in rebuilt or "*" in rebuilt:
            continue
        if not package.classes.lineage(class_).outside & PYDANTIC:
            continue
        lazy = _is_lazy(class_.module)
        known = symbols.bound | _BUILTINS | _own(class_)
        for field in _fields(class_.node):
            for name, node in _names(field.annotation):
                if name in known:
                    continue
                if name in symbols.typed:
                    yield _typing_only(class_, field, name, node)
                elif lazy or isinstance(node, ast.Constant):
                    # An unbound name that is evaluated at once is reported by `undefined-name`.
                    yield _unbound(class_, field, name, node)


def _fields(node: ast.ClassDef) -> Iterator[ast.AnnAssign]:
    """The annotated names that Pydantic makes fields of; relationships SQLAlchemy resolves."""
    for statement in node.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), value=value):
                called = last_name(value.func) if isinstance(value, ast.Call) else ""
                late = called.lower() == "relationship"
                if (
                    not name.startswith("_")
                    and not late
                    and not _is_class_var(statement.annotation)
                ):
                    yield statement
            case _:
                pass


def _is_class_var(annotation: ast.expr) -> bool:
    text = annotation.value if isinstance(annotation, ast.Constant) else ast.unparse(annotation)
    return isinstance(text, str) and "ClassVar" in text


def _names(annotation: ast.expr) -> Iterator[tuple[str, ast.AST]]:
    """The names that an annotation reads, those in strings too. The strings of `Literal` and of
    what follows the type in `Annotated` are values."""
    waiting: list[ast.expr] = [annotation]
    while waiting:
        match waiting.pop():
            case ast.Name(id=name) as node:
                yield name, node
            case ast.Constant(value=str(text)) as node:
                match syntax_tree(f"({text.strip()}\n)"):
                    case ast.Module(body=[ast.Expr(value=inner)]):
                        yield from ((name, node) for name, _ in _names(inner))
                    case _:
                        pass
            case ast.Subscript(value=value, slice=index):
                waiting.append(value)
                last = last_name(value)
                if last == "Literal":
                    continue
                first = last == "Annotated" and isinstance(index, ast.Tuple) and index.elts
                waiting.append(first[0] if first else index)
            case ast.Attribute(value=value):
                waiting.append(value)
            case ast.Call():  # constr(…), conint(…): the arguments are no types
                continue
            case other:
                waiting += [
                    child for child in ast.iter_child_nodes(other) if isinstance(child, ast.expr)
                ]


def _is_lazy(module: Module) -> bool:
    return any(
        imported.module == "__future__" and imported.name == "annotations"
        for imported in module.symbols.imports
    )


def _own(class_: Class) -> set[str]:
    """Names that the class and those around it bind, type parameters included."""
    own = {class_.node.name}
    for node in (*class_.around, class_.node):
        own.update(getattr(parameter, "name", "") for parameter in getattr(node, "type_params", ()))
        for inner in node.body:
            match inner:
                case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                    own.add(name)
                case ast.Assign(targets=targets):
                    own.update(target.id for target in targets if isinstance(target, ast.Name))
                case ast.Import(names=names) | ast.ImportFrom(names=names):
                    own.update(alias.asname or alias.name.partition(".")[0] for alias in names)
                case _:
                    pass
    return own


def _rebuilt(package: Package) -> set[str]:
    """The classes that a module rebuilds later, with names that it defines then; `*` where a loop
    rebuilds many."""
    rebuilt: set[str] = set()
    for module in package:
        if not _LATE & module.attributes:
            continue
        for node in module.nodes:
            match node:
                case ast.Call(func=ast.Attribute(value=value, attr=name)) if name in _LATE:
                    last = last_name(value)
                    classes = {class_.node.name for class_ in package.classes.all}
                    rebuilt.add(last if last in classes or last == "cls" else "*")
                case _:
                    pass
    return rebuilt


def _unbound(class_: Class, field: ast.AnnAssign, name: str, node: ast.AST) -> Finding:
    advice = (
        f"Add `from typing import {name}`."
        if name in _TYPING
        else f"Import {name} at the top of the module (not under TYPE_CHECKING)."
    )
    return at(
        class_.module,
        node,
        f"{class_.name}.{_field_name(field)}: {name}",
        f"the annotation of {class_.name}.{_field_name(field)} names {name!r}, which this module "
        "neither defines nor imports: Pydantic cannot build the model",
        advice,
    )


def _typing_only(class_: Class, field: ast.AnnAssign, name: str, node: ast.AST) -> Finding:
    return at(
        class_.module,
        node,
        f"{class_.name}.{_field_name(field)}: {name}",
        f"the annotation of {class_.name}.{_field_name(field)} names {name!r}, which is imported "
        "under TYPE_CHECKING only: Pydantic evaluates it at run time and does not find it",
        f"Import {name} outside of TYPE_CHECKING, or call {class_.node.name}.model_rebuild() where "
        "it is known.",
    )


def _field_name(field: ast.AnnAssign) -> str:
    return ast.unparse(field.target)


RULE = AuditRule(
    Rule(
        "unresolved-annotation",
        "a Pydantic model's annotation names something that is not there at run time",
        "Pydantic and SQLModel evaluate the annotations of a model when the class is built. With "
        "`from __future__ import annotations`, or in quotes, a name that is not imported passes "
        "unseen until the model is first used, and then fails with `PydanticUndefinedAnnotation` "
        "or “class not fully defined”.\n\n"
        "`from __future__ import annotations` is optional; where it is used all type names must be "
        "imported, and not under `TYPE_CHECKING`.",
        Severity.ERROR,
    ),
    _find,
)
