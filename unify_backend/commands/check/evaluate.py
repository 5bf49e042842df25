"""`check`: compares a state with the baseline, with an earlier revision, or with both."""

from __future__ import annotations

from dataclasses import dataclass

from unify_backend.baseline.baseline import compare, load
from unify_backend.commands.check.collect import gather
from unify_backend.commands.check.renames import Renames
from unify_backend.model.baseline import Baseline, Entry
from unify_backend.model.checking import Evaluation, Scope
from unify_backend.model.errors import ConfigurationError, RepositoryError
from unify_backend.model.file_source import Contents
from unify_backend.model.settings import Settings
from unify_backend.repository.files import Repository
from unify_backend.repository.snapshot import Snapshot

BASELINE = "unify-backend-baseline.json"


@dataclass(frozen=True, slots=True)
class Request:
    """What a run of `check` is to judge.

    `files` (repository paths) or everything (None); only what differs from the merge base with
    `since`; the index instead of the work tree (`staged`). `baseline` is a path in the repository;
    with `absolute` nothing is known, everything that is there counts.
    """

    files: frozenset[str] | None = None
    since: str | None = None
    staged: bool = False
    baseline: str = BASELINE
    absolute: bool = False


def judge(contents: Snapshot, settings: Settings, request: Request, jobs: int = 0) -> Evaluation:
    """The violations, which of them are new, and which entries of the baseline are gone.

    Raises ConfigurationError where there is nothing to hold the state against, or the baseline
    cannot be read; RepositoryError where git is needed and not there.
    """
    repository = contents.repository
    if (request.since or request.staged) and not repository.is_git:
        raise RepositoryError(
            "--since and --staged need git",
            repository.note,
            "Run it in a clone; without git, check compares with the baseline.",
        )
    state = state_of(contents, request)
    base = merge_base_of(repository, request.since) if request.since else None
    known = None if request.absolute else baseline_of(repository, state, request.baseline)
    if known is None and base is None and not request.absolute:
        raise no_baseline(request.baseline)
    paths, scope = _scope(repository, request, base)
    _preload(state, paths)
    gathered = gather(state, settings, paths, {request.baseline}, jobs)
    entries = known.entries if known else frozenset()
    before: frozenset[Entry] = frozenset()
    if base is not None and paths:
        before = _before(repository, settings, base, request.staged, paths)
    listing = state.listing()
    links = (link.path for link in listing.links)
    tracked = frozenset([*(file.path for file in listing.files), *links])
    verdicts = compare(
        entries | before,
        gathered.violations.keys(),
        judged=lambda path: base is None and (paths is None or path in paths),
        gone=lambda path: path not in tracked,
        renames=Renames(repository, request.baseline, request.staged, entries, gathered.violations),
    )
    started = known.started if known else 0
    return Evaluation(
        scope, gathered.violations, verdicts, started, gathered.opted_out, gathered.files
    )


def state_of(contents: Snapshot, request: Request) -> Contents:
    """What is judged: the work tree, or the index."""
    if not request.staged:
        return contents
    from unify_backend.repository.git.stored import (
        index,  # git's own contents: not every run asks
    )

    return index(contents.repository.root)


def _preload(state: Contents, paths: frozenset[str] | None) -> None:
    """Reads what git has stored by one call, instead of one for each file."""
    if isinstance(state, Snapshot):
        return
    from unify_backend.repository.git.stored import StoredContents

    if isinstance(state, StoredContents):
        state.load(state.paths if paths is None else paths)


def no_baseline(path: str) -> ConfigurationError:
    """The error for a missing baseline: without it, `check` must not pass."""
    return ConfigurationError(
        f"there is no baseline {path}",
        "without one, nothing tells what is new from what was there",
        "Write it by `unify-backend check --update-baseline` and commit it; or judge a change "
        "by --since REV; or, at the end, allow nothing by --max 0.",
    )


def baseline_of(
    repository: Repository, state: Contents, path: str, command: str = "check"
) -> Baseline | None:
    """The baseline at `path`, as the index has it where that is the state; None where there is
    none. `command` is what writes it. Raises ConfigurationError where it cannot be read as one."""
    listed = (file.path for file in state.listing().files)
    staged = not isinstance(state, Snapshot) and path in listed
    if not staged and not repository.exists(path):
        return None
    try:
        data = state.read(path) if staged else repository.read(path)
    except RepositoryError as error:
        raise ConfigurationError(error.fact, error.reason, error.step) from error
    return load(data, path, command)


def _scope(
    repository: Repository, request: Request, base: str | None
) -> tuple[frozenset[str] | None, Scope]:
    """The files to judge; None: all."""
    if base is None and not request.staged:
        return request.files, Scope.WHOLE if request.files is None else Scope.FILES
    from unify_backend.repository.git import renames

    since = base or renames.head(repository.root)
    changed = renames.changed_since(repository.root, since, request.staged)
    return changed if request.files is None else changed & request.files, Scope.CHANGED


def merge_base_of(repository: Repository, since: str) -> str:
    """The commit at which the branch left `since`. Raises RepositoryError where git does not know
    it."""
    from unify_backend.repository.git.renames import merge_base

    return merge_base(repository.root, since)


def _before(
    repository: Repository,
    settings: Settings,
    base: str,
    staged: bool,
    paths: frozenset[str],
) -> frozenset[Entry]:
    """The entries that the judged files had at `base`, under their present paths. They are
    collected by the same rules, because a kept name must not allow a new one that is not kept."""
    from unify_backend.repository.git.renames import renamed_since
    from unify_backend.repository.git.stored import revision

    then = revision(repository.root, base)
    renamed = renamed_since(repository.root, base, staged)
    now = {old: new for old, new in renamed.items() if new in paths}
    listed = (*then.paths, *(link.path for link in then.listing().links))
    compared = {path for path in listed if path in now or path in paths}
    then.load(compared)
    violations = gather(then, settings, compared).violations
    return frozenset(
        Entry(now.get(entry.path, entry.path), entry.kind, entry.text, entry.occurrence)
        for entry in violations
    )
