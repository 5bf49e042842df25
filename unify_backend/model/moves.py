"""A package's move from one dotted name (and folder) to another."""

import re
from dataclasses import dataclass
from keyword import iskeyword

from unify_backend.model.errors import ConfigurationError

_MODULE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_FOLDER = re.compile(r"[^/\\:*?\"<>|\0]+(/[^/\\:*?\"<>|\0]+)*")


@dataclass(frozen=True, slots=True)
class PackageMove:
    """`legacy` becomes `canonical`: dotted names, and the folders (POSIX, in the repository)."""

    legacy: str
    canonical: str
    legacy_path: str
    canonical_path: str

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
        itself, and for two names that share one folder.
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
        if legacy == canonical:
            raise ConfigurationError(
                f"legacy and canonical are both {legacy!r}",
                "a package cannot move onto itself",
                "Give two different names.",
            )
        for option, path in (("legacy-path", legacy_path), ("canonical-path", canonical_path)):
            if path is not None and path.endswith((".py", ".pyi")):
                raise ConfigurationError(
                    f"{option} = {path!r} is a single module",
                    "a package is a folder; what imports a lone module cannot be moved with it",
                    "Rename the module by hand, or put it into a package first.",
                )
        move = cls(
            legacy,
            canonical,
            _folder("legacy-path", legacy_path or legacy.replace(".", "/")),
            _folder("canonical-path", canonical_path or canonical.replace(".", "/")),
        )
        if move.legacy_path == move.canonical_path:
            raise ConfigurationError(
                f"legacy-path and canonical-path are both {move.legacy_path!r}",
                "the two trees must be two folders",
                "Correct the folder that is wrong.",
            )
        return move

    @property
    def nested(self) -> bool:
        """Whether one tree's folder lies inside the other's."""
        return self.canonical_in_legacy or is_under(self.legacy_path, self.canonical_path)

    @property
    def canonical_in_legacy(self) -> bool:
        """Whether the canonical folder lies inside the legacy one (`backend` → `backend.core`)."""
        return is_under(self.canonical_path, self.legacy_path)

    def owns_legacy(self, path: str) -> bool:
        """Whether the file at `path` belongs to the legacy tree (and not to the canonical one)."""
        return is_under(path, self.legacy_path) and not (
            self.canonical_in_legacy and is_under(path, self.canonical_path)
        )

    def owns_canonical(self, path: str) -> bool:
        """Whether the file at `path` belongs to the canonical tree (and not to the legacy one)."""
        return is_under(path, self.canonical_path) and not (
            is_under(self.legacy_path, self.canonical_path) and is_under(path, self.legacy_path)
        )


def is_under(path: str, folder: str) -> bool:
    """Whether the POSIX `path` is `folder` or lies below it."""
    return path == folder or path.startswith(folder + "/")


def _folder(option: str, path: str) -> str:
    cleaned = path.replace("\\", "/").removeprefix("./").rstrip("/")
    if not _FOLDER.fullmatch(cleaned) or any(p in {".", ".."} for p in cleaned.split("/")):
        raise ConfigurationError(
            f"{option} = {path!r} is not a folder inside the repository",
            "it must be relative to the repository's top folder, without '..'",
            "Write it like src/acme/billing.",
        )
    return cleaned
