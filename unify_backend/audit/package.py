"""The package under audit: each module read and parsed once, and what its names mean."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from unify_backend.languages.python.module_index import (
    Meaning,
    ModuleIndex,
    Unknown,
)
from unify_backend.languages.python.module_index import (
    Module as IndexedModule,
)
from unify_backend.languages.python.module_index import (
    Package as IndexedPackage,
)
from unify_backend.languages.python.module_symbols import Import, ModuleSymbols, module_symbols
from unify_backend.languages.python.module_tree import FileTree
from unify_backend.languages.python.source import PythonSource, SyntaxProblem, python_source
from unify_backend.model.globs import Globs
from unify_backend.model.spans import LineIndex, Span

ReadText = Callable[[str], str | None]
Exists = Callable[[str], bool]


class Module(PythonSource):
    """One module. `name` is its whole dotted name, `path` where it lies in the repository,
    `symbols` what it binds, imports and exports."""

    def __init__(self, found: IndexedModule, path: str, source: PythonSource) -> None:
        super().__init__(source.text, source.tree)
        self.found = found
        self.name = found.name
        self.path = path
        self.is_package = found.is_package
        self.symbols: ModuleSymbols = module_symbols(source.text)

    @property
    def parent(self) -> str:
        """The package that holds it (for an `__init__.py` the one above)."""
        return self.name.rpartition(".")[0]

    @cached_property
    def read_names(self) -> frozenset[str]:
        """The names that its code reads anywhere."""
        return frozenset(
            node.id
            for node in self.nodes
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        )

    @cached_property
    def attributes(self) -> frozenset[str]:
        """The names of the attributes that its code uses anywhere."""
        return frozenset(node.attr for node in self.nodes if isinstance(node, ast.Attribute))

    @cached_property
    def lines(self) -> LineIndex:
        """Its lines, for positions."""
        return LineIndex(self.text)

    def shown(self, node: ast.AST) -> Span:
        """The span to show for a node: of a function or class its name, of anything longer than a
        line what is on its first."""
        span = self.span(node)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            named = re.compile(rf"\b{re.escape(node.name)}\b").search(self.text, span.start)
            return Span(*named.span()) if named else Span(span.start, span.start)
        shown = self.rest_of_line(node.lineno, span.start)  # type: ignore[attr-defined]
        return Span(span.start, min(span.end, span.start + len(shown)))

    def import_of(self, name: str) -> Import | None:
        """The import at its top that binds the name; of several the last."""
        return next(reversed(self.symbols.importing(name)), None)

    @cached_property
    def definitions(self) -> dict[str, ast.stmt]:
        """What it defines or assigns at its top, by name: the last statement that does."""
        found: dict[str, ast.stmt] = {}
        for node in statements(self.tree.body):
            match node:
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                    found[node.name] = node
                case ast.Assign(targets=targets):
                    names = [target.id for target in targets if isinstance(target, ast.Name)]
                    found.update(dict.fromkeys(names, node))
                case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                    found[name] = node
                case _:
                    pass
        return found


def statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a block with those in the branches of `if`, `try` and `with`, which run in
    the same scope; in their order."""
    waiting = list(body)[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        match node:
            case ast.If(body=block, orelse=other):
                waiting += [*block, *other][::-1]
            case ast.Try(body=block, handlers=handlers, orelse=other, finalbody=last):
                handled = [inner for handler in handlers for inner in handler.body]
                waiting += [*block, *handled, *other, *last][::-1]
            case ast.With(body=block):
                waiting += block[::-1]
            case _:
                pass


@dataclass(frozen=True, slots=True)
class Unread:
    """A file of the package that says nothing, and why."""

    path: str
    problem: str
    line: int | None = None


class Package:
    """A package with all its modules, and the repository around it.

    `paths` are all files of the repository, `read` gives a file's text (None where it has none),
    `exists` says of any path whether it is on the disk, tracked or not.
    """

    def __init__(
        self,
        name: str,
        folder: str,
        paths: Iterable[str],
        read: ReadText,
        exists: Exists = lambda path: False,
    ) -> None:
        self.name, self.folder = name, folder
        self.paths, self.read, self.exists = tuple(paths), read, exists
        self.inside = tuple(path for path in self.paths if path.startswith(f"{folder}/"))
        self.index = ModuleIndex([IndexedPackage(name, FileTree.below(folder, self.inside, read))])
        self.unread: list[Unread] = []
        self.modules: dict[str, Module] = {}
        for found in self.index.modules():
            if found.path is not None and found.path.endswith(".py"):
                self._add(found, f"{folder}/{found.path}")

    def _add(self, found: IndexedModule, path: str) -> None:
        text = self.read(path)
        if text is None:
            self.unread.append(Unread(path, "it cannot be read as text"))
            return
        source = python_source(text)
        if isinstance(source, SyntaxProblem):
            problem = f"it does not parse: {source.reason}"
            self.unread.append(Unread(path, problem, source.line))
        else:
            self.modules[found.name] = Module(found, path, source)

    def __iter__(self) -> Iterator[Module]:
        return iter(self.modules.values())

    @cached_property
    def stems(self) -> frozenset[str]:
        """The paths of its files without what follows the first dot of the name: `x` of
        `x.cpython-312.so`."""
        split = (path.rpartition("/") for path in self.inside)
        return frozenset(f"{lead}/{name.partition('.')[0]}" for lead, _, name in split)

    def below(self, module: Module) -> str:
        """The module's path from the package's folder."""
        return module.path[len(self.folder) + 1 :]

    def matching(self, globs: Iterable[str]) -> list[Module]:
        """The modules whose path below the package's folder matches one of the globs."""
        wanted = Globs(globs)
        return [module for module in self if wanted.match(self.below(module))]

    def has_module(self, name: str) -> bool:
        """Whether `import name` finds something: a module, or a folder that may hold some."""
        return self.index.find(name) is not None

    def target(self, module: Module, statement: Import) -> str:
        """The whole dotted name of the module that an import names."""
        return self.index.absolute(module.found, statement)

    def meaning(self, module: Module, expression: ast.expr) -> Meaning:
        """What `a.b.c` in a module means."""
        chain: list[str] = []
        while isinstance(expression, ast.Attribute):
            chain.append(expression.attr)
            expression = expression.value
        if not isinstance(expression, ast.Name):
            return Unknown()
        return self.index.attribute(module.name, [expression.id, *reversed(chain)])

    def homes(self, name: str) -> list[str]:
        """The modules that define a name, three at most."""
        return sorted(module.name for module in self if name in module.definitions)[:3]
