"""Applies a journal and reverts it; both can be interrupted anywhere and resumed.

The order is that of a database's journal: the old contents are durable before the first file
changes, so whatever a kill leaves, every path is as before or as after, and can be put back.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from unify_backend.model.errors import Refused, RepositoryError
from unify_backend.repository.disk import (
    NotAFile,
    State,
    chunks,
    digest_of,
    make_durable,
    remove,
    replace,
    same,
    signature,
    state_of,
    sync_folder,
    write_new,
)
from unify_backend.repository.journal.journal import (
    Folder,
    Journal,
    content,
    current,
    discard,
    encode,
    saved,
)
from unify_backend.repository.paths import clashing, lexists, named, nearest, parents, unreal_parent

Checkpoint = Callable[[str], None]
_Signatures = Mapping[str, tuple[int, int, int, int] | None]


def stage(
    root: Path,
    state: Path,
    journal: Journal,
    new: Callable[[str], Iterable[bytes]],
    checkpoint: Checkpoint,
) -> _Signatures:
    """Writes the journal with all old and new contents, durably, and makes it the current one.

    `new` gives a new content by its digest. Returns what each file looked like when its content
    was saved. Raises Refused where a file changed meanwhile and RepositoryError where there is
    no room; then nothing is left behind.
    """
    staging = state / "staging"
    discard(staging)
    try:
        (staging / "contents").mkdir(parents=True)
        seen = dict(_save_contents(root, staging, journal, new, checkpoint))
        write_new(staging / "journal.json", [encode(journal)])
        make_durable([staging / "journal.json", *(staging / "contents").iterdir()])
        sync_folder(staging / "contents")
        sync_folder(staging)
        checkpoint("staged")
        replace(staging, current(state))
    except OSError as error:
        discard(staging)
        raise RepositoryError(
            "the journal could not be saved",
            f"{error.strerror or error} ({error.filename or staging}); nothing was changed",
            "Make room and give yourself the right to write there, then run again.",
        ) from error
    except BaseException:
        discard(staging)
        raise
    return seen


def _save_contents(
    root: Path,
    staging: Path,
    journal: Journal,
    new: Callable[[str], Iterable[bytes]],
    checkpoint: Checkpoint,
) -> Iterator[tuple[str, tuple[int, int, int, int] | None]]:
    for effect in journal.effects:
        place = root / effect.path
        yield effect.path, None if effect.before is None else signature(place)
        if effect.before is not None:
            _save(staging, effect.before.digest, chunks(place), effect.path)
            checkpoint(f"saved {effect.path}")
    for effect in journal.effects:
        if effect.after is not None and not content(staging, effect.after.digest).exists():
            _save(staging, effect.after.digest, new(effect.after.digest), effect.path)
            checkpoint(f"staged {effect.path}")


def _save(staging: Path, expected: str, data: Iterable[bytes], path: str) -> None:
    place = content(staging, expected)
    if (digest_of(data) if place.exists() else write_new(place, data)) != expected:
        raise _changed_meanwhile([path])


def _changed_meanwhile(paths: list[str]) -> Refused:
    """The refusal where another program saved a file during the write."""
    return Refused(
        f"{named(paths)} changed while it was being worked on",
        "somebody else writes here too; everything is as it was before",
        "Let the other program end, then run again.",
    )


@dataclass(frozen=True, slots=True)
class _Work:
    """The work of one pass: the new states of paths, folders to create and to remove."""

    targets: Mapping[str, State | None]
    created: tuple[Folder, ...]
    gone: tuple[Folder, ...]


def carry_out(
    root: Path, folder: Path, journal: Journal, seen: _Signatures, checkpoint: Checkpoint
) -> None:
    """Makes every path what the journal in `folder` says it becomes.

    `seen` is what `stage` returned: a file that looks different now stops everything. Raises
    OSError and Refused in the middle of it; the caller then calls `take_back`.
    """
    targets = {effect.path: effect.after for effect in journal.effects}
    work = _Work(targets, journal.created, journal.gone)

    def unchanged(path: str) -> None:
        expected, place = seen[path], root / path
        if lexists(place) if expected is None else signature(place) != expected:
            raise _changed_meanwhile([path])

    _pass(root, folder, journal, work, unchanged, checkpoint)


def take_back(
    root: Path, folder: Path, journal: Journal, checkpoint: Checkpoint
) -> tuple[str, ...]:
    """Makes every path again what it was before the journal in `folder`.

    Returns the paths that are in neither state, so that another program must have written them;
    they stay as they are. Can be called again after it was cut off. Raises RepositoryError
    where the disk does not let us.
    """
    try:
        for place in _temporary(root, journal):
            remove(place)
        work, strangers = _to_take_back(root, journal)
        _pass(root, folder, journal, work, lambda path: None, checkpoint)
    except OSError as error:
        raise RepositoryError(
            f"taking back “{journal.title}” was cut off",
            f"{error.strerror or error} ({error.filename or root}); all contents are saved in"
            f" {folder}",
            "Correct that, then run any unify-backend command: it goes on from there.",
        ) from error
    return tuple(strangers)


def _to_take_back(root: Path, journal: Journal) -> tuple[_Work, list[str]]:
    strangers: list[str] = []
    targets: dict[str, State | None] = {}
    present = Present(root, journal)
    for effect in journal.effects:
        actual = present.state(effect.path)
        if same(actual, effect.before):
            continue
        if same(actual, effect.after):
            targets[effect.path] = effect.before
        else:
            strangers.append(effect.path)
    leaving = {path for path, state in targets.items() if state is None}
    for path in [path for path, state in targets.items() if state is not None]:
        if _behind(root, path, leaving) or _filled(root, path, leaving, journal):
            del targets[path]
            strangers.append(path)
    created = tuple(
        folder for folder in journal.gone if not _behind(root, f"{folder.path}/x", leaving)
    )
    gone = tuple(
        folder for folder in journal.created if not _behind(root, f"{folder.path}/x", leaving)
    )
    return _Work(targets, created, gone), sorted(strangers)


def _behind(root: Path, path: str, leaving: set[str]) -> bool:
    """Whether a link, or a file that stays, occupies a parent folder of `path`."""
    return unreal_parent(root, path, set()) is not None or any(
        above not in leaving and lexists(root / above) and not (root / above).is_dir()
        for above in parents(path)
    )


def _filled(root: Path, path: str, leaving: set[str], journal: Journal) -> bool:
    """Whether a folder with other files occupies the path of the file `path`."""
    place = root / path
    if not place.is_dir():
        return False
    known = leaving | {folder.path for folder in journal.created}
    return any(entry.relative_to(root).as_posix() not in known for entry in place.rglob("*"))


class Present:
    """The current states of a journal's paths."""

    def __init__(self, root: Path, journal: Journal) -> None:
        self._root = root
        self._exact = clashing(journal.paths)
        self._folders = {folder.path for folder in (*journal.created, *journal.gone)}
        self._real: set[str] = set()

    def state(self, path: str) -> State | NotAFile | None:
        """The path's state. A folder that the journal knows of is no obstacle: no file."""
        if unreal_parent(self._root, path, self._real):
            return NotAFile("behind a link")
        state = state_of(self._root / path, path in self._exact)
        return None if isinstance(state, NotAFile) and path in self._folders else state


