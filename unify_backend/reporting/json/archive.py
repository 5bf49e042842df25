"""`unify-backend/archive/1`."""

from msgspec import field

from unify_backend.model.archiving import Advice, ArchiveDependency, ArchivePlan, Moved
from unify_backend.model.rewrite_plan import RefusedFile
from unify_backend.reporting.json.common import (
    ChangeEntry,
    Count,
    Document,
    Entry,
    ReferenceEntry,
    change_entries,
    entries,
    reference_entries,
)


class IndexEntry(Entry, frozen=True):
    """The archive's index."""

    path: str
    made: bool  # whether it is new


class GoneEntry(Entry, frozen=True):
    """A path that was archived before."""

    path: str
    target: str
    index: str
    day: str = field(name="date")


class ArchiveTotals(Entry, frozen=True):
    """Counts."""

    files: Count
    edits: Count
    uses: Count
    left: Count
    history: Count  # references in documents that keep the old name
    outward: Count


class ArchiveDocument(Document, frozen=True, tag="unify-backend/archive/1"):
    """What archive moved, and what depends on it"""

    dry_run: bool
    refused: bool
    to: str
    reason: str
    index: IndexEntry
    moved: tuple[Moved, ...]
    gone: tuple[GoneEntry, ...]
    uses: tuple[ArchiveDependency, ...]  # what would break
    changes: tuple[ChangeEntry, ...]
    unwritten: tuple[RefusedFile, ...]
    left: tuple[ReferenceEntry, ...]
    outward: tuple[ArchiveDependency, ...]  # what the archived files use of the rest
    advice: tuple[Advice, ...]
    totals: ArchiveTotals


def archive_document(plan: ArchivePlan, dry_run: bool) -> ArchiveDocument:
    """What moves and what stays, without the day, which only the index says."""
    return ArchiveDocument(
        dry_run=dry_run,
        refused=plan.blocked,
        to=plan.wish.to,
        reason=plan.wish.reason,
        index=IndexEntry(plan.wish.index, plan.index_made),
        moved=plan.moved,
        gone=entries(GoneEntry, plan.gone),
        uses=plan.uses,
        changes=change_entries(plan.rewritten),
        unwritten=plan.refused,
        left=reference_entries(plan.left),
        outward=plan.outward,
        advice=plan.advice,
        totals=ArchiveTotals(
            files=sum(len(moved.files) for moved in plan.moved),
            edits=plan.edits,
            uses=len(plan.uses),
            left=len(plan.left),
            history=plan.history,
            outward=len(plan.outward),
        ),
    )
