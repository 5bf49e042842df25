"""The classes of a package and what they descend from, followed through its modules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from unify_backend.audit.package import Module, Package, statements
from unify_backend.languages.python.module_index import Defined, Meaning, Outside

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
        return ".".join([*(one.name for one in self.around), self.node.name])


@dataclass(slots=True)
class Lineage:
    """What a class descends from: classes `inside` the package (itself first), and dotted names
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
            for one in _classes(module, module.tree.body, ()):
                self.all.append(one)
                if not one.around:
                    self._tops[module.name, one.node.name] = one

    def of(self, meaning: Meaning) -> Class | None:
        """The class that a name means, if it is one of the package."""
        match meaning:
            case Defined(module=module, name=name):
                return self._tops.get((module, name))
            case _:
                return None

    def lineage(self, one: Class) -> Lineage:
        """What the class descends from, the class itself included."""
        if one not in self._lineages:
            found = self._lineages[one] = Lineage()
            seen: set[Class] = set()
            waiting = [one]
            while waiting:
                current = waiting.pop(0)
                if current in seen:
                    continue
                seen.add(current)
                found.inside.append(current)
                for base in current.node.bases:
                    self._base(current, base, found, waiting)
        return self._lineages[one]

    def _base(self, of: Class, base: ast.expr, found: Lineage, waiting: list[Class]) -> None:
        if isinstance(base, ast.Subscript):  # Generic[T], Response[Item]
            base = base.value
        meaning = self._package.meaning(of.module, base)
        match meaning:
            case Outside(dotted=dotted):
                found.outside.add(dotted)
            case Defined():
                if (inner := self.of(meaning)) is not None:
                    waiting.append(inner)
                elif made := self._made(meaning):
                    found.outside.add(made)
                else:
                    found.whole = False
            case _:
                if not (isinstance(base, ast.Name) and base.id in {"object", "Exception", "str"}):
                    found.whole = False

    def _made(self, meaning: Defined) -> str:
        """`Base = declarative_base()` as the dotted name of what was called, with `()`."""
        module = self._package.modules.get(meaning.module)
        node = module.definitions.get(meaning.name) if module is not None else None
        match node:
            case (
                ast.Assign(value=ast.Call(func=function))
                | ast.AnnAssign(value=ast.Call(func=function))
            ) if module is not None:
                called = self._package.meaning(module, function)
                return f"{called.dotted}()" if isinstance(called, Outside) else ""
            case _:
                return ""


def _classes(
    module: Module, body: list[ast.stmt], around: tuple[ast.ClassDef, ...]
) -> Iterator[Class]:
    for node in statements(body):
        if isinstance(node, ast.ClassDef):
            yield Class(module, node, around)
            yield from _classes(module, node.body, (*around, node))
