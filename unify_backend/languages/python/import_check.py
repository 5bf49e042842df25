"""How well the imports inside one tree resolve, read without running anything."""

from collections.abc import Iterator, Mapping

from unify_backend.languages.python.module_index import FoundModule, ModuleIndex, PackageRoot
from unify_backend.languages.python.module_symbols import Import
from unify_backend.languages.python.module_tree import FileTree
from unify_backend.model.checks import ImportCheck, Unresolved
from unify_backend.model.text import PYTHON_FILES

_Answer = tuple[str, str | None, bool | None]


def check_imports(files: Mapping[str, str], package: str) -> ImportCheck:
    """Which imports of the package inside itself name something that is there.

    `files`: path relative to the tree's folder → text, of all its files (texts of others than
    Python's may be empty); `package`: the tree's dotted name. Imports of anything outside are not
    looked at. A name is there if it is a submodule or bound in the module's text; where that
    cannot be known (`__getattr__`, `globals()`, a star import from outside, a module that does
    not parse or is compiled) the import is neither resolved nor unresolved.
    """
    tree = FileTree("", files, files.get)
    index = ModuleIndex([PackageRoot(package, tree)])
    unresolved: set[Unresolved] = set()
    readable: set[str] = set()
    for path in filter(lambda path: path.endswith(PYTHON_FILES), files):
        symbols = tree.symbols(path)
        if symbols is None or not symbols.parsed:
            continue
        readable.add(path)
        importer = FoundModule(_name(package, path), tree, path)
        for statement in symbols.imports:
            for module, name, there in _answers(index, package, importer, statement):
                if there is False:
                    guarded = statement.guarded
                    unresolved.add(Unresolved(path, statement.line, module, name, guarded))
    ordered = sorted(
        unresolved,
        key=lambda problem: (problem.path, problem.line, problem.module, problem.name or ""),
    )
    return ImportCheck(package, frozenset(readable), tuple(ordered))


def _name(package: str, path: str) -> str:
    parts = path.partition(".")[0].split("/")
    return ".".join([package, *(parts[:-1] if parts[-1] == "__init__" else parts)])


def _answers(
    index: ModuleIndex, package: str, importer: FoundModule, statement: Import
) -> Iterator[_Answer]:
    """Module, name and whether it is there, for an import that stays inside the package."""
    module = index.absolute(importer, statement)
    if module.startswith("."):
        yield f"{package}.{module}", None, False
    elif not index.owns(module):
        return
    elif (target := index.find(module)) is None:
        yield module, None, None if index.may_lie_elsewhere(module) else False
    elif statement.name is None or statement.name == "*":
        yield module, None, True
        exported = target.symbols.exported if statement.name and target.symbols else None
        for name in exported or ():
            yield module, name, index.has(module, name, statement.typing_only)
    else:
        there = index.has(module, statement.name, statement.typing_only)
        yield module, statement.name, there


def got_worse(
    before_a: ImportCheck, before_b: ImportCheck, after: ImportCheck
) -> tuple[Unresolved, ...]:
    """What does not resolve in the merged tree although a side shows that it need not be so.

    Either the same import resolves on a side, or a side has the file without the broken import:
    there it was repaired, or never written. What every side with the file has broken as well, is
    not worse.
    """
    sides = (before_a, before_b)
    broken = [{side.key(problem) for problem in side.unresolved} for side in sides]
    return tuple(
        problem
        for problem in after.unresolved
        if not any(problem.path in side.files for side in sides)
        or any(
            problem.path in side.files and after.key(problem) not in known
            for side, known in zip(sides, broken, strict=True)
        )
    )
