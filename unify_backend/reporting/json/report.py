"""`unify-backend/report/1`."""

from unify_backend.model.generated import MARK
from unify_backend.model.report import Completion, Joined, Package, Verification, score
from unify_backend.model.status import Open, Step
from unify_backend.model.tree_diff import Side
from unify_backend.reporting.json.common import Document, move_entry, reference_entry
from unify_backend.reporting.json.merge import commit_entry, fork_entry, split_entry
from unify_backend.reporting.report.handing_over import rollback
from unify_backend.reporting.report.words import kind


def report_document(completion: Completion) -> Document:
    """The report for programs: no date, so that the same state gives the same document."""
    ends = score(completion.checks)
    start, now = completion.start, completion.now
    return {
        "schema": "unify-backend/report/1",
        "generator": f"{MARK} report",
        "packages": [move_entry(one) for one in completion.moves],
        "before": commit_entry(start.commit) if start else None,
        "before_is": start.why if start else None,
        "now": commit_entry(now.commit) if now.commit else None,
        "uncommitted": now.uncommitted,
        "checks": [_check(one) for one in completion.checks],
        "totals": {"passed": ends.passed, "open": ends.open, "unknown": ends.unknown},
        "phases": [
            {"id": one.id, "title": one.title, "state": one.state.value}
            for one in (completion.status.phases if completion.status else ())
        ],
        "figures": [
            {"name": one.name, "before": one.before, "now": one.now, "unit": one.unit.value}
            for one in completion.figures
        ],
        "areas": [
            {"area": area.value, "before": before, "now": after}
            for area, before, after in completion.by_area()
        ],
        "merged": [_package(one) for one in completion.packages],
        "references": [
            {**reference_entry(one.reference), "state": one.fate.value}
            for one in completion.references
        ],
        "verification": _verification(completion.verification),
        "decisions": [
            {
                "path": one.path,
                "text": one.text,
                "line": one.line,
                "action": one.action.value,
                "replacement": one.replacement,
                "reason": one.reason,
            }
            for one in completion.decisions
        ],
        "rollback": [line for one in rollback(completion) for line in one.commands],
        "changelog": {"path": completion.entry.path or None, "there": completion.entry.there},
        "missing": list(completion.missing),
    }


def _check(one: Step) -> Document:
    return {
        "check": one.check,
        "title": one.title,
        "result": kind(one.evidence),
        "fact": one.evidence.fact,
        "places": list(one.evidence.places) if isinstance(one.evidence, Open) else [],
    }


def _package(one: Package) -> Document:
    return {
        **move_entry(one.move),
        **split_entry(one.history),
        "legacy_tree": one.tree.value,
        "totals": {how.value: number for how, number in one.totals},
        "files": [_file(it) for it in one.joined],
    }


def _file(one: Joined) -> Document:
    past = one.merged.history
    return {
        "path": one.merged.path,
        "origin": one.merged.origin,
        "ahead": past.ahead.value,
        "how": one.merged.how.value,
        "now": one.outcome.value,
        "missing": one.missing,
        "lost": list(one.lost),
        "fork": fork_entry(past),
        "legacy_commits": [commit_entry(it) for it in past.of(Side.LEGACY).commits],
        "canonical_commits": [commit_entry(it) for it in past.of(Side.CANONICAL).commits],
    }


def _verification(seen: Verification | None) -> Document | None:
    if seen is None:
        return None
    return {
        "states": [
            {
                "label": one.label,
                "figures": dict(one.figures),
                "routes": list(one.routes) if one.routes is not None else None,
            }
            for one in (*seen.before, *seen.now)
        ],
        "entrypoints": [
            {"name": one.name, "verdict": one.verdict, "how": one.how, "wrong": one.wrong}
            for one in seen.entries
        ],
        "losses": [{"aspect": one.aspect, "name": one.name, "why": one.why} for one in seen.losses],
    }
