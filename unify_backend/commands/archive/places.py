"""Finds which paths move and where to, and refuses those that must not move."""

from __future__ import annotations

from collections.abc import Sequence

from unify_backend.model.archiving import ArchiveRequest, Entry, Moved
from unify_backend.model.errors import ConfigurationError, Refused
from unify_backend.model.package_move import is_under
from unify_backend.model.settings import Settings
from unify_backend.model.text import PACKAGE_FILE
from unify_backend.repository.paths import complaint, named, shown
from unify_backend.repository.snapshot import Snapshot

Found = tuple[tuple[Moved, ...], tuple[Entry, ...]]


def places(
    contents: Snapshot, settings: Settings, wish: ArchiveRequest, entries: Sequence[Entry]
) -> Found:
    """What moves, and the index entries of what was moved before.

    Raises ConfigurationError for what is no tracked path or cannot be meant, Refused where moving
    it would lose something or put the archive into a package.
    """
    _check_target(contents, settings, wish)
    moved: list[Moved] = []
    gone: list[Entry] = []
    for path in dict.fromkeys(wish.paths):
        files = tuple(file for file in contents.paths if is_under(file, path))
        if files or not path:
            _check_path(contents, settings, wish, path)
            name = wish.name if wish.name is not None else path
            moved.append(Moved(path, f"{wish.to}/{name}", files, path in files))
        else:
            gone.append(_before(contents, path, entries))
    _check_together(contents, wish, moved)
    return tuple(sorted(moved, key=lambda source: source.path)), tuple(gone)


def _before(contents: Snapshot, path: str, entries: Sequence[Entry]) -> Entry:
    for entry in reversed(entries):
        if entry.path == shown(path):
            return entry
    linked = [skipped for skipped in contents.listing().skipped if is_under(skipped.path, path)]
    if linked:
        raise _unmovable(path, [f"{skipped.path}: {skipped.why.value}" for skipped in linked])
    raise ConfigurationError(
        f"{shown(path) or 'the repository'} is no tracked file or folder of "
        f"{contents.repository.root.name}",
        "only what git tracks is archived, and no index says that it was moved before",
        "Correct the path, or `git add` it first.",
    )


def _check_target(contents: Snapshot, settings: Settings, wish: ArchiveRequest) -> None:
    whole = f"{wish.to}/{wish.name}" if wish.name is not None else wish.to
    if why := complaint(whole):
        raise ConfigurationError(
            f"{shown(whole) or 'the top folder'} cannot be the archive: {why}",
            "it must be a folder of its own inside the repository",
            "Give a folder like --to research/legacy (and a --as below it).",
        )
    if wish.name is not None and len(wish.paths) != 1:
        raise ConfigurationError(
            f"--as is given for {len(wish.paths)} paths",
            "each would get the same name",
            "Archive them one by one, or leave --as out: each keeps its path below --to.",
        )
    known = frozenset(contents.paths)
    parts = wish.to.split("/")
    for n in range(1, len(parts) + 1):
        folder = "/".join(parts[:n])
        if folder in known:
            raise ConfigurationError(
                f"{folder} is a file", "the archive is a folder", "Give another --to."
            )
        owner = next(
            (move for move in settings.moves if folder in {move.legacy_path, move.canonical_path}),
            None,
        )
        if f"{folder}/{PACKAGE_FILE}" in known or owner is not None:
            raise Refused(
                f"{wish.to}/ lies inside the package {folder}/",
                "what is archived there would still be a part of it: imported, shipped, searched",
                "Give a folder outside of it, like --to research/legacy.",
            )


def _check_path(contents: Snapshot, settings: Settings, wish: ArchiveRequest, path: str) -> None:
    if not path:
        raise Refused(
            "the whole repository cannot be archived",
            "nothing would be left that it could be archived from",
            "Name the files or folders that nobody needs any more.",
        )
    for move in settings.moves:
        for tree in (move.legacy_path, move.canonical_path):
            if is_under(tree, path) and any(is_under(file, tree) for file in contents.paths):
                raise Refused(
                    f"{path}/ holds the whole package {tree}/",
                    f"{settings.source} says that {move.legacy} becomes {move.canonical}: "
                    "an archived tree could not be merged any more",
                    "Run `unify-backend merge` and `unify-backend shim --remove` for it, or name "
                    "what is inside.",
                )
    if is_under(wish.to, path):
        raise Refused(
            f"{wish.to}/ lies inside {path}/, which is to be archived there",
            "a folder cannot be moved into itself",
            "Give another --to, or name what is inside.",
        )
    if is_under(path, wish.to):
        raise Refused(
            f"{path} lies in {wish.to}/ already",
            "it would be archived once more, a level deeper",
            "Leave it out.",
        )
    linked = [skipped for skipped in contents.listing().skipped if is_under(skipped.path, path)]
    if linked:
        raise _unmovable(path, [f"{skipped.path}: {skipped.why.value}" for skipped in linked])


def _check_together(contents: Snapshot, wish: ArchiveRequest, moved: Sequence[Moved]) -> None:
    for source in moved:
        for other in moved:
            if source is not other and is_under(other.path, source.path):
                raise Refused(
                    f"{other.path} lies inside {source.path}/, and both are to be archived",
                    "it would be moved twice",
                    f"Leave {other.path} out: it goes along.",
                )
    taken = sorted(
        source.target
        for source in moved
        if contents.repository.exists(source.target) or source.target == wish.index
    )
    if taken:
        raise Refused(
            f"{named(taken)} is there already, or is the index",
            "nothing that is archived may be overwritten",
            "Move it away, or give another --to or --as.",
        )
    targets = [wish.index, *(source.target for source in moved)]
    if ignored := contents.repository.ignored(targets):
        raise Refused(
            f"git ignores {named(ignored)}",
            "what is archived there would be gone with the next commit",
            "Take it out of .gitignore, or give another --to.",
        )


def _unmovable(path: str, unmovable: Sequence[str]) -> Refused:
    return Refused(
        f"{path} holds what cannot be moved: {named(unmovable)}",
        "only regular files are moved; the rest would stay behind, or point elsewhere",
        "Remove it, or name the folders beside it.",
    )
