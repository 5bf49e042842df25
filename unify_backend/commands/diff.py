"""Compares the two trees and traces the history of each file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unify_backend.merging.compare import compare
from unify_backend.merging.fork_points import moved_whole, trace
from unify_backend.merging.ledger import ledger_of
from unify_backend.merging.pairing import Pairing, pairs_of
from unify_backend.model.errors import RepositoryError
from unify_backend.model.history import FileHistory, PackageHistory
from unify_backend.model.ledger import Ledger
from unify_backend.model.package_move import PackageMove, places_of
from unify_backend.model.settings import Settings
from unify_backend.model.text import Binary, decode
from unify_backend.model.tree_diff import TreeDiff
from unify_backend.names.table import NameTable
from unify_backend.references.renaming import renamer
from unify_backend.repository.history import History, NoHistory, read_history
from unify_backend.repository.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Compared:
    """The trees side by side, with the history of each move, and its ledger where that was wanted,
    in the same order."""

    diff: TreeDiff
    histories: tuple[PackageHistory, ...]
    ledgers: tuple[Ledger, ...] = ()


@dataclass(frozen=True, slots=True)
class FileSides:
    """One file as text on both sides and at its fork point, all in the canonical names (None:
    not there)."""

    move: PackageMove
    file: FileHistory
    base: str | None
    legacy: str | None
    canonical: str | None


def compare_trees(
    contents: Snapshot,
    settings: Settings,
    base: str | None = None,
    commits: bool = False,
    path: str | None = None,
) -> Compared:
    """Both trees of every move, compared and traced back to where they parted; with `commits` also
    where the change of each commit is, of all files or of the one at `path`.

    Raises RepositoryError where no tree has `path`.
    """
    table = NameTable(settings.moves)
    diff = compare(contents, settings.moves, table)
    pairings = pairs_of(contents, settings.moves)
    moves = [pairing.move for pairing in pairings if _copied(pairing)]
    past = read_history(contents.repository, places_of(moves)) if moves else None
    histories = tuple(
        trace(past, contents, pairing, table, base, commits)
        if past is not None and _copied(pairing)
        else moved_whole(pairing)
        for pairing in pairings
    )
    ledgers = _ledgers(past, contents, table, histories, path) if commits else ()
    return Compared(diff, histories, tuple(ledgers))


def _ledgers(
    past: History | NoHistory | None,
    contents: Snapshot,
    table: NameTable,
    histories: Sequence[PackageHistory],
    path: str | None,
) -> Iterator[Ledger]:
    wanted = [
        (history, {file.path for file in history.files if path is not None and is_at(file, path)})
        for history in histories
    ]
    if path is not None and not any(paths for _, paths in wanted):
        raise _in_neither(path)
    for history, paths in wanted:
        if past is None or isinstance(past, NoHistory):
            yield Ledger(history.move, (), history.note)
        else:
            only = paths if path is not None else None
            yield ledger_of(history, past.blobs, contents, table, only)


def is_at(file: FileHistory, path: str) -> bool:
    """Whether a file is meant by a path in either tree, or by the path inside the trees."""
    wanted = path.replace("\\", "/").strip("/")
    return wanted in {file.legacy.path, file.canonical.path, file.path}


def _copied(pairing: Pairing) -> bool:
    """Whether both trees are there, so that there is something to trace."""
    return bool(pairing.twins or pairing.only_canonical or pairing.unread)


def sides_of(
    contents: Snapshot, settings: Settings, path: str, base: str | None = None
) -> FileSides:
    """One pair of files, named by either of its paths or by the path inside the trees.

    Raises RepositoryError where no tree has it.
    """
    table = NameTable(settings.moves)
    rename = renamer(contents, settings)
    past = read_history(contents.repository, places_of(settings.moves))
    for pairing in pairs_of(contents, settings.moves):
        move = pairing.move
        for file in trace(past, contents, pairing, table, base).files:
            old, new = file.legacy.path, file.canonical.path
            if not is_at(file, path):
                continue
            origin = file.fork.base
            data = past.blobs.read(origin.blob) if origin and isinstance(past, History) else None
            return FileSides(
                move,
                file,
                _text(rename(old or path, data)) if data is not None else None,
                _text(rename(old, contents.read(old))) if old else None,
                _text(contents.read(new)) if new else None,
            )
    raise _in_neither(path)


def _in_neither(path: str) -> RepositoryError:
    return RepositoryError(
        f"{path} is in neither tree",
        "only files of the two trees can be compared",
        "Name one as `unify-backend diff` lists it.",
    )


def _text(data: bytes) -> str:
    decoded = decode(data)
    return data.decode("latin-1") if isinstance(decoded, Binary) else decoded.text
