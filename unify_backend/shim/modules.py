"""Facts about a Python module's source that a forwarding package needs."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from unify_backend.languages.python.source import SyntaxProblem, syntax_tree


@dataclass(frozen=True, slots=True)
class ModuleText:
    """`hidden` are names that the module defines and a star import leaves out; `guarded` is
    whether it has code for `__name__ == "__main__"`; `relative` whether it imports relatively."""

    hidden: tuple[str, ...]
    guarded: bool
    relative: bool


def read_module(data: bytes) -> ModuleText | None:
    """The facts about a module's source, None where it does not parse."""
    tree = syntax_tree(data)
    if isinstance(tree, SyntaxProblem):
        return None
    return ModuleText(_hidden(tree), _guarded(tree), _relative(tree))


def _hidden(tree: ast.Module) -> tuple[str, ...]:
    """Only what is defined without a condition: a stub must not promise what may be missing."""
    exported = _exported(tree)
    gone = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Delete)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    defined = {name for node in tree.body for name in _defined(node)} - gone - {"__all__"}
    if exported is None:
        return tuple(sorted(name for name in defined if name.startswith("_")))
    return tuple(sorted(defined - exported))


def _exported(tree: ast.Module) -> frozenset[str] | None:
    """The literal names of `__all__` (those that are computed do not count), None without it."""
    names: set[str] = set()
    declared = False
    for node in tree.body:
        targets: list[ast.expr] = []
        match node:
            case ast.Assign(targets=targets) | ast.Delete(targets=targets):
                pass
            case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
                targets = [target]
            case _:
                continue
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            declared = True
            value = getattr(node, "value", None)
            if isinstance(value, ast.List | ast.Tuple):
                names.update(
                    ast.literal_eval(element) for element in value.elts if _is_text(element)
                )
    return frozenset(names) if declared else None


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _defined(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from _names(targets)
        case ast.AnnAssign(target=target, value=value) if value is not None:
            yield from _names([target])
        case _:
            alias = getattr(node, "name", None)
            if type(node).__name__ == "TypeAlias" and isinstance(alias, ast.Name):
                yield alias.id


def _names(targets: Iterable[ast.expr]) -> Iterator[str]:
    for target in targets:
        if isinstance(target, ast.Name):
            yield target.id
        elif isinstance(target, ast.Tuple | ast.List):
            yield from _names(target.elts)


def _guarded(tree: ast.Module) -> bool:
    for node in tree.body:
        if isinstance(node, ast.If):
            parts = list(ast.walk(node.test))
            named = any(isinstance(part, ast.Name) and part.id == "__name__" for part in parts)
            if named and any(
                isinstance(part, ast.Constant) and part.value == "__main__" for part in parts
            ):
                return True
    return False


def _relative(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(tree))
