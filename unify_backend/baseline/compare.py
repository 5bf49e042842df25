"""The comparison: a subset, not a count, so that one gone does not pay for another one new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

from unify_backend.model.baseline import Entry, Verdicts

Renames = Callable[[Collection[str], Collection[str]], Mapping[str, str]]


def compare(
    known: Collection[Entry],
    state: Collection[Entry],
    judged: Callable[[str], bool],
    gone: Callable[[str], bool],
    renames: Renames,
) -> Verdicts:
    """What of `state` is new and what of `known` is stale, in the files that are `judged`.

    `gone` says whether a path of the baseline is no file any more. `renames` is asked only when
    needed: given paths that are gone and paths with something new, it says which of the new ones
    each of the gone ones became.
    """
    baseline = frozenset(known)
    new = {entry for entry in state if entry not in baseline}
    moved = _moved(baseline, new, gone, renames) if new else {}
    followed = {_at(entry, moved[entry.path]) for entry in baseline if entry.path in moved}
    new -= followed
    present = frozenset(state)
    stale = [
        entry
        for entry in baseline
        if entry.path not in moved and judged(entry.path) and entry not in present
    ]
    left = [entry for entry in followed - present if judged(entry.path)]
    pairs = tuple(sorted(moved.items()))
    passed = tuple(sorted(present - new))
    return Verdicts(tuple(sorted(new)), passed, tuple(sorted([*stale, *left])), pairs)


def _moved(
    baseline: Collection[Entry],
    new: Collection[Entry],
    gone: Callable[[str], bool],
    renames: Renames,
) -> dict[str, str]:
    """Which file of the baseline lies where now; a copy is none, for the first is still there."""
    known_paths = {entry.path for entry in baseline}
    fresh = {entry.path for entry in new} - known_paths
    away = {path for path in known_paths if gone(path)} if fresh else set()
    if not away or not fresh:
        return {}
    renamed = renames(sorted(away), sorted(fresh))
    return {old: now for old, now in renamed.items() if old in away and now in fresh}


def reborn(away: Collection[Entry], fresh: Collection[Entry]) -> dict[str, str]:
    """Which files are the same by their entries alone, where no history tells: one that is gone
    and one that is new, alike in every entry, and no third one like them."""
    gone, came = _by_content(away), _by_content(fresh)
    return {
        old[0]: came[entries][0]
        for entries, old in gone.items()
        if len(old) == 1 and len(came.get(entries, ())) == 1
    }


def _by_content(entries: Iterable[Entry]) -> dict[frozenset[tuple[str, str, int]], list[str]]:
    files: dict[str, set[tuple[str, str, int]]] = defaultdict(set)
    for entry in entries:
        files[entry.path].add(entry.inside)
    alike: dict[frozenset[tuple[str, str, int]], list[str]] = defaultdict(list)
    for path in sorted(files):
        alike[frozenset(files[path])].append(path)
    return alike


def _at(entry: Entry, path: str) -> Entry:
    return Entry(path, entry.kind, entry.text, entry.occurrence)
