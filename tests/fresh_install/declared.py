"""What an installed package imports, beside what its metadata declares."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatch

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_BY_NAME = {"import_module", "__import__", "find_spec"}


def imported(source: str) -> set[str]:
    """The top-level names that a module imports, wherever in it: in functions and conditions, and
    by name where the name is a text (`name_*` where only its beginning is). Relative imports are
    the package's own."""
    return set(_imported(ast.parse(source)))


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name.partition(".")[0] for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.partition(".")[0]
            case ast.Call(
                func=ast.Name(id=called) | ast.Attribute(attr=called),
                args=[ast.Constant(value=str(name)), *_],
            ) if called in _BY_NAME:
                yield name.partition(".")[0]
            case ast.Call(
                func=ast.Name(id=called) | ast.Attribute(attr=called),
                args=[ast.JoinedStr(values=[ast.Constant(value=str(name)), *_]), *_],
            ) if called in _BY_NAME:
                yield name.partition(".")[0] if "." in name else f"{name}*"


def declared(requirements: Iterable[str]) -> set[str]:
    """The distributions of `Requires-Dist` lines, normalised; those of extras are not counted."""
    return {
        normalised(_NAME.match(line.strip())[0])  # type: ignore[index]
        for line in requirements
        if "extra ==" not in line
    }


def normalised(distribution: str) -> str:
    """As the packaging standards compare names."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def undeclared(
    imports: Mapping[str, Iterable[str]],
    requirements: Iterable[str],
    providers: Mapping[str, Iterable[str]],
    given: Iterable[str],
) -> list[str]:
    """The imports that nothing declares, as `file: name`.

    `imports` are the top-level names by file, `requirements` the lines of `Requires-Dist`,
    `providers` the distributions by top-level name, `given` the names that need no declaration:
    the standard library's and the package's own.
    """
    known, free = declared(requirements), set(given)
    return [
        f"{path}: {name}"
        for path, names in sorted(imports.items())
        for name in sorted(set(names) - free)
        if not _known(name, known, providers)
    ]


def _known(name: str, known: set[str], providers: Mapping[str, Iterable[str]]) -> bool:
    """Whether a declared distribution gives the name; of a pattern, whether all that match are."""
    given = [
        {normalised(one) for one in distributions}
        for there, distributions in providers.items()
        if fnmatch(there, name)
    ]
    return bool(given) and all(known & one for one in given)
