"""`archive` as JSON."""

from unify_backend.model.archiving import ArchivePlan, Use
from unify_backend.reporting.json.common import Document, reference_entry


def archive_document(plan: ArchivePlan, dry_run: bool) -> Document:
    """`unify-backend/archive/1`. Without the day, which only the index says."""
    return {
        "schema": "unify-backend/archive/1",
        "dry_run": dry_run,
        "refused": plan.blocked,
        "to": plan.wish.to,
        "reason": plan.wish.reason,
        "index": {"path": plan.wish.index, "made": plan.index_made},
        "moved": [
            {"path": one.path, "target": one.target, "files": list(one.files)} for one in plan.moved
        ],
        "gone": [
            {"path": one.path, "target": one.target, "index": one.index, "date": one.day}
            for one in plan.gone
        ],
        "uses": [_use(one) for one in plan.uses],
        "changes": [
            {
                "path": one.path,
                "edits": [
                    {
                        "line": reference.start.line,
                        "column": reference.start.column,
                        "text": reference.text,
                        "replacement": reference.replacement,
                    }
                    for reference in one.references
                ],
            }
            for one in plan.rewritten
        ],
        "unwritten": [{"path": one.path, "reason": one.reason} for one in plan.refused],
        "left": [reference_entry(one) for one in plan.left],
        "outward": [_use(one) for one in plan.outward],
        "advice": [
            {"topic": one.topic.value, "path": one.path, "text": one.text} for one in plan.advice
        ],
        "totals": {
            "files": sum(len(one.files) for one in plan.moved),
            "edits": plan.edits,
            "uses": len(plan.uses),
            "left": len(plan.left),
            "history": plan.history,
            "outward": len(plan.outward),
        },
    }


def _use(one: Use) -> Document:
    return {
        "path": one.path,
        "line": one.line,
        "column": one.column,
        "text": one.text,
        "reason": one.reason,
    }
