"""Phrases that every form of the report shares."""

from unify_backend.model.history import ChangedSide, Commit
from unify_backend.model.merge_plan import MergeAction
from unify_backend.model.report import Completion, Figure, FileOutcome, Outcome, Unit, score
from unify_backend.model.status import Evidence, NotNeeded, StepDone, StepOpen, Unknown
from unify_backend.model.tree_diff import Side
from unify_backend.reporting.tables import count

WHO = {
    ChangedSide.NONE: "neither side changed",
    ChangedSide.LEGACY: "legacy changed",
    ChangedSide.CANONICAL: "canonical changed",
    ChangedSide.BOTH: "both changed, differently",
    ChangedSide.BOTH_SAME: "both changed alike",
    ChangedSide.UNKNOWN: "who changed is not known",
}
HOW = {
    MergeAction.UNCHANGED: "unchanged on both sides",
    MergeAction.TOOK_LEGACY: "legacy's change taken",
    MergeAction.KEPT_CANONICAL: "canonical's kept",
    MergeAction.BOTH_ALIKE: "the same change on both sides",
    MergeAction.MERGED: "merged by lines",
    MergeAction.MERGED_STRUCTURALLY: "merged by definitions or keys",
    MergeAction.MOVED: "moved, only legacy had it",
    MergeAction.STAYS_DELETED: "stays deleted",
    MergeAction.CONFLICT: "conflict",
    MergeAction.SETTLED: "settled by a person",
}
NOW = {
    Outcome.MERGED: "as merged",
    Outcome.CANONICAL: "canonical's version",
    Outcome.LEGACY: "legacy's version",
    Outcome.EDITED: "edited since, or by hand",
    Outcome.OPEN: "conflict markers",
    Outcome.PENDING: "not merged yet",
    Outcome.GONE: "not there",
}


_SETTLED = {
    Outcome.CANONICAL: "the canonical side was taken",
    Outcome.LEGACY: "the legacy side was taken",
    Outcome.EDITED: "settled by hand",
    Outcome.MERGED: "settled by hand",
    Outcome.OPEN: "open: conflict markers are in it",
    Outcome.PENDING: "open: not merged yet",
    Outcome.GONE: "the file is gone",
}


def mark(evidence: Evidence) -> str:
    """✓ holds, ✗ open, ? not known, ○ not needed."""
    match evidence:
        case StepDone():
            return "✓"
        case StepOpen():
            return "✗"
        case Unknown():
            return "?"
        case NotNeeded():
            return "○"


def title(completion: Completion) -> str:
    """`old → new`, of every move."""
    return ", ".join(f"{move.legacy} → {move.canonical}" for move in completion.moves)


def checked(completion: Completion) -> str:
    """`17 of 30 checks hold, 7 open, 6 not known`."""
    result = score(completion.checks)
    parts = [f"{result.passed} of {count(result.all, 'check')} hold"]
    parts += [f"{result.open} open"] if result.open else []
    parts += [f"{result.unknown} not known"] if result.unknown else []
    return ", ".join(parts)


def compared(completion: Completion) -> str:
    """Which two states are compared."""
    start, now = completion.start, completion.now
    if start is None:
        return "the state now; none before is known"
    state = now.commit.hash[:9] if now.commit else "the work tree"
    if now.uncommitted:
        state = f"{state} and {count(now.uncommitted, 'uncommitted file')}"
    return f"{start.commit.hash[:9]} ({start.why}) with {state}"


def amount(value: int | None, unit: Unit) -> str:
    """A figure's value for people."""
    if value is None:
        return "—"
    match unit:
        case Unit.COUNT:
            return f"{value:,}"
        case Unit.BYTES:
            return _size(value)


def change(figure: Figure) -> str:
    """The difference with its sign; nothing where there is none or a side is not known."""
    if figure.before is None or figure.now is None or figure.before == figure.now:
        return ""
    difference = figure.now - figure.before
    return f"{'+' if difference > 0 else '−'}{amount(abs(difference), figure.unit)}"


def _size(value: int) -> str:
    for unit, size in (("MB", 10**6), ("kB", 10**3)):
        if value >= size:
            return f"{value / size:.1f} {unit}"
    return f"{value} bytes"


def commit_line(commit: Commit) -> str:
    """`b0d378fde Fix: …`."""
    return f"{commit.hash[:9] or 'not committed'} {commit.subject}".rstrip()


def side_commits(joined: FileOutcome) -> tuple[tuple[Side, Commit], ...]:
    """The commits of both sides since the fork point, newest first on each."""
    return tuple(
        (side, commit) for side in Side for commit in joined.merged.history.of(side).commits
    )


def settled(joined: FileOutcome) -> str:
    """How a conflict was resolved."""
    words = _SETTLED[joined.outcome]
    return f"{words}; left out by that: {', '.join(joined.lost)}" if joined.lost else words
