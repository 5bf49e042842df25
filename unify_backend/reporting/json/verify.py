"""`unify-backend/verify/1`."""

from collections.abc import Sequence

from unify_backend.model.boots import Answer, BootFinding
from unify_backend.model.causes import Cause, CauseGroup
from unify_backend.model.containers import ContainerView
from unify_backend.model.entrypoints import EntryResult
from unify_backend.model.interpreters import Interpreter
from unify_backend.model.verification import Comparison, Difference, State
from unify_backend.reporting.json.common import Document, interpreter_entry


def verify_document(
    states: Sequence[State],
    comparisons: Sequence[Comparison],
    findings: Sequence[BootFinding],
    entries: Sequence[EntryResult],
    containers: Sequence[ContainerView],
    wrong: bool,
    interpreter: Interpreter,
) -> Document:
    """Everything that was seen, under the keys of the contract; no duration, no port."""
    return {
        "schema": "unify-backend/verify/1",
        "states": [_state(one) for one in [*(it.before for it in comparisons), *states]],
        "comparisons": [
            {
                "before": one.before.target.label,
                "after": one.after.target.label,
                "verdict": one.verdict.value,
                "gains": [_difference(it) for it in one.gains],
            }
            for one in comparisons
        ],
        "regressions": [_difference(it) for one in comparisons for it in one.regressions],
        "findings": [_finding(one) for one in findings],
        "entrypoints": [_entry(one) for one in entries],
        "containers": [_container(one) for one in containers],
        "verdict": "wrong" if wrong else "right",
        "interpreter": interpreter_entry(interpreter),
    }


def _state(state: State) -> Document:
    boot, modules = state.boot, state.modules
    return {
        "name": state.target.label,
        "package": state.target.package,
        "modules": {
            "total": modules.total,
            "importable": modules.importable,
            "failures": [_group(one) for one in modules.groups],
        },
        "startup": boot.state.value,
        "cause": _cause(boot.cause),
        "app": boot.app,
        "routes": sorted(str(one) for one in boot.routes),
        "openapi": {"paths": len(boot.paths), "operations": len(boot.operations)},
        "plugins": sorted(boot.loaded),
        "tables": sorted(one.name for one in boot.tables),
        "workers": sorted(one.name for one in boot.workers),
        "heads": sorted(state.heads),
        "health": [_answer(one) for one in boot.answers],
        "findings": [_finding(one) for one in boot.findings],
    }


def _group(group: CauseGroup) -> Document:
    return {"cause": _cause(group.cause), "modules": sorted(group.modules)}


def _cause(cause: Cause | None) -> Document | None:
    if cause is None:
        return None
    return {
        "error": cause.error,
        "message": cause.message,
        "path": cause.place.path if cause.place else None,
        "line": cause.place.line if cause.place else None,
    }


def _answer(answer: Answer) -> Document:
    return {"path": answer.path, "status": answer.status, "error": answer.error}


def _finding(one: BootFinding) -> Document:
    return {"kind": one.kind.value, "fact": one.fact, "reason": one.reason, "step": one.step}


def _difference(one: Difference) -> Document:
    return {
        "aspect": one.aspect.value,
        "turn": one.turn.value,
        "name": one.name,
        "before": one.before,
        "after": one.after,
        "cause": _cause(one.cause),
        "explanation": one.explanation,
    }


def _entry(one: EntryResult) -> Document:
    return {
        "name": one.entry.name,
        "sources": [{"path": it.path, "line": it.line} for it in one.entry.sources],
        "folder": one.entry.folder,
        "command": list(one.entry.argv),
        "kind": one.entry.kind.value,
        "tree": one.entry.tree.value,
        "verdict": one.verdict.value,
        "how": list(one.how),
        "file": one.resolution.file,
        "problems": list(one.resolution.problems),
    }


def _container(view: ContainerView) -> Document:
    context = view.context
    return {
        "name": view.name,
        "path": view.source.path,
        "line": view.source.line,
        "dockerfile": view.dockerfile,
        "context": None
        if context is None
        else {
            "folder": context.folder,
            "files": context.files,
            "bytes": context.size,
            "savings": [
                {"pattern": it.pattern, "files": it.files, "bytes": it.size}
                for it in context.savings
            ],
        },
        "findings": [
            {"trouble": it.trouble.value, "what": it.what, "path": it.source.path}
            for it in view.findings
        ],
        "results": [{"verdict": it.verdict.value, "how": list(it.how)} for it in view.results],
    }
