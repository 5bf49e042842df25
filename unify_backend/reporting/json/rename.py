"""`unify-backend/rename/1`."""

from collections import Counter
from collections.abc import Sequence

from unify_backend.model.merge_plan import RenamePlan
from unify_backend.model.verification import Comparison, State
from unify_backend.reporting.json.common import Document, left_document, move_entry


def rename_document(
    planned: RenamePlan,
    dry_run: bool,
    shim: bool,
    states: Sequence[State] | None,
    comparisons: Sequence[Comparison],
) -> Document:
    """`unify-backend/rename/1`; `states` is None where nothing was verified."""
    left = planned.merge.left
    return {
        "schema": "unify-backend/rename/1",
        "dry_run": dry_run,
        **move_entry(planned.move),
        "moved": [
            {"old": one.origin, "new": one.path}
            for package in planned.merge.packages
            for one in package.files
            if one.origin is not None
        ],
        "changes": [
            {"path": path, "references": references}
            for path, references in sorted(Counter(one.path for one in left.places).items())
        ],
        **left_document(left),
        "shim": shim,
        "verified": None
        if states is None
        else {
            "modules": [
                {
                    "package": one.target.package,
                    "total": one.modules.total,
                    "importable": one.modules.importable,
                }
                for one in states
            ],
            "regressions": [
                f"{one.aspect.value} {one.name}" for it in comparisons for one in it.regressions
            ],
        },
    }
