"""Which module a variable holds: by imports, assignments of one another, and loads by name."""

from __future__ import annotations

import ast
import re

from unify_backend.languages.python.scopes import Assigned, Bound, Imported, PythonFile
from unify_backend.languages.python.source import called
from unify_backend.references.indirect.index import Ground
from unify_backend.references.indirect.values import Values

_DEEPEST = 8  # variables that a module may have been handed through
_OFTEN = 20  # times; what is bound more often is no module
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


class Modules:
    """Answers for the variables of one file."""

    def __init__(self, ground: Ground, source: PythonFile) -> None:
        self._ground, self._source = ground, source
        self._values = Values(ground, source)
        self._known: dict[tuple[Bound, ...], str | None] = {}

    def of(self, name: str, at: int) -> str | None:
        """The dotted name of the module that the variable `name`, as it is seen at offset `at`,
        holds wherever it holds one; None where it may hold another, or anything else."""
        return self._variable(name, at, _DEEPEST)

    def _variable(self, name: str, at: int, depth: int) -> str | None:
        every = self._source.bound(name, at)
        if not depth or len(every) > _OFTEN:
            return None
        if every not in self._known:
            self._known[every] = None  # a variable that is set to itself holds nothing
            found: set[str | None] = set()
            for bound in every:
                if not _is_none(bound):  # `except ImportError: old = None`
                    found.add(self._bound(bound, depth - 1))
            self._known[every] = found.pop() if len(found) == 1 else None
        return self._known[every]

    def _bound(self, bound: Bound, depth: int) -> str | None:
        match bound:
            case Imported(level=0, name=None, module=module):
                return module
            case Imported(level=0, name=str() as name, module=module):
                dotted = f"{module}.{name}"
            case Imported(level=level, name=str() as name, module=module):
                inner = ".".join(filter(None, [module, name]))
                dotted = self._ground.absolute(self._source.path, level, inner) or ""
            case Assigned(value=ast.Call() as call, start=start):
                return self._loaded(call, start)
            case Assigned(value=value, start=start):
                dotted = self._chained(value, start, depth) or ""
            case _:
                return None
        return dotted if dotted and self._ground.is_module(dotted) else None

    def _chained(self, node: ast.expr, at: int, depth: int) -> str | None:
        """`LEGACY = old`, `api = o.api`."""
        chain: list[str] = []
        while isinstance(node, ast.Attribute):
            chain.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        module = self._variable(node.id, at, depth)
        return module and ".".join([module, *reversed(chain)])

    def _loaded(self, call: ast.Call, at: int) -> str | None:
        """`old = import_module("old.main")`; `__import__` gives the first package."""
        name = called(call)
        if name not in {"import_module", "__import__"} or len(call.args) != 1 or call.keywords:
            return None
        value = self._values.of(call.args[0], at)
        if value is None or not _DOTTED.fullmatch(value.text):
            return None
        return value.text if name == "import_module" else value.text.partition(".")[0]


def _is_none(bound: Bound) -> bool:
    match bound:
        case Assigned(value=ast.Constant(value=None)):
            return True
        case _:
            return False
