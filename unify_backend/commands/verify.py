"""`verify`: starts the application and compares the results. No other command runs code of the
repository."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from unify_backend.commands.status.records import remember
from unify_backend.merging.alembic import heads
from unify_backend.model.boots import BootFinding
from unify_backend.model.entrypoints import ContainerView, EntryResult, ServedOperations
from unify_backend.model.errors import ConfigurationError, RepositoryError
from unify_backend.model.file_source import text_of
from unify_backend.model.package_move import PackageMove
from unify_backend.model.settings import Settings
from unify_backend.model.verification import (
    Comparison,
    Difference,
    Engine,
    Part,
    State,
    Target,
    VerifyResult,
)
from unify_backend.model.verify_settings import Interpreter, VerifySettings
from unify_backend.repository.git import run as git
from unify_backend.repository.snapshot import Snapshot
from unify_backend.verification.comparing import compare
from unify_backend.verification.containers.engine import engine as docker_engine
from unify_backend.verification.containers.engine import run_in_engine
from unify_backend.verification.containers.layout import run_view
from unify_backend.verification.containers.view import container_views
from unify_backend.verification.entrypoints.files import Files
from unify_backend.verification.entrypoints.find import find_entry_points
from unify_backend.verification.entrypoints.probe import Bench, probe_all
from unify_backend.verification.environment import python_files
from unify_backend.verification.interpreters import choose
from unify_backend.verification.manifests import manifest_findings
from unify_backend.verification.startup import state
from unify_backend.verification.worktrees import at_revision

Told = Callable[[str, int, int], None]
"""What is being done, how many of how many are done (0 of 0: not counted)."""


class Side(StrEnum):
    """Under which name the package is started."""

    LEGACY = "legacy"
    CANONICAL = "canonical"


@dataclass(frozen=True, slots=True)
class VerifyOptions:
    """What the command line asks for; no parts mean all of them."""

    before: str | None = None
    python: str | None = None
    side: Side | None = None
    parts: frozenset[Part] = frozenset()
    engine: Engine | None = None
    docker: bool = False
    jobs: int = 2
    interpreter: Interpreter | None = None  # chosen already, in the repository this is a copy of


def verify(
    contents: Snapshot, settings: Settings, options: VerifyOptions, tell: Told
) -> VerifyResult:
    """Starts what the options ask for, in child processes that are always ended. What was seen is
    remembered, so that `status` can tell whether it was this very state.

    Raises ConfigurationError for wrong settings and an interpreter that does not start, and
    RepositoryError for an unknown revision.
    """
    if options.before is not None and not contents.repository.is_git:
        raise RepositoryError(
            "--before needs git",
            contents.repository.note,
            "Run it in a clone; without git, verify looks at what is there.",
        )
    wanted = VerifySettings.of(settings.verify, settings.source)
    chosen = options.interpreter or choose(contents.repository, options.python, wanted.python)
    wanted = replace(wanted, python=chosen.python)
    root = contents.repository.root
    targets = [
        target
        for move in settings.moves
        for target in _targets(root, move, contents.paths, wanted, options.side)
    ]
    if not targets:
        raise ConfigurationError(
            "there is no package to verify",
            "neither tree of any move holds a file",
            "Correct the names, or the folder.",
        )
    states: list[State] = []
    comparisons: list[Comparison] = []
    findings: list[BootFinding] = []
    if _asked(Part.APPLICATION, options.parts):
        for target in targets:
            now = _state(target, options, tell)
            states.append(now)
            findings += manifest_findings(target, now.modules)
            if options.before is not None:
                comparisons += _before(root, settings, now, options, tell)
    reference = next(filter(None, (ServedOperations.of(started.boot) for started in states)), None)
    entries = _entries(contents, settings, wanted, options, reference, tell)
    containers, notes = _containers(contents, settings, wanted, options, reference, tell)
    result = VerifyResult(
        tuple(part for part in Part if _asked(part, options.parts)),
        tuple(states),
        tuple(comparisons),
        tuple(findings),
        entries,
        containers,
        notes,
        chosen,
    )
    try:
        remember(contents, settings, result)
    except RepositoryError as error:  # what was seen is worth showing all the same
        lost = f"{error.fact} ({error.reason}): `status` and `report` will not know of this run"
        return replace(result, notes=(*notes, lost))
    return result


def _asked(part: Part, parts: Collection[Part]) -> bool:
    return not parts or part in parts


def _targets(
    root: Path, move: PackageMove, paths: Collection[str], wanted: VerifySettings, side: Side | None
) -> Iterator[Target]:
    """The canonical package where there is one, else the legacy one; or the one asked for."""
    canonical = any(map(move.owns_canonical, paths))
    legacy = any(map(move.owns_legacy, paths))
    if side is not Side.LEGACY and canonical:
        yield Target(
            str(root), move.canonical, move.canonical_root, f"{move.canonical} now", None, wanted
        )
    elif side is not Side.CANONICAL and legacy:
        yield Target(str(root), move.legacy, move.legacy_root, f"{move.legacy} now", None, wanted)


def _state(target: Target, options: VerifyOptions, tell: Told) -> State:
    result = state(
        target,
        lambda done, total: tell(f"importing {target.label}", done, total),
        options.engine,
        _heads(target),
        options.jobs,
    )
    tell(f"started {target.label}", 0, 0)
    return result


def _before(
    root: Path, settings: Settings, now: State, options: VerifyOptions, tell: Told
) -> Iterator[Comparison]:
    """Compares the present state with each tree of the revision; names in the stubs are those of
    that tree."""
    revision = options.before or ""
    for move in settings.moves:
        if now.target.package not in {move.canonical, move.legacy}:
            continue
        for name, folder in (
            (move.canonical, move.canonical_root),
            (move.legacy, move.legacy_root),
        ):
            if not _has(root, revision, folder):
                continue
            former = replace(
                now.target, package=name, path=folder, settings=_renamed(now.target, name)
            )
            with at_revision(former, revision) as target:
                old = _state(target, options, tell)
            yield compare(old, now, _explainer(root, revision))


def _has(root: Path, revision: str, folder: str) -> bool:
    listed = git.run(root, "ls-tree", "-r", "--name-only", f"{revision}^{{commit}}", "--", folder)
    return any(line.endswith(b".py") for line in listed.splitlines())


def _renamed(target: Target, package: str) -> VerifySettings:
    """The settings with everything that is named in the target's package named in `package`."""

    def other(text: str) -> str:
        same = text == target.package or text.startswith(
            (f"{target.package}.", f"{target.package}:")
        )
        return package + text[len(target.package) :] if same else text

    settings = target.settings
    return replace(
        settings,
        stubs=tuple(map(other, settings.stubs)),
        plugins=tuple(map(other, settings.plugins)),
        app=other(settings.app) if settings.app else None,
    )


