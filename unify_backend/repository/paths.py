"""Checks of paths before they are read or written, and their form in messages."""

import os
import stat
import sys
import unicodedata
from collections.abc import Collection, Iterable
from pathlib import Path

_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))]
)


def complaint(path: str) -> str | None:
    """Why `path` cannot name a file inside a repository, or None where it can.

    Only the words are looked at; `unreal_parent` looks at the disk. The spellings of `.git` are
    those that git itself guards against on NTFS and HFS+ (`git help config`, core.protectNTFS).
    """
    if not path:
        return "it is empty"
    if "\0" in path:
        return "it holds a NUL character"
    if path.startswith("/"):
        return "it is absolute"
    return next((problem for part in path.split("/") if (problem := _part_complaint(part))), None)


def _part_complaint(part: str) -> str | None:
    if part in {"", ".", ".."}:
        return f"it has the part {part!r}"
    plain = part
    if not part.isascii():  # characters that HFS+ ignores
        plain = "".join(character for character in part if unicodedata.category(character) != "Cf")
    if plain.split(":")[0].rstrip(". ").casefold() in {".git", "git~1"}:
        return "it lies in git's own folder"
    return _windows_complaint(part) if os.name == "nt" else None


def _windows_complaint(part: str) -> str | None:
    if any(character in part for character in '\\:*?"<>|') or any(
        character < " " for character in part
    ):
        return "it has a character that Windows does not allow"
    if part[-1] in ". " or part.split(".")[0].rstrip().casefold() in _DEVICES:
        return "Windows would open something else under this name"
    return None


def unreal_parent(root: Path, path: str, real: set[str]) -> tuple[str, str] | None:
    """The first parent folder of `path` that is a link or another repository, with the reason.

    Missing folders are accepted. `real` caches the folders already checked.
    """
    parts = path.split("/")[:-1]
    for depth in range(1, len(parts) + 1):
        folder = "/".join(parts[:depth])
        if folder in real:
            continue
        place = root / folder
        try:
            status = place.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        if is_link(status):
            return folder, "is a symbolic link"
        if stat.S_ISDIR(status.st_mode):
            if lexists(place / ".git"):
                return folder, "is a repository of its own"
            real.add(folder)
    return None


def is_link(status: os.stat_result) -> bool:
    """Whether an `lstat` result is a symbolic link, or a junction on Windows."""
    if sys.platform == "win32":
        return status.st_reparse_tag in {
            stat.IO_REPARSE_TAG_SYMLINK,
            stat.IO_REPARSE_TAG_MOUNT_POINT,
        }
    else:  # the branch is for the type checker, which looks at one system at a time
        return stat.S_ISLNK(status.st_mode)


def lexists(place: Path) -> bool:
    """Whether anything is there; a link that leads nowhere counts."""
    try:
        place.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def parents(path: str) -> tuple[str, ...]:
    """The folders above `path`, nearest first, without the repository's own."""
    parts = path.split("/")
    return tuple("/".join(parts[:depth]) for depth in range(len(parts) - 1, 0, -1))


def nearest(root: Path, path: str) -> Path:
    """The nearest folder above `path` that exists."""
    return next((root / folder for folder in parents(path) if (root / folder).is_dir()), root)


def _folded(path: str) -> str:
    """What `path` shares with the names that a case-folding file system takes for the same."""
    return unicodedata.normalize("NFC", path).casefold()


def clashing(paths: Iterable[str]) -> frozenset[str]:
    """Those of `paths` that a case-folding file system takes for another one of them."""
    groups: dict[str, set[str]] = {}
    for path in paths:
        groups.setdefault(_folded(path), set()).add(path)
    return frozenset(path for group in groups.values() if len(group) > 1 for path in group)


def shown(path: str) -> str:
    """`path` as it can be printed anywhere: odd bytes and control characters as escapes."""
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(
        character if character.isprintable() else repr(character)[1:-1] for character in text
    )


def named(paths: Collection[str], limit: int = 3) -> str:
    """The first of `paths` for a message, `…` for the others."""
    first = [shown(path) for path in sorted(paths)[:limit]]
    return ", ".join([*first, "…"] if len(paths) > limit else first)


def counted(paths: Collection[str], singular: str, plural: str) -> str:
    """`1 file is` or `3 files are`, as the two forms say."""
    return f"{len(paths)} {singular if len(paths) == 1 else plural}"
