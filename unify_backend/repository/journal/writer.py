"""Writes change sets into a repository, all or nothing; recovers after a kill; commits."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from unify_backend.model.changes import ChangeSet
from unify_backend.model.errors import Refused, RepositoryError
from unify_backend.repository.disk import same, state_of, sync_folder
from unify_backend.repository.files import Repository
from unify_backend.repository.git import run as git
from unify_backend.repository.git.stored import resolve
from unify_backend.repository.journal.apply import Checkpoint, carry_out, stage, take_back
from unify_backend.repository.journal.journal import (
    Journal,
    JournalEntry,
    archive,
    content,
    current,
    decode,
    discard,
    history,
    new_token,
    tidy,
)
from unify_backend.repository.journal.lock import hold
from unify_backend.repository.journal.plan import plan
from unify_backend.repository.paths import counted, named, shown


def unwatched(step: str) -> None:
    """The checkpoint of everyday use: tests stop the process at the step they want."""


def recover(repository: Repository, *, checkpoint: Checkpoint = unwatched) -> str | None:
    """Reverts what a killed run left half done; returns a message about it, or None.

    Every command calls it first; it writes nothing where nothing was interrupted. Raises
    Refused (exit 4) where another process is writing now, and where files were edited since the
    kill: those stay as they are, and the message says where their saved contents lie.
    """
    if not current(repository.state).exists():
        return None
    with hold(repository, "recovery"):
        return recover_held(repository, checkpoint)


def recover_held(repository: Repository, checkpoint: Checkpoint) -> str | None:
    """`recover` for a caller that holds the lock."""
    if not current(repository.state).exists():
        return None
    title, count = back_to_before(repository, checkpoint)
    return f"“{title}” had been interrupted; {count} are as they were before it"


def back_to_before(repository: Repository, checkpoint: Checkpoint) -> tuple[str, str]:
    """Takes back the current journal and removes it; its title and the number of its files.

    Raises Refused for files in neither state, RepositoryError where the disk does not let us.
    """
    folder = current(repository.state)
    journal = decode(folder)
    strangers = take_back(repository.root, folder, journal, checkpoint)
    checkpoint("taken back")
    if strangers:
        raise _edited_since(archive(repository.state, "kept"), strangers)
    discard(folder)
    return journal.title, counted(journal.paths, "file", "files")


def _edited_since(entry: JournalEntry, strangers: Sequence[str]) -> Refused:
    effects = {effect.path: effect for effect in entry.journal.effects}
    places: list[str] = []
    for path in strangers[:5]:
        for word, state in (("before", effects[path].before), ("after", effects[path].after)):
            if state is not None:
                places.append(f"{shown(path)} {word}: {content(entry.folder, state.digest)}")
    return Refused(
        f"{counted(strangers, 'file was', 'files were')} edited after “{entry.journal.title}” had"
        f" been interrupted ({named(strangers)})",
        "they were left as they are; all other files are as they were before it",
        "\n".join(["Compare them with the saved contents, then run again:", *places]),
    )


@dataclass(frozen=True, slots=True)
class Applied:
    """What was written: the paths whose content, mode or existence changed.

    `guarded` is false where git cannot distinguish other edits from ours. `recovered` is what
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
    touched has uncommitted edits of others (unless `allow_dirty`); a source changed since it
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
        journal = Journal(
            changes.title, planned.effects, planned.created, planned.gone, theirs, token=new_token()
        )
        if journal.effects:
            perform(repository, journal, lambda digest: [planned.contents[digest]], checkpoint)
            tidy(repository.state)
    return Applied(changes.title, journal.paths, repository.is_git, recovered)


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
        f"{command} would mix with your own edits, and undo would not be exact.",
        "Commit or stash them, or run again with --allow-dirty.",
    )


def perform(
    repository: Repository,
    journal: Journal,
    new: Callable[[str], Iterable[bytes]],
    checkpoint: Checkpoint,
) -> JournalEntry:
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
        entry = archive(state, "history")
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


def ours_uncommitted(repository: Repository) -> tuple[str, ...]:
    """The paths that change sets of ours touched and that differ from the last commit, sorted:
    also those that an earlier run left because they needed review."""
    touched = {
        effect.path for entry in history(repository.state) for effect in entry.journal.effects
    }
    known = git.tracked(repository.root)
    fresh = {path for path in touched - known.keys() if repository.exists(path)}
    return tuple(sorted((git.uncommitted(repository.root) & touched) | fresh))


def commit_paths(root: Path, paths: Collection[str], message: str) -> str:
    """Commits `paths` as they are in the work tree, deleted ones as gone; returns the new hash.

    Hooks run, for a team has them. Raises RepositoryError with git's words where it fails, say for
    want of a name or by a hook.
    """
    names = "\0".join(sorted(paths)).encode("utf-8", "surrogateescape")
    named = ("--pathspec-from-file=-", "--pathspec-file-nul")
    git.run(root, "--literal-pathspecs", "add", "--all", "--force", *named, stdin=names)
    git.run(
        root, "--literal-pathspecs", "commit", "--quiet", "--only", "-m", message, *named,
        stdin=names,
    )  # fmt: skip
    return resolve(root, "HEAD")
