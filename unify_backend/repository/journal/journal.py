"""The journal of one change set: what each path was and becomes, with every content beside it.

    <state>/staging/        being prepared; means nothing
    <state>/current/        being applied; found by the next run only after a kill
    <state>/history/000017/ applied, for undo
    <state>/kept/000018/    replaced contents that may be wanted back; never removed
    <state>/trash-…/        to be removed; means nothing

Each is a folder with `journal.json` and `contents/<SHA-256>`. They pass from one place to the
next by one rename, which is the moment in which a change set begins or ends to be.
"""

import json
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unify_backend.model.errors import RepositoryError
from unify_backend.repository.disk import State, chunks, replace, sync_folder
from unify_backend.repository.files import CURRENT
from unify_backend.repository.paths import complaint, shown

FORMAT = "unify-backend/journal/1"
KEEP = 20

_HEXADECIMAL = re.compile(r"[0-9a-f]+")


@dataclass(frozen=True, slots=True)
class Effect:
    """What one path was and becomes; None is no file."""

    path: str
    before: State | None
    after: State | None


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that comes or goes with the files in it; `mode` None is the usual one."""

    path: str
    mode: int | None


@dataclass(frozen=True, slots=True)
class Journal:
    """One change set as its effects, sorted by path.

    `undoes` is the number of the journal that this one takes back. `token` names the temporary
    files. `theirs` are the paths that had uncommitted edits before; an undo with such (a
    forced one) is never removed.
    """

    title: str
    effects: tuple[Effect, ...]
    created: tuple[Folder, ...] = ()
    gone: tuple[Folder, ...] = ()
    theirs: tuple[str, ...] = ()
    undoes: int | None = None
    token: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path it touches, sorted."""
        return tuple(effect.path for effect in self.effects)


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A stored journal with its number and folder."""

    number: int
    folder: Path
    journal: Journal


def new_token() -> str:
    """A random name for temporary files."""
    return secrets.token_hex(6)


def content(folder: Path, digest: str) -> Path:
    """Where a journal's folder holds the content with this digest."""
    return folder / "contents" / digest


def saved(folder: Path, digest: str) -> Iterator[bytes]:
    """The content with this digest, piece by piece. Raises RepositoryError where it is gone."""
    try:
        yield from chunks(content(folder, digest))
    except OSError as error:
        raise RepositoryError(
            f"{content(folder, digest)} cannot be read",
            f"it is the saved content of a file: {error.strerror}",
            "Restore the file from git, or from a backup.",
        ) from error


def encode(journal: Journal) -> bytes:
    """The journal as JSON; bytes of a name that are no UTF-8 are lone surrogates in it."""
    document = {
        "format": FORMAT,
        "title": journal.title,
        "undoes": journal.undoes,
        "token": journal.token,
        "theirs": list(journal.theirs),
        "made": [[folder.path, folder.mode] for folder in journal.created],
        "gone": [[folder.path, folder.mode] for folder in journal.gone],
        "effects": [
            {"path": effect.path, "before": _pair(effect.before), "after": _pair(effect.after)}
            for effect in journal.effects
        ],
    }
    return (json.dumps(document, indent=1) + "\n").encode("ascii")


def _pair(state: State | None) -> list[str | int] | None:
    return None if state is None else [state.digest, state.mode]


def decode(folder: Path) -> Journal:
    """The journal in `folder`. Raises RepositoryError where it is no journal we understand."""
    place = folder / "journal.json"
    try:
        document = json.loads(place.read_bytes())
        format_name = document["format"]
        if format_name == FORMAT:
            return _journal(document)
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise RepositoryError(
            f"{place} cannot be read as a journal",
            f"{type(error).__name__}: {error}",
            f"The saved contents are beside it; move {folder} away to go on without it.",
        ) from error
    raise RepositoryError(
        f"{place} has the format {format_name!r}",
        f"this version of unify-backend knows {FORMAT} only",
        "Use the version that wrote it.",
    )


