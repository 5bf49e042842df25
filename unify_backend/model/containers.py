"""What a container would see of the repository, and what does not fit."""

from dataclasses import dataclass
from enum import StrEnum

from unify_backend.model.entrypoints import EntryPoint, EntryResult, Resolution, Source


class Trouble(StrEnum):
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

    trouble: Trouble
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
