"""The one place that changes a repository's files: a change set, wholly or not at all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from unify_backend.model.changes import ChangeSet
from unify_backend.model.errors import Refused, RepositoryError
from unify_backend.repository.disk import same, state_of, sync_folder
from unify_backend.repository.files import Repository
from unify_backend.repository.journal.apply import Checkpoint, carry_out, stage
from unify_backend.repository.journal.journal import (
    Journal,
    Kept,
    current,
    file_away,
    history,
    new_token,
    tidy,
)
from unify_backend.repository.journal.lock import hold
from unify_backend.repository.journal.plan import Plan, plan
from unify_backend.repository.journal.recover import (
    back_to_before,
    recover,
    recover_held,
    unwatched,
)
from unify_backend.repository.paths import counted, named


@dataclass(frozen=True, slots=True)
class Applied:
    """What was written: the paths whose content, mode or existence changed.

    `guarded` is false where no git could tell a person's edits from ours. `recovered` is what
    `recover` had to do first.
    """

    title: str
    paths: tuple[str, ...]
    guarded: bool
    recovered: str | None = None


def apply(
    repository: Repository,
    changes: ChangeSet,
    *,
    allow_dirty: bool = False,
    checkpoint: Checkpoint = unwatched,
) -> Applied:
    """Writes all of `changes` or nothing, so that `undo` can take it back.

    Raises Refused (exit 4), before anything is written: another process is writing; a file to be
    touched has uncommitted edits of a person (unless `allow_dirty`); a source changed since it
    was read; a target exists; a path is unsafe; a file is read-only. Raises RepositoryError
    where the disk does not let us; the files are then as before. `checkpoint` is told each step.

    Guarded are the files that are touched, not the whole tree: edits elsewhere can neither be
    overwritten nor be mixed up with ours. Uncommitted files that are exactly as an earlier change
    set left them are ours, so that one command can follow another without a commit.
    """
    if not changes.changes:
        return Applied(changes.title, (), repository.is_git, recover(repository))
    with hold(repository, changes.title):
        recovered = recover_held(repository, checkpoint)
        tidy(repository.state)  # before too: a history that cannot be read stops us in time
        planned = plan(repository, changes)
        theirs = edited(repository, [effect.path for effect in planned.effects])
        if theirs and not allow_dirty:
            raise _dirty(changes.title, theirs)
        journal = _journal(changes.title, planned, theirs)
        if journal.effects:
            perform(repository, journal, lambda digest: [planned.contents[digest]], checkpoint)
            tidy(repository.state)
    return Applied(changes.title, journal.paths, repository.is_git, recovered)


def _journal(title: str, planned: Plan, theirs: tuple[str, ...]) -> Journal:
    return Journal(title, planned.effects, planned.made, planned.gone, theirs, token=new_token())


def edited(repository: Repository, paths: Iterable[str]) -> tuple[str, ...]:
    """Those of `paths`, sorted, with uncommitted edits that no change set of ours made."""
    dirty = set(repository.dirty(list(paths)))
    pending = set(dirty)
    for entry in reversed(history(repository.state)) if pending else ():
        for effect in entry.journal.effects:
            if effect.path in pending:
                pending.discard(effect.path)
                as_we_left_it = same(state_of(repository.root / effect.path), effect.after)
                if as_we_left_it and effect.path not in entry.journal.theirs:
                    dirty.discard(effect.path)
    return tuple(sorted(dirty))


def _dirty(title: str, theirs: tuple[str, ...]) -> Refused:
    command = title.partition(":")[0]
    has = "file has" if len(theirs) == 1 else "files have"
    return Refused(
        f"{len(theirs)} {has} uncommitted changes ({named(theirs)})",
        f"{command} could not be told apart from your own edits, and undo would not be exact.",
        "Commit or stash them, or run again with --allow-dirty.",
    )


def perform(
    repository: Repository,
    journal: Journal,
    new: Callable[[str], Iterable[bytes]],
    checkpoint: Checkpoint,
) -> Kept:
    """Carries a journal out under the lock, and files it away; a failure takes it back at once.

    Raises RepositoryError for what the disk refused, and whatever else stopped it.
    """
    state = repository.state
    seen = stage(repository.root, state, journal, new, checkpoint)
    try:
        sync_folder(state)
        checkpoint("current")
        carry_out(repository.root, current(state), journal, seen, checkpoint)
        checkpoint("applied")
        entry = file_away(state, "history")
    except BaseException as error:
        if current(state).exists():
            back_to_before(repository, checkpoint)
        if isinstance(error, OSError):
            raise RepositoryError(
                f"{counted(journal.paths, 'file', 'files')} could not be written",
                f"{error.strerror or error} ({error.filename or repository.root});"
                " everything is as it was before",
                "Correct that, then run again.",
            ) from error
        raise
    checkpoint("done")
    return entry
