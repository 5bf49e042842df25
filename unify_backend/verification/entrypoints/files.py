"""A set of files: those of a repository, or those that a container would see."""

from collections.abc import Iterable, Iterator

from unify_backend.languages.python.module_index import FoundModule, ModuleIndex, PackageRoot
from unify_backend.languages.python.module_tree import FileTree, Read
from unify_backend.model.text import SOURCE


class Files(FileTree):
    """Files by POSIX path. `read` gives a file's text, None where it is none. `folders` are folders
    that exist without files in them."""

    def __init__(self, paths: Iterable[str], read: Read, folders: Iterable[str] = ()) -> None:
        super().__init__("", paths, read, folders)


def _index(roots: Iterable[str], files: Files) -> ModuleIndex:
    return ModuleIndex(PackageRoot("", files, "" if root == "." else root) for root in roots)


def find_module(name: str, roots: Iterable[str], files: Files) -> FoundModule | None:
    """What `import name` finds in the folders `roots`, in Python's order."""
    return _index(roots, files).find(name)


def binds(module: FoundModule, attribute: str, roots: Iterable[str], files: Files) -> bool:
    """Whether the module has the name; true where that cannot be told: `__getattr__`, `exec`."""
    first = attribute.removesuffix("()").split(".")[0]
    return _index(roots, files).has(module.name, first) is not False


def top_names(root: str, files: Files) -> Iterator[tuple[str, str]]:
    """The modules and packages that lie directly in the folder `root`: name and path."""
    seen: set[str] = set()
    lead = "" if root == "." else root + "/"
    for path in sorted(files.paths):
        if not path.startswith(lead) or not path.endswith(SOURCE):
            continue
        first, slash, _ = path[len(lead) :].partition("/")
        name = first if slash else first.removesuffix(SOURCE)
        if name.isidentifier() and name not in seen:
            seen.add(name)
            yield name, lead + first
