"""A project: its files before and after the move, its packaging settings, and their changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from unify_backend.languages.data.toml_parser import Table, toml_data
from unify_backend.languages.ini.setup_cfg import SetupCfg, read_setup_cfg
from unify_backend.languages.language import FormError
from unify_backend.languages.python.setup_py import SetupPy, read_setup_py
from unify_backend.languages.toml.document import at, edited
from unify_backend.model.shims import Advice
from unify_backend.model.spans import Edit, splice
from unify_backend.model.text import PACKAGE_FILE, Text, decode_file
from unify_backend.packaging.relocation import Relocation
from unify_backend.packaging.tree import Tree, clean, is_below, join

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


PYPROJECT, SETUP_CFG, SETUP_PY = "pyproject.toml", "setup.cfg", "setup.py"


class Project:
    """The project in `folder` ("" is the repository). `edit_toml` and `edit_text` change the text
    that later reads return; nothing is written."""

    def __init__(
        self,
        folder: str,
        before: Collection[str],
        after: Collection[str],
        read: Callable[[str], bytes],
    ) -> None:
        self.folder = folder
        self.before = Tree(self._below(before))
        self.after = Tree(self._below(after))
        self.created: set[str] = set()
        self.advice: list[Advice] = []
        self._read = read
        self._texts: dict[str, Text] = {}
        self._changed: dict[str, str] = {}

    def _below(self, paths: Iterable[str]) -> list[str]:
        strip = len(self.folder) + 1 if self.folder else 0
        return [
            path[strip:] for path in paths if is_below(path, self.folder) and path != self.folder
        ]

    def text(self, name: str) -> str | None:
        """The text of a packaging file with the changes so far; None where it is missing or
        binary."""
        if name in self._changed:
            return self._changed[name]
        if name not in self.after.files:
            return None
        if name not in self._texts:
            decoded = decode_file(name, self.content(name))
            if not isinstance(decoded, Text):
                return None
            self._texts[name] = decoded
        return self._texts[name].text

    def content(self, name: str) -> bytes:
        """The bytes of a file that is there after the move."""
        return self._read(join(self.folder, name))

    @property
    def data(self) -> Table:
        """pyproject.toml as data, empty where there is none or it cannot be read."""
        try:
            return _toml(self.text(PYPROJECT) or "")
        except FormError:
            return {}

    @property
    def cfg(self) -> SetupCfg:
        """setup.cfg, empty where there is none."""
        return read_setup_cfg(self.text(SETUP_CFG) or "")

    @property
    def setup(self) -> SetupPy | None:
        """The call of setup() in setup.py."""
        return read_setup_py(self.text(SETUP_PY) or "")

    @cached_property
    def name(self) -> str:
        """The project's name, "" where it is not written out."""
        for keys in (("project", "name"), ("tool", "poetry", "name")):
            if isinstance(name := at(self.data, *keys), str):
                return name
        items = self.cfg.items("metadata", "name")
        return items[0] if items else ""

    def add_init(self, folder: str) -> None:
        """An empty __init__.py, from now on part of the project as it is."""
        path = join(folder, PACKAGE_FILE)
        self.created.add(path)
        self.after = Tree({*self.after.files, path})

    def exclusive(self, folder: str, moves: Iterable[Relocation]) -> bool:
        """Whether nothing but the moved packages, and the packages made around them, lies in a
        folder after the move."""
        moves = tuple(moves)
        return all(
            path in self.created or any(move.owns(path) for move in moves)
            for path in self.after.under(folder)
        )

    def inits_above(self, move: Relocation) -> list[str]:
        """The __init__.py files in the folders between the root and a package."""
        if move.root is None:
            return []
        folders = (move.folder_of(parent) for parent in move.parents)
        return [join(folder, PACKAGE_FILE) for folder in folders if self.after.regular(folder)]

    def edit_toml(self, change: Callable[[TOMLDocument], None]) -> None:
        """Changes pyproject.toml as a document; what cannot be done safely becomes advice."""
        text = self.text(PYPROJECT) or ""
        try:
            edit = edited(text, change)
        except FormError as error:
            self.advise(
                PYPROJECT,
                f"it does not follow the move: {error}",
                "Change how it selects packages by hand.",
            )
            return
        if edit is not None:
            self._changed[PYPROJECT] = splice(text, [edit])

    def edit_text(self, name: str, edits: Iterable[Edit]) -> None:
        """Changes a packaging file that is there, by position."""
        self._changed[name] = splice(self.text(name) or "", edits)

    def advise(self, name: str, fact: str, step: str) -> None:
        """Records advice about a change to make by hand, once."""
        advice = Advice(join(self.folder, name), fact, step)
        if advice not in self.advice:
            self.advice.append(advice)

    def creates(self) -> list[str]:
        """The paths in the repository of the files that were made."""
        return [join(self.folder, path) for path in sorted(self.created)]

    def edits(self) -> Iterator[tuple[str, bytes]]:
        """The changed files by their path in the repository, with their new content."""
        for name, text in self._changed.items():
            source = self._texts[name]
            if text != source.text:
                yield join(self.folder, name), source.encode(text)


@lru_cache(maxsize=8)
def _toml(text: str) -> Table:
    """The data of a text that many moves ask for; nobody changes it. Raises FormError."""
    return toml_data(text)


def is_project(folder: str, paths: Collection[str], read: Callable[[str], bytes]) -> bool:
    """Whether the files of the folder say how a distribution is built, and not only configure other
    tools."""
    if join(folder, SETUP_PY) in paths:
        return True
    if (path := join(folder, PYPROJECT)) in paths:
        try:
            data = _toml(read(path).decode("utf-8-sig"))
        except ValueError:
            return False
        if "build-system" in data or "project" in data or at(data, "tool", "poetry", "name"):
            return True
    if (path := join(folder, SETUP_CFG)) in paths:
        cfg = read_setup_cfg(read(path).decode("utf-8", "replace"))
        return ("metadata", "name") in cfg.values or "options" in cfg.sections
    return False


def ways_to_list(project: Project, moves: Sequence[Relocation], move: Relocation) -> list[str]:
    """The paths that ship one package and nothing else: the folder of its top-level name where that
    holds nothing else, otherwise its own folder and the __init__.py files above it."""
    if move.root is not None and move.parents:
        top = join(move.root, move.top)
        if project.after.regular(top) and project.exclusive(top, moves):
            return [top]
    return [move.file, *project.inits_above(move)]


def lists(entry: object, path: str) -> bool:
    """Whether an entry of a list of paths includes a path: it is the path, a folder above, or such
    a folder with a glob."""
    text = clean(entry).removesuffix("/**/*").removesuffix("/**").removesuffix("/*")
    return bool(text) and is_below(path, text)


def add_inits(entries: list[str], project: Project, move: Relocation, slash: str = "") -> list[str]:
    """The __init__.py files made above a package that a list with its folder leaves out."""
    return [
        slash + path
        for path in project.inits_above(move)
        if path in project.created and not any(lists(entry, path) for entry in entries)
    ]
