"""Writes the baseline: all violations, or only the known ones that are still there."""

from __future__ import annotations

from unify_backend.baseline.baseline import dump, entry_changes, pruned, updated
from unify_backend.model.baseline import Baseline, BaselineUpdate, Entry
from unify_backend.model.changes import ChangeSet, Create, Replace, digest
from unify_backend.model.checking import Evaluation
from unify_backend.model.errors import Refused
from unify_backend.repository.files import Repository
from unify_backend.repository.journal.writer import Applied, apply


def update(
    repository: Repository,
    known: Baseline | None,
    judged: Evaluation,
    path: str,
    allow_growth: bool,
    started: int = 0,
) -> BaselineUpdate:
    """The baseline `path` for all that is there. The first one may hold anything, and says that it
    `started` from so many.

    Raises Refused where it would let something pass that the old one does not, unless that is
    allowed.
    """
    new = judged.verdicts.new
    if known is not None and new and not allow_growth:
        places = ", ".join(dict.fromkeys(entry.path for entry in new[:3]))
        raise Refused(
            f"the baseline would grow by {len(new):,} ({places}{', …' if len(new) > 3 else ''})",
            "a baseline only gets shorter: what is new is to be renamed, not let in",
            "See them by `unify-backend check`; rename them by `unify-backend rewrite PATH`, or "
            "say that it is meant: --allow-growth.",
        )
    after = updated(known, judged.violations.keys(), started)
    return kept_as(repository, known, after, judged.verdicts.moved, path)


def prune(repository: Repository, known: Baseline, judged: Evaluation, path: str) -> BaselineUpdate:
    """The baseline `path` without what is gone."""
    after = pruned(known, judged.verdicts)
    return kept_as(repository, known, after, judged.verdicts.moved, path)


def kept_as(
    repository: Repository,
    known: Baseline | None,
    after: Baseline,
    moves: tuple[tuple[str, str], ...],
    path: str,
    command: str = "check",
) -> BaselineUpdate:
    """What the baseline `path` becomes when `after` takes the place of `known`, with the change
    that writes it; `moves` are files that were renamed."""
    old = known.entries if known else frozenset()
    moved = dict(moves)
    was = {Entry(moved.get(entry.path, entry.path), *entry.inside) for entry in old}
    added, removed = entry_changes(was, after.entries)
    title = f"{command}: {path} +{len(added):,}/-{len(removed):,}"
    return BaselineUpdate(
        path,
        len(after.entries),
        tuple(added),
        tuple(removed),
        moves,
        ChangeSet(title, _changes(repository, path, known, dump(after))),
    )


def _changes(
    repository: Repository, path: str, known: Baseline | None, data: bytes
) -> tuple[Create | Replace, ...]:
    if known is None:
        return (Create(path, data),)
    before = repository.read(path)
    return () if before == data else (Replace(path, digest(before), data),)


def write(repository: Repository, result: BaselineUpdate) -> Applied:
    """Writes the baseline. Uncommitted changes that an earlier run wrote into it do not stop
    this."""
    return apply(repository, result.changes, allow_dirty=True)
