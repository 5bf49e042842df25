"""`undo`: takes back the last change set, or shows what it would take back."""

from functools import partial

from unify_backend.merging.markers import marked
from unify_backend.model.errors import RepositoryError
from unify_backend.model.rewrite_plan import UndoResult
from unify_backend.repository.files import Repository
from unify_backend.repository.journal.undo import last, undo
from unify_backend.repository.merge_record import reopen


def take_back(repository: Repository, *, dry_run: bool, force: bool) -> UndoResult:
    """Takes back the last change set, or tells what it is. Raises as `repository.undo.undo`."""
    if not dry_run:
        done = undo(repository, force=force)
        if done.title.startswith("merge:"):
            reopen(repository.state, partial(_still_marked, repository), frozenset(done.paths))
        return UndoResult(done.title, done.paths, False, str(done.archived or ""))
    entry = last(repository)
    if entry is None:
        raise RepositoryError(
            "there is nothing to undo",
            "this tool has written nothing here",
            "Use git to go further back.",
        )
    return UndoResult(entry.journal.title, entry.journal.paths, True)


def _still_marked(repository: Repository, path: str) -> bool:
    try:
        return bool(marked(repository.read(path)))
    except RepositoryError:  # it is gone
        return False
