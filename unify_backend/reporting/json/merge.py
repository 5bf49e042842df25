"""`unify-backend/merge/1`, and the parts of history that `diff` shows as well."""

from unify_backend.model.checks import DepthUse, Migrations, Repaired, Unresolved
from unify_backend.model.history import Commit, FileHistory, PackageHistory
from unify_backend.model.merge_plan import MergedFile, MergePlan, PackageMerge
from unify_backend.reporting.json.common import Document, left_document, move_entry


def merge_document(plan: MergePlan, dry_run: bool) -> Document:
    """The plan, or what was done, under the keys of the contract."""
    packages = plan.packages
    return {
        "schema": "unify-backend/merge/1",
        "dry_run": dry_run,
        "packages": [
            {**move_entry(one.move), **split_entry(one.history), "totals": one.totals}
            for one in packages
        ],
        "files": [_file(file) for one in packages for file in one.files],
        "conflicts": [
            {
                "path": one.path,
                "hunks": [
                    {"start_line": hunk.start_line, "end_line": hunk.end_line, "why": hunk.why}
                    for hunk in one.hunks
                ],
                "notes": list(one.notes),
            }
            for one in plan.conflicts
        ],
        "lost_definitions": [name for one in packages for name in one.checks.lost_definitions],
        "lost_lines": [line for one in packages for line in one.checks.lost_lines],
        "checks": [_checks(one) for one in packages],
        "along": [{"old": old, "new": new} for old, new in plan.along],
        "rewritten": plan.rewritten,
        "left": left_document(plan.left),
    }


def split_entry(history: PackageHistory) -> Document:
    """Where the trees parted, and how many commits each side has had since."""
    split = history.split
    return {
        "split": None
        if split is None
        else {
            "source": split.source.hash,
            "copy": split.copy.hash,
            "date": split.date,
            "agreeing": split.agreeing,
            "of": split.of,
            "copied": split.copied.value,
        },
        "base": history.base.hash if history.base else None,
        "living": history.living.value if history.living else None,
        "ahead": {ahead.value: count for ahead, count in history.totals().items()},
        "legacy_commits": [commit_entry(one) for one in history.legacy_commits],
        "canonical_commits": [commit_entry(one) for one in history.canonical_commits],
        "note": history.note,
    }


def fork_entry(one: FileHistory) -> Document | None:
    """A file's fork point, or None where it has none."""
    base = one.fork.base
    if base is None:
        return None
    return {"commit": base.commit, "path": base.path, "evidence": one.fork.evidence.value}


def commit_entry(one: Commit) -> Document:
    """A commit as people know it."""
    return {"hash": one.hash, "date": one.date, "author": one.author, "subject": one.subject}


def _file(one: MergedFile) -> Document:
    return {
        "path": one.path,
        "origin": one.origin,
        "how": one.how.value,
        "fork": fork_entry(one.history),
        "commits": [commit_entry(commit) for commit in one.history.legacy.commits],
        "canonical_commits": [commit_entry(commit) for commit in one.history.canonical.commits],
        "notes": list(one.notes),
    }


def _checks(one: PackageMerge) -> Document:
    checks = one.checks
    return {
        "unparsable": list(checks.unparsable),
        "defined_twice": [
            {"path": path, "name": twice.name, "lines": list(twice.lines)}
            for path, twice in checks.defined_twice
        ],
        "worse_imports": [_import(unresolved) for unresolved in checks.worse_imports],
        "depth": [_depth(use) for use in checks.depth],
        "alembic_before": [_migrations(folder) for folder in checks.migrations_before],
        "alembic_after": [_migrations(folder) for folder in checks.migrations_after],
    }


def _import(one: Unresolved) -> Document:
    return {"path": one.path, "line": one.line, "module": one.module, "name": one.name}


def _depth(use: DepthUse) -> Document:
    answer = use.answer
    return {
        "path": use.path,
        "line": use.line,
        "text": use.text,
        "was": use.was,
        "now": use.now,
        "replacement": answer.replacement if isinstance(answer, Repaired) else None,
    }


def _migrations(one: Migrations) -> Document:
    return {"folder": one.folder, "revisions": one.revisions, "heads": list(one.heads)}
