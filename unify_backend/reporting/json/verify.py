"""`unify-backend/verify/1`."""

from collections.abc import Iterable
from typing import Literal

from msgspec import field

from unify_backend.model.boots import BootFinding, BootState, CauseGroup, FailureCause
from unify_backend.model.entry_results import ContainerView, EntryResult
from unify_backend.model.verification import (
    ChangeDirection,
    Comparison,
    Difference,
    State,
    Verdict,
    VerifyResult,
)
from unify_backend.reporting.json.common import (
    Count,
    Document,
    Entry,
    InterpreterEntry,
    entries,
    entry,
)


class CauseEntry(Entry, frozen=True):
    """Why something failed: the exception, and the line of the package that led to it."""

    error: str
    message: str
    path: str | None
    line: int | None


class FailureEntry(Entry, frozen=True):
    """Modules that fail for one reason."""

    cause: CauseEntry | None
    modules: tuple[str, ...]


class ModulesEntry(Entry, frozen=True):
    """How many modules import, and why others do not."""

    total: Count
    importable: Count
    failures: tuple[FailureEntry, ...]


class OpenApiEntry(Entry, frozen=True):
    """The size of the OpenAPI document."""

    paths: Count
    operations: Count


class AnswerEntry(Entry, frozen=True):
    """What `GET path` answered."""

    path: str
    status: int | None
    error: str


class StateEntry(Entry, frozen=True):
    """One package in one state of the repository."""

    name: str
    package: str
    modules: ModulesEntry
    startup: BootState
    cause: CauseEntry | None
    app: str
    routes: tuple[str, ...]
    openapi: OpenApiEntry
    plugins: tuple[str, ...]
    tables: tuple[str, ...]
    workers: tuple[str, ...]
    heads: tuple[str, ...]  # of the Alembic migrations
    health: tuple[AnswerEntry, ...]
    findings: tuple[BootFinding, ...]


class DifferenceEntry(Entry, frozen=True):
    """One thing that is not as it was."""

    aspect: str
    turn: ChangeDirection
    name: str
    before: str
    after: str
    cause: CauseEntry | None
    explanation: str | None  # the commit that accounts for it


class ComparisonEntry(Entry, frozen=True):
    """One state before against the state now."""

    before: str
    after: str
    verdict: Verdict
    gains: tuple[DifferenceEntry, ...]


class SourceEntry(Entry, frozen=True):
    """Where a command is written."""

    path: str
    line: Count


class EntryPointEntry(Entry, frozen=True):
    """One way to start the application, and what became of it."""

    name: str
    sources: tuple[SourceEntry, ...]
    folder: str
    command: tuple[str, ...]
    kind: str
    tree: str
    verdict: str
    how: tuple[str, ...]
    file: str | None
    problems: tuple[str, ...]


class SavingEntry(Entry, frozen=True):
    """What a line of .dockerignore would keep out of the build context."""

    pattern: str
    files: Count
    size: Count = field(name="bytes")


class ContextEntry(Entry, frozen=True):
    """The folder that is sent to the builder."""

    folder: str
    files: Count
    size: Count = field(name="bytes")
    savings: tuple[SavingEntry, ...]


class TroubleEntry(Entry, frozen=True):
    """One thing in a container that does not fit."""

    trouble: str
    what: str
    path: str


class ResultEntry(Entry, frozen=True):
    """What running the container's command showed."""

    verdict: str
    how: tuple[str, ...]


class ContainerEntry(Entry, frozen=True):
    """One service as its container would see it."""

    name: str
    path: str
    line: Count
    dockerfile: str | None
    context: ContextEntry | None
    findings: tuple[TroubleEntry, ...]
    results: tuple[ResultEntry, ...]


class VerifyDocument(Document, frozen=True, tag="unify-backend/verify/1"):
    """What starting the application showed, now and before"""

    states: tuple[StateEntry, ...]
    comparisons: tuple[ComparisonEntry, ...]
    regressions: tuple[DifferenceEntry, ...]
    findings: tuple[BootFinding, ...]
    entrypoints: tuple[EntryPointEntry, ...]
    containers: tuple[ContainerEntry, ...]
    verdict: Literal["right", "wrong"]
    interpreter: InterpreterEntry


def verify_document(result: VerifyResult) -> VerifyDocument:
    """Everything that was seen; no duration, no port."""
    return VerifyDocument(
        states=tuple(map(_state, (*result.before, *result.states))),
        comparisons=tuple(map(_comparison, result.comparisons)),
        regressions=_differences(result.regressions),
        findings=result.findings,
        entrypoints=tuple(map(_entry, result.entries)),
        containers=tuple(map(_container, result.containers)),
        verdict="wrong" if result.wrong else "right",
        interpreter=entry(InterpreterEntry, result.interpreter),
    )


def _state(state: State) -> StateEntry:
    boot, modules = state.boot, state.modules
    return StateEntry(
        name=state.target.label,
        package=state.target.package,
        modules=ModulesEntry(
            modules.total, modules.importable, tuple(map(_failure, modules.groups))
        ),
        startup=boot.state,
        cause=_cause(boot.cause),
        app=boot.app,
        routes=tuple(sorted(map(str, boot.routes))),
        openapi=OpenApiEntry(len(boot.paths), len(boot.operations)),
        plugins=tuple(sorted(boot.loaded)),
        tables=tuple(sorted(table.name for table in boot.tables)),
        workers=tuple(sorted(worker.name for worker in boot.workers)),
        heads=tuple(sorted(state.heads)),
        health=entries(AnswerEntry, boot.answers),
        findings=boot.findings,
    )


def _failure(group: CauseGroup) -> FailureEntry:
    return FailureEntry(_cause(group.cause), tuple(sorted(group.modules)))


def _cause(cause: FailureCause | None) -> CauseEntry | None:
    if cause is None:
        return None
    place = cause.place
    return CauseEntry(
        cause.error, cause.message, place.path if place else None, place.line if place else None
    )


def _comparison(comparison: Comparison) -> ComparisonEntry:
    return ComparisonEntry(
        comparison.before.target.label,
        comparison.after.target.label,
        comparison.verdict,
        _differences(comparison.gains),
    )


def _differences(differences: Iterable[Difference]) -> tuple[DifferenceEntry, ...]:
    return tuple(
        DifferenceEntry(
            difference.aspect.value,
            difference.turn,
            difference.name,
            difference.before,
            difference.after,
            _cause(difference.cause),
            difference.explanation,
        )
        for difference in differences
    )


def _entry(result: EntryResult) -> EntryPointEntry:
    entry = result.entry
    return EntryPointEntry(
        name=entry.name,
        sources=entries(SourceEntry, entry.sources),
        folder=entry.folder,
        command=entry.argv,
        kind=entry.kind.value,
        tree=entry.tree.value,
        verdict=result.verdict.value,
        how=result.how,
        file=result.resolution.file,
        problems=result.resolution.problems,
    )


def _container(view: ContainerView) -> ContainerEntry:
    return ContainerEntry(
        name=view.name,
        path=view.source.path,
        line=view.source.line,
        dockerfile=view.dockerfile,
        context=entry(ContextEntry, view.context) if view.context else None,
        findings=tuple(
            TroubleEntry(finding.trouble.value, finding.what, finding.source.path)
            for finding in view.findings
        ),
        results=entries(ResultEntry, view.results),
    )
