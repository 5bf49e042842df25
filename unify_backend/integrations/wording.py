"""What a linter says when somebody imports the legacy package."""

from unify_backend.model.package_move import PackageMove


def instead(move: PackageMove) -> str:
    """One sentence that names the package to import."""
    return f"{move.legacy} is legacy: import {move.canonical} instead"


# Behind, or alone above, a line that has to name the legacy package: neither `rewrite` nor `check`
# is to take it for a reference that somebody forgot (references/suppressions.py).
KEPT = "# unify-backend: keep — it forbids the old name"
