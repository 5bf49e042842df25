"""Whether a name leads anywhere: looked up in the two trees as git tracks them."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from unify_backend.model.globs import glob_pattern
from unify_backend.model.moves import PackageMove
from unify_backend.model.references import Names
from unify_backend.spelling.tokens import Kind, Token

_LINE = re.compile(r":\d+(?:[-:]\d+)*$")
_UNKNOWN = re.compile(r"[*?\[\]{}$%<>]|\.\.\.|…")
# `my_feature`, `your_provider.py`: what an example calls the thing that the reader will write
_EXAMPLE = re.compile(
    r"(?i)(?:^|/)(?:(?:my|your|some)[_-]|(?:foo|bar|baz|xxx+|example)(?:$|[/._-]))"
)
# What tools make beside the sources and git ignores
_MADE = re.compile(
    r"(?:^|/)(?:__pycache__|node_modules|\.(?:venv|pytest_cache|mypy_cache|ruff_cache|coverage)|"
    r"htmlcov|logs|dist|build)(?:/|$)|\.(?:log|py[co]|egg-info)$"
)
_MOST_STARS = 8  # a pattern with more wildcards is left open rather than tried


class Found(StrEnum):
    """Where a name leads."""

    CANONICAL = "canonical"
    LEGACY_ONLY = "legacy-only"
    NOWHERE = "nowhere"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree's files and folders, relative to it."""

    root: str
    files: frozenset[str]
    folders: frozenset[str]

    @classmethod
    def of(cls, root: str, paths: Iterable[str]) -> "Tree":
        """The part of `paths` (relative to the repository) that lies below `root`."""
        files = frozenset(path[len(root) + 1 :] for path in paths)
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
        if not (open_at := _MADE.search(path) or _EXAMPLE.search(path) or _UNKNOWN.search(path)):
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
            for suffix in (".py", ".pyi"):
                if inner + suffix in self.files:
                    return inner + suffix, parts[n + 1 :]
            if inner not in self.folders:
                init = f"{folder}/__init__.py" if folder else "__init__.py"
                return (init if init in self.files else None), parts[n:]
            folder = inner
        init = f"{folder}/__init__.py" if folder else "__init__.py"
        return (init if init in self.files else None), ()


class Resolver:
    """Looks tokens up in the trees of their move. `read` gives a file's text, or None."""

    def __init__(
        self, moves: Iterable[PackageMove], paths: Iterable[str], read: Callable[[str], str | None]
    ) -> None:
        everything = list(paths)
        self._read = read
        self._texts: dict[str, str | None] = {}
        self._found: dict[tuple[PackageMove, Names, bool, str], Found] = {}
        self._legacy: dict[PackageMove, Tree] = {}
        self._canonical: dict[PackageMove, Tree] = {}
        for move in moves:
            self._legacy[move] = Tree.of(
                move.legacy_path, (one for one in everything if move.owns_legacy(one))
            )
            self._canonical[move] = Tree.of(
                move.canonical_path, (one for one in everything if move.owns_canonical(one))
            )
        self.folders = Tree.of("", ("/" + one for one in everything)).folders

    def is_module(self, token: Token) -> bool:
        """Whether either tree has the module that the token spells, names inside it not counted."""
        move = token.hit.spelling.move
        return any(
            not tree.module_of(token.parts())[1]
            for tree in (self._canonical[move], self._legacy[move])
        )

    def find(self, token: Token) -> Found:
        """Where the token's name leads once it is canonical.

        Where no canonical tree exists yet the legacy one will become it, so that one is asked.
        """
        move, names = token.hit.spelling.move, token.hit.names
        key = (move, names, token.kind is Kind.PATH, token.tail)
        if (known := self._found.get(key)) is None:
            known = self._found[key] = self._look(move, names, token)
        return known

    def _look(self, move: PackageMove, names: Names, token: Token) -> Found:
        canonical, legacy = self._canonical[move], self._legacy[move]
        if not canonical.files:
            canonical = legacy
        answer = self._holds(canonical, token)
        if answer:
            return Found.CANONICAL
        if answer is None:
            there = names is Names.LEGACY and self._holds(legacy, token)
            return Found.LEGACY_ONLY if there else Found.UNKNOWN
        if names is Names.CANONICAL:
            return Found.NOWHERE
        return Found.LEGACY_ONLY if self._holds(legacy, token) else Found.NOWHERE

    def _holds(self, tree: Tree, token: Token) -> bool | None:
        parts = token.parts()
        if token.kind is Kind.PATH:
            return tree.holds_path(parts)
        if not parts:
            return True
        file, rest = tree.module_of(parts)
        if not rest:
            return True
        if _EXAMPLE.search("/".join(rest)):
            return None
        if file is None:
            return False
        text = self._text(f"{tree.root}/{file}")
        if text is None:
            return None
        if re.search(rf"\b{re.escape(rest[0])}\b", text):
            return True
        dynamic = "import *" in text or "__getattr__" in text or "globals()" in text
        return None if dynamic else False

    def _text(self, path: str) -> str | None:
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]
