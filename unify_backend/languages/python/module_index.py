"""What an import finds among the files of packages, and which names a module has.

Everything is read off the texts; nothing is imported. "Unknown" (None) is the answer where only
running the code would tell: `__getattr__`, `globals()`, a star import from outside, a module that
is compiled or does not parse.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from unify_backend.languages.python.module_symbols import Import, ModuleSymbols
from unify_backend.languages.python.module_tree import FileTree

_DEEPEST = 12  # re-exports of re-exports that are followed
_BRINGS_ANY = r"import\s*\*|__getattr__|globals|exec|__path__|sys\.modules"


@dataclass(frozen=True, slots=True)
class PackageRoot:
    """A package `name` that lies in `folder` of a tree. With the empty name the folder is one in
    which Python looks for modules, a path of `sys.path`."""

    name: str
    tree: FileTree
    folder: str = ""


@dataclass(frozen=True, slots=True)
class FoundModule:
    """A module that was found. `path` (in its tree) is None for a namespace package."""

    name: str
    tree: FileTree
    path: str | None
    folder: str = ""  # of the package, or of the search path, that it was found in

    @property
    def symbols(self) -> ModuleSymbols | None:
        """What its text binds and imports; None where there is no text to read."""
        return None if self.path is None else self.tree.symbols(self.path)

    @property
    def is_package(self) -> bool:
        """Whether dots in its imports count from itself."""
        return self.path is None or self.path.rpartition("/")[2].startswith("__init__.")


@dataclass(frozen=True, slots=True)
class BoundName:
    """`name` is bound by the text of `module` itself; empty where the module is meant."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class OutsideName:
    """The dotted name of something that is in none of the packages."""

    dotted: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Nothing of that name is there."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Only running the code would tell."""


Meaning = BoundName | OutsideName | Missing | Unknown


