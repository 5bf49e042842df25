"""The audited package: each module read and parsed once, and the meaning of its names."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from unify_backend.languages.python.module_index import (
    BoundName,
    FoundModule,
    Meaning,
    ModuleIndex,
    OutsideName,
    PackageRoot,
    Unknown,
)
from unify_backend.languages.python.module_symbols import Import, ModuleSymbols, module_symbols
from unify_backend.languages.python.module_tree import FileTree, Read
from unify_backend.languages.python.source import (
    PythonSource,
    SyntaxProblem,
    attribute_chain,
    python_source,
)
from unify_backend.model.globs import Globs
from unify_backend.model.spans import LineIndex, Span
from unify_backend.model.text import SOURCE

_Exists = Callable[[str], bool]


class Module(PythonSource):
    """One module. `name` is its whole dotted name, `path` where it lies in the repository,
    `symbols` what it binds, imports and exports."""

    def __init__(self, found_module: FoundModule, path: str, source: PythonSource) -> None:
        super().__init__(source.text, source.tree)
        self.found = found_module
        self.name = found_module.name
        self.path = path
        self.is_package = found_module.is_package
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
        """The span to show for a node: the name of a function or class, the first line of any other
        node that is longer than a line."""
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
        defined: dict[str, ast.stmt] = {}
        for node in statements(self.tree.body):
            match node:
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                    defined[node.name] = node
                case ast.Assign(targets=targets):
                    names = [target.id for target in targets if isinstance(target, ast.Name)]
                    defined.update(dict.fromkeys(names, node))
                case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                    defined[name] = node
                case _:
                    pass
        return defined


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
class UnusableFile:
    """A file of the package that cannot be used, and why."""

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
        read: Read,
        exists: _Exists = lambda path: False,
    ) -> None:
        self.name, self.folder = name, folder
        self.paths, self.read, self.exists = tuple(paths), read, exists
        self.inside = tuple(path for path in self.paths if path.startswith(f"{folder}/"))
        self.index = ModuleIndex([PackageRoot(name, FileTree.below(folder, self.inside, read))])
        self.unread: list[UnusableFile] = []
        self.modules: dict[str, Module] = {}
        for found_module in self.index.modules():
            if found_module.path is not None and found_module.path.endswith(SOURCE):
                self._add(found_module, f"{folder}/{found_module.path}")

    def _add(self, found_module: FoundModule, path: str) -> None:
        text = self.read(path)
        if text is None:
            self.unread.append(UnusableFile(path, "it cannot be read as text"))
            return
        source = python_source(text)
        if isinstance(source, SyntaxProblem):
            problem = f"it does not parse: {source.reason}"
            self.unread.append(UnusableFile(path, problem, source.line))
        else:
            self.modules[found_module.name] = Module(found_module, path, source)

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

    @cached_property
    def classes(self) -> Classes:
        """The package's classes and their base classes."""
        return Classes(self)

    def meaning(self, module: Module, expression: ast.expr) -> Meaning:
        """The meaning of `a.b.c` in a module."""
        base, attributes = attribute_chain(expression)
        if not isinstance(base, ast.Name):
            return Unknown()
        return self.index.attribute(module.name, [base.id, *attributes])

    def homes(self, name: str) -> list[str]:
        """The modules that define a name, three at most."""
        return sorted(module.name for module in self if name in module.definitions)[:3]


PYDANTIC = frozenset(
    {
        "pydantic.BaseModel",
        "pydantic.main.BaseModel",
        "pydantic.RootModel",
        "pydantic_settings.BaseSettings",
        "sqlmodel.SQLModel",
        "sqlmodel.main.SQLModel",
    }
)
SQLMODEL = frozenset({"sqlmodel.SQLModel", "sqlmodel.main.SQLModel"})
DECLARATIVE = frozenset(
    {
        "sqlalchemy.orm.DeclarativeBase",
        "sqlalchemy.orm.DeclarativeBaseNoMeta",
        "sqlalchemy.orm.declarative_base()",
        "sqlalchemy.ext.declarative.declarative_base()",
        "sqlalchemy.orm.decl_api.DeclarativeBase",
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Class:
    """A class of the package; `around` are the classes that it is nested in."""

    module: Module
    node: ast.ClassDef
    around: tuple[ast.ClassDef, ...] = ()

    @property
    def name(self) -> str:
        """Its name with those of the classes around it."""
        return ".".join([*(outer.name for outer in self.around), self.node.name])


@dataclass(slots=True)
class Lineage:
    """The base classes of a class: classes `inside` the package (itself first), and dotted names
    `outside` of it. `whole` is false where a base could not be followed."""

    inside: list[Class] = field(default_factory=list)
    outside: set[str] = field(default_factory=set)
    whole: bool = True


class Classes:
    """All classes at the top of modules and in other classes."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self.all: list[Class] = []
        self._tops: dict[tuple[str, str], Class] = {}
        self._lineages: dict[Class, Lineage] = {}
        for module in package:
            for class_ in _classes(module, module.tree.body, ()):
                self.all.append(class_)
                if not class_.around:
                    self._tops[module.name, class_.node.name] = class_

    def of(self, meaning: Meaning) -> Class | None:
        """The class that a name means, if it is one of the package."""
        match meaning:
            case BoundName(module=module, name=name):
                return self._tops.get((module, name))
            case _:
                return None

    def lineage(self, class_: Class) -> Lineage:
        """The base classes of the class, the class itself included."""
        if class_ not in self._lineages:
            lineage = self._lineages[class_] = Lineage()
            seen: set[Class] = set()
            waiting = [class_]
            while waiting:
                current = waiting.pop(0)
                if current in seen:
                    continue
                seen.add(current)
                lineage.inside.append(current)
                for base in current.node.bases:
                    self._base(current, base, lineage, waiting)
        return self._lineages[class_]

    def _base(self, of: Class, base: ast.expr, lineage: Lineage, waiting: list[Class]) -> None:
        if isinstance(base, ast.Subscript):  # Generic[T], Response[Item]
            base = base.value
        meaning = self._package.meaning(of.module, base)
        match meaning:
            case OutsideName(dotted=dotted):
                lineage.outside.add(dotted)
            case BoundName():
                if (inner := self.of(meaning)) is not None:
                    waiting.append(inner)
                elif created := self._made(meaning):
                    lineage.outside.add(created)
                else:
                    lineage.whole = False
            case _:
                if not (isinstance(base, ast.Name) and base.id in {"object", "Exception", "str"}):
                    lineage.whole = False

    def _made(self, meaning: BoundName) -> str:
        """`Base = declarative_base()` as the dotted name of what was called, with `()`."""
        module = self._package.modules.get(meaning.module)
        node = module.definitions.get(meaning.name) if module is not None else None
        match node:
            case (
                ast.Assign(value=ast.Call(func=function))
                | ast.AnnAssign(value=ast.Call(func=function))
            ) if module is not None:
                called = self._package.meaning(module, function)
                return f"{called.dotted}()" if isinstance(called, OutsideName) else ""
            case _:
                return ""


def _classes(
    module: Module, body: list[ast.stmt], around: tuple[ast.ClassDef, ...]
) -> Iterator[Class]:
    for node in statements(body):
        if isinstance(node, ast.ClassDef):
            yield Class(module, node, around)
            yield from _classes(module, node.body, (*around, node))
