"""Modules that are found by listing a folder, without a list of the expected ones."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from unify_backend.audit.package import Package
from unify_backend.audit.rule import AuditRule, Finding, Options, at, last_name
from unify_backend.model.diagnostics import Rule, Severity
from unify_backend.model.text import SOURCE

_LISTS = frozenset("listdir scandir iterdir walk glob rglob".split())
_MODULES = frozenset("iter_modules walk_packages".split())
_LOADS = frozenset("import_module __import__ spec_from_file_location run_path load_module".split())
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def _find(package: Package, options: Options) -> Iterable[Finding]:
    for module in package:
        if not (_LOADS & module.read_names or _LOADS & module.attributes):
            continue
        functions = {node.name: node for node in module.nodes if isinstance(node, _Function)}
        calls = {name: set(_called(node)) for name, node in functions.items()}
        for name, node in functions.items():
            scan = _scan(node)
            if scan is None or _is_listed(node):
                continue
            near = {name} | {other for other in calls if name in calls[other]}
            near |= {callee for caller in near for callee in calls[caller]}
            if any(_loads(functions[callee]) for callee in near if callee in functions):
                yield at(
                    module,
                    scan,
                    name,
                    f"{name}() loads whatever modules lie in a folder: which ones there should be "
                    "is written nowhere, and a folder that is missing or wrong loads nothing",
                    "Keep a list of the modules (a dict of name to dotted path) and load that; or "
                    "compare what was found with it and fail on a difference.",
                )


def _called(function: _Function) -> Iterator[str]:
    return (last_name(node.func) for node in ast.walk(function) if isinstance(node, ast.Call))


def _scan(function: _Function) -> ast.Call | None:
    """Where the function lists a folder for Python files, if it does."""
    python = any(
        isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_python(node.value)
        for node in ast.walk(function)
    )
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            name = last_name(node.func)
            if name in _MODULES or (name in _LISTS and python):
                return node
    return None


def _is_python(text: str) -> bool:
    return text.endswith(SOURCE) and " " not in text


def _is_listed(function: _Function) -> bool:
    """Whether the result is compared with a constant, written in capitals."""
    for node in ast.walk(function):
        if isinstance(node, ast.Compare):
            for comparator in node.comparators:
                last = ast.unparse(comparator).rpartition(".")[2]
                if last.isupper() and len(last) > 1:
                    return True
    return False


def _loads(function: _Function) -> bool:
    """Whether the function imports a module whose name it computes."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and last_name(node.func) in _LOADS and node.args:
            argument = node.args[0]
            if not isinstance(argument, ast.Constant):
                return True
    return False


RULE = AuditRule(
    Rule(
        "directory-scan",
        "modules are loaded by scanning a folder, without a list",
        "What is registered by lying in a folder cannot be read off the code: a folder given "
        "relative to the wrong working directory, or missing in the image, loads nothing and "
        "nothing fails.\n\n"
        "Prefer an explicit list; where scanning is wanted, hold the result against one.",
        Severity.WARNING,
    ),
    _find,
)
