"""`archive`: checks the paths, finds and rewrites what depends on them, moves them and writes the
index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from unify_backend.commands.archive.imports import outward
from unify_backend.commands.archive.index import extended, known_entries, row
from unify_backend.commands.archive.places import places
from unify_backend.commands.archive.references import Progress, gather
from unify_backend.commands.archive.relative import leading_out
from unify_backend.commands.archive.warnings import advice
from unify_backend.model.archiving import (
    ArchiveDependency,
    ArchivePlan,
    ArchiveRequest,
    Entry,
    Moved,
)
from unify_backend.model.changes import Change, ChangeSet, Create, Rename, Replace, digest
from unify_backend.model.errors import ConfigurationError, Refused
from unify_backend.model.file_source import text_of
from unify_backend.model.package_move import PackageMove, is_under
from unify_backend.model.rewrite_plan import RewritePlan
from unify_backend.model.settings import Settings
from unify_backend.model.text import PACKAGE_FILE, PYTHON_FILES
from unify_backend.references.indirect.index import RepositoryIndex
from unify_backend.references.rewrite import plan_rewrite
from unify_backend.repository.journal.writer import Applied, apply
from unify_backend.repository.snapshot import Snapshot

_SHOWN = 5


def plan(
    contents: Snapshot,
    settings: Settings,
    wish: ArchiveRequest,
    progress: Progress | None = None,
    jobs: int = 0,
) -> ArchivePlan:
    """What `archive` would do. Of `settings` count the history globs, the decisions and areas, and
    which packages must stay as a whole.

    Raises ConfigurationError for what cannot be meant, Refused for what must not move.
    """
    if not wish.reason.strip():
        raise ConfigurationError(
            "--reason is empty",
            "who finds the archive later must learn why it is one",
            'Say it in a few words: --reason "replaced by acme.backend".',
        )
    entries = known_entries(contents)
    moved, gone = places(contents, settings, wish, entries)
    if not moved:
        nothing = ChangeSet("archive: nothing", ())
        return ArchivePlan(wish, (), gone, (), (), (), (), 0, (), (), False, nothing)
    moves = renamings(moved, contents.paths)
    wanted = replace(settings, moves=tuple(moves.values()), also=(), go_along=())
    still = _still(contents.paths, moved, entries, wish)
    gathered = gather(contents, wanted, moved, moves, still, wish.force, progress, jobs)
    rewrite = plan_rewrite(contents, wanted, gathered.inventory, writable=contents.writable)
    index = contents.read(wish.index) if wish.index in contents.paths else None
    rows = list(_rows(wish, moved, moves, rewrite))
    changes = (
        *rewrite.changes.changes,
        *(
            Rename(file, digest(contents.read(file)), source.place_of(file))
            for source in moved
            for file in source.files
        ),
        _indexed(wish.index, index, rows),
    )
    return ArchivePlan(
        wish,
        moved,
        gone,
        gathered.uses,
        rewrite.rewritten,
        rewrite.refused,
        gathered.left,
        gathered.history,
        tuple(_outward(contents, wanted, moved)),
        tuple(advice(contents, settings, wish, moved)),
        index is None,
        ChangeSet(_title(wish, moved), changes),
    )


def carry_out(contents: Snapshot, planned: ArchivePlan, allow_dirty: bool) -> Applied:
    """Writes the plan, all or nothing. Raises Refused where a person's edits are in the way."""
    return apply(contents.repository, planned.changes, allow_dirty=allow_dirty)


def check_unused(planned: ArchivePlan) -> None:
    """Raises Refused where what is to be archived is still used, and that was not forced."""
    if not planned.blocked:
        return
    uses = [f"{use.path}:{use.line}: {use.text} ({use.reason})" for use in planned.uses]
    if len(uses) > _SHOWN:
        uses = [*uses[:_SHOWN], f"… {len(uses) - _SHOWN:,} more are in the result"]
    places = "1 place" if len(planned.uses) == 1 else f"{len(planned.uses):,} places"
    raise Refused(
        f"{places} would break",
        "\n".join(["what is to be archived is still used:", *uses]),
        "Port what is needed, archive the users too, or give --force.",
    )


def _outward(
    contents: Snapshot, settings: Settings, moved: Sequence[Moved]
) -> Iterator[ArchiveDependency]:
    """What the archived files use of those that stay."""
    paths = frozenset(contents.paths)
    away = frozenset(file for source in moved for file in source.files)
    yield from outward(RepositoryIndex(contents, settings, paths, contents.paths), moved, away)
    for path in sorted(away):
        yield from leading_out(path, text_of(contents, path) or "", paths, away)


def _still(
    paths: Iterable[str], moved: Sequence[Moved], entries: Sequence[Entry], wish: ArchiveRequest
) -> frozenset[str]:
    """The files in which every name stays: archived ones, now or before, and indexes."""
    away = [source.path for source in moved] + [entry.target for entry in entries]
    indexes = {wish.index, *(entry.index for entry in entries)}
    return frozenset(
        path for path in paths if path in indexes or any(is_under(path, folder) for folder in away)
    )


def _rows(
    wish: ArchiveRequest,
    moved: Sequence[Moved],
    moves: dict[str, PackageMove],
    rewrite: RewritePlan,
) -> Iterator[str]:
    for source in moved:
        names = {move.legacy for move in moves.values() if move.legacy_path == source.path}
        files = Counter(
            file.path
            for file in rewrite.rewritten
            for ref in file.references
            if ref.legacy in names
        )
        changed = f"{files.total():,} in {len(files):,} files" if files else "none"
        slash = "" if source.is_file else "/"
        yield row(
            wish.day.isoformat(),
            f"{source.path}{slash}",
            f"{source.target}{slash}",
            wish.reason,
            changed.replace(" 1 files", " 1 file"),
        )


def _indexed(path: str, before: bytes | None, rows: Collection[str]) -> Change:
    after = extended(path, before, list(rows))
    return Create(path, after) if before is None else Replace(path, digest(before), after)


def _title(wish: ArchiveRequest, moved: Sequence[Moved]) -> str:
    subject = moved[0].path if len(moved) == 1 else f"{len(moved)} paths"
    return f"archive: {subject} to {wish.to}"


def renamings(moved: Iterable[Moved], paths: Collection[str]) -> dict[str, PackageMove]:
    """The renaming of each archived path by its path, and for what is imported under a shorter
    name than its path says (`src/acme/old` as `acme.old`) one more, by that name."""
    known = frozenset(paths)
    moves: dict[str, PackageMove] = {}
    for source in moved:
        whole = _dotted(source.path)
        moves[source.path] = PackageMove(whole, _dotted(source.target), source.path, source.target)
        short = whole.removeprefix(_above(source.path, known)).lstrip(".")
        if short != whole:
            moves[short] = PackageMove(short, _dotted(source.target), source.path, source.target)
    return moves


def _dotted(path: str) -> str:
    for ending in PYTHON_FILES:
        path = path.removesuffix(ending)
    return path.replace("/", ".")


def _above(path: str, known: Collection[str]) -> str:
    """The folders above the outermost package that the path is in, dotted."""
    parts = path.split("/")
    for n in range(1, len(parts) + 1):
        if "/".join([*parts[:n], PACKAGE_FILE]) in known:
            return ".".join(parts[: n - 1])
    return ""
