"""The tracked files of a project as a tree of folders, as build back ends see it."""

from collections.abc import Collection, Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cached_property

from unify_backend.model.text import PACKAGE_FILE, SOURCE

_ALWAYS_EXCLUDED = ("ez_setup", "*__pycache__")  # as setuptools' finders do


class Tree:
    """Paths relative to the project, and the folders that they lie in. "" is the project."""

    def __init__(self, files: Collection[str]) -> None:
        self.files = frozenset(files)

    @cached_property
    def folders(self) -> dict[str, list[str]]:
        """The names of each folder's subfolders, sorted."""
        subfolders: dict[str, set[str]] = {"": set()}
        for file in self.files:
            folder = file.rpartition("/")[0]
            while folder:
                above, _, name = folder.rpartition("/")
                known = folder in subfolders
                subfolders.setdefault(folder, set())
                subfolders.setdefault(above, set()).add(name)
                if known:
                    break
                folder = above
        return {folder: sorted(names) for folder, names in subfolders.items()}

    @cached_property
    def holders(self) -> frozenset[str]:
        """The folders in which a Python file lies, directly."""
        return frozenset(file.rpartition("/")[0] for file in self.files if file.endswith(SOURCE))

    def has(self, path: str) -> bool:
        """Whether there is a file or folder at the path."""
        return path in self.files or path in self.folders

    def is_folder(self, path: str) -> bool:
        """Whether a tracked file lies below."""
        return path in self.folders

    def regular(self, folder: str) -> bool:
        """Whether the folder has an __init__.py."""
        return join(folder, PACKAGE_FILE) in self.files

    def under(self, path: str) -> Iterator[str]:
        """The file at the path, or all files below it."""
        return (file for file in self.files if is_below(file, path))

    def packages(
        self,
        where: str,
        namespaces: bool,
        include: Iterable[str] = ("*",),
        exclude: Iterable[str] = (),
    ) -> dict[str, str]:
        """The packages that setuptools finds below `where`, by dotted name, with their folders. It
        descends into folders without an __init__.py only where `namespaces` are looked for."""
        include, exclude = tuple(include), (*_ALWAYS_EXCLUDED, *exclude)
        packages: dict[str, str] = {}

        def walk(folder: str, name: str) -> None:
            for child in self.folders.get(folder, ()):
                path, package = join(folder, child), f"{name}.{child}" if name else child
                if "." in child or not (namespaces or self.regular(path)):
                    continue
                if matches(package, include) and not matches(package, exclude):
                    packages[package] = path
                if f"{package}*" not in exclude and f"{package}.*" not in exclude:
                    walk(path, package)

        walk(where, "")
        return packages


def matches(name: str, globs: Iterable[str]) -> bool:
    """Whether one of the globs takes in the name."""
    return any(fnmatchcase(name, glob) for glob in globs)


def join(folder: str, name: str) -> str:
    """The path of `name` in `folder`; "" is the project's own folder."""
    return f"{folder}/{name}" if folder and name else folder or name


def clean(path: object) -> str:
    """A path from a setting, without ./ and slashes around it."""
    text = str(path).replace("\\", "/").strip()
    while text.startswith("./"):
        text = text[2:]
    return "" if text == "." else text.strip("/")


def is_below(path: str, folder: str) -> bool:
    """Whether the path is `folder` or lies below it; all do below ""."""
    return not folder or path == folder or path.startswith(folder + "/")