def _pass(
    root: Path,
    folder: Path,
    journal: Journal,
    work: _Work,
    before_each: Callable[[str], None],
    checkpoint: Checkpoint,
) -> None:
    """Writes all new contents under temporary names first, where a failure changes nothing; then
    only removes and renames."""
    ready: dict[str, Path] = {}
    for number, (path, state) in enumerate(work.targets.items()):
        if state is not None:
            place = nearest(root, path) / _name(journal, number)
            if write_new(place, saved(folder, state.digest), state.mode) != state.digest:
                raise OSError(0, "a saved content is damaged", str(content(folder, state.digest)))
            ready[path] = place
            checkpoint(f"prepared {path}")
    make_durable(ready.values())
    for path in work.targets:
        if path not in ready:
            before_each(path)
            remove(root / path)
            checkpoint(f"removed {path}")
    _change_folders(root, work, checkpoint)
    for path, place in ready.items():
        before_each(path)
        replace(place, root / path)
        checkpoint(f"wrote {path}")
    touched = {above for path in work.targets for above in ("", *parents(path))}
    for above in touched:
        sync_folder(root / above)


def _change_folders(root: Path, work: _Work, checkpoint: Checkpoint) -> None:
    for gone in sorted(work.gone, key=lambda folder: -folder.path.count("/")):
        with suppress(OSError):  # a folder that is not empty stays
            (root / gone.path).rmdir()
            checkpoint(f"left {gone.path}")
    for created in sorted(work.created, key=lambda folder: folder.path.count("/")):
        place = root / created.path
        if not lexists(place):
            place.mkdir(parents=True)
            checkpoint(f"made {created.path}")
        if created.mode is not None:  # also where a kill came between the two
            place.chmod(created.mode)


def _name(journal: Journal, number: int) -> str:
    return f".unify-backend-{journal.token}-{number}.tmp"


def _temporary(root: Path, journal: Journal) -> Iterator[Path]:
    """The temporary files that a kill may have left, wherever the nearest folder was then."""
    above = {above for effect in journal.effects for above in ("", *parents(effect.path))}
    for folder in above:
        if not unreal_parent(root, f"{folder}/x" if folder else "x", set()):
            yield from (root / folder).glob(f".unify-backend-{journal.token}-*.tmp")
