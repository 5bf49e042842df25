"""The services and linters that run the check, and the result for each of their files."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from unify_backend.model.package_move import PackageMove
from unify_backend.model.rewrite_plan import InitResult


class Service(StrEnum):
    """Where the check runs."""

    GITHUB = "github"
    GITLAB = "gitlab"
    PRE_COMMIT = "pre-commit"


class Linter(StrEnum):
    """A linter that can forbid the legacy package by itself, for Python imports."""

    IMPORT_LINTER = "import-linter"
    RUFF = "ruff"


Target = Service | Linter


@dataclass(frozen=True, slots=True)
class Facts:
    """What the texts say. `requirement` is what pip installs elsewhere, or None where nobody can
    know it from here; `standing` are the legacy folders that still hold files."""

    moves: tuple[PackageMove, ...]
    standing: tuple[str, ...]
    version: str
    requirement: str | None

    @property
    def installable(self) -> str:
        """What a pipeline gives to pip: the release of this version where nothing else is known."""
        return self.requirement or f"unify-backend=={self.version}"


@dataclass(frozen=True, slots=True)
class AddedText:
    """`text` goes into the file `path`, whose whole content then is `content`."""

    path: str
    text: str
    content: str


@dataclass(frozen=True, slots=True)
class AlreadyPresent:
    """The file at `path` has it already, and stays as it is."""

    path: str


@dataclass(frozen=True, slots=True)
class ManualStep:
    """The file cannot be edited safely, for this `reason`: a person puts `text` into `path`."""

    path: str
    reason: str
    text: str


Step = AddedText | AlreadyPresent | ManualStep

# The text of a file of the repository (without its byte order mark), or None where there is none.
Files = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class TargetSteps:
    """All steps of one target, in order."""

    target: Target
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class IntegrationResult:
    """What became of every target, and the configuration where there was none before."""

    configuration: InitResult | None
    targets: tuple[TargetSteps, ...]
    facts: Facts
    dry_run: bool

    @property
    def left(self) -> bool:
        """Whether something is left to do by hand."""
        return any(isinstance(step, ManualStep) for target in self.targets for step in target.steps)
