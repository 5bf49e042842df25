"""`verify`: starts the application and compares the results. No other command runs code of the
repository."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from unify_backend.commands.status.records import remember
from unify_backend.merging.alembic import heads
from unify_backend.model.boots import BootFinding
from unify_backend.model.entry_results import ContainerView, EntryResult, ServedOperations
from unify_backend.model.errors import ConfigurationError, RepositoryError
from unify_backend.model.file_source import text_of
from unify_backend.model.move_chains import reused
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
from unify_backend.repository.configuration import in_state
from unify_backend.repository.git import run as git
from unify_backend.repository.git.stored import revision as stored
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
    moves = (*settings.moves, *settings.passed)
    targets: dict[str, Target] = {}
    meant: dict[str, list[PackageMove]] = {}
    for move in moves:
        for target in _targets(root, move, contents.paths, wanted, options.side):
            targets.setdefault(target.path, target)
            meant.setdefault(target.path, []).append(move)
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
        for path, target in targets.items():
            now = _state(target, options, tell)
            states.append(now)
            findings += manifest_findings(target, now.modules)
            if options.before is not None:
                comparisons += _before(root, settings, meant[path], now, options, tell)
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
        label = f"{move.canonical_title} now"
        yield Target(str(root), move.canonical, move.canonical_root, label, None, wanted)
    elif side is not Side.CANONICAL and legacy:
        label = f"{move.legacy_title} now"
        yield Target(str(root), move.legacy, move.legacy_root, label, None, wanted)


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
    root: Path,
    settings: Settings,
    moves: Sequence[PackageMove],
    now: State,
    options: VerifyOptions,
    tell: Told,
) -> Iterator[Comparison]:
    """Compares the present state with each tree that it comes from in the revision, by `moves`;
    names in the stubs are those of that tree."""
    revision = options.before or ""
    for name, folder, outer in _former(root, settings, moves, revision):
        if not _has(root, revision, folder):
            continue
        former = replace(now.target, package=name, path=folder, settings=_renamed(now.target, name))
        with at_revision(former, revision, outer) as target:
            old = _state(target, options, tell)
        yield compare(_own(old, settings), now, _explainer(root, revision))


def _former(
    root: Path, settings: Settings, moves: Sequence[PackageMove], revision: str
) -> Iterator[tuple[str, str, str]]:
    """The names and folders of the trees that `moves` had in the revision, each once, and again the
    folder where another one has the same name. Where moves follow one another, what lay at a place
    before need not be what is there now."""
    then = {move: move for move in settings.moves}
    if settings.passed or reused(settings.moves):
        then = {move: move for move in in_state(settings, stored(root, revision)).moves}
    places: dict[tuple[str, str], bool] = {}
    for move in moves:
        if move not in then or not then[move].incoming:
            places.setdefault((move.canonical, move.canonical_root), move.same_name)
        if move in then:
            places.setdefault((move.legacy, move.legacy_root), move.same_name)
    for (name, folder), shared in places.items():
        yield name, folder, folder if shared else ""


def _own(state: State, settings: Settings) -> State:
    """The state without the modules of packages inside of it that have moves of their own."""
    package = state.target.package
    inner = tuple(
        f"{name}."
        for move in (*settings.moves, *settings.passed)
        for name in (move.legacy, move.canonical)
        if name.startswith(f"{package}.")
    )
    if not inner:
        return state
    modules = tuple(
        result for result in state.modules.modules if not f"{result.module}.".startswith(inner)
    )
    return replace(state, modules=replace(state.modules, modules=modules))


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
    moves = (*settings.moves, *settings.passed)
    entry_points = find_entry_points(read, paths, moves, settings.entry_points)
    bench = Bench(contents.repository.root, Files(paths, read), wanted, moves, reference)
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
    views = container_views(root, contents.paths, read, (*settings.moves, *settings.passed))
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
