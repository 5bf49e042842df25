"""Whether a module has a name, read off its text: bound there, or brought by a re-export."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from unify_backend.languages.python.module_symbols import Import, ModuleFacts, module_facts
from unify_backend.languages.python.module_tree import READ, Tree

if TYPE_CHECKING:
    from unify_backend.model.package_move import PackageMove

_DEEPEST = 8  # re-exports of re-exports that are followed


class Exports:
    """Looks names up in modules of the trees of one move; `read` gives a file's text, or None."""

    def __init__(self, move: PackageMove, read: Callable[[str], str | None]) -> None:
        self._move = move
        self._read = read
        self._texts: dict[str, str | None] = {}
        self._known: dict[tuple[str, str, str], bool | None] = {}

    def has(self, tree: Tree, file: str, name: str) -> bool | None:
        """Whether the module in `file` (relative to the tree) has `name`; None where that cannot
        be known without running it. A name that it only imports from the same tree is looked up
        there: a re-export of nothing is nothing."""
        return self._has(tree, file, name, _DEEPEST)

    def _has(self, tree: Tree, file: str, name: str, depth: int) -> bool | None:
        key = (tree.root, file, name)
        if key not in self._known:
            self._known[key] = None  # what two modules import from each other in a circle
            self._known[key] = self._look(tree, file, name, depth)
        return self._known[key]

    def _look(self, tree: Tree, file: str, name: str, depth: int) -> bool | None:
        text = self._text(f"{tree.root}/{file}") if file.endswith(READ) else None
        if text is None or depth == 0:
            return None
        if not re.search(rf"\b{re.escape(name)}\b|import\s*\*|__getattr__|globals|exec", text):
            return False
        facts = module_facts(text)
        if name in facts.bound or name in facts.typed:
            return self._brought(tree, file, facts, name, depth)
        answers = [self._through(tree, file, star, name, depth) for star in facts.stars]
        if True in answers:
            return True
        return None if facts.dynamic or None in answers else False

    def _brought(
        self, tree: Tree, file: str, facts: ModuleFacts, name: str, depth: int
    ) -> bool | None:
        """Whether a bound name is there: at once, unless only an import in the tree brings it."""
        text = self._text(f"{tree.root}/{file}") or ""
        own = re.search(
            rf"^[ \t]*(?:(?:async\s+)?def|class|type)\s+{re.escape(name)}\b|"
            rf"\b{re.escape(name)}\s*(?:[:,][^=\n]*)?=|\bas\s+{re.escape(name)}\b",
            text,
            re.MULTILINE,
        )
        if own or facts.dynamic:
            return True
        imports = [one for one in facts.imports if one.name == name]
        answers = [self._through(tree, file, one, name, depth) for one in imports]
        return not answers or any(one is not False for one in answers)

    def _through(self, tree: Tree, file: str, one: Import, name: str, depth: int) -> bool | None:
        """Whether `from module import name` (or `*`) brings the name; None from outside."""
        parts = self._inside(file, one)
        if parts is None:
            return None
        target, rest = tree.module_of((*parts, name))
        if not rest:
            return one.name is not None or None  # a submodule, which a star need not bring
        if len(rest) > 1:
            return False
        return False if target is None else self._has(tree, target, name, depth - 1)

    def _inside(self, file: str, one: Import) -> tuple[str, ...] | None:
        """The imported module as segments below the tree; None where it lies outside."""
        module = tuple(filter(None, one.module.split(".")))
        if one.level:
            folder = tuple(file.split("/")[:-1])
            if one.level - 1 > len(folder):
                return None
            return (*folder[: len(folder) - one.level + 1], *module)
        for whole in self._names():
            if module[: len(whole)] == whole:
                return module[len(whole) :]
        return None

    def _names(self) -> Iterator[tuple[str, ...]]:
        """Both names of the package, the longer first: one may hold the other."""
        names = (tuple(one.split(".")) for one in (self._move.legacy, self._move.canonical))
        yield from sorted(names, key=len, reverse=True)

    def _text(self, path: str) -> str | None:
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]
