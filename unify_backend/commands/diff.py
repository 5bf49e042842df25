"""Compares the two trees and traces the history of each file."""

from dataclasses import dataclass

from unify_backend.merging.compare import compare
from unify_backend.merging.fork_points import trace
from unify_backend.merging.pairing import pairs_of
from unify_backend.model.errors import RepositoryError
from unify_backend.model.history import FileHistory, PackageHistory
from unify_backend.model.package_move import PackageMove, places_of
from unify_backend.model.settings import Settings
from unify_backend.model.text import Binary, decode
from unify_backend.model.tree_diff import TreeDiff
from unify_backend.names.table import NameTable
from unify_backend.references.renaming import renamer
from unify_backend.repository.history import History, read_history
from unify_backend.repository.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Compared:
    """The trees side by side, with the history of each move, in the same order."""

    diff: TreeDiff
    histories: tuple[PackageHistory, ...]


@dataclass(frozen=True, slots=True)
class FileSides:
    """One file as text on both sides and at its fork point, all in the canonical names (None:
    not there)."""

    move: PackageMove
    file: FileHistory
    base: str | None
    legacy: str | None
    canonical: str | None


def compare_trees(contents: Snapshot, settings: Settings, base: str | None = None) -> Compared:
    """Both trees of every move, compared and traced back to where they parted."""
    table = NameTable(settings.moves)
    diff = compare(contents, settings.moves, table)
    past = read_history(contents.repository, places_of(settings.moves))
    pairings = pairs_of(contents, settings.moves)
    histories = tuple(trace(past, contents, pairing, table, base) for pairing in pairings)
    return Compared(diff, histories)


def sides_of(
    contents: Snapshot, settings: Settings, path: str, base: str | None = None
) -> FileSides:
    """One pair of files, named by either of its paths or by the path inside the trees.

    Raises RepositoryError where no tree has it.
    """
    table = NameTable(settings.moves)
    rename = renamer(contents, settings)
    wanted = path.replace("\\", "/").strip("/")
    past = read_history(contents.repository, places_of(settings.moves))
    for pairing in pairs_of(contents, settings.moves):
        move = pairing.move
        for file in trace(past, contents, pairing, table, base).files:
            old, new = file.legacy.path, file.canonical.path
            if wanted not in {old, new, file.path}:
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
    raise RepositoryError(
        f"{path} is in neither tree",
        "only files of the two trees can be compared",
        "Name one as `unify-backend diff` lists it.",
    )


def _text(data: bytes) -> str:
    decoded = decode(data)
    return data.decode("latin-1") if isinstance(decoded, Binary) else decoded.text
