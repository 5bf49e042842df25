"""`unify-backend/shim/1`: a plan, proofs, or a removal."""

from collections import Counter
from collections.abc import Sequence

from msgspec import UNSET, UnsetType

from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Finding
from unify_backend.model.shims import (
    Advice,
    DataFile,
    MissingFromCanonical,
    PackageShim,
    ProbeResult,
    ProbeState,
    ProofVerdict,
    Removal,
    Script,
    ShimPlan,
    verdict_of,
)
from unify_backend.model.verify_settings import Interpreter
from unify_backend.reporting.json.common import (
    Count,
    Document,
    Entry,
    InterpreterEntry,
    MoveEntry,
    ReferenceEntry,
    entries,
    entry,
    keys_of,
    move_entry,
    reference_entries,
)


class PackageEntry(MoveEntry, frozen=True):
    """The forwarding package of one move."""

    facade: bool  # one package lies inside the other
    modules: Count
    removed: Count
    scripts: tuple[Script, ...]
    data: tuple[DataFile, ...]


class ProbeEntry(Entry, frozen=True):
    """One property of the forwarding package, tried."""

    name: str
    proves: str
    state: ProbeState
    reason: str
    step: str


class CauseEntry(Entry, frozen=True):
    """Why a canonical module cannot be imported."""

    module: str
    error: str
    message: str
    missing: str | None  # the module that is not installed
    variables: tuple[str, ...]  # of the environment, that the error names


class ProofEntry(MoveEntry, frozen=True):
    """What every probe says of one forwarding package."""

    probes: tuple[ProbeEntry, ...]
    verdict: ProofVerdict
    causes: tuple[CauseEntry, ...]
    totals: dict[ProbeState, Count]


class ShimDocument(Document, frozen=True, tag="unify-backend/shim/1"):
    """A forwarding package: what is written, what probes say of it, or what its removal means"""

    dry_run: bool | UnsetType = UNSET
    packages: tuple[PackageEntry, ...] | UnsetType = UNSET
    lacking: tuple[MissingFromCanonical, ...] | UnsetType = UNSET
    advice: tuple[Advice, ...] | UnsetType = UNSET
    findings: tuple[Finding, ...] | UnsetType = UNSET
    paths: tuple[str, ...] | UnsetType = UNSET
    naming: tuple[ReferenceEntry, ...] | UnsetType = UNSET  # --remove: what would break
    foreign: tuple[str, ...] | UnsetType = UNSET  # --remove: files that are not generated
    interpreter: InterpreterEntry | UnsetType = UNSET  # --check
    proofs: tuple[ProofEntry, ...] | UnsetType = UNSET  # --check


def shim_document(plan: ShimPlan, dry_run: bool) -> ShimDocument:
    """What is written, file by file, and what needs review."""
    return ShimDocument(
        dry_run=dry_run,
        packages=tuple(map(_package, plan.packages)),
        lacking=plan.lacking,
        advice=plan.advice,
        findings=plan.findings,
        paths=tuple(plan.changes.paths),
    )


def _package(package: PackageShim) -> PackageEntry:
    return PackageEntry(
        **keys_of(move_entry(package.move)),
        facade=package.facade,
        modules=package.modules,
        removed=package.removed,
        scripts=package.scripts,
        data=package.data,
    )


def removal_document(planned: Removal, dry_run: bool) -> ShimDocument:
    """What is removed, and what would break."""
    return ShimDocument(
        dry_run=dry_run,
        paths=tuple(planned.changes.paths),
        naming=reference_entries(planned.naming),
        foreign=planned.foreign,
        advice=planned.advice,
    )


def probes_document(
    proven: Sequence[tuple[PackageMove, Sequence[ProbeResult]]], interpreter: Interpreter
) -> ShimDocument:
    """What every probe says of every forwarding package, and what ran them."""
    return ShimDocument(
        interpreter=entry(InterpreterEntry, interpreter),
        proofs=tuple(_proof(move, results) for move, results in proven),
    )


def _proof(move: PackageMove, results: Sequence[ProbeResult]) -> ProofEntry:
    counted = Counter(result.state for result in results)
    return ProofEntry(
        **keys_of(move_entry(move)),
        probes=entries(ProbeEntry, results),
        verdict=verdict_of(results),
        causes=tuple(
            CauseEntry(
                cause.module, cause.error, cause.message, cause.missing or None, cause.variables
            )
            for cause in results[0].causes
        ),
        totals={state: counted[state] for state in ProbeState},
    )
