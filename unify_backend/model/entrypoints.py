"""Entry points of the application: what starts it, and what can be said of that without running."""

from dataclasses import dataclass
from enum import StrEnum

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
