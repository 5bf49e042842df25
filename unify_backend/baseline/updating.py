"""What a baseline becomes: everything that is there, or only what is still there of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from unify_backend.model.baseline import Baseline, Entry, Verdicts


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
