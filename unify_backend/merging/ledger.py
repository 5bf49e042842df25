"""The ledger: for each commit since the split, whether the two copies have its change now.

A commit's change of a file are the parts (`content_parts`) that it added, and those that it removed
where it added none in the same definition. A part counts as there where the other copy has as many
of it as the commit left; what moved to another definition, or to a file that only one tree has, is
found by its text, where that is long enough to be found by. What a commit moved it did not change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

from unify_backend.merging.content_parts import ContentPart, Parts, parts_of
from unify_backend.merging.fingerprints import TINY_SIZE
from unify_backend.merging.split_commit import other
from unify_backend.model.errors import UnifyError
from unify_backend.model.file_source import Contents
from unify_backend.model.history import FileEdit, FileEdits, PackageHistory
from unify_backend.model.ledger import Counted, Ledger, LedgerEntry, LedgerFile, Whereabouts
from unify_backend.model.tree_diff import Side
from unify_backend.names.table import NameTable
from unify_backend.repository.git.stored import Blobs


@dataclass(frozen=True, slots=True)
class _Change:
    """The parts that a commit added to a file and removed from it: how many the file had before,
    and after. `texts_before` counts what it had before, whatever the scope."""

    added: dict[ContentPart, tuple[int, int]]
    removed: dict[ContentPart, tuple[int, int]]
    texts_before: Counter[str]


@dataclass(frozen=True, slots=True)
class _Before:
    """What a file had in any parent of a commit, and what it had in all."""

    most: Parts
    least: Parts


@dataclass(frozen=True, slots=True)
class _Moves:
    """The texts that a commit took away in one place and added in another, how many of each are
    still to be left out of what it added, and of what it removed."""

    come: Counter[str] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)


class _State:
    """A file's parts, or those of some files together, also counted without their scopes."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.texts: Counter[str] = Counter()
        for part, number in parts.items():
            self.texts[part.text] += number


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
        self._beside: dict[tuple[Side, bool], _State] = {}
        self._moves: dict[tuple[Side, int], _Moves] = {}

    def note_moves(self, side: Side, edits: Iterable[FileEdit]) -> None:
        """Notes what each commit of one side took from one place to another."""
        gone: dict[int, Counter[str]] = {}
        come: dict[int, Counter[str]] = {}
        for edit in edits:
            before, after = self._versions(edit)
            for counts, parts in ((gone, before.least - after), (come, after - before.most)):
                texts = counts.setdefault(edit.rank, Counter())
                for part, number in parts.items():
                    texts[part.text] += number * _found_by_text(part)
        for rank, texts in gone.items():
            if moved := texts & come[rank]:
                self._moves[side, rank] = _Moves(Counter(moved), Counter(moved))

    def changes(self, file: FileEdits, side: Side) -> Iterator[_FileChange]:
        """What each commit of one side changed in a file, the newest first."""
        edits = file.of(side)
        if not edits:
            return
        base = self._base(file)
        own, theirs = self._now(file, side), self._now(file, other(side))
        for number, edit in enumerate(edits):
            change = self._change(edit, base, self._moves.get((side, edit.rank), _Moves()))
            here = _counts(change, own, self._elsewhere(file, side))
            there = _counts(change, theirs, self._elsewhere(file, other(side)))
            voters = _voters(change)
            counted = Counted(
                sum(_size(change, part) for part in voters),
                sum(here[part] for part in voters),
                sum(there[part] for part in voters),
                sum(max(here[part], there[part]) for part in voters),
            )
            gone_with = None
            if counted.place is Whereabouts.MISSING:
                gone_with = self._gone_with(change, voters, edits[:number])
            yield _FileChange(edit, LedgerFile(file.path, counted), gone_with)

    def _gone_with(
        self, change: _Change, voters: Sequence[ContentPart], later: Sequence[FileEdit]
    ) -> FileEdit | None:
        """The first later edit that left nothing of a change in its file."""
        nothing = _State(Counter())
        for edit in reversed(later):
            counts = _counts(change, _State(self._parts(edit.after, edit.path)), nothing)
            if not any(counts[part] for part in voters):
                return edit
        return None

    def _change(self, edit: FileEdit, base: Parts, moves: _Moves) -> _Change:
        before, after = self._versions(edit)
        added = _without(after - before.most, moves.come)
        removed = _without(before.least - after, moves.gone)
        scopes = {part.scope for part in added}
        return _Change(
            {part: (before.most[part], before.most[part] + n) for part, n in added.items()},
            {
                part: (before.least[part], before.least[part] - n)
                for part, n in removed.items()
                if part.scope not in scopes and base[part]
            },
            _State(before.most).texts,
        )

    def _versions(self, edit: FileEdit) -> tuple[_Before, Parts]:
        befores = [self._parts(blob, edit.path) for blob in edit.before] or [Counter()]
        most: Parts = reduce(lambda first, second: first | second, befores)
        least: Parts = reduce(lambda first, second: first & second, befores)
        return _Before(most, least), self._parts(edit.after, edit.path)

    def _base(self, file: FileEdits) -> Parts:
        return self._parts(file.base.blob, file.base.path) if file.base is not None else Counter()

    def _now(self, file: FileEdits, side: Side) -> _State:
        move = self._history.move
        at = move.at_legacy if side is Side.LEGACY else move.at_canonical
        return _State(self._read(file.at(side) or at(file.path)))

    def _elsewhere(self, file: FileEdits, side: Side) -> _State:
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
            self._beside[side, lacks] = _State(parts)
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


def _without(parts: Parts, moved: Counter[str]) -> Parts:
    """The parts but for those that only moved, which are counted off."""
    left: Parts = Counter()
    for part, number in parts.items():
        taken = min(number, moved[part.text])
        moved[part.text] -= taken
        left[part] = number - taken
    return +left


def _found_by_text(part: ContentPart) -> bool:
    """Whether the same text in another place is the same part: many files have the same imports."""
    return not part.tiny and not part.text.startswith(("import ", "from "))


def _size(change: _Change, part: ContentPart) -> int:
    """How many of a part a change added or removed."""
    before, after = change.added.get(part) or change.removed[part]
    return abs(after - before)


def _voters(change: _Change) -> list[ContentPart]:
    """The parts that are long enough to be evidence; all of them where none is."""
    parts = [*change.added, *change.removed]
    return [part for part in parts if not part.tiny] or parts


def _counts(change: _Change, state: _State, elsewhere: _State) -> dict[ContentPart, int]:
    """How many of the changed parts a state has (or lacks, where they were removed). Some that are
    found in other places are no evidence; most of them are, because code moves together."""
    counts = {
        part: _reached(before, after, state.parts[part])
        for part, (before, after) in change.added.items()
    }
    for part, (before, after) in change.removed.items():
        counts[part] = before - after - _reached(after, before, state.parts[part])
    absent = [part for part in change.added if not counts[part]]
    moved = {part: _moved(part, change, state, elsewhere) for part in absent}
    if sum(moved.values()) * 2 >= sum(_size(change, part) for part in absent):
        counts |= moved
    return counts


def _reached(before: int, after: int, number: int) -> int:
    return max(0, min(number, after) - before)


def _moved(part: ContentPart, change: _Change, state: _State, elsewhere: _State) -> int:
    """The same for a part that may have another place, found by its text: in another definition of
    the file, or in a file that only this tree has."""
    if not _found_by_text(part):
        return 0
    number = state.texts[part.text] - change.texts_before[part.text]
    if len(part.text) >= TINY_SIZE:
        number += elsewhere.texts[part.text]
    return max(0, min(_size(change, part), number))
