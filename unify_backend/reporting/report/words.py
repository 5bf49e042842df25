"""Phrases that every form of the report shares."""

from unify_backend.model.history import Ahead, Commit
from unify_backend.model.merge_plan import How
from unify_backend.model.report import Completion, Figure, Joined, Outcome, Unit, score
from unify_backend.model.status import Evidence, Holds, NotNeeded, Open, Unknown
from unify_backend.model.tree_diff import Side
from unify_backend.reporting.tables import count

WHO = {
    Ahead.NONE: "neither side changed",
    Ahead.LEGACY: "legacy changed",
    Ahead.CANONICAL: "canonical changed",
    Ahead.BOTH: "both changed, differently",
    Ahead.BOTH_SAME: "both changed alike",
    Ahead.UNKNOWN: "who changed is not known",
}
HOW = {
    How.UNCHANGED: "unchanged on both sides",
    How.TOOK_LEGACY: "legacy's change taken",
    How.KEPT_CANONICAL: "canonical's kept",
    How.BOTH_ALIKE: "the same change on both sides",
    How.MERGED: "merged by lines",
    How.MERGED_STRUCTURALLY: "merged by definitions or keys",
    How.MOVED: "moved, only legacy had it",
    How.STAYS_DELETED: "stays deleted",
    How.CONFLICT: "conflict",
    How.SETTLED: "settled by a person",
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
        case Holds():
            return "✓"
        case Open():
            return "✗"
        case Unknown():
            return "?"
        case NotNeeded():
            return "○"


def title(completion: Completion) -> str:
    """`old → new`, of every move."""
    return ", ".join(f"{one.legacy} → {one.canonical}" for one in completion.moves)


def checked(completion: Completion) -> str:
    """`17 of 30 checks hold, 7 open, 6 not known`."""
    found = score(completion.checks)
    parts = [f"{found.passed} of {count(found.all, 'check')} hold"]
    parts += [f"{found.open} open"] if found.open else []
    parts += [f"{found.unknown} not known"] if found.unknown else []
    return ", ".join(parts)


def compared(completion: Completion) -> str:
    """Which two states are set beside each other."""
    start, now = completion.start, completion.now
    if start is None:
        return "the state now; none before is known"
    here = now.commit.hash[:9] if now.commit else "the work tree"
    if now.uncommitted:
        here = f"{here} and {count(now.uncommitted, 'uncommitted file')}"
    return f"{start.commit.hash[:9]} ({start.why}) with {here}"


def amount(value: int | None, unit: Unit) -> str:
    """A figure's value for people."""
    if value is None:
        return "—"
    match unit:
        case Unit.COUNT:
            return f"{value:,}"
        case Unit.BYTES:
            return _size(value)


def change(one: Figure) -> str:
    """The difference with its sign; nothing where there is none or a side is not known."""
    if one.before is None or one.now is None or one.before == one.now:
        return ""
    difference = one.now - one.before
    return f"{'+' if difference > 0 else '−'}{amount(abs(difference), one.unit)}"


def _size(value: int) -> str:
    for unit, size in (("MB", 10**6), ("kB", 10**3)):
        if value >= size:
            return f"{value / size:.1f} {unit}"
    return f"{value} bytes"


def commit_line(one: Commit) -> str:
    """`b0d378fde Fix: …`."""
    return f"{one.hash[:9] or 'not committed'} {one.subject}".rstrip()


def side_commits(one: Joined) -> tuple[tuple[Side, Commit], ...]:
    """The commits of both sides since the fork point, newest first on each."""
    return tuple((side, it) for side in Side for it in one.merged.history.of(side).commits)


def settled(one: Joined) -> str:
    """How a conflict ended."""
    words = _SETTLED[one.outcome]
    return f"{words}; left out by that: {', '.join(one.lost)}" if one.lost else words
