"""The names that nothing binds, as pyflakes reads them."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from unify_backend.languages.python.source import PythonSource

_DEEPEST = 30_000  # calls; since Python 3.11 they take no room on the stack of C


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
    outside puts into builtins. A text that nests deeper than pyflakes can follow has none.
    """
    from pyflakes.checker import Checker
    from pyflakes.messages import ImportStarUsage
    from pyflakes.messages import UndefinedName as Undefined

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _DEEPEST))  # each `elif` of a chain is one level deeper
    try:
        messages = Checker(source.tree, path, builtins, withDoctest=False).messages
    except (RecursionError, ValueError):  # or a null byte in the string of an annotation
        return ()
    finally:
        sys.setrecursionlimit(limit)
    names: set[UndefinedName] = set()
    for message in messages:
        if isinstance(message, Undefined | ImportStarUsage):
            offset = source.offset(message.lineno, message.col)
            starred = isinstance(message, ImportStarUsage)
            names.add(UndefinedName(str(message.message_args[0]), message.lineno, offset, starred))
    return tuple(sorted(names, key=lambda name: (name.offset, name.name)))