def _journal(document: dict[str, Any]) -> Journal:
    """Raises ValueError for names that would lead out of the repository: without git the journal
    lies in the folder itself, and may have come with it from anywhere."""
    journal = Journal(
        document["title"],
        tuple(
            Effect(effect["path"], _state(effect["before"]), _state(effect["after"]))
            for effect in document["effects"]
        ),
        tuple(Folder(path, mode) for path, mode in document["made"]),
        tuple(Folder(path, mode) for path, mode in document["gone"]),
        tuple(document["theirs"]),
        document["undoes"],
        document["token"],
    )
    folders = [folder.path for folder in (*journal.created, *journal.gone)]
    for path in (*journal.paths, *folders):
        if why := complaint(path):
            raise ValueError(f"it names {shown(path)}, and {why}")
    if not _HEXADECIMAL.fullmatch(journal.token):
        raise ValueError(f"{journal.token!r} is no token of ours")
    return journal


def _state(pair: list[Any] | None) -> State | None:
    if pair is None:
        return None
    if not _HEXADECIMAL.fullmatch(pair[0]):
        raise ValueError(f"{pair[0]!r} is no digest")
    return State(pair[0], int(pair[1]))


def current(state: Path) -> Path:
    """The folder of the journal that is being applied; it exists only then."""
    return state / CURRENT


def history(state: Path) -> tuple[JournalEntry, ...]:
    """The journals that are applied and not taken back, oldest first."""
    return _applied(_all(state))


def _applied(journals: list[JournalEntry]) -> tuple[JournalEntry, ...]:
    undone = {entry.journal.undoes for entry in journals}
    return tuple(
        entry for entry in journals if entry.journal.undoes is None and entry.number not in undone
    )


def _all(state: Path) -> list[JournalEntry]:
    numbers = _numbers(state / "history")
    places = [(number, state / "history" / f"{number:06}") for number in numbers]
    return [JournalEntry(number, place, decode(place)) for number, place in places]


def _numbers(folder: Path) -> list[int]:
    if not folder.is_dir():
        return []
    return sorted(int(entry.name) for entry in folder.iterdir() if entry.name.isdecimal())


def archive(state: Path, folder: str) -> JournalEntry:
    """Moves the current journal into the folder `history` or `kept`, under the next number."""
    journal = decode(current(state))
    taken = _numbers(state / "history") + _numbers(state / "kept")
    number = max(taken, default=0) + 1
    place = state / folder / f"{number:06}"
    place.parent.mkdir(exist_ok=True)
    replace(current(state), place)
    sync_folder(place.parent)
    sync_folder(state)
    return JournalEntry(number, place, journal)


def _keep(state: Path, entry: JournalEntry) -> None:
    """Moves an entry from `history` to `kept`, where nothing is removed."""
    place = archived_folder(state, entry.number)
    place.parent.mkdir(exist_ok=True)
    replace(entry.folder, place)
    sync_folder(place.parent)


def archived_folder(state: Path, number: int) -> Path:
    """The folder of a journal that is never removed."""
    return state / "kept" / f"{number:06}"


def discard(folder: Path) -> None:
    """Removes a journal's folder; what a kill leaves of it means nothing."""
    if folder.exists():
        trash = folder.parent if folder.parent.name != "history" else folder.parent.parent
        trash = trash / f"trash-{new_token()}"
        replace(folder, trash)
        shutil.rmtree(trash, ignore_errors=True)


def tidy(state: Path) -> None:
    """Deletes leftovers, undone entries, and all but the last KEEP other entries."""
    for left in (*state.glob("trash-*"), state / "staging"):
        shutil.rmtree(left, ignore_errors=True)
    everything = _all(state)
    staying = {entry.number for entry in _applied(everything)[-KEEP:]}
    undoing = [entry for entry in everything if entry.journal.undoes is not None]
    others = [entry for entry in everything if entry.journal.undoes is None]
    for entry in others:  # before the entry that undoes it, or it would count as applied again
        if entry.number not in staying:
            discard(entry.folder)
    for entry in undoing:
        if entry.journal.theirs:
            _keep(state, entry)
        else:
            discard(entry.folder)
