"""PATH arguments: files and folders from the command line, as paths of the repository."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unify_backend.model.errors import ConfigurationError

if TYPE_CHECKING:
    from unify_backend.model.references import Area


def areas_of(words: Sequence[str] | None) -> frozenset[Area]:
    """The areas that `--only` names: a short word or the name in the tables, any letter case.

    Raises ConfigurationError for an unknown one. No words: the empty set, which means all.
    """
    from unify_backend.model.references import Area

    short = {area.name.lower(): area for area in Area}
    by_name = short | {area.value.lower(): area for area in Area}
    for word in words or ():
        if word.lower() not in by_name:
            raise ConfigurationError(
                f"--only {word!r} is no area", f"areas: {', '.join(short)}", "Correct it."
            )
    return frozenset(by_name[word.lower()] for word in words or ())


Areas = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="AREA", help="Only this area, like docs or tests; repeatable."),
]
Paths = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PATH]...", help="Only these files or folders.", show_default=False),
]

if TYPE_CHECKING:
    from unify_backend.repository.snapshot import Snapshot


def tracked_paths(
    contents: Snapshot, names: Sequence[str] | None, pass_over: Callable[[str], None] | None = None
) -> frozenset[str] | None:
    """The tracked files that `given` names, folders with all that is below them; None where
    nothing is given, which means all.

    A path is relative to the current folder, or else to the repository's top. `pass_over` is told
    of what is there and not tracked. Raises ConfigurationError where a path names nothing that is
    tracked; with `pass_over`, nothing that is there.
    """
    if not names:
        return None
    listing = contents.listing()
    tracked = [*(file.path for file in listing.files), *(file.path for file in listing.skipped)]
    known = frozenset(tracked)
    matches: set[str] = set()
    for name in names:
        candidates = _candidates(contents.repository.root, name)
        if exact := next((path for path in candidates if path in known), None):
            matches.add(exact)
            continue
        below = next((inside for path in candidates if (inside := _below(tracked, path))), None)
        there = (os.path.lexists(contents.repository.root / path) for path in candidates)
        if below is None and pass_over is not None and any(there):
            pass_over(f"{name} is not tracked, and not looked at")
            continue
        if below is None:
            raise ConfigurationError(
                f"{name} is no tracked file or folder of {contents.repository.root.name}",
                "only what git tracks is looked at",
                "Correct the path, or `git add` it first.",
            )
        matches.update(below)
    return frozenset(matches)


def named_place(contents: Snapshot, name: str) -> str:
    """The path of the repository (POSIX; "" is its top) that `given` names, tracked or not: from
    the current folder, unless only from the repository's top something tracked is there.

    Raises ConfigurationError where it lies outside of the repository.
    """
    candidates = _candidates(contents.repository.root, name)
    if not candidates:
        raise ConfigurationError(
            f"{name} lies outside of {contents.repository.root.name}",
            "one run works on one repository",
            "Name a path inside it, or give the other repository by --repo.",
        )
    tracked = contents.paths
    return next((path for path in candidates if _below(tracked, path)), candidates[0])


def _candidates(root: Path, name: str) -> list[str]:
    """The POSIX paths below `root` that `name` may stand for; "" is the repository itself."""
    candidates = []
    for base in (Path.cwd(), root):
        place = os.path.normpath(base / name)
        for top in (root, Path(os.path.realpath(root))):
            relative = os.path.relpath(place, top) if _same_drive(place, top) else ".."
            if not relative.startswith(".."):
                candidates.append("" if relative == "." else relative.replace(os.sep, "/"))
    return candidates


def _same_drive(first: str, other: Path) -> bool:
    return os.path.splitdrive(first)[0].lower() == os.path.splitdrive(other)[0].lower()


def _below(tracked: Sequence[str], folder: str) -> list[str]:
    from unify_backend.model.package_move import is_under

    return [path for path in tracked if not folder or is_under(path, folder)]
