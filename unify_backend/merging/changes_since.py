"""The commits that changed a file since its base."""

from collections.abc import Iterator, Sequence

from unify_backend.merging.file_history import Lineage
from unify_backend.merging.fingerprints import Fingerprints
from unify_backend.merging.merge_base import Base
from unify_backend.model.tree_diff import Side
from unify_backend.repository.git.timeline import Event, Timeline


def since(
    base: Base | None, lineage: Lineage, side: Side, timeline: Timeline, prints: Fingerprints
) -> Iterator[Event]:
    """The events, newest first, of commits that changed the file on one side and are not part of
    its base. Commits that only replace the package's names and merges that only combine their
    parents are left out. The copying commit is reported if it edited the file."""
    boundary = -1 if base is None else base.boundary(side)
    known = timeline.ancestors(boundary) if base else frozenset()
    for event in lineage.straight:
        if base is not None and event.rank == boundary:
            if prints.written(event) != prints.written(base.event):
                yield event
        elif event.rank not in known and _changed(event, lineage, timeline, prints):
            yield event


def _changed(event: Event, lineage: Lineage, timeline: Timeline, prints: Fingerprints) -> bool:
    before = lineage.before(event)
    if len(timeline.parents(event.rank)) > 1 and before:
        return _adds_to_merge(event, before, prints)
    there = [earlier for earlier in before if earlier.blob is not None]
    if event.blob is None:
        return bool(there)
    written = prints.written(event)
    return not any(
        prints.written(earlier) == written and earlier.path == event.path for earlier in there
    )


def _adds_to_merge(event: Event, before: Sequence[Event], prints: Fingerprints) -> bool:
    """Whether a merge wrote lines that no parent has, or dropped some that all have."""
    if event.blob is None:
        return all(earlier.blob is not None for earlier in before)
    now = prints.lines(event.blob, event.path)
    sides = [
        prints.lines(earlier.blob, earlier.path) for earlier in before if earlier.blob is not None
    ]
    if not sides:
        return True
    return bool(now.difference(*sides) or sides[0].intersection(*sides) - now)
