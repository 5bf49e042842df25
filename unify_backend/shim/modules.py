"""What a Python module's text says about itself, as far as a forwarding package must know."""

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
    found: set[str] = set()
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
        if any(isinstance(one, ast.Name) and one.id == "__all__" for one in targets):
            declared = True
            value = getattr(node, "value", None)
            if isinstance(value, ast.List | ast.Tuple):
                found.update(ast.literal_eval(one) for one in value.elts if _is_text(one))
    return frozenset(found) if declared else None


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
    for one in targets:
        if isinstance(one, ast.Name):
            yield one.id
        elif isinstance(one, ast.Tuple | ast.List):
            yield from _names(one.elts)


def _guarded(tree: ast.Module) -> bool:
    for node in tree.body:
        if isinstance(node, ast.If):
            parts = list(ast.walk(node.test))
            named = any(isinstance(one, ast.Name) and one.id == "__name__" for one in parts)
            if named and any(
                isinstance(one, ast.Constant) and one.value == "__main__" for one in parts
            ):
                return True
    return False


def _relative(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(tree))
