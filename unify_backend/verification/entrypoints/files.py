"""A set of files to look things up in: a repository's, or what a container would see."""

import posixpath
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from unify_backend.languages.python.module_symbols import module_facts
from unify_backend.model.package_move import joined

Read = Callable[[str], str | None]


class Files:
    """Files by POSIX path. `read` gives a file's text, None where it is none. `folders` are folders
    that exist without files in them."""

    def __init__(self, paths: Iterable[str], read: Read, folders: Iterable[str] = ()) -> None:
        self.paths = frozenset(paths)
        self.read = read
        self._folders = {"."}
        for path in self.paths:
            self._add(posixpath.dirname(path))
        for folder in folders:
            self._add(folder)

    def _add(self, folder: str) -> None:
        while folder and folder not in self._folders:
            self._folders.add(folder)
            folder = posixpath.dirname(folder)

    def is_file(self, path: str) -> bool:
        """Whether there is a file of that path."""
        return path in self.paths

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder of that path."""
        return path in self._folders


@dataclass(frozen=True, slots=True)
class Module:
    """A module that was found. `path` is None for a namespace package."""

    name: str
    path: str | None
    root: str  # the import root in which it was found


def find_module(name: str, roots: Iterable[str], files: Files) -> Module | None:
    """What `import name` finds in the folders `roots`, in Python's order: in each a regular package
    before a module; a folder without `__init__.py` only where nothing else is."""
    parts = name.split(".")
    namespace: Module | None = None
    for root in roots:
        place = joined(root, "/".join(parts))
        above = [joined(root, "/".join(parts[:n])) for n in range(1, len(parts))]
        if not all(files.is_folder(one) for one in above):
            continue
        for path in (f"{place}/__init__.py", f"{place}.py"):
            if files.is_file(path):
                return Module(name, path, root)
        if files.is_folder(place):
            namespace = namespace or Module(name, None, root)
    return namespace


def binds(module: Module, attribute: str, roots: Iterable[str], files: Files) -> bool:
    """Whether the module has the name; true where that cannot be told: `import *`, `exec`."""
    first = attribute.removesuffix("()").split(".")[0]
    text = files.read(module.path) if module.path else None
    if text is not None:
        facts = module_facts(text)
        if facts.dynamic or facts.stars or first in facts.bound:
            return True
    return find_module(f"{module.name}.{first}", roots, files) is not None


def top_names(root: str, files: Files) -> Iterator[tuple[str, str]]:
    """The modules and packages that lie directly in the folder `root`: name and path."""
    seen: set[str] = set()
    lead = "" if root == "." else root + "/"
    for path in sorted(files.paths):
        if not path.startswith(lead) or not path.endswith(".py"):
            continue
        first, slash, _ = path[len(lead) :].partition("/")
        name = first if slash else first.removesuffix(".py")
        if name.isidentifier() and name not in seen:
            seen.add(name)
            yield name, lead + first
