"""The result of starting each entry point, and the files that a container has."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from unify_backend.model.boots import Answer, Boot, BootState, Operation
from unify_backend.model.entrypoints import EntryPoint, Resolution, Source


class Verdict(StrEnum):
    """What became of an entry point."""

    RUNS = "runs"  # and there was nothing to compare with
    SAME = "same"  # it runs and gives what the reference gives
    DIFFERENT = "different"
    FAILS = "fails"  # it was run and does not serve
    CANNOT_RUN = "cannot run"  # not here: a dependency or a program is missing
    RESOLVES = "resolves statically"
    BROKEN = "does not resolve"  # folder, script, module or attribute is missing


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
