"""Looks names up in the two trees as git tracks them."""

import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum

from unify_backend.languages.python.module_index import ModuleIndex, PackageRoot
from unify_backend.languages.python.module_tree import EXAMPLE, FileTree
from unify_backend.model.move_index import MoveIndex
from unify_backend.model.package_move import PackageMove, is_under, is_within
from unify_backend.model.references import Names
from unify_backend.model.shims import is_generated
from unify_backend.model.spans import Span
from unify_backend.model.text import MODULE_FILES, PACKAGE_FILE, SOURCE
from unify_backend.names.table import NameVariant
from unify_backend.names.tokens import Kind, Token


class LeadsTo(StrEnum):
    """Where a name leads."""

    CANONICAL = "canonical"
    LEGACY_ONLY = "legacy-only"
    NOWHERE = "nowhere"
    UNKNOWN = "unknown"


# What stands before the first step of a module's name in an import, a prompt's `>>>` included.
_IMPORTS = re.compile(r"[ \t>.]*(?:from\s+|import\s+(?:[\w.]+(?:\s+as\s+\w+)?\s*,\s*)*)")


class Resolver:
    """Looks tokens up in the trees of their move. `read` gives a file's text, or None."""

    def __init__(
        self, moves: Iterable[PackageMove], paths: Iterable[str], read: Callable[[str], str | None]
    ) -> None:
        everything = list(paths)
        named = tuple(moves)
        self._around = _OuterFolders(named, everything)
        moves = [move.as_spelled for move in named]
        self._found: dict[tuple[PackageMove, Names, bool, str], LeadsTo] = {}
        self._legacy: dict[PackageMove, FileTree] = {}
        self._canonical: dict[PackageMove, FileTree] = {}
        self._names: dict[FileTree, ModuleIndex] = {}
        index = MoveIndex(moves)
        legacy: dict[PackageMove, list[str]] = {move: [] for move in index.moves}
        canonical: dict[PackageMove, list[str]] = {move: [] for move in index.moves}
        for path in everything:
            for move in index.legacy_owners(path):
                legacy[move].append(path)
            for move in index.canonical_owners(path):
                canonical[move].append(path)
        for move in index.moves:
            self._legacy[move] = FileTree.below(move.legacy_path, legacy[move], read)
            self._canonical[move] = FileTree.below(move.canonical_path, canonical[move], read)
            for tree in (self._legacy[move], self._canonical[move]):
                # Imports inside a tree may be written with either name: before and after.
                names = dict.fromkeys((move.legacy, move.canonical))
                self._names[tree] = ModuleIndex(PackageRoot(name, tree) for name in names)
        self.forwarded = frozenset(
            move.legacy
            for move in self._legacy
            if PACKAGE_FILE in self._legacy[move].paths
            and is_generated((read(move.at_legacy(PACKAGE_FILE)) or "").encode())
        )
        self._elsewhere = {
            move: dict(_portions(move, everything))
            for move, tree in self._legacy.items()
            if tree.paths and PACKAGE_FILE not in tree.paths
        }
        self._segments = frozenset(part for path in everything for part in path.split("/"))
        whole = self._whole = FileTree("", everything, read)
        self.folders = whole.folders
        self._files = whole.paths
        self._importers: dict[tuple[str, str, str], str] = {}
        self._stems: frozenset[str] | None = None
        self._tails: dict[str, dict[str, str]] = {}

    def stays(self, text: str, span: Span) -> bool:
        """Whether the word at `span` is a step of a path, or of an import, to a file or folder
        that is called so, which no move takes along."""
        word = text[span.start : span.end]
        line = text[text.rfind("\n", 0, span.start) + 1 : span.start]
        ending = re.match(r"\.\w+", text[span.end : span.end + 16])
        if ending and word + ending.group() in self._segments:
            return True
        if word not in self._segments and f"{word}{SOURCE}" not in self._segments:
            return False
        step = line.endswith(("/", "\\")) or text[span.end : span.end + 1] in {"/", "\\"}
        return step or bool(re.search(r"(?:\bfrom|\bimport)\s+[\w.]*$", line))

    def is_of_others(self, text: str, span: Span) -> bool:
        """Whether the word at `span` begins the name of an imported module that is not here."""
        line = text[text.rfind("\n", 0, span.start) + 1 : span.start]
        word = text[span.start : span.end]
        if word in self._segments or word + SOURCE in self._segments:
            return False
        return bool(_IMPORTS.fullmatch(line))

    def outer_rest(self, spelling: NameVariant) -> tuple[str, str]:
        """What lies in the outer folder that is spelled, and what in the one that takes its place,
        but in no tree that goes from the one to the other; "" where nothing does."""
        return self._around.rest(spelling.outer)

    def leads(self, path: str) -> bool:
        """Whether there is a file or a folder at `path`, its ending left out or not."""
        if self._stems is None:
            self._stems = frozenset(
                file.rpartition(".")[0] for file in self._files if "." in file.rpartition("/")[2]
            )
        return path in self._files or path in self.folders or path in self._stems

    def within(self, path: str, move: PackageMove) -> str | None:
        """A file outside the move's own folders' roots whose path ends with `path`, as a template
        or a static file is named from a folder that is searched; None where there is none."""
        first = path.partition("/")[0]
        if (tails := self._tails.get(first)) is None:
            pattern = re.compile(rf"/(?={re.escape(first)}/)")
            tails = self._tails[first] = {
                listed[at.end() :]: listed.removeprefix("/")
                for listed in sorted(self._files)
                for at in pattern.finditer(listed)
                if at.end() > 1
            }
        file = tails.get(path)
        ours = {
            f"{tree}/{path.partition('/')[2]}" for tree in (move.legacy_path, move.canonical_path)
        }
        return None if file is None or file in ours else file

    def importer(self, path: str, module: str, move: PackageMove) -> str:
        """The file of `module`, as `path` imports from it (dots in front: relative), if it imports
        the package of `move` under its own name, and binds that name to nothing else; "" where it
        does not, and where it is no file of this repository."""
        return self._importer(path.rpartition("/")[0], module, move.legacy)

    def _importer(self, *key: *tuple[str, str, str]) -> str:
        if key not in self._importers:
            self._importers[key] = ""  # modules that import it from each other bind nothing
            self._importers[key] = self._find_importer(*key)
        return self._importers[key]

    def _find_importer(self, folder: str, module: str, legacy: str) -> str:
        file = self._module_file(folder, module)
        symbols = self._whole.symbols(file) if file else None
        if symbols is None or symbols.dynamic or legacy in {*symbols.defined, *symbols.typed}:
            return ""
        imports = symbols.importing(legacy)
        if legacy in (symbols.exported or ()) or not imports:
            return ""
        inner = file.rpartition("/")[0]
        for imported in imports:
            if imported.alias.asname is not None:
                return ""
            if imported.name is None:
                if not is_within(imported.module, legacy):
                    return ""
                continue
            source = "." * imported.level + imported.module
            if source == module or not self._importer(inner, source, legacy):
                return ""
        return file

    def _module_file(self, folder: str, module: str) -> str:
        """The file that an import in `folder` finds: beside it for a relative one, else in that
        folder or the next one above that has it; "" for none."""
        inner = module.lstrip(".")
        parts = folder.split("/") if folder else []
        if (level := len(module) - len(inner)) > 1:
            if level - 1 > len(parts):
                return ""
            parts = parts[: len(parts) - level + 1]
        roots = [parts] if level else [parts[:n] for n in range(len(parts), -1, -1)]
        for root in roots:
            place = "/".join([*root, *filter(None, inner.split("."))])
            for file in (f"{place}{SOURCE}", f"{place}/{PACKAGE_FILE}".lstrip("/")):
                if file in self._files:
                    return file
        return ""

    def is_module(self, token: Token) -> bool:
        """Whether either tree has the module that the token spells, names inside it not counted."""
        move = token.hit.spelling.move
        return any(
            not tree.module_of(token.parts())[1]
            for tree in (self._canonical[move], self._legacy[move])
        )

    def find(self, token: Token) -> LeadsTo:
        """Where the token's name leads once it is canonical.

        Where no canonical tree exists yet the legacy one will become it, so that one is used.
        """
        move, names = token.hit.spelling.move, token.hit.names
        key = (move, names, token.kind is Kind.PATH, token.tail)
        if (known := self._found.get(key)) is None:
            known = self._found[key] = self._look(move, names, token)
        return known

    def _look(self, move: PackageMove, names: Names, token: Token) -> LeadsTo:
        canonical, legacy = self._canonical[move], self._legacy[move]
        if not canonical.paths:
            canonical = legacy
        answer = self._holds(canonical, token)
        if answer:
            return LeadsTo.CANONICAL
        if answer is None:
            there = names is Names.LEGACY and self._holds(legacy, token)
            return LeadsTo.LEGACY_ONLY if there else LeadsTo.UNKNOWN
        if names is Names.CANONICAL:
            return LeadsTo.NOWHERE
        return LeadsTo.LEGACY_ONLY if self._holds(legacy, token) else LeadsTo.NOWHERE

    def _holds(self, tree: FileTree, token: Token) -> bool | None:
        parts = token.parts()
        if token.kind is Kind.PATH:
            return tree.holds_path(parts)
        if not parts:
            return True
        file, rest = tree.module_of(parts)
        if not rest:
            return True
        if EXAMPLE.search("/".join(rest)):
            return None
        if file is None:
            return False
        module = ".".join([token.hit.spelling.move.canonical, *parts[: -len(rest)]])
        return self._names[tree].leads(module, rest[0])

    def elsewhere(self, token: Token) -> str | None:
        """The folder outside of the move that holds the module that the token spells, where the
        legacy name is a namespace package: a part of it that does not move."""
        parts = token.parts()
        if token.kind is Kind.PATH or not parts:
            return None
        return self._elsewhere.get(token.hit.spelling.move, {}).get(parts[0])

    def enters(self, token: Token) -> bool:
        """Whether the token's beginning leads into a tree, whatever its end does: its first
        segment behind the name is a folder, file or module of either tree."""
        move, parts = token.hit.spelling.move, token.parts()
        first = parts[:1]
        for tree in (self._canonical[move], self._legacy[move]):
            if token.kind is Kind.PATH:
                if first and len(parts) > 1 and tree.holds_path(first):
                    return True
            elif first and not tree.module_of(first)[1]:
                return True
        return False


