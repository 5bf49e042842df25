"""The build context: its files, its size, and what an ignore file would save."""

import os
import posixpath
from collections.abc import Iterable, Iterator
from pathlib import Path

from unify_backend.languages.dockerfile.dockerignore import Ignore
from unify_backend.model.entry_results import BuildContext, Saving

# What an image never needs, in the spelling of an ignore file.
_USELESS = (
    ".git",
    "**/node_modules",
    "**/__pycache__",
    "**/*.py[cod]",
    "**/.pytest_cache",
    "**/.mypy_cache",
    "**/.ruff_cache",
    "**/.tox",
    "**/.idea",
    "**/.vscode",
    "**/*.log",
    "**/*.sqlite*",
    "**/*.db",
    "**/.env",
    "**/*.ipynb",
    "**/.DS_Store",
    "**/*.egg-info",
    "**/*.bak",
    "**/*.backup",
    "dist",
    "build",
    "data",
    "logs",
    "storage",
    "media",
    "uploads",
    "docs",
    "tests",
    ".github",
)
_VENV_MARK = "pyvenv.cfg"


def measured(root: Path, context: str, ignore_path: str, ignore: Ignore) -> BuildContext:
    """The build context `context` as it is on disk now, untracked files included, because these are
    sent too. Symbolic links count as themselves. Unreadable folders count as empty."""
    sent: list[tuple[str, int]] = []
    kept_out = [0, 0]
    for path, size in _walk(root / context):
        if ignore.excludes(path):
            kept_out[0] += 1
            kept_out[1] += size
        else:
            sent.append((path, size))
    return BuildContext(
        folder=context,
        ignore=ignore_path,
        files=len(sent),
        size=sum(size for _, size in sent),
        excluded=Saving(ignore_path, *kept_out),
        savings=tuple(_savings(sent)),
    )


def _savings(sent: Iterable[tuple[str, int]]) -> list[Saving]:
    left = list(sent)
    environments = sorted(
        posixpath.dirname(path) for path, _ in left if posixpath.basename(path) == _VENV_MARK
    )
    savings: list[Saving] = []
    for pattern in [*(environment for environment in environments if environment), *_USELESS]:
        rule = Ignore(pattern)
        out = [file for file in left if rule.excludes(file[0])]
        if out:
            left = [file for file in left if not rule.excludes(file[0])]
            savings.append(Saving(pattern, len(out), sum(size for _, size in out)))
    return sorted(savings, key=lambda saving: (-saving.size, saving.pattern))


def _walk(folder: Path) -> Iterator[tuple[str, int]]:
    waiting = [("", folder)]
    while waiting:
        lead, place = waiting.pop()
        try:
            entries = sorted(os.scandir(place), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            path = f"{lead}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                waiting.append((path + "/", Path(entry.path)))
                continue
            try:
                yield path, entry.stat(follow_symlinks=False).st_size
            except OSError:
                continue
