"""The files below one folder: which paths are there, and which file holds a module."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from unify_backend.languages.python.module_symbols import ModuleSymbols, module_symbols
from unify_backend.model.globs import glob_pattern
from unify_backend.model.package_move import inside
from unify_backend.model.text import PYTHON_FILES

Read = Callable[[str], str | None]

_LINE = re.compile(r":\d+(?:[-:]\d+)*$")
_UNKNOWN = re.compile(r"[*?\[\]{}$%<>]|\.\.\.|…")
# `my_feature`, `your_provider.py`: placeholders in examples for code that the reader will write
EXAMPLE = re.compile(
    r"(?i)(?:^|/)(?:(?:my|your|some)[_-]|(?:foo|bar|baz|xxx+|example)(?:$|[/._-]))"
)
# What tools make beside the sources and git ignores
_MADE = re.compile(
    r"(?:^|/)(?:__pycache__|node_modules|\.(?:venv|pytest_cache|mypy_cache|ruff_cache|coverage)|"
    r"htmlcov|logs|dist|build)(?:/|$)|\.(?:log|py[co]|egg-info)$"
)
_MOST_STARS = 8  # a pattern with more wildcards is left open rather than tried
_BINARIES = (".so", ".pyd")  # the only ones whose names may have a tag: `x.cpython-312.so`
_COMPILED = (*_BINARIES, ".pyx", ".c", ".cc", ".cpp")  # or what a module is compiled from
# The first of several files of one name is read: a source is preferred to its compiled file.
_RANK = {suffix: rank for rank, suffix in enumerate((*PYTHON_FILES, *_COMPILED))}


class FileTree:
    """The files below `root` by their paths relative to it, with their folders ("" is the top).

    `read` gives the text of a file (a path relative to `root`), None where it has none; `folders`
    are folders that exist without files in them.
    """

    def __init__(
        self,
        root: str,
        paths: Iterable[str],
        read: Read = lambda path: None,
        folders: Iterable[str] = (),
    ) -> None:
        self.root = root
        self.paths = frozenset(paths)
        self.folders = {""}
        for path in self.paths:
            self._add(path.rpartition("/")[0])
        for folder in folders:
            self._add(folder)
        self._read = read
        self._texts: dict[str, str | None] = {}

    @classmethod
    def below(cls, root: str, paths: Iterable[str], read: Read = lambda path: None) -> FileTree:
        """The tree at `root` of a repository; `paths`, which lie below it, and those that `read`
        takes are relative to the repository."""
        whole = {inside(path, root): path for path in paths}
        return cls(root, whole, lambda path: read(whole[path]) if path in whole else None)

    def _add(self, folder: str) -> None:
        while folder not in self.folders:
            self.folders.add(folder)
            folder = folder.rpartition("/")[0]

    def is_file(self, path: str) -> bool:
        """Whether there is a file of that path."""
        return path in self.paths

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder of that path; "." is the top, as "" is."""
        return path == "." or path in self.folders

    def read(self, path: str) -> str | None:
        """The text of a file; None where it is not there or is no text."""
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]

    def symbols(self, path: str) -> ModuleSymbols | None:
        """What the module in a file binds and imports; None where that cannot be read."""
        text = self.read(path) if path.endswith(PYTHON_FILES) else None
        return None if text is None else module_symbols(text)

    def holds_path(self, parts: tuple[str, ...]) -> bool | None:
        """Whether a path exists; None where a placeholder or glob leaves it open."""
        path = _LINE.sub("", "/".join(parts)).rstrip("/")
        if path in self.paths or path in self.folders:
            return True
        if not (open_at := _MADE.search(path) or EXAMPLE.search(path) or _UNKNOWN.search(path)):
            return False
        glob = not re.search(r"[{}$%<>…]|\.\.\.", path) and bool(re.search(r"[*?\[\]]", path))
        if glob and open_at.re is _UNKNOWN:
            if path.count("*") > _MOST_STARS:
                return None
            pattern = re.compile(glob_pattern(path))
            return any(map(pattern.match, self.paths)) or any(map(pattern.match, self.folders))
        known = path[: open_at.start() + 1].rpartition("/")[0]
        while _UNKNOWN.search(known):
            known = known.rpartition("/")[0]
        return None if known in self.folders else False

    def module_of(
        self, parts: tuple[str, ...], folder: str = ""
    ) -> tuple[str | None, tuple[str, ...]]:
        """The file of the longest module that `parts` begins with below `folder`, and what is left
        over, in Python's order: a package comes before a module of its name, and a folder without
        `__init__.py`, which is a package with no file, after both."""
        for number, part in enumerate(parts):
            path = f"{folder}/{part}" if folder else part
            if f"{path}/__init__" not in self._modules:
                if (module := self._modules.get(path)) is not None:
                    return module, parts[number + 1 :]
                if path not in self.folders:
                    return self.package_file(folder), parts[number:]
            folder = path
        return self.package_file(folder), ()

    def package_file(self, folder: str) -> str | None:
        """The `__init__` of a folder, None where it has none."""
        return self._modules.get(f"{folder}/__init__" if folder else "__init__")

    @cached_property
    def _modules(self) -> Mapping[str, str]:
        """The file of each module by its path without the ending."""
        files: dict[str, str] = {}
        ranks: dict[str, int] = {}
        for path in self.paths:
            lead, slash, name = path.rpartition("/")
            stem, dot, ending = name.partition(".")
            rank = _RANK.get(dot + ending)
            if rank is None and name.endswith(_BINARIES):
                rank = len(_RANK)
            module = f"{lead}{slash}{stem}"
            if stem and rank is not None and rank < ranks.get(module, len(_RANK) + 1):
                files[module], ranks[module] = path, rank
        return files

    def modules(self) -> Iterable[tuple[tuple[str, ...], str]]:
        """The parts of the name and the file of each module, sorted by file."""
        for module, path in sorted(self._modules.items(), key=lambda item: item[1]):
            parts = tuple(module.split("/"))
            parts = parts[:-1] if parts[-1] == "__init__" else parts
            if self.module_of(parts) == (path, ()):
                yield parts, path
