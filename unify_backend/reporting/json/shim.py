"""`unify-backend/shim/1`: a plan, proofs, or a removal."""

from collections import Counter
from collections.abc import Sequence

from unify_backend.model.interpreters import Interpreter
from unify_backend.model.package_move import PackageMove
from unify_backend.model.shims import (
    Advice,
    PackageShim,
    ProbeResult,
    ProbeState,
    Removal,
    ShimPlan,
    verdict_of,
)
from unify_backend.reporting.json.common import (
    Document,
    interpreter_entry,
    move_entry,
    reference_entry,
)

_SCHEMA = "unify-backend/shim/1"


def shim_document(plan: ShimPlan, dry_run: bool) -> Document:
    """What is written, file by file, and what a person is told."""
    return {
        "schema": _SCHEMA,
        "dry_run": dry_run,
        "packages": [_package(one) for one in plan.packages],
        "lacking": [
            {"path": one.path, "canonical": one.canonical, "reason": one.reason}
            for one in plan.lacking
        ],
        "advice": [_advice(one) for one in plan.advice],
        "findings": [{"path": one.path, "problem": one.problem} for one in plan.findings],
        "paths": list(plan.changes.paths),
    }


def _package(one: PackageShim) -> Document:
    return {
        **move_entry(one.move),
        "facade": one.facade,
        "modules": one.modules,
        "removed": one.removed,
        "scripts": [
            {"path": script.path, "canonical": script.canonical, "module": script.module}
            for script in one.scripts
        ],
        "data": [
            {
                "path": file.path,
                "canonical": file.canonical,
                "pointer": file.pointer,
                "readers": [{"path": r.path, "line": r.line} for r in file.readers],
            }
            for file in one.data
        ],
    }


def _advice(one: Advice) -> Document:
    return {"path": one.path, "fact": one.fact, "step": one.step}


def removal_document(planned: Removal, dry_run: bool) -> Document:
    """What is taken away, and what would break."""
    return {
        "schema": _SCHEMA,
        "dry_run": dry_run,
        "paths": list(planned.changes.paths),
        "naming": [reference_entry(one) for one in planned.naming],
        "foreign": list(planned.foreign),
        "advice": [_advice(one) for one in planned.advice],
    }


def probes_document(
    proven: Sequence[tuple[PackageMove, Sequence[ProbeResult]]], interpreter: Interpreter
) -> Document:
    """What every probe says of every forwarding package, and what ran them."""
    return {
        "schema": _SCHEMA,
        "interpreter": interpreter_entry(interpreter),
        "proofs": [
            {
                **move_entry(move),
                "probes": [
                    {
                        "name": one.name,
                        "proves": one.proves,
                        "state": one.state.value,
                        "reason": one.reason,
                        "step": one.step,
                    }
                    for one in results
                ],
                "verdict": verdict_of(results).value,
                "causes": [
                    {
                        "module": one.module,
                        "error": one.error,
                        "message": one.message,
                        "missing": one.missing or None,
                        "variables": list(one.variables),
                    }
                    for one in results[0].causes
                ],
                "totals": {
                    state.value: Counter(one.state for one in results)[state]
                    for state in ProbeState
                },
            }
            for move, results in proven
        ],
    }
