"""An application after its start-up: routes, operations, answers, plugins, tables, workers; and why
what failed did so."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line (from 1) of a file, relative to the folder of the state."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class MissingDependency:
    """`module` (its first name) cannot be found. `distribution` is the package to install where
    that is known; `declared` is where a requirement file asks for it (None: nowhere); `inside` is
    a folder of the repository that holds it, where it is merely not on the path."""

    module: str
    distribution: str | None = None
    declared: Place | None = None
    inside: str | None = None


@dataclass(frozen=True, slots=True)
class FailureCause:
    """Why something failed: the exception, and the innermost line of the package that led to it
    (None where none did, as with a missing module that was asked for directly)."""

    error: str  # the exception's class name
    message: str
    place: Place | None = None
    missing: MissingDependency | None = None

    def __str__(self) -> str:
        """In one line, for people."""
        summary = self.message.splitlines()[0] if self.message.strip() else self.error
        return f"{summary} ({self.place})" if self.place else summary


@dataclass(frozen=True, slots=True)
class CauseGroup:
    """Modules that fail for one reason."""

    cause: FailureCause
    modules: tuple[str, ...]


def grouped(failures: Iterable[tuple[str, FailureCause | None]]) -> tuple[CauseGroup, ...]:
    """Names that fail for one reason together, the largest group first."""
    names_by_cause: dict[FailureCause, list[str]] = {}
    for name, cause in failures:
        if cause is not None:
            names_by_cause.setdefault(cause, []).append(name)
    ordered = sorted(names_by_cause.items(), key=lambda group: (-len(group[1]), str(group[0])))
    return tuple(CauseGroup(cause, tuple(names)) for cause, names in ordered)


class RouteKind(StrEnum):
    """What answers at a path."""

    HTTP = "http"
    WEBSOCKET = "websocket"
    MOUNT = "mount"  # another application or static files, not looked into where it has no routes


@dataclass(frozen=True, slots=True, order=True)
class Route:
    """One route after start-up. `methods` are sorted (HEAD left out); `endpoint` is the function
    as `module.name` (empty where unknown); `own` says whether it is the framework's own."""

    path: str
    kind: RouteKind
    methods: tuple[str, ...] = ()
    endpoint: str = field(default="", compare=False)
    own: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        return f"{','.join(self.methods) or self.kind.value} {self.path}"


@dataclass(frozen=True, slots=True, order=True)
class Parameter:
    """A parameter of an operation. `place` is path, query, header, cookie or body; `type` is the
    schema in short ("integer", "array[string]", a schema's name)."""

    place: str
    name: str
    required: bool
    type: str = ""

    def __str__(self) -> str:
        return f"{self.place} {self.name}{'' if self.required else '?'}: {self.type or 'any'}"


@dataclass(frozen=True, slots=True, order=True)
class Operation:
    """One method of one path in the OpenAPI document."""

    path: str
    method: str
    parameters: tuple[Parameter, ...] = ()

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What `GET path` answered. `status` is None where nothing did, and `error` says why.
    `expected` are the statuses that the configuration allows (empty: any below 500)."""

    path: str
    status: int | None
    body: str = ""
    error: str = ""
    expected: tuple[int, ...] = ()

    @property
    def as_expected(self) -> bool:
        """Whether the status is one of those allowed."""
        if self.status is None:
            return False
        return self.status in self.expected if self.expected else self.status < 500


class PluginState(StrEnum):
    """What became of a plugin during start-up."""

    LOADED = "loaded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, order=True)
class Plugin:
    """A plugin as its registry knows it. `registry` is where it was found (`module:attribute`)."""

    name: str
    state: PluginState
    registry: str = field(default="", compare=False)
    reason: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, order=True)
class Table:
    """A table of the declarative metadata; `columns` are sorted."""

    name: str
    columns: tuple[str, ...] = ()


class WorkerKind(StrEnum):
    """The library that runs a worker."""

    ARQ = "arq"
    CELERY = "celery"


@dataclass(frozen=True, slots=True, order=True)
class Worker:
    """A worker found in the files and imported. `name` is `module:attribute`, `tasks` are the
    dotted names that its queue uses; `cause` is set where it cannot be imported."""

    name: str
    kind: WorkerKind
    tasks: tuple[str, ...] = ()
    cause: FailureCause | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class LogRecord:
    """A warning or an error logged during start-up. `cause` is the exception it carries."""

    level: str
    logger: str
    message: str
    cause: FailureCause | None = None


class FindingKind(StrEnum):
    """What looks like success and is none."""

    START_FAILED = "start-up failed"
    NO_ROUTES = "no routes of its own"
    NO_PLUGINS = "no plugins"
    SWALLOWED = "exception swallowed"
    WRONG_FOLDER = "wrong working directory"
    PLUGIN_FAILED = "plugin failed"
    WORKER_FAILED = "worker cannot be imported"
    HEALTH = "unexpected status"
    COUPLED_MANIFEST = "route manifest does not import alone"
    NO_APPLICATION = "no application found"
    NOT_LISTED = "cannot be listed"
    UNUSED_STUB = "stub not used"
    UNSTOPPABLE = "did not shut down"


@dataclass(frozen=True, slots=True)
class BootFinding:
    """A fact, its reason and the next step; `names` are what it is about (paths, modules)."""

    kind: FindingKind
    fact: str
    reason: str = ""
    step: str = ""
    names: tuple[str, ...] = ()


class BootState(StrEnum):
    """How far the application came."""

    READY = "ready"
    FAILED = "failed"  # importing it or its start-up raised
    TIMED_OUT = "timed out"
    NOT_FOUND = "not found"  # there is no application, or none that can be started like this


@dataclass(frozen=True, slots=True)
class Boot:
    """An application after its start-up (or after the failure of it: what is there then)."""

    app: str  # module:attribute
    framework: str  # "fastapi", "starlette", "asgi", "flask", "wsgi", "django", ""
    state: BootState
    cause: FailureCause | None = None
    routes: tuple[Route, ...] = ()
    operations: tuple[Operation, ...] = ()
    answers: tuple[Answer, ...] = ()
    plugins: tuple[Plugin, ...] = ()
    tables: tuple[Table, ...] = ()
    workers: tuple[Worker, ...] = ()
    records: tuple[LogRecord, ...] = ()
    findings: tuple[BootFinding, ...] = ()
    output: str = ""
    seconds: float = field(default=0.0, compare=False)

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of the OpenAPI document, sorted."""
        return tuple(sorted({operation.path for operation in self.operations}))

    @property
    def loaded(self) -> tuple[str, ...]:
        """The names of the plugins that were loaded."""
        return tuple(plugin.name for plugin in self.plugins if plugin.state is PluginState.LOADED)

    def answer(self, path: str) -> Answer | None:
        """What `GET path` answered, if it was asked."""
        return next((answer for answer in self.answers if answer.path == path), None)
