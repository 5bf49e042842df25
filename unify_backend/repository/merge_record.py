"""The merge record: the files that a merge left to be resolved, with the contents they were merged
from. A second run keeps the resolved files, and merges later edits against them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from unify_backend.model.changes import digest
from unify_backend.model.merge_plan import Settled
from unify_backend.repository.state_store import Record, StateFile, remove_quietly, write_whole

NOTHING = ""  # in place of a digest: there is no such file
_CONTENTS = "merged"  # the folder of the legacy contents, each under its digest


class HandoverKind(StrEnum):
    """How a file was handed out, and so what tells that it is settled."""

    WRITTEN = "written"  # with a result, or with a question: settled once it is not as before
    MARKED = "marked"  # with conflict markers: settled once they are gone, whatever is left
    PREFERRED = "preferred"  # by a preference alone, and nothing was written: settled


@dataclass(frozen=True, slots=True)
class MergedFrom:
    """The contents a file was merged from, as digests: legacy's, and canonical's before.

    `beside` are some other files of the same merge as they were before it: while all of them are
    so again, that merge was taken back (`git reset`, `git stash`, another branch) and settles
    nothing. `earlier` is the legacy content that was settled before this merge, or NOTHING.
    """

    legacy: str
    before: str
    how: HandoverKind = HandoverKind.WRITTEN
    beside: Mapping[str, str] = field(default_factory=dict)
    earlier: str = NOTHING


class MergeRecord(Record, frozen=True, tag="unify-backend/merged/2"):
    """What files were merged from, by canonical path."""

    files: dict[str, MergedFrom]


class FirstMergeRecord(Record, frozen=True, tag="unify-backend/merged/1"):
    """What earlier versions wrote: pairs of digests; no `before` meant a preference."""

    files: dict[str, tuple[str, str]]


_FILE: StateFile[MergeRecord | FirstMergeRecord] = StateFile(
    "merged.json",
    (MergeRecord, FirstMergeRecord),
    "`unify-backend merge` then asks again about files whose conflicts were settled before.",
)


def remember(state: Path, merged: Mapping[str, MergedFrom], contents: Mapping[str, bytes]) -> None:
    """Adds entries to the record, by canonical path; `contents` are legacy contents by digest.

    It is called before the merge is written: a WRITTEN entry whose file still has the content
    `before` has no effect, so that nothing is recorded too early.
    """
    if not merged:
        return
    _write(state, {**read(state), **merged}, contents)


def confirm_markers(state: Path, paths: Iterable[str]) -> None:
    """Changes the entries of files that hold our conflict markers now to MARKED."""
    known = read(state)
    marked = {path: known[path] for path in paths if path in known}
    if any(merged.how is HandoverKind.WRITTEN for merged in marked.values()):
        _write(
            state, known | {p: replace(g, how=HandoverKind.MARKED) for p, g in marked.items()}, {}
        )


def with_markers(state: Path) -> frozenset[str]:
    """The canonical paths that were handed out with conflict markers. Raises RepositoryError where
    the record is damaged."""
    return frozenset(
        path for path, merged in read(state).items() if merged.how is HandoverKind.MARKED
    )


def reopen(state: Path, still_marked: Callable[[str], bool], taken_back: frozenset[str]) -> None:
    """Reopens entries after a merge was undone whose file content does not show it: preferences,
    and files of `taken_back` that had markers and have their old content again."""
    known = _files(_FILE.recall(state))  # of a damaged record there is nothing to open
    remaining: dict[str, MergedFrom] = {}
    for path, merged in known.items():
        undone = merged.how is HandoverKind.MARKED and path in taken_back and not still_marked(path)
        if merged.how is not HandoverKind.PREFERRED and not undone:
            remaining[path] = merged
        elif merged.earlier != NOTHING:
            remaining[path] = MergedFrom(merged.earlier, merged.before, HandoverKind.PREFERRED)
    if remaining != known:
        _write(state, remaining, {})


def _write(state: Path, known: Mapping[str, MergedFrom], contents: Mapping[str, bytes]) -> None:
    folder = state / _CONTENTS
    wanted = {name for merged in known.values() for name in (merged.legacy, merged.earlier)} - {
        NOTHING
    }
    for name in wanted & contents.keys():
        write_whole(folder / name, contents[name])
    _FILE.write(state, MergeRecord(dict(sorted(known.items()))))
    if folder.is_dir():
        remove_quietly(place for place in folder.iterdir() if place.name not in wanted)


def read(state: Path) -> dict[str, MergedFrom]:
    """What is known, by canonical path. Raises RepositoryError where the record is damaged."""
    return _files(_FILE.read(state))


def _files(record: MergeRecord | FirstMergeRecord | None) -> dict[str, MergedFrom]:
    match record:
        case None:
            return {}
        case MergeRecord(files):
            return files
        case FirstMergeRecord(pairs):
            return {path: _first(*pair) for path, pair in pairs.items()}


def _first(legacy: str, before: str) -> MergedFrom:
    how = HandoverKind.WRITTEN if before != NOTHING else HandoverKind.PREFERRED
    return MergedFrom(legacy, before, how)


def settled(
    state: Path,
    current: Callable[[str], bytes | None],
    marked: Callable[[bytes], object],
    preferred: bool = False,
    named: bool = False,
) -> dict[str, Settled]:
    """The files whose merge is settled, by canonical path.

    `current` returns a file's present content, None where it is missing; `marked` tells whether a
    content holds our conflict markers. With `preferred` (a side is preferred again), files settled
    only by an earlier preference are open again; with `named` (the files are named as well), also
    those that have the content from before the merge.
    """
    results: dict[str, Settled] = {}
    for path, merged in read(state).items():
        content = current(path)
        as_before = _digest(content) == merged.before
        reopened = preferred and (merged.how is HandoverKind.PREFERRED or (named and as_before))
        holds = (
            _holds(merged, content, marked) and not reopened and not _taken_back(merged, current)
        )
        name = merged.legacy if holds else merged.earlier
        if holds or name != NOTHING:
            before = merged.before if holds else NOTHING
            results[path] = Settled(name, _content(state, name), holds and as_before, before)
    return results


def _holds(merged: MergedFrom, content: bytes | None, marked: Callable[[bytes], object]) -> bool:
    match merged.how:
        case HandoverKind.WRITTEN:
            return _digest(content) != merged.before
        case HandoverKind.MARKED:
            return content is None or not marked(content)
        case HandoverKind.PREFERRED:
            return True


def _taken_back(merged: MergedFrom, current: Callable[[str], bytes | None]) -> bool:
    return bool(merged.beside) and all(
        _digest(current(path)) == before for path, before in merged.beside.items()
    )


def _digest(content: bytes | None) -> str:
    return NOTHING if content is None else digest(content)


def _content(state: Path, name: str) -> bytes | None:
    if name == NOTHING:
        return None
    try:
        data = (state / _CONTENTS / name).read_bytes()
    except OSError:
        return None
    return data if digest(data) == name else None
