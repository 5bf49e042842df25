"""A package's move from one dotted name (and folder) to another."""

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from keyword import iskeyword

from unify_backend.model.errors import ConfigurationError
from unify_backend.model.text import MODULE_FILES, SOURCE

_MODULE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_FOLDER = re.compile(r"[^/\\:*?\"<>|\0]+(/[^/\\:*?\"<>|\0]+)*")


@dataclass(frozen=True, slots=True)
class PackageMove:
    """`legacy` becomes `canonical`: dotted names, and the folders (POSIX, in the repository).

    A single-file module (`module`) is a tree of one file: its paths are written here without
    `.py`, as its name would be as a folder, and its file is the `__init__.py` inside. `incoming` is
    whether another package leaves the canonical place in the same run: what lies there is no
    canonical tree then.

    Two folders may have one import name (`lib/yaml`, `lib3/yaml`): then only the folder changes.
    """

    legacy: str
    canonical: str
    legacy_path: str
    canonical_path: str
    module: bool = False
    incoming: bool = field(default=False, compare=False)

    @classmethod
    def of(
        cls,
        legacy: str,
        canonical: str,
        legacy_path: str | None = None,
        canonical_path: str | None = None,
    ) -> "PackageMove":
        """A checked move; folders default to the names with slashes.

        Raises ConfigurationError for what cannot be a module name or folder, for a move onto
        itself, and for two names that share one folder. Two equal names need two folders.
        """
        for option, name in (("legacy", legacy), ("canonical", canonical)):
            if not _MODULE.fullmatch(name):
                raise ConfigurationError(
                    f"{option} = {name!r} is not a module name",
                    "a module name is identifiers joined by dots, like acme.billing",
                    f"Write the dotted name; a folder goes into {option}-path.",
                )
            if reserved := [part for part in name.split(".") if iskeyword(part)]:
                raise ConfigurationError(
                    f"{option} = {name!r} cannot be imported",
                    f"{reserved[0]!r} is a word of the Python language",
                    "Choose another name.",
                )
        module = [path for path in (legacy_path, canonical_path) if path and _is_file(path)]
        folders = [path for path in (legacy_path, canonical_path) if path and not _is_file(path)]
        if module and folders:
            raise ConfigurationError(
                f"{module[0]} is a single module, {folders[0]} a folder",
                "a module stays one file and a package stays a folder when it moves",
                "Give both paths with .py, or both as folders.",
            )
        move = cls(
            legacy,
            canonical,
            _folder("legacy-path", _stem(legacy_path) or legacy.replace(".", "/")),
            _folder("canonical-path", _stem(canonical_path) or canonical.replace(".", "/")),
            bool(module),
        )
        if move.legacy_path == move.canonical_path and move.same_name:
            raise ConfigurationError(
                f"legacy and canonical are both {legacy!r}",
                "a package cannot move onto itself",
                "Give two different names; or, where two folders have this import name, both "
                "folders: --legacy-path DIR --canonical-path DIR.",
            )
        if move.legacy_path == move.canonical_path:
            raise ConfigurationError(
                f"legacy-path and canonical-path are both {move.legacy_path!r}",
                "the two trees must be two folders",
                "Correct the folder that is wrong.",
            )
        return move

    @property
    def same_name(self) -> bool:
        """Whether both trees have one import name, so that only the folder changes."""
        return self.legacy == self.canonical

    @property
    def as_spelled(self) -> "PackageMove":
        """The move as text spells it. Where the import name stays, a folder is named by its path,
        and from the top of the repository by the dotted name that follows from it (`lib.yaml`).
        The move itself where that is the import name, or where no import can spell it."""
        if not self.same_name:
            return self
        names = [path.replace("/", ".") for path in (self.legacy_path, self.canonical_path)]
        if names[0] == self.legacy or not all(map(_MODULE.fullmatch, names)):
            return self
        return replace(self, legacy=names[0], canonical=names[1])

    @property
    def outer_folders(self) -> tuple[tuple[str, str], ...]:
        """The folders around the two trees of one import name, old and new: those that select the
        package where Python or a tool is told to search there. "." is the top; none for two names,
        nor for an old tree at the top."""
        pairs: list[tuple[str, str]] = []
        old, new = self.legacy_path.split("/"), self.canonical_path.split("/")
        while self.same_name and len(old) > 1 and new and old[-1] == new[-1]:
            del old[-1], new[-1]
            pairs.append(("/".join(old), "/".join(new) or "."))
        return tuple(pairs)

    @property
    def legacy_title(self) -> str:
        """What people are told the legacy package is called: its folder where both have one import
        name."""
        return self.legacy_root if self.same_name else self.legacy

    @property
    def canonical_title(self) -> str:
        """What people are told the canonical package is called: its folder where both have one
        import name."""
        return self.canonical_root if self.same_name else self.canonical

    @property
    def shown(self) -> str:
        """The move as people are told of it."""
        return f"{self.legacy_title} → {self.canonical_title}"

    @property
    def merged_as(self) -> str:
        """The merge as titles tell of it: `old into new`."""
        return f"{self.legacy_title} into {self.canonical_title}"

    @property
    def nested(self) -> bool:
        """Whether one tree's folder lies inside the other's."""
        return self.canonical_in_legacy or (
            not self.module and is_under(self.legacy_path, self.canonical_path)
        )

    @property
    def canonical_in_legacy(self) -> bool:
        """Whether the canonical folder lies inside the legacy one (`backend` → `backend.core`)."""
        return not self.module and is_under(self.canonical_path, self.legacy_path)

    @property
    def into_parent(self) -> bool:
        """Whether the package goes into the one that it lies in (`shop.core` → `shop`)."""
        return self.legacy != self.canonical and is_under(self.legacy_path, self.canonical_path)

    @property
    def path_options(self) -> list[str]:
        """The options that say where the trees lie, where that does not follow from the names."""
        words: list[str] = []
        if self.legacy_root != self.legacy.replace(".", "/"):
            words += ["--legacy-path", self.legacy_root]
        if self.canonical_root != self.canonical.replace(".", "/"):
            words += ["--canonical-path", self.canonical_root]
        return words

    @property
    def options(self) -> list[str]:
        """The options that name this move on the command line of any command."""
        return ["--legacy", self.legacy, "--canonical", self.canonical, *self.path_options]

    @property
    def rename_options(self) -> list[str]:
        """The options that name this move for `rename`, beside others."""
        places = ["--legacy-path", self.legacy_root, "--canonical-path", self.canonical_root]
        return ["--move", f"{self.legacy}={self.canonical}", *(places if self.path_options else ())]

    def owns_legacy(self, path: str) -> bool:
        """Whether the file at `path` belongs to the legacy tree (and not to the canonical one)."""
        if self.module:
            return _is_module_file(path, self.legacy_path)
        return is_under(path, self.legacy_path) and not (
            self.canonical_in_legacy and is_under(path, self.canonical_path)
        )

    def owns_canonical(self, path: str) -> bool:
        """Whether the file at `path` belongs to the canonical tree (and not to the legacy one)."""
        if self.incoming:
            return False
        if self.module:
            return _is_module_file(path, self.canonical_path)
        return is_under(path, self.canonical_path) and not (
            is_under(self.legacy_path, self.canonical_path) and is_under(path, self.legacy_path)
        )

    def shares_canonical_name(self, path: str) -> bool:
        """Whether the file at `path` has the canonical name in the other shape: a single module
        beside the package's folder, or what lies in a folder beside the module."""
        if self.module:
            return is_under(path, self.canonical_path) and not self.owns_legacy(path)
        return _is_module_file(path, self.canonical_path)

    def at_legacy(self, inner: str) -> str:
        """The path in the repository of what lies at `inner` in the legacy tree."""
        return self._at(self.legacy_path, inner)

    def at_canonical(self, inner: str) -> str:
        """The path in the repository of what lies at `inner` in the canonical tree."""
        return self._at(self.canonical_path, inner)

    def target(self, path: str) -> str:
        """Where the legacy file at `path` goes."""
        return self.canonical_path + path[len(self.legacy_path) :]

    @property
    def places(self) -> tuple[str, ...]:
        """The folders, or the files of a single module, as git is asked for them: legacy first."""
        return (*self.legacy_places, *self.canonical_places)

    @property
    def legacy_places(self) -> tuple[str, ...]:
        """The legacy folder, or the files that a single module may consist of."""
        return _places(self.legacy_path, self.module)

    @property
    def canonical_places(self) -> tuple[str, ...]:
        """The canonical folder, or the files that a single module may consist of."""
        return _places(self.canonical_path, self.module)

    @property
    def legacy_root(self) -> str:
        """The legacy path as it is configured: a folder, or a module's file."""
        return self.legacy_path + (SOURCE if self.module else "")

    @property
    def canonical_root(self) -> str:
        """The canonical path as it is configured: a folder, or a module's file."""
        return self.canonical_path + (SOURCE if self.module else "")

    @property
    def legacy_shown(self) -> str:
        """The legacy tree as people are told of it: `old/`, or `old.py`."""
        return self.legacy_path + (SOURCE if self.module else "/")

    @property
    def canonical_shown(self) -> str:
        """The canonical tree as people are told of it: `acme/core/`, or `acme/core.py`."""
        return self.canonical_path + (SOURCE if self.module else "/")

    def file_name(self, inner: str) -> str:
        """A file of the trees as people are told of it: the path inside the tree, or the canonical
        file's name where the tree is a single module."""
        return self.at_canonical(inner).rpartition("/")[2] if self.module else inner

    def _at(self, root: str, inner: str) -> str:
        head, _, ending = inner.rpartition(".")
        return f"{root}.{ending}" if self.module and head == "__init__" else f"{root}/{inner}"


