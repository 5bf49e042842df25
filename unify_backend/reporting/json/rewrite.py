"""`unify-backend/rewrite/1`."""

from unify_backend.model.references import Finding
from unify_backend.model.rewrite_plan import RefusedFile, RewritePlan, Unparsed
from unify_backend.reporting.json.common import (
    ChangeEntry,
    Count,
    Document,
    Entry,
    ReferenceEntry,
    change_entries,
    reference_entries,
)


class RewriteTotals(Entry, frozen=True):
    """Counts."""

    files: Count
    edits: Count
    review: Count
    kept: Count
    refused: Count
    merge_first: Count  # references in a legacy tree that `merge` takes care of


class RewriteDocument(Document, frozen=True, tag="unify-backend/rewrite/1"):
    """What rewrite changed or would change"""

    dry_run: bool
    changes: tuple[ChangeEntry, ...]
    review: tuple[ReferenceEntry, ...]
    kept: tuple[ReferenceEntry, ...]
    refused: tuple[RefusedFile, ...]
    findings: tuple[Finding, ...]
    unparsed: tuple[Unparsed, ...]
    totals: RewriteTotals


def rewrite_document(plan: RewritePlan, dry_run: bool) -> RewriteDocument:
    """Every change and everything that is left."""
    return RewriteDocument(
        dry_run=dry_run,
        changes=change_entries(plan.rewritten),
        review=reference_entries(plan.review),
        kept=reference_entries(plan.kept),
        refused=plan.refused,
        findings=plan.findings,
        unparsed=plan.unparsed,
        totals=RewriteTotals(
            files=len(plan.rewritten),
            edits=plan.edits,
            review=len(plan.review),
            kept=len(plan.kept),
            refused=len(plan.refused),
            merge_first=len(plan.merge_first),
        ),
    )
