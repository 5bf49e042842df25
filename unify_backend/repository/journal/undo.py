"""Undoes the last applied change set, byte for byte; each further run undoes the one before."""

from dataclasses import dataclass
from pathlib import Path

from unify_backend.model.errors import Refused, RepositoryError
from unify_backend.repository.disk import NotAFile, State, same
from unify_backend.repository.files import Repository
from unify_backend.repository.journal.apply import Checkpoint, Present
from unify_backend.repository.journal.journal import (
    KEEP,
    Effect,
    Folder,
    Journal,
    JournalEntry,
    archived_folder,
    history,
    new_token,
    saved,
    tidy,
)
from unify_backend.repository.journal.lock import hold
from unify_backend.repository.journal.plan import (
    check_places,
    check_targets,
    check_writable,
    folders,
)
from unify_backend.repository.journal.writer import perform, recover_held, unwatched
from unify_backend.repository.paths import counted, named, shown


@dataclass(frozen=True, slots=True)
class Undone:
    """The change set that was undone. `archived` is the folder with the edited versions that
    --force replaced. `guarded` is false in a folder without git."""

    title: str
    paths: tuple[str, ...]
    guarded: bool
    archived: Path | None = None
    recovered: str | None = None


def last(repository: Repository) -> JournalEntry | None:
    """The journal entry that `undo` would undo next; None where there is none."""
    applied = history(repository.state)
    return applied[-1] if applied else None


def undo(
    repository: Repository, *, force: bool = False, checkpoint: Checkpoint = unwatched
) -> Undone:
    """Restores content, mode, existence and empty folders from before the last change set.

    Raises Refused (exit 4), naming the files, where one changed since (with `force` they are
    replaced, and their content is kept), where another process is writing, and where a file is
    read-only; RepositoryError where nothing is left to undo or the disk does not let us. It is
    journaled as every other write is: a kill leaves the tree before or after it.
    """
    with hold(repository, "undo"):
        recovered = recover_held(repository, checkpoint)
        target = last(repository)
        if target is None:
            raise RepositoryError(
                "there is nothing to undo",
                f"no change set is left of the last {KEEP}",
                "Use git to go further back.",
            )
        journal = _inverse(repository, target, force)
        done = perform(repository, journal, lambda digest: saved(target.folder, digest), checkpoint)
        tidy(repository.state)
    folder = archived_folder(repository.state, done.number) if journal.theirs else None
    return Undone(target.journal.title, target.journal.paths, repository.is_git, folder, recovered)


def _inverse(repository: Repository, target: JournalEntry, force: bool) -> Journal:
    journal = target.journal
    check_places(repository, journal.paths)
    effects, changed = _effects(repository, journal)
    if changed and not force:
        raise Refused(
            f"{counted(changed, 'file', 'files')} changed since “{journal.title}”"
            f" ({named(changed)})",
            "undo would overwrite those edits; nothing was written",
            "Take the edits out, or run again with --force: your versions are then kept aside.",
        )
    check_writable(repository.root, effects)
    created, gone = folders(repository.root, effects)
    modes = {folder.path: folder.mode for folder in journal.gone}
    ours = {folder.path for folder in journal.created}
    created = tuple(Folder(folder.path, modes.get(folder.path)) for folder in created)
    gone = tuple(folder for folder in gone if folder.path in ours)
    check_targets(repository, effects, gone)
    return Journal(
        f"undo of {journal.title}",
        effects,
        created,
        gone,
        theirs=tuple(changed),
        undoes=target.number,
        token=new_token(),
    )


def _effects(repository: Repository, journal: Journal) -> tuple[tuple[Effect, ...], list[str]]:
    """The effects that restore the old files, and the paths that were edited since."""
    present = Present(repository.root, journal)
    effects: list[Effect] = []
    changed: list[str] = []
    for effect in journal.effects:
        state: State | NotAFile | None = present.state(effect.path)
        if isinstance(state, NotAFile):
            raise Refused(
                f"{shown(effect.path)} is no longer a file: {state.kind}",
                f"“{journal.title}” cannot be taken back around it; nothing was written",
                "Move it away, then run again.",
            )
        if same(state, effect.before):
            continue
        if not same(state, effect.after):
            changed.append(effect.path)
        effects.append(Effect(effect.path, state, effect.before))
    return tuple(effects), changed
