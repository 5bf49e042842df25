"""What the programs answer, as values."""

from collections.abc import Mapping
from typing import Any

from unify_backend.model.boots import Cause, Place
from unify_backend.verification.dependencies import Dependencies


def cause_from(told: Mapping[str, Any] | None, known: Dependencies) -> Cause | None:
    """A cause as `programs/causes.py` tells it; a missing dependency is looked up."""
    if told is None:
        return None
    place = Place(str(told["path"]), int(told["line"])) if told.get("path") else None
    missing = known.missing(str(told["missing"])) if told.get("missing") else None
    return Cause(str(told["error"]), str(told["message"]), place, missing)
