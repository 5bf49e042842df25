"""`unify-backend/diff/1`."""

from collections.abc import Sequence

from unify_backend.model.history import FileHistory, PackageHistory
from unify_backend.model.tree_diff import PackageDiff, Pair, PairClass, TreeDiff
from unify_backend.reporting.json.common import Document, move_entry, undeclared_entries
from unify_backend.reporting.json.merge import commit_entry, fork_entry, split_entry


def diff_document(
    diff: TreeDiff, histories: Sequence[PackageHistory], only: str | None = None
) -> Document:
    """The trees side by side, under the keys of the contract. `only` limits the pairs to one path,
    inside the trees or in the repository."""
    return {
        "schema": "unify-backend/diff/1",
        "packages": [
            _package(one, history, only)
            for one, history in zip(diff.packages, histories, strict=True)
        ],
        "undeclared_pairs": undeclared_entries(diff.undeclared),
        "findings": [{"path": one.path, "problem": one.problem} for one in diff.findings],
        "totals": diff.totals(),
    }


def _package(one: PackageDiff, history: PackageHistory, only: str | None) -> Document:
    traced = {file.path: file for file in history.files}
    move = one.move
    wanted = {
        only,
        (only or "").removeprefix(f"{move.legacy_path}/"),
        (only or "").removeprefix(f"{move.canonical_path}/"),
    }
    return {
        **move_entry(move),
        **split_entry(history),
        "only_legacy": list(one.only_legacy),
        "only_canonical": list(one.only_canonical),
        "pairs": [
            _pair(pair, traced.get(pair.path))
            for pair in one.pairs
            if only is None or pair.path in wanted
        ],
    }


def _pair(pair: Pair, history: FileHistory | None) -> Document:
    same = pair.cls in {PairClass.IDENTICAL, PairClass.RENAMED}
    unknown = "none" if same else "unknown"
    return {
        "path": pair.path,
        "class": pair.cls.value,
        "added": pair.added,
        "removed": pair.removed,
        "fork": fork_entry(history) if history is not None else None,
        "ahead": history.ahead.value if history is not None else unknown,
        "legacy_commits": [commit_entry(c) for c in history.legacy.commits] if history else [],
        "canonical_commits": [commit_entry(c) for c in history.canonical.commits]
        if history
        else [],
        "definitions": [
            {
                "name": one.name,
                "kind": one.kind.value,
                "change": one.change.value,
                "gained": list(one.gained),
                "lost": list(one.lost),
            }
            for one in pair.definitions
        ],
        "keys": [{"key": one.key, "change": one.change.value} for one in pair.keys],
        "note": pair.note,
    }