def imported_names(moves: Iterable[PackageMove]) -> dict[PackageMove, str]:
    """The import name of each legacy package, by the move as text spells it."""
    return {move.as_spelled: move.legacy for move in moves}


def places_of(moves: Iterable[PackageMove]) -> list[str]:
    """The places of all moves, as git is asked for them: each once."""
    return list(dict.fromkeys(place for move in moves for place in move.places))


def joined(folder: str, path: str) -> str:
    """`path` seen from `folder`; both POSIX, "." is the top, `..` may lead above it."""
    return posixpath.normpath(posixpath.join(folder or ".", path or "."))


def is_under(path: str, folder: str) -> bool:
    """Whether the POSIX `path` is `folder` or lies below it."""
    return path == folder or path.startswith(folder + "/")


def is_within(name: str, package: str) -> bool:
    """Whether the dotted `name` is `package` or a part of it."""
    return name == package or name.startswith(package + ".")


def inside(path: str, root: str) -> str:
    """The path inside the tree at `root`: what follows the folder, or `__init__.py` for the file
    of a single module (`lib.py` in the tree `lib`)."""
    rest = path[len(root) :]
    return rest[1:] if rest[:1] != "." else f"__init__{rest}"


def _folder(option: str, path: str) -> str:
    cleaned = path.replace("\\", "/").removeprefix("./").rstrip("/")
    if not _FOLDER.fullmatch(cleaned) or any(p in {".", ".."} for p in cleaned.split("/")):
        raise ConfigurationError(
            f"{option} = {path!r} is not a folder inside the repository",
            "it must be relative to the repository's top folder, without '..'",
            "Write it like src/acme/billing.",
        )
    return cleaned


def _is_file(path: str) -> bool:
    return path.endswith(MODULE_FILES)


def _is_module_file(path: str, root: str) -> bool:
    return path.startswith(root) and path[len(root) :] in MODULE_FILES


def _stem(path: str | None) -> str | None:
    return path.rpartition(".")[0] if path is not None and _is_file(path) else path


def _places(root: str, module: bool) -> tuple[str, ...]:
    return tuple(root + ending for ending in MODULE_FILES) if module else (root,)
