"""The names that nothing binds, as pyflakes reads them (decision 28)."""

from __future__ import annotations

from dataclasses import dataclass

from unify_backend.languages.python.source import PythonSource


@dataclass(frozen=True, slots=True)
class UndefinedName:
    """A place that reads a name that nothing in the text binds; `starred` tells that a star
    import may bring it."""

    name: str
    line: int
    offset: int  # of the name, or of the string that holds the annotation
    starred: bool = False


def undefined_names(
    source: PythonSource, path: str = "", builtins: frozenset[str] = frozenset()
) -> tuple[UndefinedName, ...]:
    """The undefined names of a module, sorted by place.

    `path` tells an `__init__.py`, which has a `__path__`; `builtins` are names that something
    outside puts into builtins. Raises RecursionError where expressions nest too deep.
    """
    from pyflakes.checker import Checker
    from pyflakes.messages import ImportStarUsage
    from pyflakes.messages import UndefinedName as Undefined

    found: set[UndefinedName] = set()
    for message in Checker(source.tree, path, builtins).messages:
        if isinstance(message, Undefined | ImportStarUsage):
            offset = source.offset(message.lineno, message.col)
            starred = isinstance(message, ImportStarUsage)
            found.add(UndefinedName(str(message.message_args[0]), message.lineno, offset, starred))
    return tuple(sorted(found, key=lambda name: (name.offset, name.name)))
