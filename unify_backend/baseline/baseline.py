"""The baseline of `check` and `audit`: its file, the comparison with a state, its update.

The file is JSON with one sorted entry on a line: git merges removals of two people, and a diff is
readable. The comparison is of sets, not of counts: a removed entry does not pay for a new one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

from unify_backend.model.baseline import Baseline, Entry, Verdicts
from unify_backend.model.errors import ConfigurationError

SCHEMA = "unify-backend/baseline/1"
_END: list[object] = []  # closes the list, so that the last entry is a line like any other


def dump(baseline: Baseline) -> bytes:
    """The file's content."""
    lines = [
        json.dumps([entry.path, entry.kind, entry.text, entry.occurrence], ensure_ascii=True)
        for entry in sorted(baseline.entries)
    ]
    head = f'"schema": {json.dumps(SCHEMA)},\n"started": {baseline.started},\n"entries": ['
    return "\n".join(["{", head, *(f"{line}," for line in lines), "[]", "]", "}", ""]).encode()


def load(data: bytes, name: str, command: str = "check") -> Baseline:
    """The baseline that `data`, the content of the file `name`, holds. `command` is what writes it.

    Raises ConfigurationError where it is none: an unreadable baseline must not let everything pass.
    """
    try:
        document = json.loads(data.decode("utf-8-sig"))
        if document["schema"] != SCHEMA:
            raise _wrong(name, command, f"its schema is {document['schema']!r}, not {SCHEMA!r}")
        entries = [
            _entry(values, name, command) for values in document["entries"] if values != _END
        ]
        started = document["started"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        if b"<<<<<<< " in data:
            raise ConfigurationError(
                f"the baseline {name} holds conflict markers",
                "two branches changed the same lines of it",
                f"Take either side whole (git checkout --ours -- {name}), then run "
                f"`unify-backend {command} --prune`: what the other side got rid of is taken out.",
            ) from error
        raise _wrong(name, command, f"{type(error).__name__}: {error}") from error
    if type(started) is not int or started < 0:
        raise _wrong(name, command, "`started` is no count")
    return Baseline(frozenset(entries), started)


def _entry(values: object, name: str, command: str) -> Entry:
    match values:
        case [str(path), str(kind), str(text), int(occurrence)] if occurrence > 0:
            if "*" in {kind, text} or path.endswith("/**"):
                raise _wrong(name, command, f"{values!r} is a pattern; each entry is one place")
            return Entry(path, kind, text, occurrence)
        case _:
            raise _wrong(name, command, f"{values!r} is no entry (path, form, text, occurrence)")


def _wrong(name: str, command: str, why: str) -> ConfigurationError:
    return ConfigurationError(
        f"the baseline {name} cannot be read",
        why,
        f"Restore it from git; or delete it, and `unify-backend {command} --update-baseline`.",
    )


def entry_changes(
    before: Iterable[Entry], after: Iterable[Entry]
) -> tuple[list[Entry], list[Entry]]:
    """The entries that `after` adds to `before` and those it lacks, each sorted."""
    old, new = set(before), set(after)
    return sorted(new - old), sorted(old - new)


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


def match_by_entries(away: Collection[Entry], fresh: Collection[Entry]) -> dict[str, str]:
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


def updated(known: Baseline | None, state: Collection[Entry], started: int = 0) -> Baseline:
    """The baseline that lets the whole of `state` pass. Its first count stays, or is `started`, but
    where there is more now than ever."""
    started = max(known.started if known else started, len(state))
    return Baseline(frozenset(state), started)


def pruned(known: Baseline, verdicts: Verdicts) -> Baseline:
    """Without what is gone, and with moved files under their new paths; nothing is added."""
    now: Mapping[str, str] = dict(verdicts.moved)
    followed = {
        Entry(now.get(entry.path, entry.path), entry.kind, entry.text, entry.occurrence)
        for entry in known.entries
    }
    return Baseline(frozenset(followed & set(verdicts.known)), known.started)
