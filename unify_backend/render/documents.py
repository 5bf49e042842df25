"""JSON documents: the data contracts. Sorted, without clock and absolute path."""

import json
from collections.abc import Mapping

from unify_backend.model.moves import PackageMove
from unify_backend.model.outcomes import Initialised, RewritePlan, TakenBack
from unify_backend.model.references import Reference

Document = dict[str, object]


def to_json(document: Mapping[str, object]) -> str:
    """The document as text, ASCII only, so that odd file names survive any console."""
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def reference_entry(one: Reference) -> Document:
    """A reference under the keys of the contract."""
    return {
        "path": one.path,
        "line": one.start.line,
        "column": one.start.column,
        "end_line": one.end.line,
        "end_column": one.end.column,
        "text": one.text,
        "names": one.names.value,
        "form": one.form,
        "area": one.area.value,
        "action": one.action.value,
        "replacement": one.replacement,
        "resolves": one.resolves,
        "dead": one.dead,
        "reason": one.reason,
        "group": one.group or None,
    }


def rewrite_document(plan: RewritePlan, dry_run: bool) -> Document:
    """`unify-backend/rewrite/1`."""
    return {
        "schema": "unify-backend/rewrite/1",
        "dry_run": dry_run,
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
        "review": [reference_entry(one) for one in plan.review],
        "kept": [reference_entry(one) for one in plan.kept],
        "refused": [{"path": one.path, "reason": one.reason} for one in plan.refused],
        "findings": [{"path": one.path, "problem": one.problem} for one in plan.findings],
        "totals": {
            "files": len(plan.rewritten),
            "edits": plan.edits,
            "review": len(plan.review),
            "kept": len(plan.kept),
            "refused": len(plan.refused),
            "merge_first": len(plan.merge_first),
        },
    }


def undo_document(done: TakenBack) -> Document:
    """`unify-backend/undo/1`."""
    return {
        "schema": "unify-backend/undo/1",
        "title": done.title,
        "paths": list(done.paths),
        "dry_run": done.dry_run,
    }


def init_document(done: Initialised) -> Document:
    """`unify-backend/init/1`."""
    return {
        "schema": "unify-backend/init/1",
        "path": done.path,
        "packages": [move_entry(one) for one in done.moves],
        "candidates": [move_entry(one) for one in done.others],
        "dry_run": done.dry_run,
    }


def move_entry(move: PackageMove) -> Document:
    """A move under the keys of all contracts."""
    return {
        "legacy": move.legacy,
        "canonical": move.canonical,
        "legacy_path": move.legacy_path,
        "canonical_path": move.canonical_path,
    }
