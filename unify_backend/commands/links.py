"""Symbolic links that a plain move leaves: a change set writes files, no links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from posixpath import dirname, normpath

from unify_backend.model.file_source import Skip
from unify_backend.model.package_move import PackageMove
from unify_backend.model.rewrite_plan import RefusedFile
from unify_backend.repository.snapshot import Snapshot

_LINKS = frozenset({Skip.LINK, Skip.DANGLING, Skip.OUTSIDE})


def links_left(contents: Snapshot, moves: Sequence[PackageMove]) -> Iterator[RefusedFile]:
    """The tracked links that lie in a package of `moves`, or lead into one, each with what to do;
    paths are those of the links as they lie. A link that cannot be read is left out: it is a
    finding of every command."""
    for skipped in contents.listing().skipped:
        if skipped.why not in _LINKS or (leads := _leads(contents, skipped.path)) is None:
            continue
        text, target = leads
        inside = next((move for move in moves if move.owns_legacy(skipped.path)), None)
        follows = next((move for move in moves if target and move.owns_legacy(target)), None)
        if inside is not None:
            reason = f"a symbolic link to {text} in the package, not moved"
            step = f"move it to {inside.target(skipped.path)}"
            yield RefusedFile(skipped.path, f"{reason}: {step}, and see where it leads from there")
        elif follows is not None and target is not None:
            reason = f"a symbolic link to {text}, which moved"
            yield RefusedFile(skipped.path, f"{reason}: let it lead to {follows.target(target)}")


def _leads(contents: Snapshot, path: str) -> tuple[str, str | None] | None:
    """What a link says, and the path in the repository that it leads to (None: out of it)."""
    root = contents.repository.root
    try:
        link = (root / path).readlink()
    except OSError:
        return None
    if not link.is_absolute():
        return link.as_posix(), normpath(f"{dirname(path) or '.'}/{link.as_posix()}")
    inside = link.relative_to(root).as_posix() if link.is_relative_to(root) else None
    return link.as_posix(), inside
