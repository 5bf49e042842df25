"""`unify-backend/undo/1`."""

from unify_backend.model.rewrite_plan import UndoResult
from unify_backend.reporting.json.common import Document


class UndoDocument(Document, frozen=True, tag="unify-backend/undo/1"):
    """What undo took back"""

    title: str
    paths: tuple[str, ...]
    dry_run: bool


def undo_document(done: UndoResult) -> UndoDocument:
    """The change set that was undone."""
    return UndoDocument(done.title, done.paths, done.dry_run)
