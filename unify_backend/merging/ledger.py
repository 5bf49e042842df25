"""The ledger: for each commit since the split, whether the two copies have its change now.

A commit's change of a file are the parts (`content_parts`) that it added, and those that it removed
where it added none in the same definition. A part counts as there where the other copy has as many
of it as the commit left; what moved to another definition, or to a file that only one tree has, is
found by its text, where that is long enough to be found by. What a commit moved it did not change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from unify_backend.merging.content_parts import Parts, parts_of
from unify_backend.merging.part_changes import (
    FileState,
    Moves,
    PartChange,
    before_of,
    between,
    counted,
    counts,
    found_by_text,
    voters,
)
from unify_backend.merging.split_commit import other
from unify_backend.model.errors import UnifyError
from unify_backend.model.file_source import Contents
from unify_backend.model.history import FileEdit, FileEdits, PackageHistory
from unify_backend.model.ledger import Ledger, LedgerEntry, LedgerFile, Whereabouts
from unify_backend.model.tree_diff import Side
from unify_backend.names.table import NameTable
from unify_backend.repository.git.stored import Blobs


def ledger_of(
    history: PackageHistory,
    blobs: Blobs,
    contents: Contents,
    table: NameTable,
    only: Collection[str] | None = None,
) -> Ledger:
    """The ledger of one move, whose `history` was traced with its edits. `contents` is the state
    that counts as now, which need not be the one that `history` ends with; `only` limits it to
    these files, by their paths inside the trees.

    Raises RepositoryError where git lacks a content.
    """
    reader = _Reader(history, blobs, contents, table)
    files = [file for file in history.edits if only is None or file.path in only]
    edits = [edit for file in files for side in Side for edit in file.of(side)]
    blobs.load(name for edit in edits for name in (*edit.before, edit.after) if name is not None)
    for side in Side:
        reader.note_moves(side, (edit for file in files for edit in file.of(side)))
    changed: dict[tuple[Side, int], list[_FileChange]] = {}
    for file in files:
        for side in Side:
            for change in reader.changes(file, side):
                changed.setdefault((side, change.edit.rank), []).append(change)
    ordered = sorted(changed.items(), key=lambda item: (list(Side).index(item[0][0]), -item[0][1]))
    return Ledger(
        history.move,
        tuple(_entry(side, changes) for (side, _), changes in ordered),
        history.note,
    )


@dataclass(frozen=True, slots=True)
class _FileChange:
    edit: FileEdit
    file: LedgerFile
    gone_with: FileEdit | None


def _entry(side: Side, changes: Sequence[_FileChange]) -> LedgerEntry:
    files = tuple(change.file for change in changes)
    entry = LedgerEntry(side, changes[0].edit.commit, files)
    takers = [change.gone_with for change in changes if change.gone_with is not None]
    if entry.place is not Whereabouts.MISSING or not takers:
        return entry
    return replace(entry, gone_with=max(takers, key=lambda edit: edit.rank).commit)


class _Reader:
    def __init__(
        self, history: PackageHistory, blobs: Blobs, contents: Contents, table: NameTable
    ) -> None:
        self._history = history
        self._blobs = blobs
        self._contents = contents
        self._table = table
        self._there = frozenset(file.path for file in contents.listing().files)
        self._known: dict[tuple[bytes, str], Parts] = {}
        self._beside: dict[tuple[Side, bool], FileState] = {}
        self._moves: dict[tuple[Side, int], Moves] = {}

    def note_moves(self, side: Side, edits: Iterable[FileEdit]) -> None:
        """Notes what each commit of one side took from one place to another."""
        gone: dict[int, Counter[str]] = {}
        come: dict[int, Counter[str]] = {}
        for edit in edits:
            befores, after = self._versions(edit)
            before = before_of(befores)
            for texts_of, parts in ((gone, before.least - after), (come, after - before.most)):
                texts = texts_of.setdefault(edit.rank, Counter())
                for part, number in parts.items():
                    texts[part.text] += number * found_by_text(part)
        for rank, texts in gone.items():
            if moved := texts & come[rank]:
                self._moves[side, rank] = Moves(Counter(moved), Counter(moved))

    def changes(self, file: FileEdits, side: Side) -> Iterator[_FileChange]:
        """What each commit of one side changed in a file, the newest first."""
        edits = file.of(side)
        if not edits:
            return
        base = self._base(file)
        own, theirs = self._now(file, side), self._now(file, other(side))
        for number, edit in enumerate(edits):
            moves = self._moves.get((side, edit.rank))
            change = between(*self._versions(edit), base, moves)
            count = counted(
                change,
                own,
                theirs,
                self._elsewhere(file, side),
                self._elsewhere(file, other(side)),
            )
            gone_with = None
            if count.place is Whereabouts.MISSING:
                gone_with = self._gone_with(change, edits[:number])
            yield _FileChange(edit, LedgerFile(file.path, count), gone_with)

    def _gone_with(self, change: PartChange, later: Sequence[FileEdit]) -> FileEdit | None:
        """The first later edit that left nothing of a change in its file."""
        nothing, deciding = FileState(Counter()), voters(change)
        for edit in reversed(later):
            numbers = counts(change, FileState(self._parts(edit.after, edit.path)), nothing)
            if not any(numbers[part] for part in deciding):
                return edit
        return None

    def _versions(self, edit: FileEdit) -> tuple[list[Parts], Parts]:
        befores = [self._parts(blob, edit.path) for blob in edit.before]
        return befores, self._parts(edit.after, edit.path)

    def _base(self, file: FileEdits) -> Parts:
        return self._parts(file.base.blob, file.base.path) if file.base is not None else Counter()

    def _now(self, file: FileEdits, side: Side) -> FileState:
        move = self._history.move
        at = move.at_legacy if side is Side.LEGACY else move.at_canonical
        return FileState(self._read(file.at(side) or at(file.path)))

    def _elsewhere(self, file: FileEdits, side: Side) -> FileState:
        """The parts of other files in which a part of this one may be: of those that only this tree
        has; where the tree lacks the file, of all that were changed since the split."""
        lacks = file.at(side) is None
        if (side, lacks) not in self._beside:
            paths = (
                (changed.at(side) for changed in self._history.edits)
                if lacks
                else (
                    alone.of(side).path
                    for alone in self._history.files
                    if alone.of(other(side)).path is None
                )
            )
            parts: Parts = Counter()
            for path in paths:
                if path is not None:
                    parts.update(self._read(path))
            self._beside[side, lacks] = FileState(parts)
        return self._beside[side, lacks]

    def _read(self, path: str) -> Parts:
        if path not in self._there:
            return Counter()
        try:
            return self._of(self._contents.read(path), path)
        except UnifyError:
            return Counter()

    def _parts(self, blob: str | None, path: str) -> Parts:
        return Counter() if blob is None else self._of(self._blobs.read(blob), path)

    def _of(self, data: bytes, path: str) -> Parts:
        key = data, path.rpartition(".")[2]
        if key not in self._known:
            self._known[key] = parts_of(data, path, self._table)
        return self._known[key]
