"""The forwarding package as values: what is wished, planned and proven."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from unify_backend.model.changes import ChangeSet
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Finding, Reference


class Notice(StrEnum):
    """How loudly a forwarding package says that the old name is deprecated."""

    QUIET = "quiet"  # a DeprecationWarning: shown by test runners and in __main__ only
    VISIBLE = "visible"  # a FutureWarning: shown to everybody


@dataclass(frozen=True, slots=True, order=True)
class DataRead:
    """A place (`line` from 1) that reads or starts the file `target` of a legacy tree by path."""

    path: str
    line: int
    target: str


@dataclass(frozen=True, slots=True)
class ShimWish:
    """What a person asked for. `keep` are globs of legacy files that leave a pointer file,
    `started` legacy files that something starts, `reads` who reads which legacy file by path."""

    notice: Notice = Notice.QUIET
    keep: tuple[str, ...] = ()
    started: tuple[str, ...] = ()
    reads: tuple[DataRead, ...] = ()


@dataclass(frozen=True, slots=True)
class Lacking:
    """A legacy file that must not go yet: the canonical tree lacks something of it."""

    path: str
    canonical: str
    reason: str


@dataclass(frozen=True, slots=True)
class Script:
    """A generated file at `path` that starts `canonical` (a file), the module `module`."""

    path: str
    canonical: str
    module: str


@dataclass(frozen=True, slots=True)
class DataFile:
    """A legacy file that is no Python module and goes. `canonical` is where it is now; `pointer`
    is whether a small file stays that leads there."""

    path: str
    canonical: str
    readers: tuple[DataRead, ...]
    pointer: bool


@dataclass(frozen=True, slots=True)
class Advice:
    """Something in `path` that a person has to do, because it could not be done safely."""

    path: str
    fact: str
    step: str


@dataclass(frozen=True, slots=True)
class PackageShim:
    """The forwarding package for one move. `facade`: one package lies inside the other, so the old
    one stays a module of its own and forwards only what the canonical one does not own."""

    move: PackageMove
    facade: bool
    modules: int  # how many canonical modules have a stub
    removed: int  # how many legacy files go
    scripts: tuple[Script, ...]
    data: tuple[DataFile, ...]


@dataclass(frozen=True, slots=True)
class ShimPlan:
    """Everything that `shim` would do. `changes` is empty while anything is `lacking`."""

    packages: tuple[PackageShim, ...]
    lacking: tuple[Lacking, ...]
    advice: tuple[Advice, ...]
    findings: tuple[Finding, ...]
    changes: ChangeSet


@dataclass(frozen=True, slots=True)
class Removal:
    """Taking forwarding packages away. `naming` would break; `foreign` are files in the legacy
    folders that we did not generate, which stay."""

    changes: ChangeSet
    naming: tuple[Reference, ...]
    foreign: tuple[str, ...]
    advice: tuple[Advice, ...]


class ProbeState(StrEnum):
    """How a probe ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class ImportCause:
    """Why a canonical module cannot be imported: the class of the error and the error in one line;
    `missing` is the module that is not installed, `variables` are those of the environment that the
    error names, `asked` those that the application's own code looked for in vain before."""

    module: str
    error: str
    message: str
    missing: str = ""
    variables: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """One property of a forwarding package, tried on the repository.

    `proves` says which property; `reason` why it failed or was skipped (empty where it passed, but
    for the survey, which may pass with modules that cannot be imported); `output` is what the child
    process wrote besides; `causes` are the survey's, `step` is what would cure them.
    """

    name: str
    proves: str
    state: ProbeState
    reason: str = ""
    output: str = ""
    causes: tuple[ImportCause, ...] = ()
    step: str = ""


class ProofVerdict(StrEnum):
    """What the probes of one forwarding package come to."""

    PROVED = "proved"
    FAILED = "failed"
    UNPROVED = "not proved"  # most probes could not be tried, or most modules not be imported


def verdict_of(results: Sequence[ProbeResult]) -> ProofVerdict:
    """Failed as soon as a probe behind the survey (the first result) is; not proved where the
    survey is, or where more than half of the others could not be tried."""
    survey, others = results[0], results[1:]
    if any(one.state is ProbeState.FAILED for one in others):
        return ProofVerdict.FAILED
    skipped = sum(one.state is ProbeState.SKIPPED for one in others)
    if survey.state is not ProbeState.PASSED or skipped * 2 > len(others):
        return ProofVerdict.UNPROVED
    return ProofVerdict.PROVED
