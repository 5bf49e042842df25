"""How well the imports inside one tree resolve, read without running anything."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from unify_backend.languages.python.module_symbols import Import, ModuleFacts, module_facts
from unify_backend.model.checks import ImportCheck, ImportKey, Unresolved

_SOURCES = frozenset({".py", ".pyi", ".pyw"})
_COMPILED = frozenset({".so", ".pyd", ".pyx"})
_INIT = "__init__"
_Judged = tuple[str, str | None, bool | None]


def check_imports(files: Mapping[str, str], package: str) -> ImportCheck:
    """Which imports of the package inside itself name something that is there.

    `files`: path relative to the tree's folder → text, of all its files (texts of others than
    Python's may be empty); `package`: the tree's dotted name. Imports of anything outside are not
    looked at. A name is there if it is a submodule or bound in the module's text; where that
    cannot be known (`__getattr__`, `globals()`, a star import from outside, a module that does
    not parse or is compiled) the import is neither resolved nor unresolved.
    """
    tree = _Tree.of(files, package)
    unresolved: set[Unresolved] = set()
    resolved: set[ImportKey] = set()
    readable = frozenset(
        path
        for path, text in files.items()
        if PurePosixPath(path).suffix in _SOURCES and module_facts(text).parsed
    )
    for path in readable:
        for one in module_facts(files[path]).imports:
            for module, name, there in tree.judge(path, one):
                if there:
                    resolved.add((path, module.removeprefix(package), name))
                elif there is not None:
                    unresolved.add(Unresolved(path, one.line, module, name, one.guarded))
    ordered = sorted(unresolved, key=lambda it: (it.path, it.line, it.module, it.name or ""))
    return ImportCheck(package, readable, tuple(ordered), frozenset(resolved))


def got_worse(
    before_a: ImportCheck, before_b: ImportCheck, after: ImportCheck
) -> tuple[Unresolved, ...]:
    """What does not resolve in the merged tree although a side shows that it need not be so.

    Either the same import resolves on a side, or a side has the file without the broken import:
    there it was repaired, or never written. What every side with the file has broken as well, is
    not worse.
    """
    sides = (before_a, before_b)
    broken = [{side.key(one) for one in side.unresolved} for side in sides]
    return tuple(
        one
        for one in after.unresolved
        if not any(one.path in side.files for side in sides)
        or any(
            one.path in side.files and after.key(one) not in known
            for side, known in zip(sides, broken, strict=True)
        )
    )


@dataclass(frozen=True, slots=True)
class _Module:
    path: str
    facts: ModuleFacts | None  # None: compiled, so that nothing is known of it


@dataclass(slots=True)
class _Tree:
    package: str
    modules: dict[str, _Module] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, files: Mapping[str, str], package: str) -> "_Tree":
        tree = cls(package)
        # Where a folder and a file share a name Python takes the folder's __init__, and of source
        # and stub the source: the first one wins here.
        for path in sorted(files, key=lambda one: (PurePosixPath(one).stem != _INIT, one)):
            suffix = PurePosixPath(path).suffix
            if suffix in _COMPILED:
                tree._add(path, None)
            elif suffix in _SOURCES:
                tree._add(path, module_facts(files[path]))
        return tree

    def _add(self, path: str, facts: ModuleFacts | None) -> None:
        *above, name = path.split("/")
        stem = name.partition(".")[0]
        for size in range(len(above) + 1):
            self.folders.add(self._dotted(above[:size]))
        module = self._dotted(above if stem == _INIT else [*above, stem])
        self.modules.setdefault(module, _Module(path, facts))

    def _dotted(self, parts: list[str]) -> str:
        return ".".join([self.package, *parts])

    def judge(self, path: str, one: Import) -> Iterator[_Judged]:
        """Module, name and whether it is there, for an import that stays inside the tree."""
        module = self._absolute(path, one)
        if not f"{module}.".startswith(f"{self.package}."):
            return
        if not self._is_module(module):
            yield module, None, None if self._may_lie_elsewhere(module) else False
        elif one.name is None or one.name == "*":
            yield module, None, True
            for name in self._exported(module) if one.name else ():
                yield module, name, self._has(module, name, one.typing_only)
        else:
            yield module, one.name, self._has(module, one.name, one.typing_only)

    def _absolute(self, path: str, one: Import) -> str:
        if not one.level:
            return one.module
        above = [*self.package.split("."), *path.split("/")[:-1]]
        if one.level > len(above):  # "attempted relative import beyond top-level package"
            return f"{self.package}.{'.' * one.level}{one.module}"
        here = above[: len(above) - one.level + 1]
        return ".".join([*here, one.module] if one.module else here)

    def _is_module(self, module: str) -> bool:
        return module in self.modules or module in self.folders

    def _facts(self, module: str) -> ModuleFacts | None:
        found = self.modules.get(module)
        return found.facts if found else None

    def _may_lie_elsewhere(self, module: str) -> bool:
        while not self._is_module(module):
            module = module.rpartition(".")[0]
        facts = self._facts(module)
        return facts is not None and facts.elsewhere

    def _exported(self, module: str) -> tuple[str, ...]:
        facts = self._facts(module)
        return (facts.exported or ()) if facts else ()

    def _has(self, module: str, name: str, typing_only: bool) -> bool | None:
        if self._is_module(f"{module}.{name}"):
            return True
        return self._binds(module, name, typing_only, set())

    def _binds(self, module: str, name: str, typing_only: bool, seen: set[str]) -> bool | None:
        """Whether the module's text binds the name; each star import is followed once."""
        found = self.modules.get(module)
        if found is None:
            return False  # a folder without __init__.py binds nothing
        if found.facts is None:
            return None
        if name in found.facts.bound or (typing_only and name in found.facts.typed):
            return True
        seen.add(module)
        answer: bool | None = None if found.facts.dynamic else False
        for star in found.facts.stars:
            there = self._through(self._absolute(found.path, star), name, typing_only, seen)
            if there:
                return True
            answer = None if there is None else answer
        return answer

    def _through(self, target: str, name: str, typing_only: bool, seen: set[str]) -> bool | None:
        """Whether `from target import *` brings the name."""
        if not self._is_module(target):
            return None  # outside the tree, or missing and listed where it is imported
        facts = self._facts(target)
        exported = facts.exported if facts else None
        if exported is None:
            if target in seen or name.startswith("_"):
                return False
        elif name not in exported:
            return None if facts and facts.dynamic else False
        elif self._is_module(f"{target}.{name}"):
            return True
        return False if target in seen else self._binds(target, name, typing_only, seen)
