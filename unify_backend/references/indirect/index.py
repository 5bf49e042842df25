"""The lookups of detectors: the files of the repository and the two trees of each move."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from unify_backend.languages.python.module_tree import FileTree
from unify_backend.languages.python.scopes import PythonFile
from unify_backend.languages.python.source import PythonSource, python_source
from unify_backend.model.errors import UnifyError
from unify_backend.model.file_source import Contents
from unify_backend.model.package_move import PackageMove, is_under
from unify_backend.model.settings import Settings
from unify_backend.model.spans import Span
from unify_backend.model.text import PACKAGE_FILE, Binary, decode_file

_RELATIVE = re.compile(
    rb"from[ \t]+(?P<dots>\.[. \t]*)(?P<module>[^\s(;#]*)\s+import\b\s*"
    rb"(?P<names>\([^)]{0,4000}\)|[^\n(]*)"
)
_KEPT = 32  # syntax trees; keeping all of them would slow every allocation down


@dataclass(frozen=True, slots=True)
class IndirectUse:
    """A place that a detector has found, before decisions and other references are asked."""

    span: Span
    form: str
    means: str
    reason: str
    advice: str
    move: PackageMove
    replacement: str | None = None


class RepositoryIndex:
    """Reads each file once; the trees are only built when something has to be looked up.

    `tracked` are all files, `paths` those that are looked at.
    """

    def __init__(
        self,
        contents: Contents,
        settings: Settings,
        tracked: Collection[str],
        paths: Sequence[str],
    ) -> None:
        # Where the import name stays, only the name that follows from the path can be hidden.
        spelled = (move.as_spelled for move in settings.moves)
        self.moves = tuple(move for move in spelled if not move.same_name)
        self.paths = paths
        self.tracked = frozenset(tracked)
        self._contents = contents
        self._data: dict[str, bytes] = {}
        self._files = FileTree("", self.tracked, self._text)
        self._sources: dict[str, PythonFile | None] = {}
        self._trees: dict[PackageMove, tuple[FileTree, FileTree]] = {}

    def data(self, path: str) -> bytes:
        """The file's bytes; none where it cannot be read, which the inventory reports."""
        if path not in self._data:
            try:
                self._data[path] = self._contents.read(path)
            except UnifyError:
                self._data[path] = b""
        return self._data[path]

    def text(self, path: str) -> str | None:
        """The file's text, or None where it has none."""
        return self._files.read(path)

    def _text(self, path: str) -> str | None:
        decoded = decode_file(path, self.data(path))
        return None if isinstance(decoded, Binary) else decoded.text

    def source(self, path: str) -> PythonFile | None:
        """The file as Python, or None where it is none or does not parse."""
        if path not in self._sources:
            text = self.text(path)
            if len(self._sources) >= _KEPT:
                del self._sources[next(iter(self._sources))]
            source = None if text is None else python_source(text)
            file = PythonFile(path, source) if isinstance(source, PythonSource) else None
            self._sources[path] = file
        return self._sources[path]

    def owned(self, path: str) -> bool:
        """Whether the file belongs to a legacy tree, which goes as a whole."""
        return any(move.owns_legacy(path) for move in self.moves)

    def trees(self, move: PackageMove) -> tuple[FileTree, FileTree]:
        """The legacy and the canonical tree."""
        if move not in self._trees:
            legacy = (path for path in self.tracked if move.owns_legacy(path))
            canonical = (path for path in self.tracked if move.owns_canonical(path))
            self._trees[move] = (
                FileTree.below(move.legacy_path, legacy, self.text),
                FileTree.below(move.canonical_path, canonical, self.text),
            )
        return self._trees[move]

    def move_of(self, dotted: str) -> PackageMove | None:
        """The move whose legacy package `dotted` is, or lies in."""
        moves = [move for move in self.moves if f"{dotted}.".startswith(f"{move.legacy}.")]
        return max(moves, key=lambda move: len(move.legacy), default=None)

    def is_module(self, dotted: str) -> bool:
        """Whether `from a.b import c` certainly gives the module `a.b.c`: it lies in the legacy
        package, or above it, and its package binds no object of that name over it."""
        move = self.move_of(dotted)
        if move is None:
            return any(f"{other.legacy}.".startswith(f"{dotted}.") for other in self.moves)
        parts = tuple(dotted.removeprefix(move.legacy).strip(".").split("."))
        if not parts[0]:
            return True
        for tree in self.trees(move):
            if not tree.module_of(parts)[1]:
                return not self._bound_over(tree, parts)
        return False

    def _bound_over(self, tree: FileTree, parts: tuple[str, ...]) -> bool:
        package = tree.package_file("/".join(parts[:-1]))
        symbols = tree.symbols(package) if package is not None else None
        if symbols is None or parts[-1] not in symbols.bound:
            return False
        imports = symbols.importing(parts[-1])
        return not any(imported.level == 1 and not imported.module for imported in imports)

    def enters(self, move: PackageMove, parts: tuple[str, ...]) -> bool:
        """Whether modules, attributes behind them, lead into either tree: the first is a module."""
        return any(not tree.module_of(parts[:1])[1] for tree in self.trees(move))

    def holds(self, move: PackageMove, parts: tuple[str, ...]) -> bool:
        """Whether folders and a file exist in either tree, or may where a part is not known."""
        return any(tree.holds_path(parts) is not False for tree in self.trees(move))

    def absolute(self, path: str, level: int, module: str) -> str | None:
        """The legacy module that a relative import in the file at `path` leads into, by the
        folders; None where it leads elsewhere or nothing makes them packages."""
        folder = path.split("/")[:-1]
        depth = len(folder) - (level - 1)
        if depth < 0:
            return None
        target = "/".join([*folder[:depth], *filter(None, module.split("."))])
        for move in self.moves:
            if is_under(target, move.legacy_path) and self._in_package(move):
                rest = target.removeprefix(move.legacy_path).strip("/")
                return ".".join(filter(None, [move.legacy, rest.replace("/", ".")]))
        return None

    def reached(self, path: str, data: bytes) -> bool:
        """Whether what looks like a relative import in the file leads into a legacy folder."""
        if b"from ." not in data or not self._beside(path):
            return False
        for match in _RELATIVE.finditer(data):
            module = match["module"].decode("utf-8", "replace")
            names = (
                [module]
                if module
                else re.findall(r"\w+", match["names"].decode("utf-8", "replace"))
            )
            if any(self.absolute(path, match["dots"].count(b"."), name) for name in names):
                return True
        return False

    def _beside(self, path: str) -> bool:
        """Whether dots in the file can lead into a legacy folder at all."""
        return any(
            self._in_package(move) and is_under(f"/{path}", _above(move)) for move in self.moves
        )

    def _in_package(self, move: PackageMove) -> bool:
        """Whether the legacy folder has a package around it that relative imports can start in."""
        names, folders = move.legacy.split("."), move.legacy_path.split("/")
        named = len(names) > 1 and folders[-len(names) :] == names
        return named or f"{_above(move)}/{PACKAGE_FILE}"[1:] in self.tracked

    def files_of(self, path: str, level: int, module: str) -> list[str]:
        """The repository's files that `module`, imported in the file at `path`, can be: from the
        top, from `src`, or from a folder above the file, which a script has on its path."""
        folder = path.split("/")[:-1]
        parts = [part for part in module.split(".") if part]
        if level:
            bases: Iterable[list[str]] = [folder[: max(0, len(folder) - (level - 1))]]
        else:
            bases = [["src"], *(folder[:n] for n in range(len(folder) + 1))]
        files: dict[str, None] = {}
        for base in bases:
            file, rest = self._files.module_of(tuple(parts), "/".join(base))
            if file is not None and not rest:
                files[file] = None
        return list(files)


def _above(move: PackageMove) -> str:
    """The folder that holds the legacy one, with a slash in front; empty for the top."""
    return f"/{move.legacy_path}".rpartition("/")[0]
