"""Which files a merge handed to a person: remembered, so that a second run keeps what the person
made of them, and so that what comes later is merged against that."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from unify_backend.model.changes import digest
from unify_backend.model.merge_plan import Settled
from unify_backend.repository.state_store import Record, StateFile, remove_quietly, write_whole

NOTHING = ""  # in place of a digest: there is no such file
_CONTENTS = "merged"  # the folder of the legacy contents, each under its digest


class Handed(StrEnum):
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
    how: Handed = Handed.WRITTEN
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


def remember(state: Path, given: Mapping[str, MergedFrom], contents: Mapping[str, bytes]) -> None:
    """Adds to what is known, by canonical path; `contents` are legacy contents by digest.

    Called before the merge is written: an entry that is WRITTEN, and whose file still has the
    content `before`, is of no account, so that nothing is claimed too early.
    """
    if not given:
        return
    _write(state, {**read(state), **given}, contents)


def confirm_markers(state: Path, paths: Iterable[str]) -> None:
    """Says of files that hold our conflict markers now that they were handed out with them."""
    known = read(state)
    marked = {path: known[path] for path in paths if path in known}
    if any(one.how is Handed.WRITTEN for one in marked.values()):
        _write(state, known | {p: replace(g, how=Handed.MARKED) for p, g in marked.items()}, {})


def reopen(state: Path, still_marked: Callable[[str], bool], taken_back: frozenset[str]) -> None:
    """Opens again what no content would tell after a merge was taken back: preferences, and files
    of `taken_back` that had markers and were made what they had been before."""
    known = _files(_FILE.recall(state))  # of a damaged record there is nothing to open
    kept: dict[str, MergedFrom] = {}
    for path, one in known.items():
        undone = one.how is Handed.MARKED and path in taken_back and not still_marked(path)
        if one.how is not Handed.PREFERRED and not undone:
            kept[path] = one
        elif one.earlier != NOTHING:
            kept[path] = MergedFrom(one.earlier, one.before, Handed.PREFERRED)
    if kept != known:
        _write(state, kept, {})


def _write(state: Path, known: Mapping[str, MergedFrom], contents: Mapping[str, bytes]) -> None:
    folder = state / _CONTENTS
    wanted = {name for one in known.values() for name in (one.legacy, one.earlier)} - {NOTHING}
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
    how = Handed.WRITTEN if before != NOTHING else Handed.PREFERRED
    return MergedFrom(legacy, before, how)


def settled(
    state: Path,
    current: Callable[[str], bytes | None],
    marked: Callable[[bytes], object],
    asked: bool = False,
    named: bool = False,
) -> dict[str, Settled]:
    """What was dealt with, by canonical path.

    `current` gives a file's content now, None where it is not there; `marked` tells whether a
    content holds conflict markers of ours. With `asked`, for a side is preferred again, what was
    settled by nothing but an earlier preference is open once more; with `named`, for the person
    names the files as well, also what stayed as it was before the merge.
    """
    found: dict[str, Settled] = {}
    for path, one in read(state).items():
        content = current(path)
        as_before = _digest(content) == one.before
        reopened = asked and (one.how is Handed.PREFERRED or (named and as_before))
        holds = _holds(one, content, marked) and not reopened and not _taken_back(one, current)
        name = one.legacy if holds else one.earlier
        if holds or name != NOTHING:
            found[path] = Settled(name, _content(state, name), holds and as_before)
    return found


def _holds(one: MergedFrom, content: bytes | None, marked: Callable[[bytes], object]) -> bool:
    match one.how:
        case Handed.WRITTEN:
            return _digest(content) != one.before
        case Handed.MARKED:
            return content is None or not marked(content)
        case Handed.PREFERRED:
            return True


def _taken_back(one: MergedFrom, current: Callable[[str], bytes | None]) -> bool:
    return bool(one.beside) and all(
        _digest(current(path)) == before for path, before in one.beside.items()
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