class ModuleIndex:
    """Looks modules and names up in packages. Of two packages the one with the longer name comes
    first; several of one name are searched in their order, as Python does."""

    def __init__(self, packages: Iterable[PackageRoot]) -> None:
        self.packages = tuple(sorted(packages, key=lambda package: -len(package.name)))
        self._found: dict[str, FoundModule | None] = {}
        self._meanings: dict[tuple[str, str], Meaning] = {}

    def owns(self, dotted: str) -> bool:
        """Whether the dotted name lies in one of the packages, there or not."""
        return any(_below(dotted, package.name) is not None for package in self.packages)

    def find(self, dotted: str) -> FoundModule | None:
        """What `import dotted` finds; None where there is nothing, or where it lies outside."""
        if dotted not in self._found:
            self._found[dotted] = self._search(dotted)
        return self._found[dotted]

    def _search(self, dotted: str) -> FoundModule | None:
        namespace: FoundModule | None = None
        name: str | None = None
        for package in self.packages:
            parts = _below(dotted, package.name)
            if parts is None or (name is not None and package.name != name):
                continue
            name = package.name
            path, rest = package.tree.module_of(parts, package.folder)
            module = FoundModule(dotted, package.tree, path, package.folder)
            if not rest and path is not None:
                return module
            if not rest:
                namespace = namespace or module
            elif package.tree.module_of(parts[:1], package.folder)[0] is not None and (
                len(rest) < len(parts)
            ):
                break  # a regular package: Python looks for its modules nowhere else
        return namespace

    def nearest(self, dotted: str) -> FoundModule | None:
        """The longest module that the name begins with; None where it lies outside."""
        while dotted:
            if (module := self.find(dotted)) is not None:
                return module
            dotted = dotted.rpartition(".")[0]
        return None

    def may_lie_elsewhere(self, dotted: str) -> bool:
        """Whether a module that is not found may be in a folder that the packages do not show: it
        lies outside, or its nearest package adds folders to its `__path__`."""
        nearest = self.nearest(dotted)
        symbols = nearest.symbols if nearest is not None else None
        return not self.owns(dotted) or (symbols is not None and symbols.elsewhere)

    def modules(self) -> Iterator[FoundModule]:
        """Every module with a file, by package and path."""
        for package in self.packages:
            for parts, path in package.tree.modules():
                name = ".".join(filter(None, [package.name, *parts]))
                yield FoundModule(name, package.tree, path, package.folder)

    def absolute(self, importer: FoundModule, statement: Import) -> str:
        """The whole dotted name of the module that an import names; it begins with the dots where
        they lead above the top-level package, which is an error whatever is there."""
        return absolute(importer.name, importer.is_package, statement.level, statement.module)

    def has(self, module: str, name: str, typing: bool = False) -> bool | None:
        """Whether `from module import name` finds something; None where that is unknown. A name
        that the module imports counts as there: whether that import works is asked there.

        `typing`: names that are bound for type checkers only count.
        """
        if self.find(f"{module}.{name}") is not None:
            return True
        return self._binds(module, name, typing, set())

    def leads(self, module: str, name: str) -> bool | None:
        """As `has`, for all that reads the text: names for type checkers count, and a name that
        the module only imports from one of the packages is there if it is there: a re-export of
        a missing name is missing."""
        found_module = self.find(module)
        if (
            self.find(f"{module}.{name}") is None
            and found_module is not None
            and found_module.path is not None
        ):
            text = found_module.tree.read(found_module.path) or ""
            if text and not re.search(rf"\b{re.escape(name)}\b|{_BRINGS_ANY}", text):
                return False  # avoids parsing most files: most names are missing
        match self.meaning(module, name):
            case Missing():
                return False
            case Unknown():
                symbols = found_module.symbols if found_module is not None else None
                return True if symbols is not None and symbols.binds(name) else None
            case BoundName() | OutsideName():
                return True

    def _binds(self, module: str, name: str, typing: bool, seen: set[str]) -> bool | None:
        """Whether the module's text binds the name; each star import is followed once."""
        found_module = self.find(module)
        if found_module is None or found_module.path is None:
            return False  # a folder without `__init__.py` binds nothing
        symbols = found_module.symbols
        if symbols is None:
            return None
        if name in symbols.bound or (typing and name in symbols.typed):
            return True
        seen.add(module)
        answer: bool | None = None if symbols.dynamic or symbols.elsewhere else False
        for star in symbols.stars:
            there = self._by_star(self.absolute(found_module, star), name, typing, seen)
            if there:
                return True
            answer = None if there is None else answer
        return answer

    def _by_star(self, target: str, name: str, typing: bool, seen: set[str]) -> bool | None:
        """Whether `from target import *` brings the name."""
        target_module = self.find(target)
        symbols = target_module.symbols if target_module is not None else None
        if symbols is None:
            return None  # outside, compiled, or missing and reported where it is imported
        submodule = self.find(f"{target}.{name}") is not None
        if symbols.exported is None:
            if name.startswith("_"):
                return None if symbols.dynamic else False
            if submodule and name not in symbols.bound:
                return None  # an attribute of the package after any import of the submodule
        elif name not in symbols.exported:
            return None if symbols.dynamic else False
        elif submodule:
            return True
        return False if target in seen else self._binds(target, name, typing, seen)

    def meaning(self, module: str, name: str) -> Meaning:
        """What `name` in the module means in the end, re-exports followed."""
        return self._meaning(module, name, _DEEPEST)

    def _meaning(self, module: str, name: str, depth: int) -> Meaning:
        key = (module, name)
        if key not in self._meanings:
            self._meanings[key] = Unknown()  # ends a cycle of imports
            self._meanings[key] = self._follow(module, name, depth) if depth else Unknown()
        return self._meanings[key]

    def _follow(self, module: str, name: str, depth: int) -> Meaning:
        found_module = self.find(module)
        submodule = self.find(f"{module}.{name}")
        inner = BoundName(submodule.name, "") if submodule is not None else None
        if found_module is None:
            return inner or (Unknown() if self.may_lie_elsewhere(module) else Missing())
        symbols = found_module.symbols
        if found_module.path is None:
            return inner or Missing()
        if symbols is None:
            return inner or Unknown()
        if symbols.binds(name):
            imports = symbols.importing(name)
            if not imports or name in symbols.defined:
                return BoundName(module, name)
            means = [
                self._imported(found_module, statement, depth) for statement in reversed(imports)
            ]
            return next(
                (meaning for meaning in means if not isinstance(meaning, Missing)), Missing()
            )
        if inner is not None:
            return inner
        unknown = symbols.dynamic or symbols.elsewhere
        for star in symbols.stars:
            target = self.absolute(found_module, star)
            match self._by_star(target, name, True, {module}):
                case True:
                    return self._meaning(target, name, depth - 1)
                case None:
                    unknown = True
                case False:
                    pass
        return Unknown() if unknown else Missing()

    def _imported(self, importer: FoundModule, statement: Import, depth: int) -> Meaning:
        target = self.absolute(importer, statement)
        if target.startswith("."):
            return Missing()
        if statement.name is None:
            bound = target if statement.alias.asname else target.partition(".")[0]
            return BoundName(bound, "") if self.owns(bound) else OutsideName(bound)
        if not self.owns(target):
            return OutsideName(f"{target}.{statement.name}")
        return self._meaning(target, statement.name, depth - 1)

    def attribute(self, module: str, chain: Iterable[str]) -> Meaning:
        """What `a.b.c` in a module means, the parts given one by one."""
        first, *rest = chain
        meaning = self.meaning(module, first)
        for name in rest:
            match meaning:
                case OutsideName(dotted=dotted):
                    whole = f"{dotted}.{name}"
                    # `import a` and then `a.b`, where `a` holds the package as well
                    there = self.owns(whole) and self.find(whole) is not None
                    meaning = BoundName(whole, "") if there else OutsideName(whole)
                case BoundName(module=inner, name=""):
                    meaning = self.meaning(inner, name)
                case _:
                    return Unknown()
        return meaning


def absolute(importer: str, is_package: bool, level: int, module: str) -> str:
    """The dotted name that `level` dots and `module` mean in the module `importer`; the dots stay
    where they lead above its top-level package."""
    if not level:
        return module
    above = importer.split(".")
    dropped = level - 1 if is_package else level
    if dropped >= len(above):
        return "." * level + module
    return ".".join(filter(None, [*above[: len(above) - dropped], module]))


def _below(dotted: str, package: str) -> tuple[str, ...] | None:
    """The parts of the name behind the package's; None where it does not lie in it."""
    if not package:
        return tuple(dotted.split("."))
    if dotted == package:
        return ()
    inside = dotted.startswith(f"{package}.")
    return tuple(dotted[len(package) + 1 :].split(".")) if inside else None
