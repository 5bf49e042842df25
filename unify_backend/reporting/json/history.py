"""`unify-backend/history/1`."""

from typing import Annotated

from msgspec import Meta

from unify_backend.model.history import Burndown, Point
from unify_backend.model.references import Area
from unify_backend.reporting.json.common import Count, Document, Entry, Line

_HASH = r"^[0-9a-f]{40,64}$"
_UTC = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"


class TreeCounts(Entry, frozen=True):
    """References by where their file lies."""

    legacy: Count
    canonical: Count
    outside: Count


class PointEntry(Entry, frozen=True):
    """The references of one commit."""

    commit: Annotated[str, Meta(pattern=_HASH)]
    date: Annotated[str, Meta(pattern=_UTC)]
    author: str
    subject: str
    total: Count
    active: Count  # without those that are kept on purpose
    files: Count
    tree: TreeCounts
    area: dict[Area, Line]


class HistoryDocument(Document, frozen=True, tag="unify-backend/history/1"):
    """Legacy references commit by commit, the oldest first"""

    legacy: tuple[str, ...]
    range: str
    note: str
    points: tuple[PointEntry, ...]


def history_document(burndown: Burndown) -> HistoryDocument:
    """The points, the oldest first."""
    return HistoryDocument(
        burndown.legacy, burndown.range, burndown.note, tuple(map(_point, burndown.points))
    )


def _point(point: Point) -> PointEntry:
    return PointEntry(
        commit=point.commit,
        date=point.when,
        author=point.author,
        subject=point.subject,
        total=point.total,
        active=point.active,
        files=point.files,
        tree=TreeCounts(point.legacy_tree, point.canonical_tree, point.outside),
        area=dict(sorted(point.by_area)),
    )
