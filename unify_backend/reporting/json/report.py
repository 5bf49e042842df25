"""`unify-backend/report/1`."""

from unify_backend.model.history import ChangedSide, Commit
from unify_backend.model.merge_plan import MergeAction
from unify_backend.model.references import Area
from unify_backend.model.report import (
    Completion,
    Figure,
    FileOutcome,
    Outcome,
    PackageOutcome,
    ReferenceOutcome,
    Score,
    Tree,
    score,
)
from unify_backend.model.settings import Decision
from unify_backend.model.shims import MARK
from unify_backend.model.status import PhaseState, Result, Step, StepOpen, result_of
from unify_backend.model.tree_diff import Side
from unify_backend.model.verification import State, VerifyResult
from unify_backend.reporting.json.common import (
    Document,
    Entry,
    MoveEntry,
    ReferenceEntry,
    entries,
    keys_of,
    move_entry,
    reference_entry,
)
from unify_backend.reporting.json.ledger import LedgerEntries, ledger_entries
from unify_backend.reporting.json.merge import (
    ForkEntry,
    HistoryEntry,
    fork_entry,
    history_entry,
)
from unify_backend.reporting.report.handover import rollback


class CheckEntry(Entry, frozen=True):
    """One check and its result."""

    check: str
    title: str
    result: Result
    fact: str
    places: tuple[str, ...]


class PhaseEntry(Entry, frozen=True):
    """A phase."""

    id: str
    title: str
    state: PhaseState


class AreaEntry(Entry, frozen=True):
    """Legacy references of one area."""

    area: Area
    before: int | None
    now: int


class FileEntry(Entry, frozen=True):
    """One file that a side changed, and what became of it."""

    path: str
    origin: str | None
    ahead: ChangedSide
    how: MergeAction  # what a merge makes of it
    now: Outcome
    missing: bool  # work of a side is not there now, and nobody rejected it
    lost: tuple[str, ...]  # definitions
    fork: ForkEntry | None
    legacy_commits: tuple[Commit, ...]
    canonical_commits: tuple[Commit, ...]


class PackageEntry(HistoryEntry, frozen=True):
    """One move and its merge."""

    legacy_tree: Tree
    totals: dict[MergeAction, int]
    files: tuple[FileEntry, ...]
    ledger: LedgerEntries | None  # null: the history is not known


class TracedEntry(ReferenceEntry, frozen=True):
    """A reference, and what became of it."""

    state: ReferenceOutcome


class StateEntry(Entry, frozen=True):
    """The application as it was started."""

    label: str
    figures: dict[str, str]
    routes: tuple[str, ...] | None


class StartedEntry(Entry, frozen=True):
    """What starts the application, and how that ended."""

    name: str
    verdict: str
    how: str
    wrong: bool


class LossEntry(Entry, frozen=True):
    """Something that ran before and does not run as well now."""

    aspect: str
    name: str
    why: str


class VerificationEntry(Entry, frozen=True):
    """What running the application showed."""

    states: tuple[StateEntry, ...]
    entrypoints: tuple[StartedEntry, ...]
    losses: tuple[LossEntry, ...]


class ChangelogEntry(Entry, frozen=True):
    """The changelog, and whether it has the entry."""

    path: str | None
    there: bool


class ReportDocument(Document, frozen=True, tag="unify-backend/report/1"):
    """What a unification came to: the state before beside the state now"""

    generator: str
    packages: tuple[MoveEntry, ...]
    before: Commit | None
    before_is: str | None  # why that commit
    now: Commit | None
    uncommitted: int
    checks: tuple[CheckEntry, ...]
    totals: Score
    phases: tuple[PhaseEntry, ...]
    figures: tuple[Figure, ...]
    areas: tuple[AreaEntry, ...]
    merged: tuple[PackageEntry, ...]
    references: tuple[TracedEntry, ...]
    verification: VerificationEntry | None
    decisions: tuple[Decision, ...]
    rollback: tuple[str, ...]  # commands
    changelog: ChangelogEntry
    missing: tuple[str, ...]  # what is not known, and what to run


def report_document(completion: Completion) -> ReportDocument:
    """The report for programs: no date, so that the same state gives the same document."""
    start, now, status = completion.start, completion.now, completion.status
    return ReportDocument(
        generator=f"{MARK} report",
        packages=tuple(map(move_entry, completion.moves)),
        before=start.commit if start else None,
        before_is=start.why if start else None,
        now=now.commit,
        uncommitted=now.uncommitted,
        checks=tuple(map(_check, completion.checks)),
        totals=score(completion.checks),
        phases=entries(PhaseEntry, status.phases if status else ()),
        figures=completion.figures,
        areas=tuple(AreaEntry(*counted) for counted in completion.by_area()),
        merged=tuple(map(_package, completion.packages)),
        references=tuple(
            TracedEntry(**keys_of(reference_entry(traced.reference)), state=traced.fate)
            for traced in completion.references
        ),
        verification=_verification(completion.verification) if completion.verification else None,
        decisions=completion.decisions,
        rollback=tuple(line for step in rollback(completion) for line in step.commands),
        changelog=ChangelogEntry(completion.entry.path or None, completion.entry.there),
        missing=completion.missing,
    )


def _check(step: Step) -> CheckEntry:
    evidence = step.evidence
    places = evidence.places if isinstance(evidence, StepOpen) else ()
    return CheckEntry(step.check, step.title, result_of(evidence), evidence.fact, places)


def _package(package: PackageOutcome) -> PackageEntry:
    return PackageEntry(
        **keys_of(history_entry(package.move, package.history)),
        legacy_tree=package.tree,
        totals={how: files for how, files in package.merge.totals.items() if files},
        files=tuple(map(_file, package.joined)),
        ledger=ledger_entries(package.ledger) if package.ledger is not None else None,
    )


def _file(joined: FileOutcome) -> FileEntry:
    history = joined.merged.history
    return FileEntry(
        path=joined.merged.path,
        origin=joined.merged.origin,
        ahead=history.ahead,
        how=joined.merged.how,
        now=joined.outcome,
        missing=joined.missing,
        lost=joined.lost,
        fork=fork_entry(history),
        legacy_commits=history.of(Side.LEGACY).commits,
        canonical_commits=history.of(Side.CANONICAL).commits,
    )


def _verification(result: VerifyResult) -> VerificationEntry:
    return VerificationEntry(
        states=tuple(map(_state, (*result.before, *result.states))),
        entrypoints=tuple(
            StartedEntry(entry.entry.place, entry.verdict.value, entry.reason, entry.finding)
            for entry in result.used_entries
        ),
        losses=tuple(
            LossEntry(lost.aspect.value, lost.name, lost.why) for lost in result.regressions
        ),
    )


def _state(state: State) -> StateEntry:
    routes = tuple(sorted(map(str, state.boot.routes)))
    return StateEntry(state.target.label, dict(state.figures), routes)
