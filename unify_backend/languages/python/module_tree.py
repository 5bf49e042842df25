"""The files and folders of one tree, and what paths and module names lead to in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from unify_backend.model.globs import glob_pattern
from unify_backend.model.package_move import inside

_LINE = re.compile(r":\d+(?:[-:]\d+)*$")
_UNKNOWN = re.compile(r"[*?\[\]{}$%<>]|\.\.\.|…")
# `my_feature`, `your_provider.py`: what an example calls the thing that the reader will write
EXAMPLE = re.compile(
    r"(?i)(?:^|/)(?:(?:my|your|some)[_-]|(?:foo|bar|baz|xxx+|example)(?:$|[/._-]))"
)
# What tools make beside the sources and git ignores
_MADE = re.compile(
    r"(?:^|/)(?:__pycache__|node_modules|\.(?:venv|pytest_cache|mypy_cache|ruff_cache|coverage)|"
    r"htmlcov|logs|dist|build)(?:/|$)|\.(?:log|py[co]|egg-info)$"
)
READ = (".py", ".pyi")  # modules whose names can be looked up
_COMPILED = (".pyx", ".c", ".cc", ".cpp")  # what a module is compiled from: its names are not read
_MOST_STARS = 8  # a pattern with more wildcards is left open rather than tried


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree's files and folders, relative to it."""

    root: str
    files: frozenset[str]
    folders: frozenset[str]

    @classmethod
    def of(cls, root: str, paths: Iterable[str]) -> "Tree":
        """The part of `paths` (relative to the repository) that lies below `root`."""
        files = frozenset(inside(path, root) for path in paths)
        folders = {""}
        for file in files:
            while "/" in file:
                file = file.rpartition("/")[0]
                if file in folders:
                    break
                folders.add(file)
        return cls(root, files, frozenset(folders))

    def holds_path(self, parts: tuple[str, ...]) -> bool | None:
        """Whether a path exists; None where a placeholder or glob leaves it open."""
        path = _LINE.sub("", "/".join(parts)).rstrip("/")
        if path in self.files or path in self.folders:
            return True
        if not (open_at := _MADE.search(path) or EXAMPLE.search(path) or _UNKNOWN.search(path)):
            return False
        glob = not re.search(r"[{}$%<>…]|\.\.\.", path) and bool(re.search(r"[*?\[\]]", path))
        if glob and open_at.re is _UNKNOWN:
            if path.count("*") > _MOST_STARS:
                return None
            pattern = re.compile(glob_pattern(path))
            return any(map(pattern.match, self.files)) or any(map(pattern.match, self.folders))
        known = path[: open_at.start() + 1].rpartition("/")[0]
        while _UNKNOWN.search(known):
            known = known.rpartition("/")[0]
        return None if known in self.folders else False

    def module_of(self, parts: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
        """The file of the longest module that `parts` begins with, and what is left over.

        A folder without `__init__.py` counts as a package with no file.
        """
        folder = ""
        for n, part in enumerate(parts):
            inner = f"{folder}/{part}" if folder else part
            for suffix in (*READ, *_COMPILED):
                if inner + suffix in self.files:
                    return inner + suffix, parts[n + 1 :]
            if inner not in self.folders:
                init = f"{folder}/__init__.py" if folder else "__init__.py"
                return (init if init in self.files else None), parts[n:]
            folder = inner
        init = f"{folder}/__init__.py" if folder else "__init__.py"
        return (init if init in self.files else None), ()
