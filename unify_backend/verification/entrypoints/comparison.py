"""Compares what two running applications answer over HTTP."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from unify_backend.model.entry_results import ServedOperations
from unify_backend.verification import response_diff as bodies

_SHOWN = 5  # names that a difference lists


def differences(
    now: ServedOperations, reference: ServedOperations, masks: Collection[str] = ()
) -> Iterator[str]:
    """What `now` shows otherwise than `reference`, in words; nothing where they are the same.
    Values that change from run to run are not compared, nor those under the keys `masks`."""
    if reference.operations is not None:
        if now.operations is None:
            yield f"no OpenAPI document, {_count(reference.operations)} expected"
        else:
            gone = sorted(set(reference.operations) - set(now.operations))
            new = sorted(set(now.operations) - set(reference.operations))
            if gone:
                yield f"{_count(gone)} gone: {_listed(gone)}"
            if new:
                yield f"{_count(new)} more: {_listed(new)}"
    known = {answer.path: answer for answer in now.answers}
    for before in reference.answers:
        if before.status is None:
            continue  # the reference did not answer either
        after = known.get(before.path)
        if after is None or after.status is None:
            yield f"GET {before.path}: no answer, {before.status} expected"
        elif after.status != before.status:
            yield f"GET {before.path}: {after.status} instead of {before.status}"
        else:
            changes = bodies.differences(before.body, after.body, masks)
            yield from (f"GET {before.path}: {change}" for change in changes)


def _count(names: Sequence[str]) -> str:
    return "1 operation" if len(names) == 1 else f"{len(names)} operations"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
