"""Imports that lead from one file of the repository to another, whatever they call it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from unify_backend.languages.python.module_symbols import module_symbols
from unify_backend.model.archiving import ArchiveDependency, Moved
from unify_backend.model.text import PYTHON_FILES
from unify_backend.references.indirect.index import RepositoryIndex


def inward(
    index: RepositoryIndex, paths: Iterable[str], moved: Collection[Moved]
) -> Iterator[ArchiveDependency]:
    """Imports in the files `paths` that find an archived file: by dots, or by a name that counts
    from `src`, from a folder above the file or from the top."""
    archived = frozenset(file for source in moved for file in source.files)
    words = {source.path.rpartition("/")[2].partition(".")[0].encode() for source in moved}
    for path in paths:
        if path.endswith(PYTHON_FILES) and any(word in index.data(path) for word in words):
            for use, target in _targets(index, path).items():
                if target in archived:
                    yield use


def elsewhere(index: RepositoryIndex, path: str, moved: Collection[Moved]) -> frozenset[int]:
    """The lines of the file at `path` that import nothing but files which stay: a package that is
    called like an archived one lies nearer."""
    archived = frozenset(file for source in moved for file in source.files)
    targets = _targets(index, path)
    used = {use.line for use, target in targets.items() if target in archived}
    return frozenset(use.line for use in targets) - used


def outward(
    index: RepositoryIndex, moved: Iterable[Moved], away: Collection[str]
) -> Iterator[ArchiveDependency]:
    """Imports of archived files that find a file which stays; `away` are all archived files."""
    for path in (file for source in moved for file in source.files if file.endswith(PYTHON_FILES)):
        for use, target in _targets(index, path).items():
            if target not in away:
                yield use


def _targets(index: RepositoryIndex, path: str) -> dict[ArchiveDependency, str]:
    """What the file imports, once for each line, with the nearest file that it can be."""
    targets: dict[ArchiveDependency, str] = {}
    for statement in module_symbols(index.text(path) or "").imports:
        written = "." * statement.level + statement.module
        names = (
            []
            if statement.name in {None, "*"}
            else [f"{statement.module}.{statement.name}".lstrip(".")]
        )
        for name in (*names, statement.module):
            if name and (files := index.files_of(path, statement.level, name)):
                targets[
                    ArchiveDependency(path, statement.line, 1, written, f"imports {files[-1]}")
                ] = files[-1]
                break
    return dict(sorted(targets.items(), key=lambda item: (item[0].line, item[0].text)))
