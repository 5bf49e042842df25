"""The burn-down as JSON."""

from unify_backend.model.burndown import Burndown, Point
from unify_backend.reporting.json.common import Document


def history_document(burndown: Burndown) -> Document:
    """`unify-backend/history/1`: the points, the oldest first."""
    return {
        "schema": "unify-backend/history/1",
        "legacy": list(burndown.legacy),
        "range": burndown.range,
        "note": burndown.note,
        "points": [_point(one) for one in burndown.points],
    }


def _point(one: Point) -> Document:
    return {
        "commit": one.commit,
        "date": one.when,
        "author": one.author,
        "subject": one.subject,
        "total": one.total,
        "active": one.active,
        "files": one.files,
        "tree": {
            "legacy": one.legacy_tree,
            "canonical": one.canonical_tree,
            "outside": one.outside,
        },
        "area": dict(sorted((area.value, number) for area, number in one.by_area)),
    }
