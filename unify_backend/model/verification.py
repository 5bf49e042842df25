"""Results of running an application: modules, routes, plugins, tables, health, and differences."""

from dataclasses import dataclass, field
from enum import StrEnum

from unify_backend.model.boots import (
    Boot,
    BootFinding,
    BootState,
    CauseGroup,
    FailureCause,
    grouped,
)
from unify_backend.model.entry_results import ContainerView, EntryResult
from unify_backend.model.verify_settings import Interpreter, VerifySettings


@dataclass(frozen=True, slots=True)
class Target:
    """One package in one folder, to be started as `settings` says.

    `root` is the folder of the state (absolute: a work tree or a temporary one), `package` its
    dotted name there, `path` its folder below `root` (POSIX). `app` is `module:attribute`, None
    where it is to be found. `label` is what a person reads: "shop at 1a2b3c4d5".
    `sources` are further import roots below `root` besides the package's own.
    """

    root: str
    package: str
    path: str
    label: str = ""
    app: str | None = None
    settings: VerifySettings = field(default_factory=VerifySettings)
    sources: tuple[str, ...] = ()


class Engine(StrEnum):
    """How modules are imported; both give the same answers."""

    COLD = "cold"  # an interpreter of its own for every module
    WARM = "warm"  # forked from a parent that has the dependencies loaded (POSIX)


class ModuleState(StrEnum):
    """What came of importing a module."""

    IMPORTABLE = "importable"
    FAILED = "failed"  # an exception
    CRASHED = "crashed"  # the process ended by itself (sys.exit counts as FAILED)
    TIMED_OUT = "timed out"


@dataclass(frozen=True, slots=True)
class ModuleResult:
    """One file of the package, imported by its name. `output` is what that printed (its end).

    `shadowed` names the package that hides the file (`x.py` beside `x/__init__.py`): Python
    imports that instead, so the result is that package's.
    """

    module: str
    path: str
    state: ModuleState
    cause: FailureCause | None = None
    output: str = ""
    shadowed: str | None = None


@dataclass(frozen=True, slots=True)
class ModuleHealth:
    """Every module of a package, in the order of its files."""

    package: str
    modules: tuple[ModuleResult, ...]
    engine: Engine = Engine.COLD
    seconds: float = field(default=0.0, compare=False)

    @property
    def total(self) -> int:
        """How many files are modules."""
        return len(self.modules)

    @property
    def importable(self) -> int:
        """How many of them can be imported."""
        return sum(module.state is ModuleState.IMPORTABLE for module in self.modules)

    @property
    def failures(self) -> tuple[ModuleResult, ...]:
        """Those that cannot."""
        return tuple(
            module for module in self.modules if module.state is not ModuleState.IMPORTABLE
        )

    @property
    def groups(self) -> tuple[CauseGroup, ...]:
        """The failures by their cause, the largest group first."""
        return grouped((module.module, module.cause) for module in self.failures if module.cause)


@dataclass(frozen=True, slots=True)
class State:
    """Everything about one package in one folder. `heads` are the Alembic heads."""

    target: Target
    modules: ModuleHealth
    boot: Boot
    heads: tuple[str, ...] = ()
    seconds: float = field(default=0.0, compare=False)

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """What is counted after start-up, by name, in reading order."""
        boot = self.boot
        return (
            ("routes after start-up", len(boot.routes)),
            ("OpenAPI paths", len(boot.paths)),
            ("OpenAPI operations", len(boot.operations)),
            ("plugins", len(boot.loaded)),
            ("tables", len(boot.tables)),
            ("workers", len(boot.workers)),
            ("Alembic heads", len(self.heads)),
        )

    @property
    def figures(self) -> tuple[tuple[str, str], ...]:
        """Everything that is measured, as text by name, in reading order."""
        boot = self.boot
        started = boot.state.value
        if boot.state is not BootState.READY and boot.cause:
            started = f"{started}: {boot.cause}"
        return (
            ("modules that import", f"{self.modules.importable}/{self.modules.total}"),
            ("start-up", started),
            *((name, f"{count:,}") for name, count in self.counts),
            *((f"GET {answer.path}", str(answer.status or "no answer")) for answer in boot.answers),
        )

    def __str__(self) -> str:
        modules = f"{self.modules.importable:,} of {self.modules.total:,} modules import"
        return f"{modules}, {len(self.boot.routes):,} routes"


