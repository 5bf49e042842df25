"""Which packages `audit` looks at: the canonical ones, and those around the PATHs it was given."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator

from unify_backend.model.errors import ConfigurationError
from unify_backend.model.file_source import text_of
from unify_backend.model.package_move import is_under
from unify_backend.model.settings import Settings
from unify_backend.repository.snapshot import Snapshot


def packages_of(
    settings: Settings, contents: Snapshot, files: frozenset[str] | None
) -> list[tuple[str, str]]:
    """Name and folder of each package to look at: the canonical one of each move (the legacy one
    where that is all there is), and those around files that lie in none of them."""
    paths = contents.paths
    found: dict[str, str] = {}
    for move in settings.moves:
        if any(move.owns_canonical(path) for path in paths):
            found[move.canonical_path] = move.canonical
        elif any(move.owns_legacy(path) for path in paths):
            found[move.legacy_path] = move.legacy
    if files is not None:
        mine = {folder: name for folder, name in found.items() if _any_under(files, folder)}
        rest = [one for one in files if not any(is_under(one, folder) for folder in found)]
        found = mine | dict(_around(rest, frozenset(contents.paths), contents))
    if not found:
        raise ConfigurationError(
            "there is no package to look at",
            "no canonical folder holds a file, and no PATH names Python files",
            "Give the package's folder: unify-backend audit PATH.",
        )
    return sorted((name, folder) for folder, name in found.items())


def _any_under(files: Collection[str], folder: str) -> bool:
    return any(is_under(one, folder) for one in files)


def _around(
    files: list[str], paths: frozenset[str], contents: Snapshot
) -> Iterator[tuple[str, str]]:
    """The outermost package around each Python file; one that lies in none is its own folder's."""
    seen: set[str] = set()
    for path in sorted(files, key=lambda one: (one.count("/"), one)):
        folder = posixpath.dirname(path)
        if not path.endswith(".py") or not folder or any(is_under(folder, one) for one in seen):
            continue
        while f"{posixpath.dirname(folder)}/__init__.py" in paths:
            folder = posixpath.dirname(folder)
        seen.add(folder)
        yield folder, _name_of(folder, [one for one in paths if is_under(one, folder)], contents)


def _name_of(folder: str, files: list[str], contents: Snapshot) -> str:
    """The dotted name that the package's own imports call it by: the folders above it may belong
    to the name (a namespace package) or not (`src/`, a service's folder)."""
    parts = folder.split("/")
    names = [".".join(parts[n:]) for n in range(len(parts) - 1, -1, -1)]
    texts = [text_of(contents, one) or "" for one in files if one.endswith(".py")]
    counts = {
        name: sum(len(re.findall(rf"(?m)^\s*(?:from|import)\s+{name}\b", one)) for one in texts)
        for name in names
        if all(map(str.isidentifier, name.split(".")))
    }
    return max(counts, key=lambda name: counts[name], default=parts[-1])
