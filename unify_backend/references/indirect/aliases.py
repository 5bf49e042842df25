"""The package or a module of it under another name: `import old as o`, and then `o.services.x`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from unify_backend.languages.python.scopes import AssignedName, Bound, Imported, PythonFile, Read
from unify_backend.languages.python.source import attribute_chain, called
from unify_backend.model.spans import Span
from unify_backend.model.text import PYTHON_FILES
from unify_backend.references.indirect.index import IndirectUse, RepositoryIndex
from unify_backend.references.indirect.spelled import SpelledDetector
from unify_backend.references.indirect.values import Values

_CHAIN = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_NAMES = rb"(?P<names>\([^)]{0,4000}\)|[^\n(]*)"


class Aliases:
    """Every use of a variable that holds nothing but a module of the legacy package."""

    def __init__(self, index: RepositoryIndex) -> None:
        self._index = index
        self._spelled = SpelledDetector(index)
        names = b"|".join(re.escape(move.legacy.encode()) for move in index.moves)
        above = b"|".join(re.escape(name.encode()) for name in _above(index)) or rb"(?!)"
        # Literals come first in each pattern, so that `re` jumps from one to the next.
        self._named = [
            (b" as ", rb"import[ \t][^\n#]{0,300}?\b(?:" + names + rb")(?:\.[\w.]*)?[ \t]+as\b"),
            (b" as ", rb"import[ \t]+(?:" + above + rb")[ \t]+as\b"),
            (b"=", rb"=[ \t]*(?:" + names + rb")\b"),
            (b"import_module(", rb"import_module\([ \t]*[\"'](?:" + names + rb")\b"),
            (b"__import__(", rb"__import__\([ \t]*[\"'](?:" + names + rb")\b"),
        ]
        self._taken = re.compile(
            rb"from[ \t]+(?P<module>(?:" + names + rb"|" + above + rb")[\w.]*)[ \t]+import[ \t]*"
            rb"" + _NAMES
        )

    def may(self, path: str, data: bytes) -> bool:
        """Whether an import, or an assignment of one, can give a module another name."""
        if not path.endswith(PYTHON_FILES):
            return False
        named = any(
            literal in data and re.search(pattern, data) for literal, pattern in self._named
        )
        if named or self._index.reached(path, data):
            return True
        for match in self._taken.finditer(data):
            module = match["module"].decode()
            for name in re.findall(rb"([A-Za-z_]\w*)(?:\s+as\s+\w+)?", match["names"]):
                if self._index.is_module(f"{module}.{name.decode()}"):
                    return True
        return False

    def find(self, path: str) -> Iterator[IndirectUse]:
        """The uses, each with all of its attributes; the imports themselves hold the name."""
        source = self._index.source(path)
        if source is None:
            return
        modules = Modules(self._index, source)
        for read in source.scopes.reads.values():
            module = modules.of(read.name, read.start)
            if module is None:
                continue
            if (use := self._use(source, read, module)) is not None:
                yield use

    def _use(self, source: PythonFile, read: Read, module: str) -> IndirectUse | None:
        whole = ".".join([module, *read.chain[1:]])
        move = self._index.move_of(whole)
        written = _CHAIN.match(source.text, read.start)
        if move is None or written is None or self._spelled.names(written[0]):
            return None
        shown = ".".join([module, *written[0].split(".")[1:]])
        lines = sorted({binding.line for binding in source.bound(read.name, read.start)})
        return IndirectUse(
            Span(*written.span()),
            "hidden-alias",
            whole,
            f"{read.name} is {module}, by line {lines[0]}: this is {shown}",
            f"import it from {move.canonical} in line {lines[0]}",
            move,
        )


def _above(index: RepositoryIndex) -> list[str]:
    """The packages that legacy packages lie in, the longest names first."""
    names: set[str] = set()
    for move in index.moves:
        name = move.legacy.rpartition(".")[0]
        while name:
            names.add(name)
            name = name.rpartition(".")[0]
    return sorted(names, key=lambda dotted: (-len(dotted), dotted))


_DEEPEST = 8  # variables through which a module may have been passed
_OFTEN = 20  # times; a variable that is bound more often is no module
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


class Modules:
    """Resolves the variables of one file."""

    def __init__(self, index: RepositoryIndex, source: PythonFile) -> None:
        self._index, self._source = index, source
        self._values = Values(index, source)
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
            self._known[every] = None  # a variable that is set to itself has no value
            modules: set[str | None] = set()
            for bound in every:
                if not _is_none(bound):  # `except ImportError: old = None`
                    modules.add(self._bound(bound, depth - 1))
            self._known[every] = modules.pop() if len(modules) == 1 else None
        return self._known[every]

    def _bound(self, bound: Bound, depth: int) -> str | None:
        match bound:
            case Imported(level=0, name=None, module=module):
                return module
            case Imported(level=0, name=str() as name, module=module):
                dotted = f"{module}.{name}"
            case Imported(level=level, name=str() as name, module=module):
                inner = ".".join(filter(None, [module, name]))
                dotted = self._index.absolute(self._source.path, level, inner) or ""
            case AssignedName(value=ast.Call() as call, start=start):
                return self._loaded(call, start)
            case AssignedName(value=value, start=start):
                dotted = self._chained(value, start, depth) or ""
            case _:
                return None
        return dotted if dotted and self._index.is_module(dotted) else None

    def _chained(self, node: ast.expr, at: int, depth: int) -> str | None:
        """`LEGACY = old`, `api = o.api`."""
        base, attributes = attribute_chain(node)
        if not isinstance(base, ast.Name):
            return None
        module = self._variable(base.id, at, depth)
        return module and ".".join([module, *attributes])

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
        case AssignedName(value=ast.Constant(value=None)):
            return True
        case _:
            return False
