"""Legacy references per commit: the burn-down over the history."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from unify_backend import __version__
from unify_backend.model.errors import RepositoryError
from unify_backend.model.history import Burndown, Commit, Point
from unify_backend.model.references import Area
from unify_backend.model.settings import Settings
from unify_backend.model.tree_diff import Side
from unify_backend.references.areas import Areas
from unify_backend.references.counting import OccurrenceCounter
from unify_backend.repository.files import Repository
from unify_backend.repository.git.commits import (
    Parents,
    Step,
    commits_of,
    contents_of,
    has_parents,
    steps,
)
from unify_backend.repository.git.run import is_shallow
from unify_backend.repository.git.stored import resolve
from unify_backend.repository.state_store import StateFile

NEWEST = 500  # commits that are counted where nobody says which
_TOGETHER = 250  # commits that git is asked about at once


@dataclass(frozen=True, slots=True)
class HistoryRequest:
    """Which commits: a range in git's words (None: the newest of HEAD), at most the `limit` newest
    (None: all of a range), along which parents."""

    range: str | None = None
    limit: int | None = None
    parents: Parents = Parents.FIRST


@dataclass(slots=True)
class CountCache:
    """Counts that were made before: contents never change, so a count of one stays right as long as
    the same is counted. `without` are contents (by their hashes) that hold nothing to count,
    wherever they lie; `counts` the others, by path and hash: all occurrences, and those of them
    that stay."""

    without: set[str] = field(default_factory=set)
    counts: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)

    def knows(self, path: str, blob: str) -> bool:
        """Whether this content at this path was counted."""
        return blob in self.without or blob in self.counts.get(path, ())

    def of(self, path: str, blob: str) -> tuple[int, int]:
        """The counts of a known content."""
        return (0, 0) if blob in self.without else self.counts[path][blob]

    def add(self, path: str, blob: str, total: int, staying: int) -> None:
        """Keeps the counts of a content."""
        self.counts.setdefault(path, {})[blob] = (total, staying)

    @property
    def size(self) -> int:
        """How many counts there are."""
        return len(self.without) + sum(map(len, self.counts.values()))


class CountRecord(Struct, frozen=True, tag_field="format", tag=1):
    """The cache as a file. `subject` says what was counted."""

    subject: str
    without: tuple[str, ...]
    counts: dict[str, dict[str, tuple[int, int]]]

    def __post_init__(self) -> None:
        pairs = (pair for by_hash in self.counts.values() for pair in by_hash.values())
        if not all(0 <= staying <= total for total, staying in pairs):
            raise ValueError("no counts")


_FILE = StateFile("history.json", (CountRecord,), "Everything is counted again.")


def read_counts(state: Path, subject: str) -> CountCache:
    """What is kept about `subject`; nothing where the file is missing, damaged, or about something
    else: then everything is counted again."""
    record = _FILE.recall(state)
    if record is None or record.subject != subject:
        return CountCache()
    return CountCache(set(record.without), record.counts)


def write_counts(state: Path, subject: str, cache: CountCache) -> None:
    """Writes the counts to the folder `state`. If it cannot be written, the next run counts
    everything again."""
    with suppress(RepositoryError):
        _FILE.write(state, CountRecord(subject, tuple(sorted(cache.without)), cache.counts))


def count_history(
    repository: Repository,
    settings: Settings,
    request: HistoryRequest,
    memory: Path | None,
    progress: Callable[[int, int], None] | None = None,
) -> Burndown:
    """The legacy references at every commit that `request` selects, as `inventory` counts them on a
    checkout of it under today's settings. Each content is read once; what was counted is kept in
    the folder `memory` for the next time (None: nothing is kept).

    Raises RepositoryError without git or a commit, for a range that git does not know, and where
    the clone lacks contents of the range.
    """
    root, spoken = repository.root, request.range or "HEAD"
    if not repository.is_git:
        raise RepositoryError("there is no history", repository.note, "Run it in a git clone.")
    if request.range is None:
        _need_commit(root)
    limit = request.limit or (NEWEST if request.range is None else None)
    commits = commits_of(root, spoken, limit, request.parents)
    subject = _subject(settings)
    cache = CountCache() if memory is None else read_counts(memory, subject)
    before, points = cache.size, []
    state = _State(settings)
    reader = _Reader(root, OccurrenceCounter(settings), cache)
    try:
        for some in steps(root, commits, _TOGETHER):
            reader.read(some)
            for step in some:
                state.apply(step, cache)
                points.append(state.point(step.commit))
            if progress is not None:
                progress(len(points), len(commits))
    finally:  # what is counted is right, whatever stopped the rest
        if memory is not None and cache.size != before:
            write_counts(memory, subject, cache)
    legacy = tuple(move.legacy for move in settings.moves)
    return Burndown(legacy, tuple(points), spoken, _note(root, request, commits, points))


def _need_commit(root: Path) -> None:
    try:
        resolve(root, "HEAD")
    except RepositoryError as error:
        raise RepositoryError(
            "nothing is committed yet",
            "the history is counted commit by commit",
            "Commit something, or name a branch that has commits.",
        ) from error


def _note(root: Path, request: HistoryRequest, commits: list[Commit], points: list[Point]) -> str:
    """What a person should know about the points."""
    if not points:
        return ""
    if not any(point.total for point in points):
        return "no commit of the range names it: is the legacy name right?"
    earlier = has_parents(root, commits[0])
    if not earlier and is_shallow(root):
        return f"the clone is shallow: what was before {commits[0].date[:10]} is not in it"
    if earlier and request.range is None and request.limit is None:
        return f"the newest {len(points):,} commits; `unify-backend history HEAD` counts all"
    return ""


def _subject(settings: Settings) -> str:
    """A hash of the settings and the tool's version: others may give different counts."""
    about = (
        __version__,
        settings.moves,
        settings.also,
        settings.history,
        settings.decisions,
        settings.task_file,
        settings.changelog,
    )
    return sha256(repr(about).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class _Reader:
    """Counts what is not known yet."""

    root: Path
    counter: OccurrenceCounter
    cache: CountCache

    def read(self, some: Iterable[Step]) -> None:
        """Makes every content of these steps known."""
        paths: dict[str, list[str]] = defaultdict(list)
        for path, blob in _contents(some):
            if not self.cache.knows(path, blob):
                paths[blob].append(path)
        unknown = {blob: places[0] for blob, places in sorted(paths.items())}
        for blob, data in contents_of(self.root, unknown):
            if not self.counter.may_hold(data):
                self.cache.without.add(blob)
                continue
            for path in dict.fromkeys(paths[blob]):
                counted = self.counter.count(path, data)
                self.cache.add(path, blob, counted.total, counted.kept)


def _contents(some: Iterable[Step]) -> Iterator[tuple[str, str]]:
    for step in some:
        for entry in step.entries:
            if entry.blob is not None:
                yield entry.path, entry.blob


class _State:
    """The counts of all files at one commit, brought forward commit by commit."""

    def __init__(self, settings: Settings) -> None:
        self._moves = settings.moves
        self._areas = Areas(settings.moves, settings.areas)
        self._held: dict[str, tuple[int, int]] = {}
        self._kinds: dict[str, tuple[Area, Side | None]] = {}
        self._by_area: Counter[Area] = Counter()
        self._by_side: Counter[Side | None] = Counter()
        self._kept = 0

    def apply(self, step: Step, cache: CountCache) -> None:
        """Updates the counts to the step's commit."""
        for entry in step.entries:
            total, staying = cache.of(entry.path, entry.blob) if entry.blob else (0, 0)
            before = self._held.pop(entry.path, (0, 0))
            if total:
                self._held[entry.path] = total, staying
            if total or before[0]:
                area, side = self._kind(entry.path)
                self._by_area[area] += total - before[0]
                self._by_side[side] += total - before[0]
                self._kept += staying - before[1]

    def point(self, commit: Commit) -> Point:
        """The counts at the commit."""
        return Point(
            commit.hash,
            commit.date,
            commit.author,
            commit.subject,
            tuple((area, self._by_area[area]) for area in Area if self._by_area[area]),
            self._by_side[Side.LEGACY],
            self._by_side[Side.CANONICAL],
            self._by_side[None],
            len(self._held),
            self._kept,
        )

    def _kind(self, path: str) -> tuple[Area, Side | None]:
        if path not in self._kinds:
            side = None
            if any(move.owns_legacy(path) for move in self._moves):
                side = Side.LEGACY
            elif any(move.owns_canonical(path) for move in self._moves):
                side = Side.CANONICAL
            self._kinds[path] = self._areas.of(path), side
        return self._kinds[path]
