"""JSON documents: the data contracts. Sorted, without clock and absolute path."""

import json
from collections.abc import Mapping, Sequence

from unify_backend.model.integrations import Added, Built, ByHand, Present, Step
from unify_backend.model.interpreters import Interpreter
from unify_backend.model.merge_plan import LeftBehind
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Reference
from unify_backend.model.rewrite_plan import Initialised, RewritePlan, TakenBack, Unparsed
from unify_backend.model.tree_diff import CopyPair

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
        "kind": one.kind.value,
        "evidence": one.evidence.value,
        "rule": one.rule.value,
        "detail": one.detail,
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
        "unparsed": unparsed_entries(plan.unparsed),
        "totals": {
            "files": len(plan.rewritten),
            "edits": plan.edits,
            "review": len(plan.review),
            "kept": len(plan.kept),
            "refused": len(plan.refused),
            "merge_first": len(plan.merge_first),
        },
    }


def unparsed_entries(unparsed: Sequence[Unparsed]) -> list[Document]:
    """`unparsed` under the keys of the contracts."""
    return [
        {"path": one.path, "problem": one.problem, "references": one.references, "cure": one.cure}
        for one in unparsed
    ]


def left_document(left: LeftBehind) -> Document:
    """The same under the keys of the contracts of `merge` and `rename`."""
    return {
        "review": [reference_entry(one) for one in left.review],
        "kept": len(left.kept),
        "refused": [{"path": one.path, "reason": one.reason} for one in left.refused],
        "unparsed": unparsed_entries(left.unparsed),
        "indirect": [
            {"path": one.path, "line": one.start.line, "means": one.means, "reason": one.reason}
            for one in left.indirect
        ],
        "advice": [{"path": one.path, "fact": one.fact, "step": one.step} for one in left.advice],
    }


def undeclared_entries(copies: Sequence[CopyPair]) -> list[Document]:
    """`undeclared_pairs` under the keys of the contracts."""
    return [
        {
            "first": one.first,
            "second": one.second,
            "matched": one.matched,
            "files": one.files,
            "similarity": round(one.similarity, 3),
        }
        for one in copies
    ]


def undo_document(done: TakenBack) -> Document:
    """`unify-backend/undo/1`."""
    return {
        "schema": "unify-backend/undo/1",
        "title": done.title,
        "paths": list(done.paths),
        "dry_run": done.dry_run,
    }


def init_document(done: Initialised | Built) -> Document:
    """`unify-backend/init/1`. `path` is null where a configuration was there (--ci, --lint)."""
    built = done if isinstance(done, Built) else None
    written = done.configuration if isinstance(done, Built) else done
    return {
        "schema": "unify-backend/init/1",
        "path": written.path if written else None,
        "packages": [move_entry(one) for one in written.moves] if written else [],
        "candidates": [move_entry(one) for one in written.others] if written else [],
        "integrations": [
            {"target": one.target, **_integration_entry(step)}
            for one in (built.targets if built else ())
            for step in one.steps
        ],
        "dry_run": done.dry_run,
    }


def _integration_entry(step: Step) -> Document:
    match step:
        case Added(path, text):
            return {"path": path, "outcome": "added", "reason": "", "text": text}
        case Present(path):
            return {"path": path, "outcome": "present", "reason": "", "text": ""}
        case ByHand(path, reason, text):
            return {"path": path, "outcome": "by-hand", "reason": reason, "text": text}


def interpreter_entry(one: Interpreter) -> Document:
    """An interpreter under the keys of all contracts; no path of this machine."""
    return {
        "path": one.shown,
        "source": one.source.value,
        "reason": one.reason,
        "version": one.version,
    }


def move_entry(move: PackageMove) -> Document:
    """A move under the keys of all contracts."""
    return {
        "legacy": move.legacy,
        "canonical": move.canonical,
        "legacy_path": move.legacy_root,
        "canonical_path": move.canonical_root,
    }
