"""Calls that no longer fit the function they call: what a merge by lines cannot see."""

import ast
from collections.abc import Iterable, Iterator

from unify_backend.languages.python.merge_facts import Facts

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
    found: set[str] = set()
    for node in facts.nodes:
        if isinstance(node, ast.Call):
            called = known.get(_name(node.func))
            if called and not _fits(node, *called):
                found.add(ast.unparse(node))
    return frozenset(found)


def _signatures(tree: ast.Module) -> Iterator[tuple[str, tuple[Signature, bool]]]:
    for node in tree.body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() if not node.decorator_list:
                yield node.name, (node.args, False)
            case ast.ClassDef(body=body):
                for one in body:
                    if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and (
                        not one.decorator_list
                    ):
                        name = node.name if one.name == "__init__" else f"self.{one.name}"
                        yield name, (one.args, True)
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
    if any(isinstance(one, ast.Starred) for one in call.args):
        return True
    if any(one.arg is None for one in call.keywords):
        return True
    given = {one.arg for one in call.keywords}
    places = [one.arg for one in [*signature.posonlyargs, *signature.args]][method:]
    only = {one.arg for one in signature.posonlyargs}
    if len(call.args) > len(places) and not signature.vararg:
        return False
    filled = set(places[: len(call.args)])
    accepted = (set(places) - only) | {one.arg for one in signature.kwonlyargs}
    if not signature.kwarg and not given <= accepted:
        return False
    required = set(places[: len(places) - len(signature.defaults)]) | {
        one.arg
        for one, default in zip(signature.kwonlyargs, signature.kw_defaults, strict=True)
        if default is None
    }
    return required <= filled | given