def _explainer(root: Path, revision: str) -> Callable[[Difference], str | None]:
    """The commit since the revision that last touched the file in which something fails."""

    @lru_cache(maxsize=256)
    def touched(path: str) -> str | None:
        try:
            output = git.run(root, "log", "-1", "--format=%h %s", f"{revision}..", "--", path)
        except RepositoryError:
            return None
        return output.decode("utf-8", "replace").strip() or None

    def explain(difference: Difference) -> str | None:
        place = difference.cause.place if difference.cause else None
        return touched(place.path) if place else None

    return explain


def _heads(target: Target) -> tuple[str, ...]:
    folder = Path(target.root) / target.path
    texts = {
        file.relative_to(folder).as_posix(): file.read_text("utf-8", errors="replace")
        for file in python_files(folder)
        if "versions" in file.parts or file.name == "env.py"
    }
    return tuple(head for migrations in heads(texts) for head in migrations.heads)


def _entries(
    contents: Snapshot,
    settings: Settings,
    wanted: VerifySettings,
    options: VerifyOptions,
    reference: ServedOperations | None,
    tell: Told,
) -> tuple[EntryResult, ...]:
    if not _asked(Part.ENTRY_POINTS, options.parts):
        return ()
    read, paths = _reader(contents), contents.paths
    entry_points = find_entry_points(read, paths, settings.moves, settings.entry_points)
    bench = Bench(contents.repository.root, Files(paths, read), wanted, settings.moves, reference)
    done = 0

    def step(result: object) -> None:
        nonlocal done
        done += 1
        tell("entry points", done, len(entry_points))

    return probe_all(entry_points, bench, step, options.jobs)


def _containers(
    contents: Snapshot,
    settings: Settings,
    wanted: VerifySettings,
    options: VerifyOptions,
    reference: ServedOperations | None,
    tell: Told,
) -> tuple[tuple[ContainerView, ...], tuple[str, ...]]:
    if not _asked(Part.CONTAINERS, options.parts):
        return (), ()
    root, read = contents.repository.root, _reader(contents)
    views = container_views(root, contents.paths, read, settings.moves)
    by = docker_engine() if options.docker else None
    notes = ("no Docker engine answers, so nothing was built",) if options.docker and not by else ()
    seen: list[ContainerView] = []
    for n, view in enumerate(views, 1):
        tell("containers", n, len(views))
        looked = run_view(view, root, read, wanted, reference)
        if by is not None:
            ran = run_in_engine(view, root, wanted, by, reference)
            looked = replace(looked, results=(*looked.results, *filter(None, [ran])))
        seen.append(looked)
    return tuple(seen), notes


def _reader(contents: Snapshot) -> Callable[[str], str | None]:
    listed = frozenset(contents.paths)

    def read(path: str) -> str | None:
        return text_of(contents, path) if path in listed else None

    return lru_cache(maxsize=4096)(read)
