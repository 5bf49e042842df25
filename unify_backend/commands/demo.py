"""The demo: the bundled repository with its history, and the commands run on it for real."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from unify_backend.model.errors import RepositoryError
from unify_backend.repository.bundled_history import build_history
from unify_backend.repository.git import run as git


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the demo; its standard output is kept under `report` (None: only shown)."""

    title: str
    arguments: tuple[str, ...]
    report: str | None
    shown: bool = True
    expected: int = 0  # the exit code: 1 where conflicts are what it has to show


DAY, REPORTS = "{day}", "{reports}"  # in arguments: the day of the last commit, the reports' folder
STEPS = (
    Step(
        "Where is the old name used, and what becomes of each place?",
        ("inventory",),
        "inventory.txt",
    ),
    Step("The same for programs", ("inventory", "--format", "json"), "inventory.json", False),
    Step("How do the two trees differ, and which one is alive?", ("diff",), "diff.txt"),
    Step("The same for programs", ("diff", "--format", "json"), "diff.json", False),
    Step("Everything, step by step", ("migrate", "--date", DAY), "migrate-stopped.txt", expected=1),
    Step(
        "Two conflicts have to be settled; this run takes the canonical side",
        ("migrate", "--date", DAY, "--prefer", "canonical"),
        "migrate.txt",
    ),
    Step(
        "A second run finds nothing to do",
        ("migrate", "--date", DAY, "--prefer", "canonical"),
        "migrate-again.txt",
        False,
    ),
    Step(
        "What needs review, to be answered with one key each",
        ("review", "--list"),
        "review.txt",
        False,
    ),
    Step("Nobody may bring the old name back", ("check",), "check.txt"),
    Step("How far is it, by evidence?", ("status",), "status.txt", False),
    Step("What was done, to show around", ("report", "--date", DAY, "--into", REPORTS), None),
)


@dataclass(frozen=True, slots=True)
class StepRun:
    """A step that was run: what it printed, and whether it left what it should."""

    step: Step
    output: str
    code: int
    seconds: float


def build(into: Path) -> str:
    """Builds the bundled repository in the folder `into` (empty or missing); returns its head.

    Raises RepositoryError where the folder is not empty or git is missing.
    """
    if into.exists() and any(into.iterdir()):
        raise RepositoryError(
            f"{into} is not empty",
            "the demo builds a new repository there",
            "Give an empty or missing folder by --into.",
        )
    with _case() as case:
        return build_history(case, into)


def run(into: Path, reports: Path, tell: Callable[[Step], None]) -> Iterator[StepRun]:
    """Runs the steps in the built repository, keeping what they print in `reports`."""
    from time import perf_counter

    reports.mkdir(parents=True, exist_ok=True)
    day = _day(into)
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
    for step in STEPS:
        tell(step)
        shown = tuple(
            {DAY: day, REPORTS: "reports/report"}.get(argument, argument)
            for argument in step.arguments
        )
        begin = perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "unify_backend", *_filled(step, day, reports), "--repo", into],
            capture_output=True,
            check=False,
            env=environment,
        )
        seconds = perf_counter() - begin
        if step.report is not None:
            (reports / step.report).write_bytes(done.stdout)
        if done.returncode != step.expected:
            sys.stderr.write(done.stderr.decode("utf-8", "replace"))
        yield StepRun(
            replace(step, arguments=shown),
            done.stdout.decode("utf-8", "replace"),
            done.returncode,
            seconds,
        )


def _day(root: Path) -> str:
    """The day of the last commit, so that the reports of every run are the same."""
    return git.run(root, "log", "-1", "--format=%cs").decode("ascii").strip()


def _filled(step: Step, day: str, reports: Path) -> list[str]:
    places = {DAY: day, REPORTS: str((reports / "report").resolve())}
    return [places.get(argument, argument) for argument in step.arguments]


@contextmanager
def _case() -> Iterator[Path]:
    """The bundled case: package data when installed, the fixtures folder in a checkout."""
    bundled = resources.files("unify_backend") / "bundled"
    if bundled.is_dir():
        with resources.as_file(bundled) as folder:
            yield _only(folder)
        return
    yield _only(Path(__file__).parents[2] / "fixtures" / "repositories")


def _only(folder: Path) -> Path:
    cases = sorted(path.parent for path in folder.glob("*/history.toml"))
    if not cases:
        raise RepositoryError(
            f"{folder} holds no repository to build",
            "the installation is not complete",
            "Install unify-backend again.",
        )
    return cases[0]
