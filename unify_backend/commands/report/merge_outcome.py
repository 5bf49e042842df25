"""What a three-way merge makes of the two trees as they were, and what became of each file.

The merge is computed again from the state at the start, so that every clone reports the same,
whoever carried the merge out and by whatever means.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from unify_backend.commands.merged_at import merged_at
from unify_backend.merging.formatting import formatting_of
from unify_backend.merging.ledger import ledger_of
from unify_backend.merging.markers import marked
from unify_backend.merging.pairing import Pairing, pairs_of
from unify_backend.merging.threeway.lost_content import lost_definitions
from unify_backend.model.file_source import Contents, text_of
from unify_backend.model.history import ChangedSide
from unify_backend.model.merge_plan import MergeAction, MergedFile
from unify_backend.model.package_move import PackageMove, places_of
from unify_backend.model.report import FileOutcome, Outcome, PackageOutcome, Tree, Versions
from unify_backend.model.settings import Settings
from unify_backend.model.text import SOURCE, Binary, decode_file
from unify_backend.model.tree_diff import PackageDiff, Side
from unify_backend.names.table import NameTable
from unify_backend.references.renaming import Renamer, renamer
from unify_backend.repository.configuration import in_state
from unify_backend.repository.history import History, NoHistory, read_history
from unify_backend.repository.snapshot import Snapshot

_TURNED_DOWN = {Outcome.CANONICAL, Outcome.LEGACY}


def join_packages(
    contents: Snapshot,
    before: Contents,
    commit: str,
    settings: Settings,
    diffs: Mapping[PackageMove, PackageDiff],
) -> tuple[PackageOutcome, ...]:
    """Each move that had a legacy tree `before`, the state at `commit`, which `diffs` are of."""
    then = in_state(settings, before)
    table = NameTable(then.moves)
    rename = renamer(before, then)
    pairings = [pairing for pairing in pairs_of(before, then.moves) if not pairing.done]
    if not pairings:
        return ()
    past = read_history(
        contents.repository, places_of(pairing.move for pairing in pairings), commit
    )
    now = {pairing.move: pairing for pairing in pairs_of(contents, settings.moves)}
    return tuple(
        _package(_Joiner(contents, before, past, move, table, rename), pairing, diffs[move], tree)
        for pairing in pairings
        for move, tree in ((pairing.move, _tree(now.get(pairing.move), diffs[pairing.move])),)
    )


def _tree(now: Pairing | None, before: PackageDiff) -> Tree:
    if now is None:  # another package is there now
        return Tree.GONE
    if now.done:
        return Tree.FORWARDING
    files = len(now.twins) + len(now.only_legacy)
    if not files:
        return Tree.GONE
    return Tree.WHOLE if files > before.legacy_files / 2 else Tree.REST


@dataclass(frozen=True, slots=True)
class _Joiner:
    contents: Snapshot
    before: Contents
    past: History | NoHistory
    move: PackageMove
    table: NameTable
    rename: Renamer


def _package(joiner: _Joiner, pairing: Pairing, diff: PackageDiff, tree: Tree) -> PackageOutcome:
    formatting = formatting_of(joiner.contents, [joiner.move])
    past, table = joiner.past, joiner.table
    merge = merged_at(
        past, joiner.before, pairing, table, joiner.rename, formatting=formatting, edits=True
    )
    merged = merge.files
    there = frozenset(joiner.contents.paths)
    carried = tree is not Tree.WHOLE or any(_carried(joiner, file, there) for file in merged)
    joined = tuple(
        _joined(joiner, file, there, carried)
        for file in merged
        if file.how is not MergeAction.UNCHANGED and file.history.ahead is not ChangedSide.NONE
    )
    ledger = None
    if isinstance(past, History):
        ledger = ledger_of(merge.history, past.blobs, joiner.contents, table)
    return PackageOutcome(merge, tree, diff, joined, ledger)


def _carried(joiner: _Joiner, file: MergedFile, there: frozenset[str]) -> bool:
    """Whether the file proves a merge: only a merge makes the content that it has."""
    if file.after is None or file.after == file.before or file.path not in there:
        return False
    return _alike(joiner, file.path, joiner.contents.read(file.path), file.after)


def _alike(joiner: _Joiner, path: str, data: bytes | None, other: bytes | None) -> bool:
    """Whether two contents are equal except for names, which are rewritten after the merge."""
    if data is None or other is None:
        return data is other
    first, second = _text(path, data), _text(path, other)
    if first is None or second is None:
        return data == other
    return joiner.table.canonicalise(first) == joiner.table.canonicalise(second)


def _joined(
    joiner: _Joiner,
    file: MergedFile,
    there: frozenset[str],
    carried: bool,
) -> FileOutcome:
    now = joiner.contents.read(file.path) if file.path in there else None
    legacy = joiner.rename(file.origin, file.legacy) if file.origin and file.legacy else file.legacy
    outcome = _outcome(joiner, file, legacy, now, carried)
    data = (_base(joiner, file), legacy, file.before, now)
    versions = Versions(*(None if d is None else _text(file.path, d) for d in data))
    on_purpose = file.how is MergeAction.CONFLICT and outcome in _TURNED_DOWN
    lost = _lost(joiner, file, versions) if outcome is not Outcome.PENDING else ()
    return FileOutcome(file, outcome, versions, lost, on_purpose)


def _outcome(
    joiner: _Joiner, file: MergedFile, legacy: bytes | None, now: bytes | None, carried: bool
) -> Outcome:
    if now is None:
        if file.after is None:
            return Outcome.MERGED
        return Outcome.GONE if carried else Outcome.PENDING
    if marked(now):
        return Outcome.OPEN
    if file.how is not MergeAction.CONFLICT and _alike(joiner, file.path, now, file.after):
        return Outcome.MERGED
    if _alike(joiner, file.path, now, file.before):
        return Outcome.CANONICAL if carried else Outcome.PENDING
    if _alike(joiner, file.path, now, legacy):
        return Outcome.LEGACY
    return Outcome.EDITED


def _base(joiner: _Joiner, file: MergedFile) -> bytes | None:
    base = file.history.fork.base
    if base is None or isinstance(joiner.past, NoHistory):
        return None
    data = joiner.past.blobs.read(base.blob)
    return joiner.rename(file.origin or base.path, data) if _of_legacy(file) else data


def _of_legacy(file: MergedFile) -> bool:
    return file.history.fork.side is Side.LEGACY


def _lost(joiner: _Joiner, file: MergedFile, versions: Versions) -> tuple[str, ...]:
    if not file.path.endswith(SOURCE) or versions.now is None:
        return ()
    same = joiner.table.canonicalise
    base, legacy, canonical, now = (
        same(text) if text is not None else ""
        for text in (versions.base, versions.legacy, versions.canonical, versions.now)
    )
    return tuple(lost_definitions(base, legacy, canonical, now))


def _text(path: str, data: bytes) -> str | None:
    decoded = decode_file(path, data)
    return None if isinstance(decoded, Binary) else decoded.text


def lines_of(contents: Contents, path: str) -> int:
    """MergeAction many lines a listed text file has; 0 for a binary file."""
    return len((text_of(contents, path) or "").splitlines())
