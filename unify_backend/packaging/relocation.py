"""A move, relative to one project."""

from dataclasses import dataclass

from unify_backend.model.package_move import PackageMove, is_within
from unify_backend.model.text import MODULE_FILES, SOURCE
from unify_backend.packaging.tree import is_below, join
from unify_backend.repository.packages import root_of


@dataclass(frozen=True, slots=True)
class Relocation:
    """A package that was `legacy` and is `name`; paths are relative to the project, those of a
    single module without `.py`.

    `root` is the folder from which `name` is imported ("" is the project); None where the folders
    do not spell the name, because the build maps them.
    """

    legacy: str
    name: str
    legacy_path: str
    path: str
    root: str | None
    module: bool

    @classmethod
    def of(cls, move: PackageMove, folder: str) -> "Relocation":
        """The move with paths relative to the project in `folder`, below which both lie."""
        strip = len(folder) + 1 if folder else 0
        path = move.canonical_path[strip:]
        tail = move.canonical.replace(".", "/")
        spelled = path == tail or path.endswith(f"/{tail}")
        root = root_of(move.canonical, path) if spelled else None
        return cls(move.legacy, move.canonical, move.legacy_path[strip:], path, root, move.module)

    @property
    def file(self) -> str:
        """The package's folder, or the module's file."""
        return self.path + (SOURCE if self.module else "")

    @property
    def legacy_file(self) -> str:
        """The old folder or file."""
        return self.legacy_path + (SOURCE if self.module else "")

    @property
    def top(self) -> str:
        """The first part of the name."""
        return self.name.partition(".")[0]

    @property
    def parents(self) -> tuple[str, ...]:
        """The dotted names of the packages above it, the outermost first."""
        parts = self.name.split(".")
        return tuple(".".join(parts[:end]) for end in range(1, len(parts)))

    def folder_of(self, parent: str) -> str:
        """The folder of one of `parents`, where the folders spell the name."""
        return join(self.root or "", parent.replace(".", "/"))

    def owns(self, path: str) -> bool:
        """Whether the file lies in the package as it is now."""
        if self.module:
            return path in {self.path + ending for ending in MODULE_FILES}
        return is_below(path, self.path)

    def owned(self, path: str) -> bool:
        """Whether the file lay in the package as it was."""
        if self.module:
            return path in {self.legacy_path + ending for ending in MODULE_FILES}
        return is_below(path, self.legacy_path)

    def renamed(self, name: str) -> str:
        """The new form of a dotted name of the old package; any other name unchanged."""
        return self.name + name[len(self.legacy) :] if is_within(name, self.legacy) else name
