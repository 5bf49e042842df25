"""Entry points of the application, the result of starting each, and the files that a container
has."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from unify_backend.model.boots import Answer, Boot, BootState, Operation

COMMAND = "command"  # the tool of a `Start` that is run as a person configured it
REPOSITORY = "{repository}"  # stands for the repository's top folder in commands and variables


class Kind(StrEnum):
    """What a command starts."""

    SERVER = "server"
    WORKER = "worker"
    SCRIPT = "script"  # runs to its end


class Tree(StrEnum):
    """Under which name a command reaches the package."""

    LEGACY = "legacy"
    CANONICAL = "canonical"
    RELATIVE = "relative"  # from within the package's folder: `cd old && uvicorn main:app`


class Platform(StrEnum):
    """Where a command is written for."""

    ANY = "any"  # a program and its words; no shell of any system
    POSIX = "posix"
    WINDOWS = "windows"
    CONTAINER = "container"


class Verdict(StrEnum):
    """What became of an entry point."""

    RUNS = "runs"  # and there was nothing to compare with
    SAME = "same"  # it runs and gives what the reference gives
    DIFFERENT = "different"
    FAILS = "fails"  # it was run and does not serve
    CANNOT_RUN = "cannot run"  # not here: a dependency or a program is missing
    RESOLVES = "resolves statically"
    BROKEN = "does not resolve"  # folder, script, module or attribute is missing


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """Where a command is written: `line` is 1-based, `label` the function, service or target."""

    path: str
    line: int
    label: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Start:
    """What an argument vector starts: `tool` is the program (`uvicorn`, `arq`, `python -m`,
    `python`), `module` with `attribute`, or a `script`'s path as written. `app_dir` is a folder
    that the program adds to the import path by an option."""

    tool: str
    kind: Kind
    module: str = ""
    attribute: str = ""
    script: str = ""
    app_dir: str = ""


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """One way to start the application.

    `folder` is where it runs: POSIX below the repository's top ("." is the top), or absolute in a
    container. `env` are the variables that the source sets; `argv` the command without its shell,
    what could not be substituted left as written. `REPOSITORY` in both stands for the top folder.
    `sources` are all places that start it so, the first one gave the name. `notes` say what was
    assumed. `shown` is true where no source runs it: documentation, or a printed hint.
    """

    name: str
    sources: tuple[Source, ...]
    folder: str
    env: tuple[tuple[str, str], ...]
    argv: tuple[str, ...]
    start: Start
    tree: Tree
    platform: Platform = Platform.ANY
    notes: tuple[str, ...] = ()
    shown: bool = False

    @property
    def place(self) -> str:
        """Where it is written first, or its name."""
        return str(self.sources[0]) if self.sources else self.name

    @property
    def kind(self) -> Kind:
        """What it starts."""
        return self.start.kind


@dataclass(frozen=True, slots=True)
class Resolution:
    """What can be said without running: the file that is started, and what is missing.

    `serves` is the `module:attribute` that a script hands to its server, "" where it hands over
    the object itself or nothing.
    """

    file: str | None
    problems: tuple[str, ...] = ()
    serves: str = ""
    notes: tuple[str, ...] = ()

    @property
    def resolves(self) -> bool:
        """Whether nothing is missing."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class ServedOperations:
    """What a running application showed over HTTP: the operations of its OpenAPI document like
    `GET /items`, None where it shows none, and the answers to the probes."""

    operations: tuple[str, ...] | None
    answers: tuple[Answer, ...]

    @classmethod
    def of(cls, boot: Boot) -> "ServedOperations | None":
        """What a started application would show, None where it did not start."""
        if boot.state is not BootState.READY:
            return None
        return cls.showing(boot.operations, boot.answers)

    @classmethod
    def showing(
        cls, operations: Iterable[Operation], answers: tuple[Answer, ...]
    ) -> "ServedOperations":
        """What the operations of a document (none: there is none) and the answers come to."""
        return cls(tuple(sorted(map(str, operations))) or None, answers)


@dataclass(frozen=True, slots=True)
class EntryResult:
    """What became of one entry point. `how` says what is different or why, most telling first;
    `output` is the end of what it printed where it failed."""

    entry: EntryPoint
    verdict: Verdict
    resolution: Resolution
    how: tuple[str, ...] = ()
    served: ServedOperations | None = None
    output: str = ""
    seconds: float = field(default=0.0, compare=False)

    @property
    def reason(self) -> str:
        """What is most telling of `how`, in one line."""
        return "; ".join(self.how[:2])

    @property
    def finding(self) -> bool:
        """Whether it needs a person."""
        return self.verdict in {Verdict.DIFFERENT, Verdict.FAILS, Verdict.BROKEN}


class ServiceFindingKind(StrEnum):
    """Kinds of findings about images and services."""

    NO_CONTEXT = "build context does not exist"
    NO_DOCKERFILE = "Dockerfile does not exist"
    NO_SOURCE = "COPY source matches nothing"
    NO_REQUIREMENTS = "requirements file is not in the image"
    NO_VOLUME = "mounted folder does not exist"
    COMMAND = "command does not resolve in the image"
    OUTSIDE = "module lies outside the build context"
    HIDDEN = "volumes hide what the image lacks"
    UNREADABLE = "file cannot be read"


@dataclass(frozen=True, slots=True)
class ContainerFinding:
    """One thing that does not fit. `places` are where it shows, the first ones only."""

    trouble: ServiceFindingKind
    source: Source
    what: str
    places: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Saving:
    """What a line in .dockerignore would keep out of the build context."""

    pattern: str
    files: int
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class BuildContext:
    """A folder as it is sent to the builder: files and bytes on disk after .dockerignore.

    `ignore` is the ignore file that applies ("" where there is none), `excluded` what it keeps out
    now, `savings` what it could keep out besides, the largest first.
    """

    folder: str
    ignore: str
    files: int
    size: int
    excluded: Saving
    savings: tuple[Saving, ...] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """The file system of one way to run a service: `files` are (path in the container, file in the
    repository), `mounted` those that only the volumes bring; `folders` exist without files."""

    files: tuple[tuple[str, str], ...]
    folders: tuple[str, ...] = ()
    mounted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ContainerView:
    """One service (or image without one) as its container would see it.

    `image` is the layout without volumes, `running` with them (equal where there are none).
    `entry` is what it starts, None where the base image decides; `in_image` and `in_container`
    say whether that resolves. `results` hold what running it showed, where it was run.
    """

    name: str
    source: Source
    dockerfile: str | None
    context: BuildContext | None
    entry: EntryPoint | None
    image: Layer
    running: Layer
    in_image: Resolution | None
    in_container: Resolution | None
    findings: tuple[ContainerFinding, ...]
    options: tuple[str, ...] = ()  # of the build: `--target`, `--build-arg`
    volumes: tuple[tuple[str, str], ...] = ()  # (path in the repository, path in the container)
    profiles: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    results: tuple[EntryResult, ...] = ()