class _OuterFolders:
    """The folders around trees of one import name, and what else lies in them."""

    def __init__(self, moves: Iterable[PackageMove], paths: Iterable[str]) -> None:
        self._moves = [move for move in moves if move.same_name]
        self._paths = list(paths)
        self._known: dict[str, tuple[str, str]] = {}

    def rest(self, folder: str) -> tuple[str, str]:
        """A file or folder in the legacy `folder` that no tree around which it lies holds, and one
        in the canonical folder that takes its place; "" for none. Where two folders take its place,
        they are what is named."""
        if folder not in self._known:
            self._known[folder] = self._find(folder)
        return self._known[folder]

    def _find(self, folder: str) -> tuple[str, str]:
        around = [move for move in self._moves if folder in dict(move.outer_folders)]
        news = sorted({dict(move.outer_folders)[folder] for move in around})
        if not news:  # the package's own folder, seen from one around it
            return "", ""
        if len(news) > 1:
            return "", " and ".join(news)
        old = (p for p in self._inside(folder) if not any(m.owns_legacy(p) for m in around))
        new = (p for p in self._inside(news[0]) if not any(m.owns_canonical(p) for m in around))
        return _first_below(folder, old), _first_below(news[0], new)

    def _inside(self, folder: str) -> Iterator[str]:
        return (path for path in self._paths if folder == "." or is_under(path, folder))


def _first_below(folder: str, paths: Iterator[str]) -> str:
    """The entry of `folder` in which the first of the `paths` lies; "" without any."""
    path = next(paths, "")
    if not path:
        return ""
    inner = path if folder == "." else path[len(folder) + 1 :]
    return inner.partition("/")[0] if folder == "." else f"{folder}/{inner.partition('/')[0]}"


def _portions(move: PackageMove, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The modules in other folders that are called as the legacy package, each with its folder."""
    tail = move.legacy.replace(".", "/")
    for path in paths:
        root, separator, inner = f"/{path}".rpartition(f"/{tail}/")
        name, folder, _ = inner.partition("/")
        module = bool(folder) or name.endswith(MODULE_FILES)
        if separator and module and not (move.owns_legacy(path) or move.owns_canonical(path)):
            yield name.partition(".")[0], f"{root}/{tail}".lstrip("/")