class Aspect(StrEnum):
    """What is compared, in the order in which it is told."""

    MODULE = "module"
    STARTUP = "start-up"
    ROUTE = "route"
    PATH = "path"
    OPERATION = "operation"
    PLUGIN = "plugin"
    TABLE = "table"
    WORKER = "worker"
    HEAD = "Alembic head"
    HEALTH = "health"


class ChangeDirection(StrEnum):
    """Which way something went."""

    LOST = "lost"
    WORSE = "worse"  # still there, and less than it was
    CHANGED = "changed"
    GAINED = "gained"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was. `before` and `after` are short texts (empty: not there);
    `explanation` is the commit or file that accounts for it, where that is known."""

    aspect: Aspect
    turn: ChangeDirection
    name: str
    before: str = ""
    after: str = ""
    cause: FailureCause | None = None
    explanation: str | None = None

    def __str__(self) -> str:
        return f"{self.aspect.value} {self.name} {self.turn.value}"

    @property
    def why(self) -> str:
        """What accounts for it, "" where that is not known."""
        return self.explanation or (str(self.cause) if self.cause else "")

    @property
    def regression(self) -> bool:
        """Whether something is gone or worse."""
        return self.turn in (ChangeDirection.LOST, ChangeDirection.WORSE)


class Verdict(StrEnum):
    """What a comparison comes to."""

    SAME = "same"
    BETTER = "better"  # gains or neutral changes only
    WORSE = "worse"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table before against after; `why` is the reason in short."""

    name: str
    before: str
    after: str
    change: int | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """State before against state after."""

    before: State
    after: State
    differences: tuple[Difference, ...]
    rows: tuple[Row, ...]

    @property
    def regressions(self) -> tuple[Difference, ...]:
        """What is gone or worse."""
        return tuple(difference for difference in self.differences if difference.regression)

    @property
    def gains(self) -> tuple[Difference, ...]:
        """What is new."""
        return tuple(
            difference
            for difference in self.differences
            if difference.turn is ChangeDirection.GAINED
        )

    @property
    def groups(self) -> tuple[CauseGroup, ...]:
        """The modules that no longer import, by cause, the largest group first."""
        lost = (regression for regression in self.regressions if regression.aspect is Aspect.MODULE)
        return grouped(
            (regression.name, regression.cause) for regression in lost if regression.cause
        )

    @property
    def verdict(self) -> Verdict:
        """The verdict: worse if anything is gone or worse."""
        if self.regressions:
            return Verdict.WORSE
        return Verdict.BETTER if self.differences else Verdict.SAME


class Part(StrEnum):
    """What can be verified by itself."""

    APPLICATION = "application"
    ENTRY_POINTS = "entry-points"
    CONTAINERS = "containers"


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """What one run of `verify` saw of its `parts`. `states` are those of now, `comparisons` each of
    before with one of now; `interpreter` is what started them, `notes` what could not be done."""

    parts: tuple[Part, ...]
    states: tuple[State, ...]
    comparisons: tuple[Comparison, ...]
    findings: tuple[BootFinding, ...]
    entries: tuple[EntryResult, ...]
    containers: tuple[ContainerView, ...]
    notes: tuple[str, ...]
    interpreter: Interpreter

    @property
    def before(self) -> tuple[State, ...]:
        """The states that those of now were compared with."""
        return tuple(comparison.before for comparison in self.comparisons)

    @property
    def regressions(self) -> tuple[Difference, ...]:
        """What is gone or worse, of all comparisons."""
        return tuple(lost for comparison in self.comparisons for lost in comparison.regressions)

    @property
    def used_entries(self) -> tuple[EntryResult, ...]:
        """The entry points that something runs; documents merely show the others."""
        return tuple(entry for entry in self.entries if not entry.entry.shown)

    @property
    def wrong(self) -> bool:
        """Whether it needs review: an entry point that something runs and that does not do what
        the others do; a loss, or where nothing was compared any finding of the start-up."""
        if any(entry.finding for entry in self.used_entries):
            return True
        if self.comparisons:
            return any(comparison.verdict is Verdict.WORSE for comparison in self.comparisons)
        return bool(self.findings) or any(state.boot.findings for state in self.states)
