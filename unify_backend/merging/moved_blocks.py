"""Blocks that one side deleted in one file, and the other side moved into another file.

Each of the two files merges cleanly, and what was deleted is there again. It is noted where it is.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from unify_backend.languages.merge_hunk import lines_of
from unify_backend.merging.split_commit import other
from unify_backend.merging.threeway.contested import blocks, deleted_lines, moved_runs
from unify_backend.merging.threeway.diff import Change, changes
from unify_backend.model.history import ChangedSide
from unify_backend.model.merge_plan import MergedFile
from unify_backend.model.text import PYTHON_FILES, Binary, decode
from unify_backend.model.tree_diff import Side
from unify_backend.names.table import NameTable

_IMPORT = re.compile(r"\s*(?:import|from)\s")
_BOTH = (ChangedSide.BOTH, ChangedSide.BOTH_SAME)
_NOTE = "lines {}–{} are of {}: {} deleted them there, {} moved them here"


@dataclass(frozen=True, slots=True)
class _Versions:
    """One file's lines with one spelling of the names, and what each side made of the base."""

    file: MergedFile
    base: list[str]
    sides: dict[Side, list[str]]
    edits: dict[Side, list[Change]]

    def added(self, side: Side) -> Iterator[str]:
        for change in self.edits[side]:
            yield from self.sides[side][change.b_start : change.b_end]


def with_moved_blocks(
    files: Sequence[MergedFile], base: Callable[[MergedFile], bytes | None], table: NameTable
) -> tuple[MergedFile, ...]:
    """The files, with a note on each that has such a block. `base` gives a file's content at its
    fork point."""
    shrunk = [_read(file, base, table) for file in files if file.history.ahead in _BOTH]
    gone = {
        versions.file.path: sorted(
            deleted_lines(versions.edits[Side.LEGACY])
            & deleted_lines(versions.edits[Side.CANONICAL])
        )
        for versions in shrunk
    }
    if not any(gone.values()):
        return tuple(files)
    changed = [
        _read(file, base, table)
        for file in files
        if file.after is not None and file.history.ahead is not ChangedSide.NONE
    ]
    notes: dict[str, list[str]] = {}
    for deleting in Side:
        stays = {line for versions in changed for line in versions.added(deleting)}
        for source in shrunk:
            numbers = [n for n in gone[source.file.path] if source.base[n] not in stays]
            for block in blocks(numbers):
                lines = source.base[block.start : block.stop]
                for target in changed:
                    for note in _notes(lines, source, target, other(deleting), table):
                        notes.setdefault(target.file.path, []).append(note)
    return tuple(
        replace(file, notes=(*file.notes, *notes[file.path])) if file.path in notes else file
        for file in files
    )


def _notes(
    block: Sequence[str], source: _Versions, target: _Versions, moving: Side, table: NameTable
) -> Iterator[str]:
    if target.file.path == source.file.path:
        return
    result = _lines(target.file.after, target.file.path, table)
    for start, end in moved_runs(block, target.sides[moving], target.edits[moving]):
        lines = target.sides[moving][start:end]
        words = [line for line in lines if re.search(r"\w", line)]
        if len(words) < 2 or all(map(_IMPORT.match, words)):
            continue
        at = _find(lines, result)
        if at is not None:
            first, last = at + 1, at + len(lines)
            deleting = other(moving).value
            yield _NOTE.format(first, last, source.file.path, deleting, moving.value)


def _find(lines: Sequence[str], result: Sequence[str]) -> int | None:
    size = len(lines)
    places = range(len(result) - size + 1)
    return next((at for at in places if result[at : at + size] == list(lines)), None)


def _read(
    file: MergedFile, base: Callable[[MergedFile], bytes | None], table: NameTable
) -> _Versions:
    origin = _lines(base(file), file.path, table)
    sides = {
        Side.LEGACY: _lines(file.legacy, file.path, table),
        Side.CANONICAL: _lines(file.before, file.path, table),
    }
    edits = {side: changes(origin, lines) for side, lines in sides.items()}
    return _Versions(file, origin, sides, edits)


def _lines(data: bytes | None, path: str, table: NameTable) -> list[str]:
    decoded = decode(data or b"", path.endswith(PYTHON_FILES))
    if isinstance(decoded, Binary):
        return []
    text = table.neutral(decoded.text.replace("\r\n", "\n"))
    return lines_of(text if text.endswith("\n") else f"{text}\n")
