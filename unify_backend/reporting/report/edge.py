"""A burn-down with room at its right edge."""

from dataclasses import replace
from datetime import datetime, timedelta

from unify_backend.model.history import Burndown


def with_edge(burndown: Burndown) -> Burndown:
    """With some time after the last point: a count is drawn from its commit to the next one, and
    the last one is what people look for."""
    points = burndown.points
    if not points:
        return burndown
    first, last = (datetime.fromisoformat(one.when) for one in (points[0], points[-1]))
    later = last + max(timedelta(hours=1), abs(last - first) / 25)
    edge = replace(points[-1], when=later.strftime("%Y-%m-%dT%H:%M:%SZ"))
    return replace(burndown, points=(*points, edge))
