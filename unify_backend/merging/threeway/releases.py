"""The releases of a changelog that both sides added in one place."""

from collections.abc import Sequence
from heapq import merge as merge_sorted
from itertools import groupby

from unify_backend.languages.merge_unit import Unit
from unify_backend.merging.threeway.align import Alignment, OrderConflict
from unify_backend.merging.threeway.rules import Version, first_version

_Row = Alignment | OrderConflict


def newest_first(rows: Sequence[_Row]) -> list[_Row]:
    """The rows of a document, with the releases that both sides added in one place in the order in
    which a side has its releases."""
    order = _order([row.any for row in rows if isinstance(row, Alignment) and row.canonical])
    order = order or _order([row.any for row in rows if isinstance(row, Alignment) and row.legacy])
    if not order:
        return list(rows)
    ordered: list[_Row] = []
    for is_new, run in groupby(rows, _is_new_release):
        added = list(run)
        if is_new:
            sides = [
                [row for row in added if bool(row.canonical) is ours] for ours in (True, False)
            ]
            added = list(merge_sorted(*sides, key=_version_of, reverse=order < 0))
        ordered += added
    return ordered


def _is_new_release(row: _Row) -> bool:
    return (
        isinstance(row, Alignment)
        and row.base is None
        and (row.canonical is None or row.legacy is None)
        and _version(row.any) is not None
    )


def _version_of(row: _Row) -> Version:
    version = _version(row.any)
    assert version is not None
    return version


def _version(unit: Unit) -> Version | None:
    return first_version(unit.key[1]) if unit.kind == "section" else None


def _order(units: Sequence[Unit]) -> int:
    """1 where the releases rise, -1 where they fall, else 0."""
    versions = [version for unit in units if (version := _version(unit))]
    if len(versions) < 2:
        return 0
    if versions == sorted(versions):
        return 1
    return -1 if versions == sorted(versions, reverse=True) else 0
